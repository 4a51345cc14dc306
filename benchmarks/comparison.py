"""Whether two answers are the same, value by value.

What differs by nature is brought to one form first: an amount is an object of ours and a number of the peer's, an id
carries its type, a time is written in two ways. What ours masks or withholds, the peer shows: it has no such rights.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson

from benchmarks.asking import Answer, asking
from benchmarks.contenders import Contender
from benchmarks.errors import BenchmarkError
from graphql_schema.ids import decode
from policies.masks.mask import DOTS

MASKED = {"email", "phone"}
WITHHELD = {"amount", "total", "unitPrice"}
SHOWN = 5
"""Differences that the message names."""


class Verdict(StrEnum):
    """How a value of ours stands to the peer's."""

    EQUAL = "equal"
    MASKED = "masked"
    WITHHELD = "withheld"
    DIFFERENT = "different"


Found = tuple[str, Verdict]


def compare(ours: Any, theirs: Any, place: str = "") -> Iterator[Found]:
    """Every value's place and verdict; objects and lists of another form are different as a whole."""
    if not isinstance(theirs, dict):
        ours = _plain(ours)
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for name, value in ours.items():
            yield from compare(value, theirs[name], f"{place}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from compare(mine, other, f"{place}[{number}]")
    else:
        yield place, _verdict(place.rpartition(".")[2], ours, theirs)


def _plain(value: Any) -> Any:
    """An amount without its object."""
    return value["amount"] if isinstance(value, dict) and value.keys() == {"amount"} else value


def _verdict(name: str, ours: Any, theirs: Any) -> Verdict:
    if _canonical(name, ours) == _canonical(name, theirs):
        return Verdict.EQUAL
    if name in MASKED and isinstance(ours, str) and DOTS in ours and theirs is not None:
        return Verdict.MASKED
    if name in WITHHELD and ours is None and theirs is not None:
        return Verdict.WITHHELD
    return Verdict.DIFFERENT


def _canonical(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "id":
        node = decode(value)
        return node.key if node else UUID(value)
    return dt.datetime.fromisoformat(value) if name.endswith("At") else value


@dataclass
class Comparison:
    """What the answers to one selection have in common, and how long ours and the peer's are, in bytes."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    answers: int = 0
    ours: int = 0
    theirs: int = 0

    def add(self, mine: Answer, other: Answer) -> None:
        """Take in the answers to one request."""
        self.answers += 1
        self.ours += len(mine.body)
        self.theirs += len(other.body)
        for place, verdict in compare(_data(mine), _data(other)):
            self.verdicts[verdict] += 1
            if verdict is Verdict.DIFFERENT:
                self.different.append(f"answer {self.answers}: {place}")


def _data(answer: Answer) -> Any:
    found = orjson.loads(answer.body) if answer.status == HTTPStatus.OK else {}
    if found.get("errors") or not found.get("data"):
        raise BenchmarkError(f"An answer came with status {answer.status}: {answer.body[:2000].decode()}")
    return found["data"]


def compared(ours: Contender, theirs: Contender, selection: str) -> Comparison:
    """Ask both for everything that the load asks for. Raises BenchmarkError unless all answers are the same."""
    found = Comparison()
    lines = zip(_bodies(ours, selection), _bodies(theirs, selection), strict=True)
    with (
        asking(ours.urls[selection], _headers(ours)) as mine,
        asking(theirs.urls[selection], _headers(theirs)) as other,
    ):
        for my_body, other_body in lines:
            found.add(mine.ask("POST", my_body), other.ask("POST", other_body))
    if found.different:
        some = "\n".join(found.different[:SHOWN])
        raise BenchmarkError(f"{len(found.different)} values differ between {ours.name} and {theirs.name}:\n{some}")
    if not found.verdicts[Verdict.EQUAL]:
        raise BenchmarkError(f"There was nothing to compare for {selection!r}.")
    return found


def _bodies(contender: Contender, selection: str) -> list[bytes]:
    return contender.bodies[selection].read_bytes().splitlines()


def _headers(contender: Contender) -> dict[str, str]:
    return {"Content-Type": "application/json", **contender.headers}
