"""The same request again: its outcome is told again, and nothing is done twice.

What came of a request is kept under the caller's name for it, in the transaction that does it; so whoever asks at the same
time waits, and finds it. Keys and codes are kept, and what is selected is read again under the rights of then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid5

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models.catalogue import CATALOGUE
from app.services.errors import Conflict, Invalid, Refused, UserError
from app.services.records.drafts import Draft, Once
from app.services.records.storing import as_json
from app.services.writing import UnitOfWork, driver_of
from policies.principal import Principal

HOURS = 24
LONGEST = 255
"""Characters of a name."""

AT_ONCE = 16
"""Names that are forgotten with each one that is kept, where they are older: so there are never many of these."""

_CLAIM = f"""
    WITH forgotten AS (
        DELETE FROM idempotency_keys o USING (
            SELECT actor, key FROM idempotency_keys
            WHERE created_at < now() - interval '{HOURS} hours' AND (actor, key) <> ($1, $2)
            ORDER BY created_at LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
        ) old WHERE o.actor = old.actor AND o.key = old.key
    )
    INSERT INTO idempotency_keys AS k (actor, key, fingerprint) VALUES ($1, $2, $3)
    ON CONFLICT (actor, key) DO UPDATE SET fingerprint = excluded.fingerprint, outcome = NULL, created_at = now()
    WHERE k.created_at < now() - interval '{HOURS} hours' RETURNING true"""
_FIND = "SELECT fingerprint, outcome FROM idempotency_keys WHERE actor = $1 AND key = $2"
_KEEP = "UPDATE idempotency_keys SET outcome = $3 WHERE actor = $1 AND key = $2"
_REFUSED = """
    INSERT INTO idempotency_keys (actor, key, fingerprint, outcome) VALUES ($1, $2, $3, $4)
    ON CONFLICT (actor, key) DO NOTHING"""

_ERRORS: Mapping[str, type[UserError]] = {str(each.code): each for each in UserError.__subclasses__()}


@dataclass(frozen=True, slots=True)
class Again:
    """A request that may come again: its name, and what it asks."""

    key: str
    fingerprint: bytes


def asked(mutation: str, given: Mapping[str, Any], whole: str | None, place: str) -> Again | None:
    """The request's name: its own, or that of the whole request with its place in it. None where it has none.

    Raises Refused for a name that cannot be kept.
    """
    named = given.get("idempotencyKey")
    key = named if named is not None else f"{whole}:{place}" if whole else None
    if key is None:
        return None
    if not key.isprintable() or not 0 < len(key) <= LONGEST:
        raise Refused([Invalid("no_key", ("idempotencyKey",), max=LONGEST)])
    plain = {name: value for name, value in given.items() if name != "idempotencyKey"}
    text = orjson.dumps([mutation, plain], default=str, option=orjson.OPT_SORT_KEYS)
    return Again(key, hashlib.sha256(text).digest())


Outcome: TypeAlias = Mapping[str, Sequence[Draft]]
"""What was written, by what it is called in the answer."""


async def once(unit: UnitOfWork, again: Again | None, run: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Does what is asked, unless it was done already. Raises Refused, also where another request had this name."""
    if again is None:
        return await run()
    driver, actor = await unit.driver, asker(unit.rights.principal)
    if not await driver.fetchval(_CLAIM, actor, again.key, again.fingerprint):
        found = await driver.fetchrow(_FIND, actor, again.key)
        if found["fingerprint"] != again.fingerprint:
            raise Refused([Conflict("another_request", ("idempotencyKey",))])
        unit.reached = found["outcome"].get("place")
        return _outcome(found["outcome"])
    outcome = await run()
    kept = {"shown": _kept(outcome), "place": await unit.place()}
    await driver.execute(_KEEP, actor, again.key, as_json(kept))
    return outcome


def asker(principal: Principal) -> UUID:
    """Whose names of requests these are: a client that bounds its user has names of its own, as what it may do is another."""
    if not principal.ceilings:
        return principal.id
    bounds = [
        [each.role, *map(str, each.departments), "", *map(str, each.regions)]
        for party in principal.ceilings
        for each in party.assignments
    ]
    through = principal.through.code if principal.through else ""
    return uuid5(principal.id, orjson.dumps([through, bounds]).decode())


async def keep_refusal(
    connection: AsyncConnection, principal: Principal, again: Again, errors: Iterable[UserError]
) -> None:
    """Keeps that a request was refused, and why."""
    told = [[error.code, error.reason, error.field, dict(error.params)] for error in errors]
    await (await driver_of(connection)).execute(
        _REFUSED, asker(principal), again.key, again.fingerprint, as_json({"errors": told})
    )


def _kept(outcome: Outcome) -> Mapping[str, Any]:
    return {
        name: [[draft.resource.name, draft.key, _kept_of(draft.told)] for draft in drafts]
        for name, drafts in outcome.items()
    }


def _kept_of(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is told, but what is told once."""
    return {name: value for name, value in told.items() if not isinstance(value, Once)}


def _outcome(kept: Mapping[str, Any]) -> Outcome:
    if "errors" in kept:
        raise Refused([_ERRORS[code](reason, tuple(place), **params) for code, reason, place, params in kept["errors"]])
    return {name: [_draft(*each) for each in records] for name, records in kept["shown"].items()}


def _draft(name: str, key: Sequence[str], told: dict[str, Any]) -> Draft:
    resource = CATALOGUE[name]
    return Draft(resource, {}, row=dict(zip(resource.key, map(UUID, key), strict=True)), told=told)
