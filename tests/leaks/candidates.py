"""Changes that a persona should not see: of hidden rows, of hidden values, and of values behind their masks.

They are guesses, good ones mostly; whether they are kept the oracle says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from app.models.catalogue import CATALOGUE
from policies.catalogue import Field, Kind, Relation, Resource
from tests.leaks.changes import Change, same
from tests.leaks.drawing import ALIKE, draw
from tests.leaks.making import Maker
from tests.leaks.views import COUNT, Eyes, Seen
from tests.leaks.worlds import Row, World, key_of
from tests.oracle import MASKED, WITHHELD, Cell, Oracle
from tests.oracle.judging import READ

WHOLE = frozenset({"AuditEvent"})
"""Who sees any rows of these sees all, and is told whether these are as they were written: nothing of them is hidden."""
VARIANTS = 12
"""How many values are tried for one that has to look the same behind its mask."""


def read_in(document: Any) -> Iterator[str]:
    """Names that stand in conditions: of fields and relations, by whichever resource."""
    if isinstance(document, Mapping):
        for name, part in document.items():
            yield name
            yield from read_in(part)
    elif isinstance(document, list):
        for part in document:
            yield from read_in(part)


@dataclass(frozen=True)
class Candidates:
    """Guesses for one persona and world. `daring` also touches what conditions read, and what amounts rest on."""

    rng: Random
    eyes: Eyes
    seen: Seen
    world: World
    daring: bool

    @cached_property
    def maker(self) -> Maker:
        """Draws rows that refer to those of the world."""
        return Maker(self.rng, self.world)

    @cached_property
    def oracle(self) -> Oracle:
        """Says what is seen of single rows."""
        return self.eyes.oracle(self.world)

    @cached_property
    def conditional(self) -> frozenset[str]:
        """Columns that a condition may read, or an amount in the base currency rest on."""
        rules = [rule for document in self.eyes.documents for rule in document.get("rules", ())]
        names = {name for rule in rules for name in read_in(rule.get("when", {}))}
        fields = [field for resource in CATALOGUE for field in resource.fields.values()]
        return frozenset({field.column.name for field in fields if field.name in names} | {"currency", "fx_rate"})

    def changes(self, resource: Resource) -> Iterator[Change]:
        """One guess for most rows of a resource, and rows to be added."""
        if resource.name in WHOLE and self.seen.told(resource.name):
            return
        for row in list(self.world[resource.name].values()):
            if self.rng.random() < 0.2:
                continue
            cells = self.seen.told(resource.name).get(key_of(resource, row))
            change = self._hidden(resource, row) if cells is None else self._shown(resource, row, cells)
            if change is not None and (change.columns or change.after is None):
                yield change
        yield from self._added(resource)

    def _hidden(self, resource: Resource, row: Row) -> Change | None:
        """A row that is not in view is removed, or becomes another one that is not."""
        if self.rng.random() < 0.25:
            return Change(resource, row, None)
        kept = {name: row[name] for name in resource.key}
        drawn = self.maker.row(resource, **kept)
        chosen = {name: value for name, value in drawn.items() if self._may_change(name)}
        after = {**row, **chosen}
        return None if self._visible(resource, after) else Change(resource, row, after)

    def _visible(self, resource: Resource, row: Row) -> bool:
        who, name = self.seen.who, resource.name
        counted = self.eyes.counts(who, name) and self.oracle.visible(who, name, row, COUNT)
        return counted or self.oracle.visible(who, name, row)

    def _may_change(self, column: str) -> bool:
        return column not in ALIKE and self.rng.random() < 0.8 and (self.daring or column not in self.conditional)

    def _added(self, resource: Resource) -> Iterator[Change]:
        rows = [*self.world[resource.name].values()]
        hidden = [row for row in rows if key_of(resource, row) not in self.seen.told(resource.name)]
        for _ in range(1 + len(rows) // 5):
            new = dict(self.maker.row(resource))
            if hidden and self.rng.random() < 0.5:
                new = {**self.rng.choice(hidden), **{name: new[name] for name in self._own(resource)}}
            if self._visible(resource, new):
                new["deleted_at"] = draw(self.rng, resource.table.c.deleted_at)
            yield Change(resource, None, new)

    def _own(self, resource: Resource) -> list[str]:
        """The columns in which a row differs from one that it is made after: its id, and some values."""
        names = [column.name for column in resource.table.columns if column.computed is None]
        return ["id", *(name for name in names if name not in {*resource.key, *ALIKE} and self.rng.random() < 0.3)]

    def _shown(self, resource: Resource, row: Row, cells: Mapping[str, Cell]) -> Change:
        """A row in view changes in what is not."""
        drawn = self.maker.row(resource, **{name: row[name] for name in resource.key})
        after = dict(row)
        for column in resource.table.columns:
            if column.info.get("field") is None and column.name in drawn and column.name != "deleted_at":
                after[column.name] = drawn[column.name]
        for name, cell in cells.items():
            column = resource.fields[name].column
            if self._may_change(column.name) and column.name not in resource.key:
                after[column.name] = self._value(resource, row, name, cell, drawn)
        return Change(resource, row, after)

    def _value(self, resource: Resource, row: Row, name: str, cell: Cell, drawn: Row) -> Any:
        field = resource.fields[name]
        if cell.state == WITHHELD:
            return drawn[field.column.name]
        if cell.state == MASKED:
            return self._behind_mask(resource, row, field, cell, drawn)
        return self._hidden_target(resource, row, field) if cell.value is None else row[field.column.name]

    def _behind_mask(self, resource: Resource, row: Row, field: Field, cell: Cell, drawn: Row) -> Any:
        """Another value that the mask shows alike, where one is found."""
        column = field.column
        tried = () if field.spec.kind is Kind.JSON else variants(self.rng, row[column.name], VARIANTS)
        for value in (*tried, drawn[column.name]):
            if same(value, row[column.name]):
                continue
            action = READ if self.seen.views[resource.name] else COUNT
            found = self.oracle.cell(self.seen.who, resource.name, {**row, column.name: value}, field.name, action)
            if found[:2] == cell[:2]:
                return value
        return row[column.name]

    def _hidden_target(self, resource: Resource, row: Row, field: Field) -> Any:
        """Another row that is not in view, or none, where a reference leads to one that is not, or to none."""
        column = field.column.name
        relations = [each for each in resource.relations.values() if each.field == field.name and not each.many]
        found = [key for relation in relations for key in self._targets(relation, row)]
        none = [None] if field.column.nullable and not any(relation.fixed for relation in relations) else []
        return self.rng.choice([*found, *none * (1 + len(found) // 2)] or [row[column]])

    def _targets(self, relation: Relation, row: Row) -> Sequence[Any]:
        if any(row[column] != value for _, column, value in relation.fixed):
            return ()
        kept = [(ours, theirs) for ours, theirs in relation.pairs if theirs != "id"]
        target = CATALOGUE[relation.target]
        return [
            there["id"]
            for there in self.world[relation.target].values()
            if key_of(target, there) not in self.seen.views[relation.target]
            and all(row[ours] == there[theirs] for ours, theirs in kept)
        ]


def variants(rng: Random, value: Any, number: int) -> Iterator[Any]:
    """Values that resemble one: the same at its ends, or in its year."""
    for _ in range(number):
        if isinstance(value, str):
            yield _spliced(rng, value)
        elif isinstance(value, dt.date):
            day = dt.date(value.year, rng.choice((value.month, rng.randrange(2, 12))), rng.randrange(3, 28))
            yield value.replace(month=day.month, day=day.day)


def _spliced(rng: Random, text: str) -> str:
    """The text with its middle changed."""
    start, end = rng.choice((0, 1, 3)), rng.choice((0, 2, 4))
    domain = text.find("@")
    end = len(text) - domain if domain > start and rng.random() < 0.5 else end
    head, tail = text[:start], text[len(text) - end :] if end else ""
    letters = "0123456789" if text[1:].isdigit() else "abcxyz"
    length = max(0, len(text) - len(head) - len(tail) + rng.choice((0, 0, 1, -1)))
    return head + "".join(rng.choice(letters) for _ in range(length)) + tail
