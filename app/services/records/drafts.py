"""Drafts: records on their way into the database, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from app.models.extending import CUSTOM
from app.services.custom.definitions import Definition
from app.services.errors import Forbidden, InvalidState, Place, Refused, UserError
from policies.catalogue import Resource
from policies.states import State

Row: TypeAlias = dict[str, Any]
"""A row of a table, by column."""
Key: TypeAlias = tuple[UUID, ...]
"""The values of a resource's key: (customer, id) or (id)."""


class Once(str):
    """A text that is told once, to whom it is made for, and never kept or shown elsewhere."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Once(…)"


@dataclass(frozen=True, slots=True)
class Ref:
    """A record that a caller names by its id. `resource` is None for a text that is no id."""

    resource: str | None
    customer: UUID | None
    id: UUID


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that a caller gives; without a currency it is in the row's."""

    amount: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of a JSON object, by key; the others stay as they are. None takes one away."""

    values: Mapping[str, object]


@dataclass
class Draft:
    """One record. `given` is what the caller says, by field; what is absent there stays as it is."""

    resource: Resource
    given: Mapping[str, object]
    place: Place = ()
    ref: Ref | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What else a step of a process is told."""
    version: int | None = None
    """The version that the caller saw."""
    row: Row = field(default_factory=dict)
    """The row as it is to be, as far as it is known."""
    old: Row | None = None
    """The row as it was."""
    states: Mapping[str, str | None] = field(default_factory=dict)
    """By field, whether the caller sees it plain, masked or not at all."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """By field, what the caller sees."""
    carried: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By reference, what is needed of the record that it leads to."""
    set: list[str] = field(default_factory=list)
    """Names of the fields that the caller sets."""
    implied: Collection[str] = ()
    """Names of those that a step sets, of which its input says nothing."""
    entries: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By field that holds custom fields, the keys of those that are given."""
    defined: Sequence[Definition] = ()
    """The custom fields that the caller knows of."""
    brought: dict[str, Draft] = field(default_factory=dict)
    """By name in the answer, the record that a step made beside this one."""
    told: dict[str, Any] = field(default_factory=dict)
    """By name in the answer, what a step says that is no record."""
    errors: list[UserError] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether it is made, not changed."""
        return self.old is None

    @property
    def changing(self) -> frozenset[str]:
        """The fields that the caller sets to something else, or without seeing what is there."""
        columns = {name: self.resource.fields[name].column.name for name in self.set}
        if self.old is None:
            return frozenset(columns)
        return frozenset(
            name
            for name, column in columns.items()
            if self.states.get(name) != State.PLAIN or self.row[column] != self.old[column]
        )

    @property
    def key(self) -> Key:
        """The record's key."""
        return tuple(self.row[name] for name in self.resource.key)

    def part_of(self, field: str) -> str:
        """The part of an input that sets a field: what a record is about is one part, held by several fields."""
        subjects = self.resource.subjects.items()
        parts = (part for part, edges in subjects if any(field in edge.fields for edge in edges.values()))
        return next(parts, field)

    def knows(self, *fields: str) -> bool:
        """Whether the caller knows what these fields will hold: each is set, or seen plain."""
        return self.old is None or all(name in self.set or self.sees(name) for name in fields)

    def sees(self, field: str) -> bool:
        """Whether the caller sees plain what a field of the record holds."""
        is_key = self.resource.fields[field].column.name in self.resource.key
        return is_key or self.states.get(field) == State.PLAIN

    def faulty(self, fields: Iterable[str]) -> bool:
        """Whether a mistake was noted in one of these fields."""
        found = {error.field[len(self.place) :][:1] for error in self.errors}
        return any((name,) in found for name in fields)

    def note(self, error: UserError) -> None:
        """Notes what is wrong with it, once; of a field that a step sets: with the record.

        What is wrong with a field of which the caller does not know what it holds is told barely.
        """
        name = error.field[0] if error.field else None
        if name in self.implied:
            error = Forbidden("forbidden", ("id",)) if isinstance(error, Forbidden) else error.at_large()
        elif name is not None and name in self.resource.fields and not self.knows(name):
            error = InvalidState("not_possible")
        self._add(error)

    def tell(self, error: UserError, *fields: str) -> None:
        """Notes what tells of the record as it is; barely, where the caller does not see all of these fields plain."""
        self.note(error if self.is_new or all(map(self.sees, fields)) else InvalidState("not_possible"))

    def _add(self, error: UserError) -> None:
        for found in (each.at(self.place) for each in self._spread(error)):
            if all((found.code, found.args) != (other.code, other.args) for other in self.errors):
                self.errors.append(found)

    def _spread(self, error: UserError) -> Iterator[UserError]:
        """The mistake, in each of the custom fields that are given of a field that holds such."""
        keys = self.entries.get(error.field[0]) if error.field else None
        if keys is None:
            yield error
        else:
            yield from (error.at_large().at((CUSTOM, key)) for key in keys)

    def told_as(self, field: str) -> str:
        """What the caller calls a field."""
        return CUSTOM if field in self.entries else field


def sound(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts with which nothing is wrong."""
    return [draft for draft in drafts if not draft.errors]


def refuse(drafts: Iterable[Draft]) -> None:
    """Raises Refused where anything is wrong with any of them."""
    if errors := [error for draft in drafts for error in draft.errors]:
        raise Refused(errors)
