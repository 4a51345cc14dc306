"""Rights are kept while they hold, and what is shared by all is read once for all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.identity.authority import Authority, Rights
from app.identity.bearer import Bearer
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

POLICY = "policy_versions"


@dataclass
class Counting:
    """Reads, and notes what was read."""

    graph: Asking
    asked: list[str] = field(default_factory=list)

    async def __call__(self, statement: str, *values: object) -> Any:
        self.asked.append(statement)
        return await self.graph.database.read(statement, *values)

    def taken(self) -> tuple[int, int]:
        """How often a principal, and how often the policy was read since the last time."""
        policies = sum(POLICY in statement for statement in self.asked)
        principals = len(self.asked) - policies
        self.asked.clear()
        return principals, policies


@pytest.fixture
def reading(graph: Asking) -> Counting:
    return Counting(graph)


@pytest.fixture
def authority(reading: Counting) -> Authority:
    return Authority(reading)


async def _rights(authority: Authority, who: Row) -> Rights:
    found = await authority.rights(Bearer(who.key))
    assert found is not None
    return found


async def _keys(writer: asyncpg.Connection) -> list[UUID]:
    return [row["id"] for row in await writer.fetch("SELECT id FROM users ORDER BY id")]


async def test_many_who_come_at_once_read_the_policy_once(
    authority: Authority, reading: Counting, company: Company, writer: asyncpg.Connection
) -> None:
    users = await _keys(writer)
    found = await asyncio.gather(*map(authority.rights, map(Bearer, users)))
    assert all(found)
    assert reading.taken() == (len(users), 1)


async def test_an_activation_is_read_once_and_by_no_principal_again(
    authority: Authority, reading: Counting, company: Company, writer: asyncpg.Connection
) -> None:
    before = await _rights(authority, company.rep), await _rights(authority, company.admin)
    assert reading.taken() == (2, 1)
    await activate(writer, read_folder(DEFAULT_RULES))
    authority.forget(Bearer(company.rep.key))
    rep = await _rights(authority, company.rep)
    assert reading.taken() == (1, 1)
    admin = await _rights(authority, company.admin)
    assert reading.taken() == (0, 0)
    assert rep.proof.policy_epoch == admin.proof.policy_epoch != before[0].proof.policy_epoch
    assert admin.principal is before[1].principal
    assert admin.access.policy is rep.access.policy is not before[1].access.policy
