"""An operation to be asked, and its parts as they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Operation:
    """A request to the graph. Texts and variables may hold the marks of wishes."""

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    by_get: bool = False
    """Asked by GET, not by POST."""
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True)
class Wish:
    """A cursor that another answer is to give: of a list of Query or of its rows (`customers.timeline`), in an order."""

    mark: str
    """What stands for it till then."""
    root: str
    order: str
    """The order as a literal; empty for none."""
    whose: str
    """By whom the list is asked: `own`, or `admin` in `one` or the `other` database."""
    pick: float
    """Which of the list's cursors, from 0 to 1."""
    change: str = ""
    """What is done to it."""


WHOSE = ("own", "own", "one", "other")
CHANGES = ("", "", "value", "null")
"""What leaves a cursor one: nothing; another value, or none, in the place of one of its values."""
BREAKING = ("type", "short", "long", "cut", "letter")
"""What may not: a value of another type, one too few or too many, an end cut off, another letter."""
