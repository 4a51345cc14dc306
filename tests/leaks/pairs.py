"""Pairs: a company and its twin for one persona, both served by this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graphql import GraphQLSchema, build_client_schema, get_introspection_query

from app.settings import Settings
from policies.principal import Assignment, Party
from tests.leaks.cases import HELLO
from tests.leaks.cursors import Cursors
from tests.leaks.operations.operation import Operation
from tests.leaks.operations.values import Values, gather
from tests.leaks.personas import PERSONAS, Persona
from tests.leaks.prepared import Prepared, Twin
from tests.leaks.served import Served, served

ADMIN = PERSONAS[0]
INTROSPECTION = Operation(get_introspection_query(descriptions=False))


@dataclass(frozen=True)
class Pair:
    """Two databases that one persona cannot tell apart."""

    persona: Persona
    twin: Twin
    user: UUID
    sides: tuple[Served, Served]
    cursors: Cursors
    values: Values
    schema: GraphQLSchema
    """As the persona is told of it."""

    async def greet(self) -> None:
        """Has everybody who asks say hello, so that their rights are known on both sides."""
        for side in self.sides:
            for user in (self.user, self.cursors.admin):
                await side.ask(user, HELLO)


@asynccontextmanager
async def pairs(ready: Prepared, settings: Settings) -> AsyncIterator[list[Pair]]:
    """All databases, served; everybody who will ask has said hello."""
    async with AsyncExitStack() as stack:
        bounds = {ready.user(each): parties(ready, each) for each in PERSONAS if each.ceilings}
        one = await stack.enter_async_context(served(ready.dsn, settings, bounds))
        schemas: dict[bytes, GraphQLSchema] = {}
        found = []
        for twin in ready.twins:
            other = await stack.enter_async_context(served(twin.dsn, settings, bounds))
            found.append(await _pair(ready, twin, (one, other), schemas))
            await found[-1].greet()
        yield found


def parties(ready: Prepared, persona: Persona) -> tuple[Party, ...]:
    """The ceilings of a persona, for the product."""
    return tuple(
        Party(bound.id, tuple(Assignment(a.role, a.departments, a.regions) for a in bound.assignments))
        for bound in ready.ceilings(persona)
    )


async def _pair(ready: Prepared, twin: Twin, sides: tuple[Served, Served], schemas: dict[bytes, GraphQLSchema]) -> Pair:
    user, admin = ready.user(twin.persona), ready.user(ADMIN)
    seen = ready.eyes(twin.persona).see(ready.world)
    told = await sides[1].ask(user, INTROSPECTION)
    if told.body not in schemas:
        schemas[told.body] = _schema(told.json)
    values = gather(ready.world, twin.world, seen)
    return Pair(twin.persona, twin, user, sides, Cursors(*sides, user, admin), values, schemas[told.body])


def _schema(told: Any) -> GraphQLSchema:
    assert "data" in told, told
    return build_client_schema(told["data"])
