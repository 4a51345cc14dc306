"""Clients made and changed by an operator: each secret is told once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.clients import CODE, GRANT_TYPES, OWN
from app.identity.oauth.families import CLIENTS
from app.identity.oauth.texts import digest, fresh
from app.models import Base
from app.models.ids import uuid7

OVERLAP = dt.timedelta(days=1)
"""For which the secret of before holds beside a new one."""

SECRETS, ROLES = (Base.metadata.tables[name] for name in ("oauth_secrets", "roles"))
PLACES = {"department": Base.metadata.tables["departments"], "region": Base.metadata.tables["regions"]}
_NOW = sa.func.now()
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII).fullmatch
_SCOPE = re.compile(r"[a-z][a-z0-9_.:-]{0,63}", re.ASCII).fullmatch
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class BadClient(ValueError):
    """A client that cannot be made; the message has a line for each fault."""


@dataclass(frozen=True, kw_only=True)
class NewClient:
    """What an operator says of a client. Role, department and region are named by their codes."""

    code: str
    name: str
    grant_types: Sequence[str]
    scopes: Sequence[str]
    redirect_uris: Sequence[str] = ()
    is_public: bool = False
    is_own: bool = False
    role: str | None = None
    department: str | None = None
    region: str | None = None
    expires_at: dt.datetime | None = None

    def faults(self) -> list[str]:
        """All that is wrong with it by itself."""
        found = [
            f"{name!r} is no grant type of {', '.join(GRANT_TYPES)}"
            for name in self.grant_types
            if name not in GRANT_TYPES
        ]
        found += [f"{name!r} is no scope" for name in self.scopes if not _SCOPE(name)]
        found += [fault for uri in self.redirect_uris if (fault := _fault_of(uri))]
        checks = {
            "a code is of a-z, 0-9, '.', '_' and '-'": _CODE(self.code),
            "a client has a name": self.name.strip(),
            "a client has a grant type": self.grant_types,
            "a client has a scope": self.scopes,
            "users have to be sent back somewhere": self.redirect_uris or CODE not in self.grant_types,
            "one that keeps no secret cannot ask for itself": not (self.is_public and OWN in self.grant_types),
            "one that asks for itself has a role": self.role or OWN not in self.grant_types,
            "one that is not the house's own has a role": self.role or self.is_own,
        }
        return found + [fault for fault, holds in checks.items() if not holds]


def _fault_of(uri: str) -> str | None:
    """What is wrong with an address that users are sent back to (RFC 9700, section 2.1; RFC 8252, section 7)."""
    parts = urlsplit(uri)
    if not uri.isascii() or not uri.isprintable() or " " in uri or len(uri) > 500 or not parts.scheme or parts.fragment:
        return f"{uri!r} is no address without a fragment"
    if parts.scheme == "https" and parts.hostname:
        return None
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return None
    return None if "." in parts.scheme else f"{uri!r} is neither https, nor of this machine, nor of an app's own scheme"


async def register(connection: AsyncConnection, new: NewClient) -> str | None:
    """Makes a client, and gives its secret, if it keeps one. Raises BadClient with all faults."""
    faults, values = new.faults(), await _resolved(connection, new)
    faults += [f"there is no {name} {getattr(new, name)!r}" for name, key in values.items() if key is None]
    if faults:
        raise BadClient("\n".join(faults))
    given = {
        field.name: getattr(new, field.name)
        for field in fields(new)
        if field.name not in values and field.name not in ("role", *PLACES)
    }
    keys = {f"{name}_id": key for name, key in values.items()}
    row = {
        **given,
        **keys,
        "id": uuid7(),
        **{name: list(given[name]) for name in ("grant_types", "scopes", "redirect_uris")},
    }
    try:
        await connection.execute(sa.insert(CLIENTS).values(row))
    except IntegrityError:
        raise BadClient(f"there is a client {new.code!r} already") from None
    return None if new.is_public else await _add_secret(connection, row["id"])


async def _resolved(connection: AsyncConnection, new: NewClient) -> Mapping[str, UUID | None]:
    """By part that is named by a code: its key."""
    found: dict[str, UUID | None] = {}
    for name, table in {"role": ROLES, **PLACES}.items():
        code = getattr(new, name)
        if code is not None:
            asked = sa.select(table.c.id).where(table.c.code == code, table.c.deleted_at.is_(None))
            found[name] = (await connection.execute(asked)).scalar_one_or_none()
    return found


async def rotate(connection: AsyncConnection, code: str) -> str:
    """A new secret; those of before hold for another day. Raises BadClient."""
    key = await _keeping_secrets(connection, code)
    until = sa.func.least(SECRETS.c.expires_at, _NOW + OVERLAP)
    await connection.execute(sa.update(SECRETS).where(SECRETS.c.client_id == key).values(expires_at=until))
    return await _add_secret(connection, key)


async def _keeping_secrets(connection: AsyncConnection, code: str) -> UUID:
    asked = sa.select(CLIENTS.c.id, CLIENTS.c.is_public).where(CLIENTS.c.code == code)
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        raise BadClient(f"there is no client {code!r}")
    if row.is_public:
        raise BadClient(f"{code!r} keeps no secret")
    found: UUID = row.id
    return found


async def disable(connection: AsyncConnection, code: str) -> None:
    """Shuts a client out: from the next request on none of its tokens opens anything. Raises BadClient."""
    shut = (
        sa.update(CLIENTS)
        .where(CLIENTS.c.code == code)
        .values(disabled_at=sa.func.coalesce(CLIENTS.c.disabled_at, _NOW))
    )
    if (await connection.execute(shut)).rowcount == 0:
        raise BadClient(f"there is no client {code!r}")


async def listed(connection: AsyncConnection) -> Sequence[RowMapping]:
    """All clients, by code, without secrets."""
    columns = [CLIENTS.c[name] for name in ("code", "name", "is_public", "is_own", "grant_types", "scopes")]
    asked = sa.select(
        *columns, CLIENTS.c.redirect_uris, CLIENTS.c.expires_at, CLIENTS.c.disabled_at, ROLES.c.code.label("role")
    )
    found = await connection.execute(asked.outerjoin_from(CLIENTS, ROLES).order_by(CLIENTS.c.code))
    return found.mappings().all()


async def _add_secret(connection: AsyncConnection, client: UUID) -> str:
    secret = fresh()
    await connection.execute(sa.insert(SECRETS).values(digest=digest(secret), client_id=client))
    return secret
