"""A user with a role, a customer to write, and sessions for both sides of a race."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from app.identity.authority import Authority, Rights
from app.identity.bearer import Bearer
from app.models import Customer
from app.services.writing import UnitOfWork, writing
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

LONGEST = 20
"""Seconds within which whatever waits goes on."""

REVOCATIONS = {
    "the assignment ends": "UPDATE role_assignments SET valid_to = now() WHERE user_id = $1",
    "the assignment is gone": "DELETE FROM role_assignments WHERE user_id = $1",
    "the user is suspended": "UPDATE users SET status = 'SUSPENDED' WHERE id = $1",
    "the manager is another": "UPDATE users SET manager_id = NULL WHERE id = $1",
    "the region moves": "UPDATE regions SET path = '/moved' || path FROM users u WHERE u.id = $1 AND u.region_id = regions.id",
    "the department is gone": "UPDATE departments d SET deleted_at = now() FROM users u WHERE u.id = $1 AND u.department_id = d.id",
    "the role is renamed": """
        UPDATE roles r SET code = r.id::text FROM role_assignments a WHERE a.user_id = $1 AND a.role_id = r.id""",
    "the rules are others": """
        UPDATE policy_versions SET document =
            jsonb_set(document, '{files,x.yaml}', to_jsonb('role: x' || translate($1::uuid::text, '-', '')))
        WHERE status = 'ACTIVE'""",
}
"""Changes of one user's rights, in plain SQL."""


@dataclass(frozen=True)
class Scene:
    """What a test of writing needs."""

    dsn: str
    engine: AsyncEngine
    writer: asyncpg.Connection
    graph: Asking
    company: Company
    user: Row
    customer: Row

    async def rights(self) -> Rights:
        """The user's rights now."""
        found = await Authority(self.graph.database.read).rights(Bearer(self.user.key))
        assert found is not None
        return found

    @asynccontextmanager
    async def writing(self, rights: Rights | None = None, *, changes_rights: bool = False) -> AsyncIterator[UnitOfWork]:
        """A unit of work on a connection of its own."""
        planned = rights or await self.rights()
        async with (
            self.engine.connect() as connection,
            writing(connection, planned, changes_rights=changes_rights) as unit,
        ):
            yield unit

    async def write(self, rights: Rights | None = None, tier: str = "KEY") -> None:
        """Gives the customer a tier."""
        async with self.writing(rights) as unit:
            await unit.connection.execute(self.update(tier))

    def update(self, tier: str = "KEY") -> sa.Update:
        """The statement that does."""
        return sa.update(Customer).where(Customer.id == self.customer.key).values(tier=tier)

    async def tier(self) -> str | None:
        """The customer's tier, as committed."""
        found: str | None = await self.writer.fetchval("SELECT tier FROM customers WHERE id = $1", self.customer.key)
        return found

    async def somebody_waits(self) -> None:
        """Returns when a session waits for a lock."""
        question = (
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = $1)"
        )
        async with asyncio.timeout(LONGEST):
            while not await self.writer.fetchval(question, self.database):
                await asyncio.sleep(0.005)

    @property
    def database(self) -> str | None:
        """The name of the database."""
        return make_url(self.dsn).database

    @asynccontextmanager
    async def session(self) -> AsyncIterator[asyncpg.Connection]:
        """A session of somebody's own, as `psql` makes it."""
        connection = await asyncpg.connect(self.dsn)
        try:
            async with asyncio.timeout(LONGEST):
                yield connection
        finally:
            connection.terminate()
