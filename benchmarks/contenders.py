"""What is compared: where each contender answers, and what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import orjson

QUERIES = Path(__file__).with_name("queries")
SELECTIONS = ("one", "list")
"""`one`: a customer with all that is around it. `list`: fifty customers with a little of it."""


Bodies: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
"""Request bodies by selection."""


@dataclass(frozen=True)
class Contender:
    """A server under test."""

    name: str
    urls: Mapping[str, str]
    """By selection."""
    bodies: Mapping[str, Path]
    """By selection, a file of request bodies, one a line, to be sent in turn."""
    headers: Mapping[str, str] = field(default_factory=dict)


def text_of(selection: str, side: str) -> str:
    """The GraphQL document that a side (`ours`, `peer`) is asked."""
    return (QUERIES / f"{selection}.{side}.graphql").read_text()


def write_bodies(folder: Path, side: str, bodies: Bodies) -> dict[str, Path]:
    """Files of request bodies, by selection."""
    found = {}
    for selection, some in bodies.items():
        found[selection] = folder / f"{selection}.{side}.jsonl"
        found[selection].write_bytes(b"".join(orjson.dumps(body, default=str) + b"\n" for body in some))
    return found
