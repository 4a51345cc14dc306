"""Shadow mode: of the reads that were answered, a share is asked of a draft of the policy, too.

It begins once an answer was sent, so it neither delays nor changes any. It is for when there is time: one at a time in a process,
on a connection of its own, not while others wait or the pool is used up, and never more than a small part of all time. What there
is no time for is dropped, and counted as dropped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from random import random
from typing import Any, Protocol

import orjson
import structlog

from app.database import DatabaseUnavailable
from app.identity.principals import Read
from app.identity.proof import COLUMNS, Stale
from app.services.policies import shadows
from app.services.policies.documents import loaded
from app.services.policies.shadows import LONGEST, Counted, Pair, Shadowed, Tally, What
from app.services.writing import driver_of
from graphql_schema.compiler.documents import Documents, Prepared
from graphql_schema.kept import Kept
from graphql_schema.mutations.answering import Connect
from graphql_schema.noting import Note
from graphql_schema.requests import Asked, plan_key
from graphql_schema.shadowing.counting import Rows
from graphql_schema.shadowing.marking import marked
from graphql_schema.shadowing.plans import Both, both
from graphql_schema.tailoring.schemas import Schemas
from policies.access import Access, access
from policies.compared import Comparison
from policies.faults import PolicyError
from policies.rules import Policy

log = structlog.get_logger("c360.shadow")

INTERVAL = 2.0
"""Seconds between one look at which draft is to be compared and the next, and between storings of what was counted."""
SECONDS = 2.0
"""Within which a query is compared."""
LARGEST = 262_144
"""Bytes of an answer that is compared."""
REMEMBERED, HEAVIEST = 500, 20_000_000
"""Plans that are kept, and characters of them."""


class Beside(Protocol):
    """A connection beside those of requests, whose statements end in time."""

    async def read(self, statement: str, *arguments: object) -> Any: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Shadow:
    """The draft that is compared now."""

    of: Shadowed
    policy: Policy
    ends: float


@dataclass
class Time:
    """How much time there is: a share of what passes, of which some is saved up."""

    share: float
    saved: float = 1.0
    """Seconds that are saved up at most, and to begin with."""
    _left: float = field(init=False)
    _at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._left = self.saved * bool(self.share)

    def is_left(self, now: float) -> bool:
        """Whether there is any."""
        self._left = min(self.saved, self._left + (now - self._at) * self.share)
        self._at = now
        return self._left > 0

    def spend(self, seconds: float) -> None:
        """It was used."""
        self._left -= seconds


@dataclass(repr=False)
class Shadowing:
    """Compares reads under two policies, and counts what differs."""

    schemas: Schemas
    """Those of drafts: none of theirs is in the way of those that answer."""
    documents: Documents
    read: Read
    beside: Beside
    connect: Connect
    """Gives connections to write on, for what was counted."""
    has_leisure: Callable[[], bool]
    """Whether the process and its pool have time for what nobody waits for."""
    time: Time
    tally: Tally = field(default_factory=Tally)
    shadow: Shadow | None = None
    _due: float = 0
    _looking: asyncio.Task[None] | None = None
    _comparing: asyncio.Task[None] | None = None
    _storing: asyncio.Task[None] | None = None
    _later: asyncio.TimerHandle | None = None

    def __post_init__(self) -> None:
        self._plans: Kept[Hashable, Both] = Kept(REMEMBERED, HEAVIEST)

    def follow(self, note: Note, size: int) -> None:
        """A request was answered, in so many bytes: it may be asked of the draft, too, unless there never is time for it."""
        if not self.time.share:
            return
        now = time.monotonic()
        if now >= self._due:
            self._due = now + INTERVAL
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
        shadow, asked = self.shadow, note.read
        if shadow is None or asked is None or now >= shadow.ends or random() >= shadow.of.share:  # noqa: S311 no secret
            return
        pair = Pair(shadow.policy.digest, asked.rights.access.policy.digest)
        if self._has_time(now) and size <= LARGEST:
            self._comparing = asyncio.create_task(self._compare(shadow.policy, pair, asked))
        else:
            self._count(pair, [Counted(what=What.DROPPED)])

    def _has_time(self, now: float) -> bool:
        is_free = self._comparing is None or self._comparing.done()
        return is_free and self.time.is_left(now) and self.has_leisure()

    async def settle(self) -> None:
        """Waits for what is under way, and stores what was counted."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        for task in (self._looking, self._comparing, self._storing):
            if task is not None:
                await asyncio.wait([task])
        await self._store()

    async def close(self) -> None:
        """Stores what was counted, and lets go of the connection."""
        self.shadow = None
        await self.settle()
        await self.beside.close()

    # Which draft

    async def refresh(self) -> None:
        """Looks which draft is to be compared now."""
        found = await shadows.current(self.read)
        if found is None:
            self.shadow = None
            await self.beside.close()
        elif self.shadow is None or (found.id, found.version) != (self.shadow.of.id, self.shadow.of.version):
            self.shadow = await self._loaded(found)
        if found is not None and self.shadow is not None:
            self.shadow = Shadow(found, self.shadow.policy, time.monotonic() + found.seconds)

    async def _loaded(self, found: Shadowed) -> Shadow | None:
        """The draft; None where it has changed since, or this release cannot read it."""
        texts = await shadows.texts(self.read, found)
        if texts is None:
            return None
        try:
            return Shadow(found, await asyncio.to_thread(loaded, texts), 0)
        except PolicyError:
            return None

    async def _look(self) -> None:
        try:
            await self.refresh()
        except DatabaseUnavailable:  # which is told where requests meet it
            self.shadow = None
        except Exception as failure:  # requests are answered all the same
            self.shadow = None
            log.warning("it is not known which draft is to be compared", reason=type(failure).__name__)

    # What is counted

    def _count(self, pair: Pair, things: Iterable[Counted]) -> None:
        self.tally.add(pair, things)
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(INTERVAL, self._store_soon)

    def _store_soon(self) -> None:
        self._later = None
        self._storing = asyncio.create_task(self._store())

    async def _store(self) -> None:
        taken = self.tally.taken()
        if not taken:
            return
        try:
            async with self.connect() as connection, connection.begin():
                await shadows.store(await driver_of(connection), taken)
        except Exception as failure:  # the next time, then
            self.tally.back(taken)
            log.warning("counts of a draft could not be stored", reason=type(failure).__name__)

    # Comparing

    async def _compare(self, draft: Policy, pair: Pair, asked: Asked) -> None:
        started = time.monotonic()
        try:
            found = await self._compared(draft, asked)
        except (Stale, DatabaseUnavailable):
            found = [Counted(what=What.DROPPED)]
        except Exception as failure:  # whatever it is, it was answered
            found = [Counted(what=What.FAILED)]
            log.warning("a query could not be compared", document=asked.prepared.digest, reason=type(failure).__name__)
        self.time.spend(time.monotonic() - started)
        self._count(pair, found)

    async def _compared(self, draft: Policy, asked: Asked) -> list[Counted]:
        plan = await self._plan(draft, asked)
        if plan.told:
            return []
        async with asyncio.timeout(SECONDS):
            differences = await self._differences(plan, asked)
        things = [Counted(what=What.COMPARED)]
        if plan.refused:
            things.append(Counted(what=What.REFUSED))
        elif differences is not None:
            things.append(Counted(what=What.DIFFERING))
        names = {"roles": _roles(asked), "operation": _operation(plan, asked)}
        return [each._replace(**names) for each in (*things, *(differences or ()))]

    async def _plan(self, draft: Policy, asked: Asked) -> Both:
        source = asked.prepared.document.loc
        assert source is not None
        text = source.source.body
        key = (plan_key(text, asked), draft.digest)
        if key in self._plans:
            self._plans.move_to_end(key)
            return self._plans[key]
        now, then = asked.rights.access, access(draft, asked.rights.principal.shape)

        def prepare(seen: Access) -> Prepared:
            if seen is now:
                return asked.prepared
            return self.documents.prepare(self.schemas.of(seen), text, asked.request.operation)

        made = await asyncio.to_thread(both, self.schemas.complete.graph, now, then, prepare, asked.variables)
        self._plans.put(key, made, len(text) + (len(made.plan.sql) if made.plan else 0))
        return made

    async def _differences(self, plan: Both, asked: Asked) -> list[Counted] | None:
        """What differs, if the answers do."""
        if plan.plan is None:
            return None
        principal = asked.rights.principal
        row = await self.beside.read(plan.plan.sql, *plan.plan.values(principal.values, asked.variables))
        asked.rights.check(row[-COLUMNS:])
        now, then = row[: plan.many], row[plan.many : -COLUMNS]
        rows = Rows()
        for answers, sites in zip((now, then), plan.sites, strict=True):
            rows.add(marked((orjson.loads(each) for each in answers if each is not None), sites))
        found = await self._of_rows(plan.rows, asked, rows) if plan.rows else []
        return found if found or tuple(now) != tuple(then) else None

    async def _of_rows(self, of: Comparison, asked: Asked, rows: Rows) -> list[Counted]:
        keys = rows.keys
        row = await self.beside.read(of.asked.sql, *of.values(asked.rights.principal, keys))
        seen = of.read([each and orjson.loads(each) for each in row], keys)
        return list(rows.differences(seen, of.fields))


def _roles(asked: Asked) -> str:
    found = " ".join(sorted({held.role for held in asked.rights.principal.assignments}))
    return found if len(found) <= LONGEST else ""


def _operation(plan: Both, asked: Asked) -> str:
    """What an operation is called: by its own name only where it is a trusted document's, else a caller could keep something in it."""
    is_trusted = asked.request.digest is not None and not asked.request.text
    found = (is_trusted and asked.prepared.name) or plan.operation
    return found if len(found) <= LONGEST else ""
