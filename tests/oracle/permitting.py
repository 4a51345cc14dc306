"""What PostgreSQL answers of writes: by the engine's permits before and after, and beside the rows of views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from policies.access import access
from policies.catalogue import Resource
from policies.document import Action
from policies.loading import load
from policies.permits import Permit
from policies.principal import GrantShape, Principal
from policies.rules import Policy
from policies.states import ACCESS, UPDATABLE
from tests.oracle.answers import Database
from tests.oracle.drawn.cases import Writes
from tests.policies.rows import Sent, send, sent

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """An action that sets some fields, and the keys of the rows that its permit holds on, before and after."""

    permit: Permit
    before: set[Key]
    after: set[Key]


@dataclass(frozen=True)
class Offer:
    """What a visible row says that may be done with it."""

    updatable: Mapping[str, bool]
    """Each field, whether it may be changed."""
    can_update: bool
    can_delete: bool


@dataclass(frozen=True)
class Permitted:
    """What one principal may do with the rows of one resource."""

    who: Principal
    on: Resource
    ways: Sequence[Permit]
    """The ways in which an update may be permitted."""
    changes: list[Change]
    offers: dict[Key, Offer]


@dataclass(frozen=True)
class Answered:
    """All that is answered of writes, and the moments at which the rows before and after are looked at."""

    writes: Writes
    before: dt.datetime
    after: dt.datetime
    permitted: list[Permitted]


def answered(database: Database, writes: Writes) -> Answered:
    """Put the rows before, ask, put the rows after, ask again, and leave nothing."""
    return database.runner.run(_answered(database, writes))


async def _answered(database: Database, writes: Writes) -> Answered:
    case, asked = writes.case, list(_questions(writes))
    async with database.holding(case.made, case.rows) as before:
        rows = [await _keys(database, question.before, who, len(question.permits)) for question, who in asked]
        offers = [await _offers(database, question, who) for question, who in asked]
    async with database.holding(case.made, writes.after) as after:
        left = [await _keys(database, question.after, who, len(question.permits)) for question, who in asked]
    found = [
        Permitted(who, question.on, question.ways, list(map(Change, question.permits, *keys)), offer)
        for (question, who), offer, *keys in zip(asked, offers, rows, left, strict=True)
    ]
    return Answered(writes, before, after, found)


@dataclass(frozen=True)
class _Question:
    """What is asked of a resource, for all principals of one shape."""

    on: Resource
    ways: Sequence[Permit]
    permits: list[Permit]
    before: Sent
    after: Sent
    view: Sent


def _questions(writes: Writes) -> Iterable[tuple[_Question, Principal]]:
    case = writes.case
    policy, shapes = load(case.texts, case.made.catalogue), dict.fromkeys(who.shape for who in case.principals)
    for shape, on in product(shapes, case.made.catalogue):
        question = _question(policy, shape, on, writes.sets[on.name])
        yield from ((question, who) for who in case.principals if who.shape == shape)


def _question(policy: Policy, shape: GrantShape, on: Resource, sets: list[list[str]]) -> _Question:
    rights = access(policy, shape)
    changes = [*product((Action.CREATE, Action.UPDATE), sets), (Action.DELETE, [])]
    permits = [rights.permits(action, on, fields) for action, fields in changes]
    view = rights.view(on, [], updatable=on.fields, permitted=[Action.UPDATE, Action.DELETE])
    before = _holding(on, (permit.before(on.table) for permit in permits))
    after = _holding(on, (permit.after(on.table) for permit in permits))
    return _Question(on, rights.ways(Action.UPDATE, on), permits, before, after, sent(view))


def _holding(on: Resource, permits: Iterable[sa.ColumnElement[bool]]) -> Sent:
    """All rows, deleted ones too, each with whether the permits hold on it."""
    return sent(sa.select(*(on.table.c[name] for name in on.key), postgresql.array(list(permits))))


async def _keys(database: Database, asked: Sent, who: Principal, count: int) -> list[set[Key]]:
    """For each permit, the keys of the rows that it holds on."""
    rows = [(tuple(row)[:-1], row[-1]) for row in await send(database.connection, asked, who)]
    return [{key for key, holding in rows if holding[n]} for n in range(count)]


async def _offers(database: Database, question: _Question, who: Principal) -> dict[Key, Offer]:
    on, rows = question.on, await send(database.connection, question.view, who)
    return {tuple(row[column] for column in on.key): _offer(on, row) for row in rows}


def _offer(on: Resource, row: asyncpg.Record) -> Offer:
    columns = {name: f"{field.column.name}__{UPDATABLE}" for name, field in on.fields.items()}
    updatable = {name: row[column] for name, column in columns.items()}
    return Offer(updatable, row[f"{ACCESS}__update"], row[f"{ACCESS}__delete"])
