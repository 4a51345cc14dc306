"""An operation while it is drawn: its chance, what was drawn so far, and what is left to be spent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, TypeAlias, TypeVar

from tests.leaks.operations.literals import Name, sent, written
from tests.leaks.operations.operation import Operation, Wish
from tests.leaks.operations.values import Values

T = TypeVar("T")
Behind: TypeAlias = Callable[[T], Iterable[str]]
"""The places in the schema that an option leads to."""


def _nothing(_option: object) -> Iterable[str]:
    return ()


AIMED = 1_000.0
"""How much more weight that has which is aimed at."""


@dataclass
class Draft:
    """What the parts of one operation share."""

    rng: Random
    used: Counter[str]
    """How often each part of the schema was asked for in earlier operations."""
    aim: frozenset[str]
    """Parts that this one should ask for."""
    values: Values
    objects: int
    """How many objects and lists may still be asked for."""
    faulty: bool
    """Whether values that are wrong are among its arguments."""
    variables: dict[str, Any] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def chance(self, probability: float) -> bool:
        """Whether it happens this time."""
        return self.rng.random() < probability

    def choose(self, options: Sequence[T], place: Callable[[T], str], behind: Behind[T] = _nothing) -> T:
        """One of some options, rather one whose place in the schema, or what lies behind it, was seldom asked for."""
        weights = [self._weight(place(option)) + sum(map(self._weight, behind(option))) for option in options]
        return self.rng.choices(options, weights)[0]

    def _weight(self, place: str) -> float:
        return AIMED if place in self.aim else 1 / (1 + self.used[place]) ** 2

    def several(
        self, options: Sequence[T], place: Callable[[T], str], number: int, behind: Behind[T] = _nothing
    ) -> list[T]:
        """Different ones of some options."""
        left, found = list(options), []
        for _ in range(min(number, len(left))):
            chosen = self.choose(left, place, behind)
            left.remove(chosen)
            found.append(chosen)
        return found

    def variable(self, type_: str, value: Any) -> Name:
        """A variable that brings a value, by its default now and then."""
        name = f"v{next(self.numbers)}"
        default = ""
        if self.chance(0.12):
            default = f" = {written(value)}"
        if not default or self.chance(0.5):
            self.variables[name] = sent(value)
        self.definitions.append(f"${name}: {type_}{default}")
        return Name(f"${name}")

    def operation(self, selections: str) -> Operation:
        """What was drawn."""
        name = self.rng.choice((None, None, "Asked", "query", "A_1"))
        variables = f"({', '.join(self.definitions)})" if self.definitions else ""
        head = f"query {name or ''}{variables} " if name or variables else ""
        text = "\n".join([f"{head}{selections}", *self.fragments])
        return Operation(text, self.variables, name, self.chance(0.04), tuple(self.wishes))
