"""What arguments are drawn from: what two databases hold, seen or hidden, and what lies at the bounds of a type."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

from app.models.extending import COLUMNS, CUSTOM
from graphql_schema.custom.filtering import FORMS
from graphql_schema.entities import Entity, Many, One, Subject
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH
from tests.leaks.changes import between
from tests.leaks.drawing import KEYS
from tests.leaks.operations.literals import Name
from tests.leaks.personas import DOMAIN
from tests.leaks.views import Seen
from tests.leaks.worlds import Row, World
from tests.oracle import PLAIN, WITHHELD

Hint: TypeAlias = tuple[str, str] | None
"""The entity and the member of it that a value is compared with."""

BOUNDS: Mapping[str, Sequence[Any]] = {
    "String": ("", " ", "%", "_", "\\", "'", "a" * 3_000, "İ", "ß", "•••", "null", "\u202e", "/", "/a/"),
    "Int": (0, 1, -1, 2**31 - 1, -(2**31)),
    "Decimal": ("0", "-0", "1e40", "1e-40", "99999999999999999999.9999", Name("1e15"), 7),
    "DateTime": ("0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z", "2024-02-29T12:00:00.123456-08:00"),
    "Date": ("0001-01-02", "9999-12-30", "9999-12-31", "2024-02-29"),
    "CurrencyCode": ("EUR", "XTS"),
    "FieldPath": ("id", "customer.tier", "owner.manager.manager.department"),
    "CountryCode": ("DE", "XX"),
    "EmailAddress": ("", "a@b", "•••", "a•••@example.com", "@"),
    "PhoneNumber": ("+49", "+49•••67", "•••", "0"),
    "JSON": ({}, [], None, {"a": [1]}),
}
"""By scalar, values that are hard to take."""

WRONG: Mapping[str, Sequence[Any]] = {
    "String": ("\0", 7, None, {}),
    "Int": (2**31, "7", 1.5, None),
    "Decimal": ("1e999", "NaN", "Infinity", "x", None, True),
    "DateTime": ("9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+14:00", "2024-02-30T12:00:00Z", "yesterday"),
    "Date": ("2023-02-29", "0000-00-00", 7),
    "CurrencyCode": ("eur", "EURO"),
    "CountryCode": ("de", "D"),
    "ID": ("", "x", "AAAA", "=", "a" * 44, "DAAAAAAAAAAAAAAAAAAAAAAA", "ÿ", "0" * 24, "\0", "a" * 5_000, 7, {}),
    "Boolean": ("true", 1, None),
}
"""By scalar, values that are none, or hardly."""


@dataclass
class Pool:
    """The values of one field: all of them, and those that only one of the databases holds."""

    every: list[Any] = field(default_factory=list)
    telling: list[Any] = field(default_factory=list)

    def draw(self, rng: Random) -> Any:
        """One of them, rather one that would tell; None where there are none."""
        chosen = self.telling if self.telling and rng.random() < 0.5 else self.every
        return rng.choice(chosen) if chosen else None


@dataclass(frozen=True)
class Values:
    """What one persona's operations are drawn from."""

    pools: Mapping[Hint, Pool]
    ids: Mapping[str, Pool]
    """By entity."""
    visible: frozenset[str]
    """Entities of which the persona sees a row."""
    readable: Mapping[str, frozenset[str]]
    """By entity, members of which it reads something: what a filter may name."""
    delicate: Mapping[str, frozenset[str]]
    """Those of them that it reads in part: on some rows, behind a mask, or but for references to hidden rows."""
    counted: frozenset[str] = frozenset()
    """Entities of which rows are only counted, and found by equality."""
    people: Sequence[str] = ()
    """Ids of the users who hold roles."""

    def of(self, hint: Hint, rng: Random) -> Any:
        """A value of a field, as it is sent; of any field, where no field is meant."""
        pool = self.pools.get(hint) if hint else rng.choice([*self.pools.values(), Pool()])
        return pool.draw(rng) if pool else None

    def id(self, entity: str | None, rng: Random) -> str:
        """An id: of the entity for the most part."""
        if entity is None or rng.random() < 0.05:
            entity = rng.choice(list(self.ids))
        return str(self.ids[entity].draw(rng) or "AAAA")


def wire(value: Any) -> Any:
    """A stored value as an argument gives it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, UUID) else value


def node_id(entity: Entity, row: Row) -> str:
    """The id of a row."""
    return encode(NodeId(entity.tag, row["customer_id"] if entity.resource.owned else None, row["id"]))


def gather(one: World, other: World, seen: Seen) -> Values:
    """What there is to draw from for someone who sees the same of two worlds."""
    pools: dict[Hint, Pool] = {(e.name, name): Pool() for e in GRAPH for name in (*e.fields, *FORMS, "has")}
    ids = {entity.name: Pool() for entity in GRAPH}
    for world in (one, other):
        for entity in GRAPH:
            for row in world[entity.name].values():
                _add(pools, entity, row, "every")
                ids[entity.name].every.append(node_id(entity, row))
    for change in between(one, other):
        entity = GRAPH[change.resource.name]
        for found in filter(None, (change.before, change.after)):
            _add(pools, entity, {name: found[name] for name in change.columns or found}, "telling")
            ids[entity.name].telling.append(node_id(entity, found))
    _add_shown(pools, seen)
    visible = frozenset(name for name, view in seen.views.items() if view)
    readable = {entity.name: frozenset(_readable(entity, seen, visible)) for entity in GRAPH}
    delicate = {entity.name: frozenset(_delicate(entity, one, seen)) & readable[entity.name] for entity in GRAPH}
    counted = frozenset(name for name, view in seen.counted.items() if view and name not in visible)
    people = [node_id(GRAPH["User"], row) for row in one["User"].values() if (row["email"] or "").endswith(DOMAIN)]
    return Values(pools, ids, visible, readable, delicate, counted, people)


def _add(pools: Mapping[Hint, Pool], entity: Entity, row: Row, kind: str) -> None:
    if CUSTOM in entity.members:
        for form, value in _custom(row):
            getattr(pools[entity.name, form], kind).append(value)
    for name, held in entity.fields.items():
        value = row.get(held.column.name)
        if value is not None and not isinstance(value, UUID):
            getattr(pools[entity.name, name], kind).append(wire(value))


def _custom(row: Row) -> Iterator[tuple[str, Any]]:
    """The custom fields of a row that are as their definitions mostly say, each with the filter that compares it."""
    documents = (json.loads(row[column]) for column in COLUMNS.values() if row.get(column) is not None)
    for key, value in (pair for each in documents if isinstance(each, dict) for pair in each.items()):
        type_, usual = KEYS.get(key, ("", ()))
        if value in usual and type_ == "CHOICES":
            yield from (("has", part) for part in value)
        elif value in usual:
            yield from ((form, value) for form, of in FORMS.items() if type_ in of.types)


def _add_shown(pools: Mapping[Hint, Pool], seen: Seen) -> None:
    """What stands for values behind masks."""
    for entity in GRAPH:
        for cells in seen.told(entity.name).values():
            for name, held in entity.fields.items():
                value = cells[held.name].value if held.name in cells else None
                if value is not None and not isinstance(value, UUID):
                    pools[entity.name, name].every.append(wire(value))


def _readable(entity: Entity, seen: Seen, visible: Iterable[str]) -> Iterator[str]:
    """Members that the views say something of; all, where there is no row whose fields they could be."""
    for name, member in entity.members.items():
        if isinstance(member, Many):
            target = seen.views[member.relation.target]
            if any(cells[member.relation.field].state != WITHHELD for cells in target.values()):
                yield name
        elif name in entity.fields:
            held = entity.fields[name].name
            states = {cells[held].state for cells in seen.told(entity.name).values() if held in cells}
            targets = _targets(member)
            if states - {WITHHELD} and (not targets or targets & set(visible)):
                yield name
        else:
            yield name


def _delicate(entity: Entity, world: World, seen: Seen) -> Iterator[str]:
    view, rows = seen.told(entity.name), world[entity.name]
    for name, held in entity.fields.items():
        told = ((key, shown) for key, shown in view.items() if held.name in shown)
        cells = [(rows[key][held.column.name], shown[held.name]) for key, shown in told]
        states = {cell.state for _, cell in cells}
        hidden = any(stored is not None and cell.value is None for stored, cell in cells)
        if states != {WITHHELD} and (hidden or states - {PLAIN}):
            yield name


def _targets(member: Any) -> set[str]:
    if isinstance(member, One):
        return {member.relation.target}
    return {relation.target for relation in member.relations.values()} if isinstance(member, Subject) else set()
