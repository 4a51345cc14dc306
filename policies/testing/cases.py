"""A case of a table of tests, read and checked: ready to be put to the compiler's own views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from policies.catalogue import Resource
from policies.document import Action
from policies.principal import Principal
from policies.rules import Origin
from policies.states import State

NAMES = UUID("6f4a1d3e-2f0c-5a55-9f0e-0c360c360c36")
"""The name space of keys that cases give names to."""


def key_of(name: str) -> UUID:
    """The key that a name stands for, the same in all cases."""
    return uuid5(NAMES, name)


@dataclass(frozen=True, slots=True)
class Inserted:
    """A row to be put into a table, by column."""

    table: sa.Table
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Expected:
    """What is to be seen of a row, and may be done with it; `shown` are the values that masks are to show."""

    visible: bool
    states: Mapping[str, State] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)
    permitted: Mapping[Action, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One line of a table, for one principal and one resource. The first of the rows is the one asked for."""

    origin: Origin
    who: str
    principal: Principal
    resource: Resource
    rows: tuple[Inserted, ...]
    expected: Expected
    because: str = ""
