"""Random models, each a function of its seed: two to four tables, fields of all kinds and classes, relations of all forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from policies.catalogue import Catalogue, DataClass, FieldSpec, Kind, Reference, Subjects, read_catalogue
from tests.oracle.bridge import described
from tests.oracle.description import Model
from tests.oracle.drawn.values import TYPES

NAMES = {"users": "User", "regions": "Region", "orders": "Order", "cases": "Case", "notes": "Note"}
CLASSES = (*DataClass, DataClass.BUSINESS, DataClass.CONTACT, None)


class Tier(StrEnum):
    """A closed list."""

    GOLD = "GOLD"
    IRON = "IRON"


TEXT, MONEY = sa.Text(collation="C"), sa.Numeric(19, 4)
COLUMNS: dict[str, tuple[sa.types.TypeEngine[Any], FieldSpec]] = {
    "flag": (sa.Boolean(), FieldSpec(None, Kind.BOOLEAN)),
    "word": (TEXT, FieldSpec(None, Kind.TEXT)),
    "email": (TEXT, FieldSpec(None, Kind.TEXT, "EmailAddress")),
    "phone": (TEXT, FieldSpec(None, Kind.TEXT, "PhoneNumber")),
    "place": (TEXT, FieldSpec(None, Kind.TREE)),
    "tier": (sa.String(8, collation="C"), FieldSpec(None, Kind.ENUM, enum=Tier)),
    "level": (sa.Integer(), FieldSpec(None, Kind.INTEGER)),
    "score": (sa.Numeric(18, 3), FieldSpec(None, Kind.DECIMAL)),
    "price": (MONEY, FieldSpec(None, Kind.MONEY, companions=("currency",))),
    "total": (MONEY, FieldSpec(None, Kind.MONEY, companions=("currency", "base_total"))),
    "seen_at": (sa.DateTime(timezone=True), FieldSpec(None, Kind.TIME)),
    "born_on": (sa.Date(), FieldSpec(None, Kind.DATE)),
    "extra": (JSONB(none_as_null=True), FieldSpec(None, Kind.JSON)),
    "someone": (sa.Uuid(), FieldSpec(None, Kind.ID)),
}


@dataclass(frozen=True, eq=False)
class Made:
    """A model: its tables, its catalogue, and its plain description."""

    seed: int
    metadata: sa.MetaData = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    model: Model = field(repr=False)


@cache
def made(seed: int) -> Made:
    """The model of a seed; small seeds give few tables."""
    random, metadata = Random(seed), sa.MetaData(schema=f"model_{seed}")  # noqa: S311 - to be reproduced
    names = random.sample(list(NAMES), min(2 + seed % 3, 4))
    owned = {name for name in names[1:] if random.random() < 0.85}
    for name in names:
        _Table(random, name, names[0], [each for each in names if each not in owned], owned).add_to(metadata)
    catalogue = read_catalogue(metadata)
    return Made(seed, metadata, catalogue, described(catalogue))


@dataclass(frozen=True)
class _Table:
    """One table on its way."""

    random: Random
    name: str
    root: str
    single: list[str]
    """Tables with a key of one column; the others belong to a row of `root`."""
    owned: set[str]

    def add_to(self, metadata: sa.MetaData) -> None:
        columns = [*self._keys(), *self._fields(), *self._references(), *self._subjects(), *self._gone()]
        sa.Table(self.name, metadata, *columns, info={"resource": NAMES[self.name]})

    def _column(self, name: str, *, key: bool = False, **info: Any) -> sa.Column[Any]:
        type_, spec = COLUMNS.get(name, COLUMNS["someone"])
        data_class = DataClass.PUBLIC if name == "id" else self.random.choice(CLASSES)
        spec = FieldSpec(data_class, spec.kind, spec.scalar, spec.enum, spec.companions)
        return sa.Column(name, type_, primary_key=key, info={"field": spec, **info})

    def _reference(self, column: str, table: str, *, owned: bool = False, key: bool = False) -> sa.Column[Any]:
        back = f"{self.name}By{column.removesuffix('_id').capitalize()}" if self.random.random() < 0.8 else None
        return self._column(column, key=key, reference=Reference(table, back, owned))

    def _keys(self) -> Iterator[sa.Column[Any]]:
        if self.name in self.owned:
            yield self._reference("customer_id", self.root, key=True)
        yield self._column("id", key=True)

    def _fields(self) -> Iterator[sa.Column[Any]]:
        chosen = ["flag", "someone", *self.random.sample(list(COLUMNS), 4)]
        yield from (self._column(name) for name in dict.fromkeys(chosen))
        if {"price", "total"} & set(chosen):
            shown = self._column("word").info if self.random.random() < 0.5 else {}
            yield sa.Column("currency", TEXT, info=shown)
        if "total" in chosen:
            yield sa.Column("base_total", MONEY)

    def _references(self) -> Iterator[sa.Column[Any]]:
        for column in self.random.sample(["owner_id", "region_id", "parent_id"], self.random.randrange(1, 3)):
            owned = sorted(self.owned) if self.name in self.owned and self.random.random() < 0.7 else []
            table = self.random.choice(owned or self.single)
            yield self._reference(column, table, owned=table in self.owned)

    def _subjects(self) -> Iterator[sa.Column[Any]]:
        reachable = [*self.single, *(sorted(self.owned) if self.name in self.owned else [])]
        if self.random.random() < 0.5:
            chosen = self.random.sample(reachable, min(len(reachable), 2))
            tables = tuple((TYPES[list(NAMES).index(table)], table) for table in chosen)
            spec = FieldSpec(self.random.choice(CLASSES), Kind.TEXT)
            yield sa.Column("subject_type", TEXT, info={"field": spec})
            yield self._column("subject_id", subjects=Subjects("subject", "subject_type", tables, f"{self.name}About"))

    def _gone(self) -> Iterator[sa.Column[Any]]:
        yield sa.Column("deleted_at", sa.DateTime(timezone=True))
        if self.random.random() < 0.5:
            yield sa.Column("erased_at", sa.DateTime(timezone=True))
