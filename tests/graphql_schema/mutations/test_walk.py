"""Every role tries every mutation of every entity, each field by itself: what the policy permits works, the rest changes nothing.

What is permitted is asked of the policy's predicates in SQL, on the rows themselves; that these say what the policy means
is shown against an oracle elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from app.identity.authority import Rights
from app.services.demo import DEMO_USERS, load_demo
from app.services.policy_store import ensure_policy
from app.services.records import rules
from app.services.records.drafts import Draft
from app.settings import Settings
from graphql_schema import ids
from graphql_schema.entities import Amount, Entity, Member, One, Subject, Value
from graphql_schema.mutations.inputs import held_by, settable
from graphql_schema.schema import MUTATIONS
from graphql_schema.types import GRAPH
from policies.document import Action
from policies.permits import Permit
from policies.statements import statement
from policies.states import STATE, State
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.mutations.writing import dump
from tests.http.asking import Asking, asking

CUSTOMERS = 25
DENIED = {"FORBIDDEN", "NOT_FOUND"}
ROLES = sorted({user.role for user in DEMO_USERS})
ENTITIES = [entity for entity in GRAPH if f"{entity.single}Update" in MUTATIONS]


@dataclass(frozen=True)
class Someone:
    """A user of the demo company, with the rights of now."""

    graph: Asking
    writer: asyncpg.Connection
    rights: Rights

    async def try_(self, name: str, given: Mapping[str, Any]) -> set[str]:
        """The codes of the mistakes that a mutation has."""
        title = name[0].upper() + name[1:]
        query = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        headers = {"Authorization": f"Bearer {self.graph.tokens.issue(self.rights.principal.id)}"}
        body = {"query": query, "variables": {"input": given}}
        answer = (await self.graph.client.post("/graphql", json=body, headers=headers)).json()
        if "data" not in answer:  # a tailored schema has no such mutation, or no such field
            return {"FORBIDDEN"}
        assert answer["data"][name] is not None, answer
        return {error["code"] for error in answer["data"][name]["userErrors"]}

    async def permits(self, entity: Entity, key: Mapping[str, Any]) -> Mapping[str | None, bool]:
        """By field, whether the policy permits to change it on a row; under None, whether to delete the row."""
        table, access = entity.resource.table, self.rights.access
        permits: dict[str | None, Permit] = {
            name: access.permits(Action.UPDATE, entity.resource, [name]) for name in entity.resource.fields
        }
        columns: dict[str | None, Permit] = {None: access.permits(Action.DELETE, entity.resource, ()), **permits}
        found = [permit.before(table).is_(sa.true()).label(f"p{i}") for i, permit in enumerate(columns.values())]
        row = await self._row(sa.select(*found).where(*(table.c[name] == value for name, value in key.items())))
        assert row is not None
        return dict(zip(columns, row, strict=True))

    async def plain(self, entity: Entity, key: Mapping[str, Any]) -> set[str]:
        """The fields of a row that are shown plain."""
        resource = entity.resource
        view = self.rights.access.view(resource, (), resource.fields).subquery("v")
        states = {name: view.c[f"{field.column.name}__{STATE}"] for name, field in resource.fields.items()}
        where = (view.c[name] == value for name, value in key.items())
        row = await self._row(sa.select(*states.values()).where(*where))
        return {name for name, state in zip(states, row or (), strict=False) if state == State.PLAIN.value}

    async def _row(self, select: sa.SelectBase) -> asyncpg.Record | None:
        found = statement(select)
        return await self.writer.fetchrow(found.sql, *found.values(self.rights.principal.values))


@pytest.fixture(scope="module")
async def served(database: TemporaryDatabase, settings: Settings) -> AsyncIterator[tuple[Asking, asyncpg.Connection]]:
    """The demo company, served."""
    await load_demo(database.url, CUSTOMERS)
    writer = await asyncpg.connect(database.dsn)
    try:
        await ensure_policy(writer)
        async with asking(database.dsn, settings) as graph:
            yield graph, writer
    finally:
        await writer.close()


async def someone(served: tuple[Asking, asyncpg.Connection], role: str) -> Someone:
    """The first user of a role."""
    graph, writer = served
    email = next(user.email for user in DEMO_USERS if user.role == role)
    user = await writer.fetchval("SELECT id FROM users WHERE email = $1", email)
    rights = await graph.engine.authority.rights(user)
    assert rights is not None
    return Someone(graph, writer, rights)


async def rows(who: Someone, entity: Entity) -> Iterator[asyncpg.Record]:
    """A row that this user may change, and one that nobody made for them; where there are such."""
    table, access = entity.resource.table, who.rights.access
    ways = [way.before(table) for way in access.ways(Action.UPDATE, entity.resource)]
    mine = sa.or_(sa.false(), *ways).is_(sa.true())
    found = statement(sa.select(table).where(table.c.deleted_at.is_(None)).order_by(mine.desc(), table.c.id).limit(1))
    other = statement(sa.select(table).where(table.c.deleted_at.is_(None)).order_by(mine.asc(), table.c.id).limit(1))
    values = who.rights.principal.values
    both = [await who.writer.fetchrow(each.sql, *each.values(values)) for each in (found, other)]
    return iter({row["id"]: row for row in both if row is not None}.values())


def key_of(entity: Entity, row: asyncpg.Record) -> dict[str, Any]:
    return {name: row[name] for name in entity.resource.key}


def node(entity: Entity, row: asyncpg.Record) -> str:
    return ids.encode(ids.NodeId(entity.tag, row.get("customer_id") if entity.resource.owned else None, row["id"]))


def given_of(member: Member, row: asyncpg.Record) -> Any:
    """What a row holds, as an input gives it."""
    if isinstance(member, Amount):
        amount = row[member.field.column.name]
        return None if amount is None else {"amount": str(amount), "currency": row["currency"]}
    if isinstance(member, Value):
        value = row[member.field.column.name]
        if member.field.spec.kind.value == "JSON" and value is not None:
            return json.loads(value)
        return _written(value)
    if isinstance(member, One):
        return _id(member.relation.target, row, row[member.relation.pairs[-1][0]])
    assert isinstance(member, Subject)
    relation = member.relations.get(row["subject_type"])
    return _id(relation.target, row, row["subject_id"]) if relation else None


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def _id(target: str, row: asyncpg.Record, key: Any) -> str | None:
    owner = row.get("customer_id") if GRAPH[target].resource.owned else None
    return None if key is None else ids.encode(ids.NodeId(GRAPH[target].tag, owner, key))


@dataclass(frozen=True)
class Attempt:
    """A mutation to try, and whether it is permitted."""

    name: str
    given: Mapping[str, Any]
    permitted: bool


async def attempts(who: Someone, entity: Entity) -> AsyncIterator[Attempt]:
    """An update of each field by itself to what it holds already, and a delete."""
    for row in await rows(who, entity):
        key = key_of(entity, row)
        permits, plain = await who.permits(entity, key), await who.plain(entity, key)
        for name, member in settable(entity, new=False).items():
            given = given_of(member, row)
            fields = [field.name for field in held_by(entity, member)]
            permitted = all(permits[field] for field in fields) and _comparable(entity, name, fields, plain)
            if permitted and isinstance(member, (One, Subject)):
                permitted = await _leads(who, given)
            yield Attempt(f"{entity.single}Update", {"id": node(entity, row), name: given}, permitted)
        yield Attempt(f"{entity.single}Delete", {"id": node(entity, row)}, permits[None])


def _comparable(entity: Entity, name: str, fields: Sequence[str], plain: set[str]) -> bool:
    """Whether a field may be checked against others: these are plain, or the caller sees that it changes nothing."""
    draft = Draft(entity.resource, {}, set=list(fields))
    return plain.issuperset(fields) or plain.issuperset(rules.compared_with(draft, name) if name in fields else ())


async def _leads(who: Someone, id_: str | None) -> bool:
    """Whether a record is in view."""
    if id_ is None:
        return True
    body = {"query": "query ($id: ID!) { node(id: $id) { id } }", "variables": {"id": id_}}
    headers = {"Authorization": f"Bearer {who.graph.tokens.issue(who.rights.principal.id)}"}
    return bool((await who.graph.client.post("/graphql", json=body, headers=headers)).json()["data"]["node"])


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_permitted_works_and_what_is_denied_changes_nothing(
    served: tuple[Asking, asyncpg.Connection], role: str
) -> None:
    who = await someone(served, role)
    tried = [attempt for entity in ENTITIES async for attempt in attempts(who, entity)]
    before = await dump(who.writer)
    for each in (attempt for attempt in tried if not attempt.permitted):
        assert await who.try_(each.name, each.given) & DENIED, each
    assert await dump(who.writer) == before
    for each in (attempt for attempt in tried if attempt.permitted and not attempt.name.endswith("Delete")):
        assert not await who.try_(each.name, each.given) & DENIED, each
    assert len(tried) > 300
    assert any(attempt.permitted for attempt in tried) == bool(role in WRITING)


WRITING = {"admin", "marketer", "sales_manager", "sales_rep", "service_agent"}
