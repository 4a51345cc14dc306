"""Providers, made and changed by an operator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.families import GRANTS
from app.identity.oauth.sessions import SESSIONS
from app.identity.providers import assigning, linking
from app.identity.providers.discovery import is_local
from app.identity.providers.faults import ProviderAway
from app.identity.providers.fetching import is_sound
from app.identity.providers.finding import LINKS, PROVIDERS
from app.identity.providers.rules import BadRules, read_rules
from app.identity.providers.secret import secret_of
from app.identity.providers.verifying import LONGEST_SUBJECT
from app.models.ids import uuid7
from app.services.errors import Invalid
from app.services.ordering import CHANGE_RIGHTS
from app.services.records.drafts import Draft
from app.services.values import reach
from app.services.writing import take_turn
from app.settings import PREFIX

_NOW = sa.func.now()
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII).fullmatch
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,64}", re.ASCII).fullmatch
_TEXT = re.compile(r"[\x21-\x7e]{1,500}", re.ASCII).fullmatch


class BadProvider(ValueError):
    """A provider that cannot be made or changed so; the message has a line for each fault."""


@dataclass(frozen=True, kw_only=True)
class NewProvider:
    """What an operator says of a provider. `here` is our own address."""

    code: str
    name: str
    issuer: str
    client_id: str
    here: str
    secret: str | None = None
    """Where our secret is, as `secret.reference_to` writes it."""
    scopes: Sequence[str] = ("openid", "profile", "email")
    domains: Sequence[str] = ()
    provisions: bool = False
    rules: Sequence[Any] = ()

    def faults(self) -> list[str]:
        """All that is wrong with it by itself."""
        sound = is_sound(self.issuer, local=is_local(self.issuer, self.here)) and "?" not in self.issuer
        checks = {
            "a code is of a-z, 0-9 and '-'": _CODE(self.code),
            "a provider has a name": 0 < len(self.name.strip()) <= 200 and self.name.isprintable(),
            f"{self.issuer!r} is no issuer over https": sound,
            "a provider knows us by a client id": _TEXT(self.client_id),
            "openid is asked for": "openid" in self.scopes,
            **{f"{name!r} is no scope": _SCOPE(name) for name in self.scopes},
            **{f"{name!r} is no domain": _is_domain(name) for name in self.domains},
        }
        found = [fault for fault, holds in checks.items() if not holds]
        return [*found, *_faults_of_secret(self.secret), *_faults_of_rules(list(self.rules))]


def _is_domain(name: str) -> bool:
    try:
        return reach.email(f"someone@{name}") == f"someone@{name}"
    except Invalid:
        return False


def _faults_of_secret(reference: str | None) -> list[str]:
    if reference is not None and reference.startswith(f"env:{PREFIX}"):
        return [f"a variable whose name begins with {PREFIX} is a setting"]
    try:
        secret_of(reference)
    except ProviderAway:
        return [f"{reference} holds no secret"]
    return []


def _faults_of_rules(rules: list[Any]) -> list[str]:
    try:
        read_rules(rules)
    except BadRules as bad:
        return str(bad).splitlines()
    return []


async def register(connection: AsyncConnection, new: NewProvider) -> None:
    """Makes a provider. Raises BadProvider with all faults."""
    faults = new.faults() or await _missing(connection, list(new.rules))
    if faults:
        raise BadProvider("\n".join(faults))
    row = {
        "id": uuid7(),
        **{name: getattr(new, name) for name in ("code", "name", "issuer", "client_id", "secret", "provisions")},
        **{name: list(getattr(new, name)) for name in ("scopes", "domains", "rules")},
    }
    try:
        await connection.execute(sa.insert(PROVIDERS).values(row))
    except IntegrityError:
        raise BadProvider(f"there is a provider {new.code!r} already") from None


async def put_rules(connection: AsyncConnection, code: str, rules: list[Any]) -> None:
    """Puts other rules in the place of a provider's; they hold from each user's next sign-in. Raises BadProvider."""
    faults = _faults_of_rules(rules) or await _missing(connection, rules)
    if faults:
        raise BadProvider("\n".join(faults))
    key = await _key(connection, code)
    await connection.execute(sa.update(PROVIDERS).where(PROVIDERS.c.id == key).values(rules=rules))


async def _missing(connection: AsyncConnection, rules: list[Any]) -> list[str]:
    found = []
    for rule in read_rules(rules):
        keys = await assigning.keys_of(connection, rule.post)
        for name, key in keys.items():
            given = getattr(rule.post, name)
            if given is not None and key is None:
                found.append(f"there is no {name} {given!r}")
    return list(dict.fromkeys(found))


async def disable(connection: AsyncConnection, code: str) -> Sequence[Draft]:
    """Shuts a provider out: its sessions, what was granted in them, and the roles that it gave, which it returns.

    They end at once. Raises BadProvider, Unsettled.
    """
    await take_turn(connection, CHANGE_RIGHTS)
    key = await _key(connection, code)
    shut = sa.func.coalesce(PROVIDERS.c.disabled_at, _NOW)
    await connection.execute(sa.update(PROVIDERS).where(PROVIDERS.c.id == key).values(disabled_at=shut))
    return await assigning.end(connection, key, await assigning.given_by(connection, key))


async def enable(connection: AsyncConnection, code: str) -> None:
    """Lets users sign in with a provider again. Raises BadProvider, Unsettled."""
    await take_turn(connection, CHANGE_RIGHTS)
    key = await _key(connection, code)
    await connection.execute(sa.update(PROVIDERS).where(PROVIDERS.c.id == key).values(disabled_at=None))


async def link(connection: AsyncConnection, code: str, subject: str, user: UUID) -> None:
    """Has who is known there by a subject be a user here. Raises BadProvider."""
    key = await _key(connection, code)
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise BadProvider(f"{subject!r} is no subject")
    if not await linking.link(connection, key, subject, user):
        raise BadProvider("the subject, or the user, is linked already; unlink the user first")


async def unlink(connection: AsyncConnection, code: str, user: UUID) -> Sequence[Draft]:
    """Forgets who a user is at a provider; what rests on that ends at once: the roles. Raises BadProvider, Unsettled."""
    await take_turn(connection, CHANGE_RIGHTS)
    key = await _key(connection, code)
    mine = sa.and_(LINKS.c.provider_id == key, LINKS.c.user_id == user)
    if (await connection.execute(sa.delete(LINKS).where(mine))).rowcount == 0:
        raise BadProvider("the user is not linked there")
    theirs = sa.and_(GRANTS.c.provider_id == key, GRANTS.c.user_id == user, GRANTS.c.revoked_at.is_(None))
    await connection.execute(sa.update(GRANTS).where(theirs).values(revoked_at=_NOW))
    await connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.provider_id == key, SESSIONS.c.user_id == user))
    return await assigning.end(connection, key, await assigning.given_by(connection, key, user))


async def listed(connection: AsyncConnection) -> Sequence[RowMapping]:
    """All providers, by code; of their secrets where they are."""
    names = ("code", "name", "issuer", "client_id", "secret", "scopes", "domains", "provisions", "rules", "disabled_at")
    links = sa.select(sa.func.count()).where(LINKS.c.provider_id == PROVIDERS.c.id).scalar_subquery().label("links")
    found = await connection.execute(
        sa.select(*(PROVIDERS.c[name] for name in names), links).order_by(PROVIDERS.c.code)
    )
    return found.mappings().all()


async def _key(connection: AsyncConnection, code: str) -> UUID:
    asked = sa.select(PROVIDERS.c.id).where(PROVIDERS.c.code == code)
    found: UUID | None = (await connection.execute(asked)).scalar_one_or_none()
    if found is None:
        raise BadProvider(f"there is no provider {code!r}")
    return found
