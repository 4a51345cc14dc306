"""The trusted documents of clients that hold a role, as far as somebody might have made these clients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.identity.oauth.documents import CLIENTS, DOCUMENTS, Document
from app.identity.principals import Read
from app.models import Base
from app.services.clients import giving, grantable
from policies.access import Access
from policies.principal import GrantShape, Held, Principal
from policies.statements import statement

MOST = 500
"""Documents that are looked at."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A document that a client may ask, and the shape of what the client holds."""

    client: str
    shape: GrantShape
    document: Document


async def trusted(read: Read, access: Access, principal: Principal) -> list[Trusted]:
    """The documents, by client and name: one more than are looked at, where there are more."""
    if not giving(access).possible:
        return []
    mine, roles = grantable(access).subquery("mine"), Base.metadata.tables["roles"]
    held = (CLIENTS.c[f"{name}_id"].is_not(None) for name in ("department", "region"))
    columns = (CLIENTS.c.code, roles.c.code, *held, DOCUMENTS.c.name, DOCUMENTS.c.text)
    rows = (
        sa.select(sa.func.json_build_array(*columns).label("row"), CLIENTS.c.code, DOCUMENTS.c.name)
        .select_from(CLIENTS.join(mine, mine.c.id == CLIENTS.c.id).join(roles, roles.c.id == CLIENTS.c.role_id))
        .join(DOCUMENTS, DOCUMENTS.c.client_id == CLIENTS.c.id)
        .where(CLIENTS.c.disabled_at.is_(None), roles.c.deleted_at.is_(None))
        .order_by(CLIENTS.c.code, DOCUMENTS.c.name, DOCUMENTS.c.digest)
        .limit(sa.literal_column(str(MOST + 1)))
        .subquery("rows")
    )
    listed = sa.func.json_agg(rows.c.row)
    asked = statement(sa.select(sa.cast(listed, sa.Text()).label("found")).select_from(rows))
    row = await read(asked.sql, *asked.values(principal.values))
    return list(_trusted(json.loads(row["found"] or "[]")))


def _trusted(rows: list[list[Any]]) -> Iterator[Trusted]:
    for client, role, departments, regions, name, text in rows:
        yield Trusted(client, ((Held(role, departments=departments, regions=regions),),), Document(name, text))
