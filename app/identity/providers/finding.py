"""Providers that may be signed in with now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.providers.rules import Rule, read_rules
from app.models import Base

PROVIDERS, LINKS, ASSIGNMENTS = (
    Base.metadata.tables[name] for name in ("oidc_providers", "oidc_links", "oidc_assignments")
)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider, as signing in needs it."""

    id: UUID
    code: str
    issuer: str
    client_id: str
    secret: str | None
    """Where our secret is."""
    scopes: tuple[str, ...]
    domains: frozenset[str]
    provisions: bool
    rules: tuple[Rule, ...]


async def find(connection: AsyncConnection, code: str) -> Provider | None:
    """The provider of a code, if it may be signed in with."""
    if not code.isascii() or "\0" in code:
        return None
    asked = sa.select(PROVIDERS).where(PROVIDERS.c.code == code, PROVIDERS.c.disabled_at.is_(None))
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return None
    return Provider(
        *(row.id, row.code, row.issuer, row.client_id, row.secret, tuple(row.scopes)),
        domains=frozenset(row.domains),
        provisions=row.provisions,
        rules=read_rules(row.rules),
    )


async def offered(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Code and name of each provider that may be signed in with, by name."""
    columns = sa.select(PROVIDERS.c.code, PROVIDERS.c.name).where(PROVIDERS.c.disabled_at.is_(None))
    found = await connection.execute(columns.order_by(PROVIDERS.c.name, PROVIDERS.c.code))
    return [(row.code, row.name) for row in found]
