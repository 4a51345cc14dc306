"""Which draft of the policy is asked beside the version in force, and what is counted of it.

Counts belong to the documents of both, by their digests: another text begins anew. Each process counts for itself, and adds
what it has counted to the table now and then. What is counted holds names of the schema and of the policy alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import asyncpg

from app.identity.principals import Read
from app.models.enums import PolicyStatus
from app.services.policies.documents import documents_of

OPEN = (PolicyStatus.DRAFT, PolicyStatus.SUBMITTED, PolicyStatus.APPROVED)
"""In which a version can be a shadow of the one in force."""
MOST_HELD, MOST_STORED = 1_000, 20_000
"""Things that a process counts apart until it stores them, and that are counted apart of two policies."""
LONGEST = 200
"""Characters of the names of roles, and of an operation."""
KEPT = "90 days"

_IS_SHADOW = (
    f"status IN ({', '.join(repr(each.value) for each in OPEN)}) AND shadow_until > now() AND deleted_at IS NULL"
)
_CURRENT = f"""
    SELECT id, version, shadow_share::float8 / 100 AS share, extract(epoch FROM shadow_until - now())::float8 AS seconds
    FROM policy_versions WHERE {_IS_SHADOW} ORDER BY shadow_until DESC, id LIMIT 1"""
_DOCUMENT = "SELECT document::text AS document FROM policy_versions WHERE id = $1 AND version = $2"
_OTHER = f"SELECT count(*) FROM policy_versions WHERE {_IS_SHADOW} AND id <> $1"
_STORED = "SELECT count(*) FROM policy_shadow_counts WHERE draft = $1 AND active = $2"
_ADD = """
    INSERT INTO policy_shadow_counts AS c (draft, active, roles, operation, entity, field, what, count)
    SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
    ON CONFLICT (draft, active, roles, operation, entity, field, what) DO UPDATE SET count = c.count + excluded.count"""
_COUNTED = """
    SELECT json_agg(json_build_array(roles, operation, entity, field, what, count))::text AS counted, min(since) AS since
    FROM policy_shadow_counts WHERE draft = $1 AND active = $2"""
_FORGET = f"DELETE FROM policy_shadow_counts WHERE since < now() - interval '{KEPT}'"


class What(StrEnum):
    """What is counted. Of requests:"""

    COMPARED = "COMPARED"
    """A request was asked of both policies."""
    DIFFERING = "DIFFERING"
    """Its answer would be another."""
    REFUSED = "REFUSED"
    """It would be refused."""
    DROPPED = "DROPPED"
    """It was to be compared, and there was no time for it."""
    FAILED = "FAILED"
    """It could not be compared."""
    GAINED = "GAINED"
    """A row of an answer would be seen that is not."""
    LOST = "LOST"
    """A row of an answer would be seen no longer."""
    PLAIN = "PLAIN"
    """A field of a row of an answer would become plain."""
    MASKED = "MASKED"
    WITHHELD = "WITHHELD"


class Counted(NamedTuple):
    """Something that is counted: by whom it was asked, by what, and of what. Empty texts are for all."""

    roles: str = ""
    operation: str = ""
    entity: str = ""
    field: str = ""
    what: str = ""


class Pair(NamedTuple):
    """A draft and the policy in force, by the digests of their documents."""

    draft: str
    active: str


@dataclass
class Tally:
    """What was counted, and is not stored yet."""

    of: dict[Pair, Counter[Counted]] = field(default_factory=dict)

    def add(self, pair: Pair, things: Iterable[Counted]) -> None:
        """Counts things, each once; of too many different ones it is only told what they are."""
        counter = self.of.setdefault(pair, Counter())
        for each in things:
            is_known = each in counter or len(counter) < MOST_HELD
            counter[each if is_known else Counted(what=each.what)] += 1

    def taken(self) -> dict[Pair, Counter[Counted]]:
        """All of it, which is no longer held."""
        taken, self.of = self.of, {}
        return taken

    def back(self, taken: dict[Pair, Counter[Counted]]) -> None:
        """Holds again what could not be stored."""
        for pair, counter in taken.items():
            self.of.setdefault(pair, Counter()).update(counter)


async def store(driver: asyncpg.Connection, taken: dict[Pair, Counter[Counted]]) -> None:
    """Adds what was counted to what is stored, in the open transaction. Keys go in one order, so nobody waits in a ring."""
    for pair in sorted(taken):
        counter = taken[pair]
        if await driver.fetchval(_STORED, *pair) + len(counter) > MOST_STORED:
            counter = _without_names(counter)
        keys = sorted(counter)
        columns = [[key[n] for key in keys] for n in range(len(Counted._fields))]
        await driver.execute(_ADD, *pair, *columns, [counter[key] for key in keys])


def _without_names(counter: Counter[Counted]) -> Counter[Counted]:
    found: Counter[Counted] = Counter()
    for key, count in counter.items():
        found[Counted(what=key.what)] += count
    return found


@dataclass(frozen=True, slots=True)
class Shadowed:
    """The version that is to be compared, and of how many requests."""

    id: UUID
    version: int
    share: float
    seconds: float
    """For how long it is."""


async def current(read: Read) -> Shadowed | None:
    """The version that is to be compared now, if any is."""
    row = await read(_CURRENT)
    return Shadowed(**dict(row.items())) if row else None


async def texts(read: Read, of: Shadowed) -> dict[str, str] | None:
    """The documents of such a version; None where it has changed since."""
    row = await read(_DOCUMENT, of.id, of.version)
    return dict(documents_of(json.loads(row["document"])).files) if row else None


async def others(driver: asyncpg.Connection, version: UUID) -> bool:
    """Whether another version is compared now."""
    return bool(await driver.fetchval(_OTHER, version))


async def forget(driver: asyncpg.Connection) -> None:
    """Drops what was counted long ago."""
    await driver.execute(_FORGET)


@dataclass(frozen=True, slots=True)
class Told:
    """What was counted of two policies, and since when."""

    counts: Counter[Counted]
    since: dt.datetime | None


async def counted(read: Read, pair: Pair) -> Told:
    """What was counted and stored."""
    row = await read(_COUNTED, *pair)
    return Told(Counter(dict(_read(json.loads(row["counted"] or "[]")))), row["since"])


def _read(rows: Iterable[list[str | int]]) -> Iterator[tuple[Counted, int]]:
    for *names, count in rows:
        yield Counted(*map(str, names)), int(count)
