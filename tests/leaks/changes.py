"""Changes of rows: they are undone by their inverse, and read off two worlds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policies.catalogue import Resource
from tests.leaks.worlds import Row, World, key_of, ordered_resources


@dataclass(frozen=True)
class Change:
    """A row before and after; None where it is not there."""

    resource: Resource
    before: Row | None
    after: Row | None

    @property
    def inverse(self) -> Change:
        """What undoes it."""
        return Change(self.resource, self.after, self.before)

    @property
    def row(self) -> Row:
        """The row as it is, or was."""
        found = self.after if self.after is not None else self.before
        assert found is not None
        return found

    @cached_property
    def columns(self) -> list[str]:
        """The columns that an update changes."""
        if self.before is None or self.after is None:
            return []
        return [name for name, value in self.after.items() if not same(value, self.before[name])]

    def show_in(self, world: World) -> None:
        """Makes the change in a world."""
        rows = world[self.resource.name]
        if self.before is not None:
            del rows[key_of(self.resource, self.before)]
        if self.after is not None:
            rows[key_of(self.resource, self.after)] = self.after


def same(one: Any, other: Any) -> bool:
    """Whether two stored values are the same to the last digit."""
    return repr(one) == repr(other)


def between(one: World, other: World) -> Iterator[Change]:
    """What makes the other world of the one: rows come after those they refer to, and go before them."""
    resources = ordered_resources()
    for resource in resources:
        yield from _added(resource, one, other)
    for resource in resources:
        yield from _changed(resource, one, other)
    for resource in reversed(resources):
        yield from (change.inverse for change in _added(resource, other, one))


def _added(resource: Resource, one: World, other: World) -> Iterator[Change]:
    rows = other[resource.name].items()
    return (Change(resource, None, row) for key, row in rows if key not in one[resource.name])


def _changed(resource: Resource, one: World, other: World) -> Iterator[Change]:
    rows, before = other[resource.name].items(), one[resource.name]
    changes = (Change(resource, before[key], row) for key, row in rows if key in before)
    return (change for change in changes if change.columns)
