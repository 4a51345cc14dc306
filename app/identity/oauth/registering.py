"""Clients made and changed by an operator: each secret is told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import fields
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.clients import CODE, OWN
from app.identity.oauth.declaring import BadClient, Fault, NewClient
from app.identity.oauth.families import CLIENTS, GRANTS
from app.identity.oauth.forgetting import KEPT
from app.identity.oauth.texts import digest, fresh
from app.models import Base
from app.models.ids import uuid7

OVERLAP = dt.timedelta(days=1)
"""For which the secret of before holds beside a new one."""

SECRETS = Base.metadata.tables["oauth_secrets"]
NAMED = {name: Base.metadata.tables[f"{name}s"] for name in ("role", "department", "region")}
"""Parts of a client that are named by their codes."""
LISTED = (
    *("code", "name", "is_public", "is_own", "grant_types", "scopes", "redirect_uris", "expires_at", "disabled_at"),
    *("documents", "requests_per_minute", "cost_per_minute"),
)
_NOW = sa.func.now()


async def register(connection: AsyncConnection, new: NewClient) -> str | None:
    """Makes a client, and gives its secret, if it keeps one. Raises BadClient with all faults."""
    row = {"id": uuid7(), **await _row(connection, new)}
    made = insert(CLIENTS).values(row).on_conflict_do_nothing(index_elements=["code"])
    if (await connection.execute(made)).rowcount == 0:
        raise BadClient(Fault("code", f"there is a client {new.code!r} already"))
    return None if new.is_public else await _add_secret(connection, row["id"])


async def put(connection: AsyncConnection, changed: NewClient) -> None:
    """Changes the client of this code, which is there. Raises BadClient with all faults.

    What it was granted in a way in which it may ask no more ends.
    """
    row = await _row(connection, changed)
    put_ = sa.update(CLIENTS).where(CLIENTS.c.code == changed.code).values(row)
    key = (await connection.execute(put_.returning(CLIENTS.c.id))).scalar_one()
    for way, its in ((OWN, GRANTS.c.user_id.is_(None)), (CODE, GRANTS.c.user_id.is_not(None))):
        if way not in changed.grant_types:
            theirs = sa.update(GRANTS).where(GRANTS.c.client_id == key, its, GRANTS.c.revoked_at.is_(None))
            await connection.execute(theirs.values(revoked_at=_NOW, kept_until=_NOW + KEPT))


async def load(connection: AsyncConnection, code: str) -> NewClient:
    """A client as an operator would say it. Raises BadClient."""
    row = await _one(connection, _with_codes(CLIENTS), code)
    kept = {each.name: row[CLIENTS.c[each.name]] for each in fields(NewClient) if each.name not in NAMED}
    return NewClient(**kept | {"networks": list(map(str, kept["networks"]))}, **{name: row[name] for name in NAMED})


async def key_of(connection: AsyncConnection, code: str) -> UUID:
    """The key of a client. Raises BadClient."""
    found: UUID = (await _one(connection, sa.select(CLIENTS.c.id), code))["id"]
    return found


async def held_by(connection: AsyncConnection, code: str) -> Mapping[str, Any]:
    """By column, the role that a client holds, and for where, and whether it is the house's own. Raises BadClient."""
    columns = [*(CLIENTS.c[f"{name}_id"] for name in NAMED), CLIENTS.c.is_own]
    return dict(await _one(connection, sa.select(*columns), code))


def _with_codes(*columns: Any) -> sa.Select[Any]:
    """Columns of clients, with the codes of what they hold."""
    codes = (table.c.code.label(name) for name, table in NAMED.items())
    asked = sa.select(*columns, *codes).select_from(CLIENTS)
    for name, table in NAMED.items():
        asked = asked.outerjoin(table, CLIENTS.c[f"{name}_id"] == table.c.id)
    return asked


async def _one(connection: AsyncConnection, asked: sa.Select[Any], code: str) -> RowMapping:
    """What is asked of the client of a code. Raises BadClient."""
    row: RowMapping | None = (await connection.execute(asked.where(CLIENTS.c.code == code))).mappings().one_or_none()
    if row is None:
        raise _absent(code)
    return row


def _absent(code: str) -> BadClient:
    return BadClient(Fault("code", f"there is no client {code!r}"))


async def _row(connection: AsyncConnection, new: NewClient) -> dict[str, Any]:
    """The columns of a client. Raises BadClient with all faults."""
    faults, found = new.faults(), await keys(connection, new)
    unknown = [name for name in NAMED if getattr(new, name) and not found[f"{name}_id"]]
    faults += [Fault(name, f"there is no {name} {getattr(new, name)!r}") for name in unknown]
    if faults:
        raise BadClient(*faults)
    kept = {each.name: getattr(new, each.name) for each in fields(new) if each.name not in NAMED}
    lists = {name: list(kept[name]) for name in ("grant_types", "scopes", "redirect_uris")}
    return {
        **kept,
        **lists,
        "networks": list(map(ip_network, new.networks)),
        **found,
    }


async def keys(connection: AsyncConnection, new: NewClient) -> Mapping[str, UUID | None]:
    """By column, the keys of the parts that are named by their codes."""
    found: dict[str, UUID | None] = {}
    for name, table in NAMED.items():
        asked = sa.select(table.c.id).where(table.c.code == getattr(new, name), table.c.deleted_at.is_(None))
        found[f"{name}_id"] = (await connection.execute(asked)).scalar_one_or_none()
    return found


async def rotate(connection: AsyncConnection, code: str) -> str:
    """A new secret; those of before hold for another day, and what has ended is forgotten. Raises BadClient."""
    key = await _keeping_secrets(connection, code)
    await connection.execute(sa.delete(SECRETS).where(SECRETS.c.client_id == key, SECRETS.c.expires_at < _NOW))
    until = sa.func.least(SECRETS.c.expires_at, _NOW + OVERLAP)
    await connection.execute(sa.update(SECRETS).where(SECRETS.c.client_id == key).values(expires_at=until))
    return await _add_secret(connection, key)


async def _keeping_secrets(connection: AsyncConnection, code: str) -> UUID:
    row = await _one(connection, sa.select(CLIENTS.c.id, CLIENTS.c.is_public), code)
    if row["is_public"]:
        raise BadClient(Fault("code", f"{code!r} keeps no secret"))
    found: UUID = row["id"]
    return found


async def disable(connection: AsyncConnection, code: str) -> None:
    """Shuts a client out: from the next request on none of its tokens opens anything. Raises BadClient."""
    shut = (
        sa.update(CLIENTS)
        .where(CLIENTS.c.code == code)
        .values(disabled_at=sa.func.coalesce(CLIENTS.c.disabled_at, _NOW))
    )
    if (await connection.execute(shut)).rowcount == 0:
        raise _absent(code)


async def listed(connection: AsyncConnection) -> Sequence[RowMapping]:
    """All clients, by code, without secrets."""
    networks = sa.cast(CLIENTS.c.networks, sa.ARRAY(sa.Text())).label("networks")
    asked = _with_codes(*(CLIENTS.c[name] for name in LISTED), networks).order_by(CLIENTS.c.code)
    return list((await connection.execute(asked)).mappings())


async def _add_secret(connection: AsyncConnection, client: UUID) -> str:
    secret = fresh()
    await connection.execute(sa.insert(SECRETS).values(digest=digest(secret), client_id=client))
    return secret
