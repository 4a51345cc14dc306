"""What all customers share: places, people, products, campaigns, and the words that are used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from app.services.demo.money import Product
from app.services.demo.source import Weighted
from app.services.stages import Stage

Words = Mapping[str, tuple[str, ...]]


def read(name: str) -> Any:
    """A file of the demo company's data."""
    return yaml.safe_load((Path(__file__).parent / "data" / f"{name}.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A region of the lowest level, and who works there. `tax` is in ten-thousandths."""

    region: UUID
    code: str
    country: str
    city: str
    culture: str
    locale: str
    time_zone: str
    currency: str
    tax: int
    postal: str
    phone: str
    latitude: float
    longitude: float
    desk: UUID
    seller: UUID
    chief: UUID
    agent: UUID


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, from when to when it ran."""

    id: UUID
    begins: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Survey:
    """A questionnaire."""

    id: UUID
    code: str
    low: int
    high: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of customers; without a rule, chosen by hand."""

    id: UUID
    rule: Mapping[str, Mapping[str, Any]] | None


@dataclass(frozen=True)
class World:
    """All of it, with the keys of the rows that hold it."""

    areas: Weighted[Area]
    departments: Mapping[str, UUID]
    users: Mapping[str, UUID]
    products: tuple[Product, ...]
    stages: Mapping[Stage, UUID]
    campaigns: tuple[Campaign, ...]
    """Those that ran."""
    surveys: tuple[Survey, ...]
    segments: tuple[Segment, ...]
    names: Mapping[str, Mapping[str, Any]]
    phrases: Mapping[str, Words]


def phrases() -> dict[str, dict[str, tuple[str, ...]]]:
    """The lines of each kind in each culture."""
    return {
        culture: {kind: tuple(lines.split(" | ")) for kind, lines in kinds.items()}
        for culture, kinds in read("phrases").items()
    }
