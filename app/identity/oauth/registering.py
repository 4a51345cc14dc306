"""Clients made and changed by an operator: each secret is told once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from ipaddress import ip_network
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.clients import CODE, GRANT_TYPES, OWN, REFRESH
from app.identity.oauth.families import CLIENTS, GRANTS
from app.identity.oauth.forgetting import KEPT
from app.identity.oauth.texts import digest, fresh
from app.models import Base
from app.models.columns import NAME
from app.models.ids import uuid7
from app.models.oauth import DocumentMode


def grant_types(redirect_uris: Collection[str], *, itself: bool) -> list[str]:
    """The ways to a token of a client that acts for users where it has addresses, and for itself where it may."""
    return [*([CODE, REFRESH] if redirect_uris else []), *([OWN] if itself else [])]


OVERLAP = dt.timedelta(days=1)
"""For which the secret of before holds beside a new one."""

SECRETS = Base.metadata.tables["oauth_secrets"]
NAMED = {name: Base.metadata.tables[f"{name}s"] for name in ("role", "department", "region")}
"""Parts of a client that are named by their codes."""
MOST_OF_A_KIND = 50
_NOW = sa.func.now()
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII).fullmatch
_SCOPE = re.compile(r"[a-z][a-z0-9_.:-]{0,63}", re.ASCII).fullmatch
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Fault(NamedTuple):
    """What is wrong, and with which part of a client."""

    part: str
    text: str
    is_missing: bool = False
    """Whether nothing is said where something has to be."""


class BadClient(ValueError):
    """A client that cannot be made, or is not there; the message has a line for each fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(fault.text for fault in faults))
        self.faults = faults


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
    documents: str = DocumentMode.OFF
    networks: Sequence[str] = ()
    requests_per_minute: int | None = None
    cost_per_minute: int | None = None

    def faults(self) -> list[Fault]:
        """All that is wrong with it by itself."""
        kinds = ", ".join(GRANT_TYPES)
        found = [
            Fault("itself", f"{each!r} is no grant type of {kinds}")
            for each in self.grant_types
            if each not in GRANT_TYPES
        ]
        found += [Fault("scopes", f"{name!r} is no scope") for name in self.scopes if not _SCOPE(name)]
        found += [Fault("redirectUris", fault) for uri in self.redirect_uris if (fault := fault_of(uri))]
        wrong = [text for text in self.networks if not _is_network(text)]
        found += [Fault("networks", f"{text!r} is no network such as 203.0.113.0/24") for text in wrong]
        found += [Fault(name, f"a client has a {said}", is_missing=True) for name, said in self._missing()]
        return found + [Fault(part, text) for part, text, holds in self._checks() if not holds]

    def _missing(self) -> Iterator[tuple[str, str]]:
        """The parts that every client has, and this one has not, and how one speaks of each."""
        if not self.code:
            yield "code", "code"
        if not self.name.strip():
            yield "name", "name"
        if not self.scopes:
            yield "scopes", "scope"

    def _checks(self) -> Iterator[tuple[str, str, object]]:
        yield "code", "a code is of a-z, 0-9, '.', '_' and '-'", not self.code or _CODE(self.code)
        yield "name", f"a name has at most {NAME} characters", len(self.name) <= NAME
        yield "documents", f"documents are one of {', '.join(DocumentMode)}", self.documents in set(DocumentMode)
        for part, listed_ in (
            ("redirectUris", self.redirect_uris),
            ("scopes", self.scopes),
            ("networks", self.networks),
        ):
            yield part, f"a client has at most {MOST_OF_A_KIND} of them", len(listed_) <= MOST_OF_A_KIND
        for part, rate in (("requestsPerMinute", self.requests_per_minute), ("costPerMinute", self.cost_per_minute)):
            yield part, "a rate is at least 1", rate is None or 0 < rate < 2**31
        yield (
            "expiresAt",
            "a client ends in the years 2 to 9998",
            self.expires_at is None or 1 < self.expires_at.year < 9999,
        )
        yield "redirectUris", "a client has a grant type", self.grant_types
        sent_back = self.redirect_uris or CODE not in self.grant_types
        yield "redirectUris", "users have to be sent back somewhere", sent_back
        asks_itself = OWN in self.grant_types
        yield "isPublic", "one that keeps no secret cannot ask for itself", not (self.is_public and asks_itself)
        yield "role", "one that asks for itself has a role", self.role or not asks_itself
        yield "role", "one that is not the house's own has a role", self.role or self.is_own


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return "%" not in text


def fault_of(uri: str) -> str | None:
    """What is wrong with an address that users are sent back to (RFC 9700, section 2.1; RFC 8252, section 7)."""
    parts = _parts(uri)
    if not uri.isascii() or not uri.isprintable() or " " in uri or len(uri) > 500 or not parts.scheme or "#" in uri:
        return f"{uri!r} is no address without a fragment"
    if parts.scheme == "https" and parts.hostname:
        return None
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return None
    return None if "." in parts.scheme else f"{uri!r} is neither https, nor of this machine, nor of an app's own scheme"


def _parts(uri: str) -> SplitResult:
    """The parts of an address; of what is none, none."""
    try:
        return urlsplit(uri)
    except ValueError:
        return SplitResult("", "", "", "", "")


async def register(connection: AsyncConnection, new: NewClient) -> str | None:
    """Makes a client, and gives its secret, if it keeps one. Raises BadClient with all faults."""
    row = {"id": uuid7(), **await _row(connection, new)}
    made = insert(CLIENTS).values(row).on_conflict_do_nothing(index_elements=["code"])
    if (await connection.execute(made)).rowcount == 0:
        raise BadClient(Fault("code", f"there is a client {new.code!r} already"))
    return None if new.is_public else await _add_secret(connection, row["id"])


async def put(connection: AsyncConnection, changed: NewClient) -> NewClient:
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
    return changed


async def load(connection: AsyncConnection, code: str) -> NewClient:
    """A client as an operator would say it. Raises BadClient."""
    asked = sa.select(CLIENTS, *(table.c.code.label(name) for name, table in NAMED.items())).select_from(CLIENTS)
    for name, table in NAMED.items():
        asked = asked.outerjoin(table, CLIENTS.c[f"{name}_id"] == table.c.id)
    row = (await connection.execute(asked.where(CLIENTS.c.code == code))).mappings().one_or_none()
    if row is None:
        raise BadClient(Fault("code", f"there is no client {code!r}"))
    kept = {each.name: row[CLIENTS.c[each.name]] for each in fields(NewClient) if each.name not in NAMED}
    return NewClient(**kept | {"networks": list(map(str, kept["networks"]))}, **{name: row[name] for name in NAMED})


async def key_of(connection: AsyncConnection, code: str) -> UUID:
    """The key of a client. Raises BadClient."""
    found: UUID | None = (await connection.execute(sa.select(CLIENTS.c.id).where(CLIENTS.c.code == code))).scalar()
    if found is None:
        raise BadClient(Fault("code", f"there is no client {code!r}"))
    return found


async def held_by(connection: AsyncConnection, code: str) -> Mapping[str, Any]:
    """By column, the role that a client holds, and for where, and whether it is the house's own. Raises BadClient."""
    columns = [*(CLIENTS.c[f"{name}_id"] for name in NAMED), CLIENTS.c.is_own]
    row = (await connection.execute(sa.select(*columns).where(CLIENTS.c.code == code))).mappings().one_or_none()
    if row is None:
        raise BadClient(Fault("code", f"there is no client {code!r}"))
    return dict(row)


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
    """A new secret; those of before hold for another day. Raises BadClient."""
    key = await _keeping_secrets(connection, code)
    until = sa.func.least(SECRETS.c.expires_at, _NOW + OVERLAP)
    await connection.execute(sa.update(SECRETS).where(SECRETS.c.client_id == key).values(expires_at=until))
    return await _add_secret(connection, key)


async def _keeping_secrets(connection: AsyncConnection, code: str) -> UUID:
    asked = sa.select(CLIENTS.c.id, CLIENTS.c.is_public).where(CLIENTS.c.code == code)
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        raise BadClient(Fault("code", f"there is no client {code!r}"))
    if row.is_public:
        raise BadClient(Fault("code", f"{code!r} keeps no secret"))
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
        raise BadClient(Fault("code", f"there is no client {code!r}"))


async def listed(connection: AsyncConnection) -> Sequence[RowMapping]:
    """All clients, by code, without secrets."""
    names = (
        "code",
        "name",
        "is_public",
        "is_own",
        "grant_types",
        "scopes",
        "redirect_uris",
        "expires_at",
        "disabled_at",
    )
    rules = [CLIENTS.c[name] for name in ("documents", "requests_per_minute", "cost_per_minute")]
    networks = sa.cast(CLIENTS.c.networks, sa.ARRAY(sa.Text())).label("networks")
    codes = [table.c.code.label(name) for name, table in NAMED.items()]
    asked = sa.select(*(CLIENTS.c[name] for name in names), *rules, networks, *codes).select_from(CLIENTS)
    for name, table in NAMED.items():
        asked = asked.outerjoin(table, CLIENTS.c[f"{name}_id"] == table.c.id)
    found = await connection.execute(asked.order_by(CLIENTS.c.code))
    return found.mappings().all()


async def _add_secret(connection: AsyncConnection, client: UUID) -> str:
    secret = fresh()
    await connection.execute(sa.insert(SECRETS).values(digest=digest(secret), client_id=client))
    return secret
