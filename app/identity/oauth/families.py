"""Grants: what a user granted a client once, or a client has for itself. All tokens of a family end with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.identity.oauth.clients import Client
from app.identity.oauth.forgetting import KEPT, forget_grants
from app.identity.oauth.texts import digest, fresh
from app.models import Base
from app.models.ids import uuid7

CODE_LIVES = dt.timedelta(seconds=60)
REFRESH_LIVES = dt.timedelta(days=30)
"""After which a refresh token that was not used ends; each use begins anew."""

GRANTS, REFRESHES = (Base.metadata.tables[name] for name in ("oauth_grants", "oauth_refresh_tokens"))
CLIENTS, USERS, PROVIDERS = (Base.metadata.tables[name] for name in ("oauth_clients", "users", "oidc_providers"))
_NOW = sa.func.now()


@dataclass(frozen=True, slots=True)
class Family:
    """A grant that holds, as a token endpoint needs it; also Authlib's code, token and user."""

    id: UUID
    client: UUID
    client_code: str
    user: UUID | None
    scope: str
    redirect_uri: str | None
    code_challenge: str | None
    nonce: str | None
    signed_in_at: dt.datetime | None
    code_challenge_method: str = "S256"
    kind: str | None = None
    """As what the token that it was found by may be shown; None for one that opens nothing by itself."""

    def get_redirect_uri(self) -> str | None:
        """Where its code was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was granted."""
        return self.scope

    def check_client(self, client: Client) -> bool:
        """Whether it was given to a client."""
        return self.client == client.id

    def is_expired(self) -> bool:
        """False: what has ended is not found."""
        return False

    def is_revoked(self) -> bool:
        """False: what was taken back is not found."""
        return False


def _alive() -> sa.Select[Any]:
    """Grants that hold now, of clients and users who may ask, signed in with providers that may be signed in with."""
    columns = [
        GRANTS.c[name] for name in ("id", "client_id", "user_id", "scopes", "redirect_uri", "challenge", "nonce")
    ]
    about = (CLIENTS.c.code.label("client_code"), CLIENTS.c.scopes.label("allowed"))
    found = sa.select(*columns, GRANTS.c.signed_in_at, *about)
    joined = GRANTS.join(CLIENTS, CLIENTS.c.id == GRANTS.c.client_id).outerjoin(USERS, USERS.c.id == GRANTS.c.user_id)
    joined = joined.outerjoin(PROVIDERS, PROVIDERS.c.id == GRANTS.c.provider_id)
    is_user = sa.and_(USERS.c.status == "ACTIVE", USERS.c.deleted_at.is_(None))
    return found.select_from(joined).where(
        GRANTS.c.revoked_at.is_(None),
        CLIENTS.c.disabled_at.is_(None),
        PROVIDERS.c.disabled_at.is_(None),
        sa.func.coalesce(GRANTS.c.expires_at > _NOW, sa.true()),
        sa.func.coalesce(CLIENTS.c.expires_at > _NOW, sa.true()),
        sa.or_(GRANTS.c.user_id.is_(None), is_user),
    )


def _family(row: Any) -> Family:
    scopes = [name for name in row.scopes if name in row.allowed]
    return Family(
        *(row.id, row.client_id, row.client_code, row.user_id, " ".join(scopes)),
        *(row.redirect_uri, row.challenge, row.nonce, row.signed_in_at),
    )


def find(connection: sa.Connection, grant: UUID) -> Family | None:
    """A grant that holds."""
    row = connection.execute(_alive().where(GRANTS.c.id == grant)).one_or_none()
    return _family(row) if row is not None else None


def make_own(connection: sa.Connection, client: Client, scope: str, lives: dt.timedelta) -> UUID:
    """A grant of a client for itself, for as long as its one token lives."""
    key = uuid7()
    values = {"id": key, "client_id": client.id, "scopes": scope.split(), "expires_at": _NOW + lives}
    forget_grants(connection)
    values["kept_until"] = _NOW + lives + KEPT
    connection.execute(sa.insert(GRANTS).values(values))
    return key


def make_code(connection: sa.Connection, client: Client, user: UUID, **asked: Any) -> str:
    """A grant of a user's, and the code for which it can be had once, within a minute.

    `asked` are columns: scopes, redirect_uri, challenge, nonce, signed_in_at, provider_id.
    """
    code = fresh()
    values = {"id": uuid7(), "client_id": client.id, "user_id": user, "code": digest(code), **asked}
    forget_grants(connection)
    ends = {"code_expires_at": _NOW + CODE_LIVES, "kept_until": _NOW + CODE_LIVES + KEPT}
    connection.execute(sa.insert(GRANTS).values(ends | values))
    return code


def exchange(connection: sa.Connection, client: Client, code: str) -> Family | None:
    """The grant of a code of the client's, which is used up by this; a code that comes again ends what came of it."""
    own = sa.and_(GRANTS.c.code == digest(code), GRANTS.c.client_id == client.id)
    is_new = sa.and_(own, GRANTS.c.code_used_at.is_(None), GRANTS.c.code_expires_at > _NOW)
    used = sa.update(GRANTS).where(is_new).values(code_used_at=_NOW).returning(GRANTS.c.id)
    found = connection.execute(used).scalar_one_or_none()
    if found is not None:
        return find(connection, found)
    replayed = sa.select(GRANTS.c.id).where(own, GRANTS.c.code_used_at.is_not(None))
    end(connection, connection.execute(replayed).scalars())
    return None


def make_refresh(connection: sa.Connection, grant: UUID) -> str:
    """A refresh token of a grant."""
    token = fresh()
    values = {"digest": digest(token), "grant_id": grant, "expires_at": _NOW + REFRESH_LIVES}
    connection.execute(sa.insert(REFRESHES).values(values))
    kept = sa.update(GRANTS).where(GRANTS.c.id == grant).values(kept_until=_NOW + REFRESH_LIVES + KEPT)
    connection.execute(kept)
    return token


def of_refresh(connection: sa.Connection, token: str) -> Family | None:
    """The grant of a refresh token that holds; one that was used already ends the grant."""
    held = sa.select(REFRESHES.c.grant_id, REFRESHES.c.used_at).where(
        REFRESHES.c.digest == digest(token), REFRESHES.c.expires_at > _NOW
    )
    row = connection.execute(held).one_or_none()
    if row is None:
        return None
    if row.used_at is not None:
        end(connection, [row.grant_id])
        return None
    return find(connection, row.grant_id)


def use_refresh(connection: sa.Connection, token: str) -> bool:
    """Uses up a refresh token. False, and the grant ends, where somebody was faster."""
    mine = sa.and_(REFRESHES.c.digest == digest(token), REFRESHES.c.used_at.is_(None))
    used = sa.update(REFRESHES).where(mine).values(used_at=_NOW).returning(REFRESHES.c.grant_id)
    if connection.execute(used).scalar_one_or_none() is not None:
        return True
    of_refresh(connection, token)
    return False


def end(connection: sa.Connection, grants: Iterable[UUID]) -> None:
    """Takes grants back: from the next request on their tokens open nothing."""
    keys = list(grants)
    if keys:
        ended = sa.update(GRANTS).where(GRANTS.c.id.in_(keys), GRANTS.c.revoked_at.is_(None))
        connection.execute(ended.values(revoked_at=_NOW, kept_until=_NOW + KEPT))
