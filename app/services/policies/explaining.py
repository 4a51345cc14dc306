"""Explanations over the database: the row, then the names of the keys that stand in what is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.catalogue import CATALOGUE
from policies.access import access
from policies.catalogue import Resource
from policies.conditions import Constant
from policies.explaining import Explaining, Explanation
from policies.explaining.keys import keys
from policies.predicates import bound
from policies.principal import Principal
from policies.rules import Policy
from policies.standing import base_rows
from policies.statements import statement
from policies.states import State

Read = Callable[..., Awaitable[Any]]
"""Runs one statement and gives its first row."""

TITLES = ("displayName", "name", "number", "title", "subject", "code")
"""Fields by which a row is told, the first that there is."""

ABOUT_OPERANDS = {"RoleAssignment": ("user", "role", "department", "region"), "User": ("manager",)}
"""What one must read, of everyone, to know the operands of others."""


@dataclass(frozen=True)
class Explained:
    """An explanation, and names for the keys in it."""

    explanation: Explanation
    names: Mapping[UUID, str]


@dataclass(frozen=True)
class Question:
    """Why a principal sees a row, or a field of it, as it does; asked by someone, or by an operator (None)."""

    principal: Principal
    on: Resource
    key: tuple[UUID, ...]
    id: str
    field: str | None = None
    asker: Principal | None = None
    active: Policy | None = None
    """The policy that bounds the asker, where it is another one than that which is explained."""


async def explain(read: Read, policy: Policy, question: Question) -> Explained:
    """What the asker may be told."""
    bounding = question.active or policy
    told = knows_operands(bounding, question.principal, question.asker)
    asked = Explaining(
        policy,
        question.principal,
        question.on,
        question.key,
        question.id,
        question.field,
        question.asker,
        question.active,
        tells_operands=told,
    )
    found, values = asked.statement()
    explanation = asked.read(await read(found.sql, *values))
    names: dict[UUID, str] = {}
    for resource, each in keys(explanation).items():
        names |= await names_of(read, bounding, question.asker, CATALOGUE[resource], each)
    return Explained(explanation, names)


def knows_operands(policy: Policy, principal: Principal, asker: Principal | None) -> bool:
    """Whether an asker may know who reports to a principal, and for which regions and departments roles are held."""
    if asker is None or asker.id == principal.id:
        return True
    rights = [(access(policy, asker.shape).on(CATALOGUE[name]), fields) for name, fields in ABOUT_OPERANDS.items()]
    return all(on.every_row and all(on.state(name) is State.PLAIN for name in fields) for on, fields in rights)


async def names_of(
    read: Read, policy: Policy, asker: Principal | None, on: Resource, found: Sequence[UUID]
) -> Mapping[UUID, str]:
    """The rows' names, as far as the asker sees them."""
    title = next((name for name in TITLES if name in on.fields), None)
    if title is None:
        return {}
    column = on.fields[title].column.name
    rows = base_rows(on).rows if asker is None else access(policy, asker.shape).view(on, [title]).subquery()
    wanted = rows.c["id"] == sa.any_(bound(Constant(tuple(found)), ARRAY(sa.Uuid())))
    pairs = sa.func.array_agg(rows.c["id"]).label("keys"), sa.func.array_agg(rows.c[column]).label("titles")
    asked = statement(sa.select(*pairs).where(wanted))
    row = await read(asked.sql, *asked.values(asker.values if asker else {}))
    return dict(_pairs(row["keys"] or (), row["titles"] or ()))


def _pairs(found: Sequence[UUID], titles: Sequence[Any]) -> Iterator[tuple[UUID, str]]:
    for key, title in zip(found, titles, strict=True):
        if isinstance(title, str):
            yield key, title
