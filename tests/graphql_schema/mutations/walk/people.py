"""Who walks: a user of the demo company for each role, what the policy permits them, and what they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg
import sqlalchemy as sa

from app.identity.authority import Rights
from app.identity.bearer import Bearer
from app.services.demo import DEMO_USERS
from graphql_schema import ids
from graphql_schema.entities import Entity
from graphql_schema.types import GRAPH
from policies.document import Action
from policies.permits import Permit
from policies.statements import statement
from policies.states import STATE, State
from tests.http.asking import Asking

ROLES = sorted({user.role for user in DEMO_USERS})
DENIED = {"FORBIDDEN", "NOT_FOUND"}
Mistakes: TypeAlias = list[tuple[str, str | None]]
"""Codes, each with the field of the input that it is told at."""
ABSENT: Mistakes = [("FORBIDDEN", None)]
"""What is told where a tailored schema has no such mutation, or no such field."""


@dataclass(frozen=True)
class Attempt:
    """A mutation to try, whether it is permitted, and what it leaves: the table and the kind of an event."""

    name: str
    given: Mapping[str, Any]
    permitted: bool
    named: frozenset[str] = frozenset()
    """Fields at which a denial has to be told."""
    leaves: tuple[str, str] | None = None
    prepared: Sequence[str] = field(default=(), repr=False)
    """What is written before, so that nothing but rights can stand in the way."""


@dataclass(frozen=True)
class Someone:
    """A user of the demo company, with the rights of now."""

    graph: Asking
    writer: asyncpg.Connection
    rights: Rights

    @property
    def node(self) -> str:
        """Who it is, in the graph."""
        return ids.encode(ids.NodeId(GRAPH["User"].tag, None, self.rights.principal.id))

    async def try_(self, name: str, given: Mapping[str, Any]) -> Mistakes:
        """The mistakes that a mutation has."""
        title = name[0].upper() + name[1:]
        query = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
        answer = await self._ask(query, {"input": given})
        if "data" not in answer:
            return ABSENT
        assert answer["data"][name] is not None, answer
        found = [(error["code"], error["field"]) for error in answer["data"][name]["userErrors"]]
        return [(code, _first(place)) for code, place in found]

    async def sees(self, nodes: Iterable[str]) -> set[str]:
        """Those of some records that are in view."""
        wanted = sorted(set(nodes))
        if not wanted:
            return set()
        answer = await self._ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": wanted})
        return {node["id"] for node in answer["data"]["nodes"] if node}

    async def _ask(self, query: str, variables: Mapping[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.graph.tokens.issue(self.rights.principal.id)}"}
        body = {"query": query, "variables": variables}
        return (await self.graph.client.post("/graphql", json=body, headers=headers)).json()

    def possible(self, action: Action, entity: Entity, fields: Iterable[str]) -> bool:
        """Whether fields can ever be set by an action."""
        return self.rights.access.permits(action, entity.resource, fields).possible

    async def judged(self, entity: Entity, key: Mapping[str, Any], permits: Sequence[Permit]) -> list[bool]:
        """What the policy says of a row as it is, of each permit."""
        table = entity.resource.table
        found = [permit.before(table).is_(sa.true()).label(f"p{i}") for i, permit in enumerate(permits)]
        row = await self._row(sa.select(*found).where(*(table.c[name] == value for name, value in key.items())))
        assert row is not None
        return list(row)

    async def plain(self, entity: Entity, key: Mapping[str, Any]) -> set[str]:
        """The fields of a row that are shown plain."""
        resource = entity.resource
        view = self.rights.access.view(resource, (), resource.fields).subquery("v")
        states = {name: view.c[f"{each.column.name}__{STATE}"] for name, each in resource.fields.items()}
        where = (view.c[name] == value for name, value in key.items())
        row = await self._row(sa.select(*states.values()).where(*where))
        return {name for name, state in zip(states, row or (), strict=False) if state == State.PLAIN.value}

    async def rows(self, entity: Entity, permits: Iterable[Permit], way: str = "before", more: str = "true") -> Rows:
        """A row that one of some permits is for, and one that none is for: the newest, where there are such.

        `way` says whether the row is taken as one before a write, after it, or deleted; `more` is what else has to hold.
        """
        table = entity.resource.table
        mine = sa.or_(sa.false(), *(getattr(permit, way)(table) for permit in permits)).is_(sa.true())
        alive = table.c.deleted_at.is_(None) if way != "deleted" else sa.true()
        chosen = sa.select(table, mine.label("is_mine")).where(alive, sa.text(more))
        orders = (sa.text("is_mine DESC"), sa.text("is_mine"))
        one, other = [await self._row(chosen.order_by(order, table.c.id.desc()).limit(1)) for order in orders]
        return (one if one and one["is_mine"] else None, other if other and not other["is_mine"] else None)

    async def _row(self, select: sa.SelectBase) -> asyncpg.Record | None:
        found = statement(select)
        return await self.writer.fetchrow(found.sql, *found.values(self.rights.principal.values))


Rows: TypeAlias = tuple[asyncpg.Record | None, asyncpg.Record | None]


def _first(place: Sequence[str] | None) -> str | None:
    """The field of a record that a mistake is told at; of one of many, that behind its number."""
    if not place:
        return None
    return place[0] if place[0] != "inputs" else place[2] if len(place) > 2 else None


async def someone(graph: Asking, writer: asyncpg.Connection, role: str) -> Someone:
    """The first user of a role."""
    email = next(user.email for user in DEMO_USERS if user.role == role)
    user = await writer.fetchval("SELECT id FROM users WHERE email = $1", email)
    rights = await graph.engine.authority.rights(Bearer(user))
    assert rights is not None
    return Someone(graph, writer, rights)
