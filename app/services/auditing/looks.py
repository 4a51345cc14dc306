"""Looks as somebody, noted so that few have to wait for it.

The first look of somebody as somebody is in the audit trail before it is answered. It stands for a while: those that follow
meanwhile are noted together, a moment later. So what is lost where a process is killed is the last moment of a look that is
in the trail, never that there was one. Where they cannot be noted, nothing stands, and the next look waits for its own event.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.auditing.noting import Look, note_looks

log = structlog.get_logger("c360.audit")

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""Gives connections to write on."""

MOMENT, LATEST = 0.2, 0.5
"""Seconds after which looks are noted, and for which one waits before no other goes on."""
MOST, MOST_WAITING = 1_000, 1_000
"""Looks that stand at a time, and looks that wait to be noted."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Who looks as whom, under a policy of which digest."""

    actor: UUID | None
    person: UUID
    policy: str


def _pair(look: Look) -> Pair:
    return Pair(look.actor, look.person, look.policy)


@dataclass(repr=False)
class Looks:
    """The looks of one process."""

    connect: Connect
    stands: float = 0
    """Seconds for which a look that was noted stands; 0: each waits for its own event."""
    _until: dict[Pair, float] = field(default_factory=dict)
    _waiting: dict[int, tuple[float, Look]] = field(default_factory=dict)
    """By number, looks that are answered and not yet noted, and since when."""
    _numbers: Iterator[int] = field(default_factory=count)
    _later: asyncio.TimerHandle | None = None
    _noting: asyncio.Task[None] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def began(self, look: Look) -> None:
        """A look is in the trail: it stands from now on."""
        if not self.stands:
            return
        now = time.monotonic()
        if len(self._until) >= MOST:
            self._until = {pair: until for pair, until in self._until.items() if until > now}
        if len(self._until) < MOST:
            self._until[_pair(look)] = now + self.stands

    def goes_on(self, look: Look) -> int | None:
        """Whether a look goes on that stands: its number, under which it waits to be noted; None where it does not."""
        now = time.monotonic()
        if self._until.get(_pair(look), 0) <= now or self._is_late(now):
            return None
        number = next(self._numbers)
        self._waiting[number] = (now, look)
        self._soon()
        return number

    def take_back(self, number: int) -> None:
        """A look came to nothing. If it still waits, it is not noted."""
        self._waiting.pop(number, None)

    def _is_late(self, now: float) -> bool:
        """Whether looks have to wait for too long, or are too many."""
        since = next((since for since, _ in self._waiting.values()), now)
        return len(self._waiting) >= MOST_WAITING or now - since > LATEST

    def _soon(self) -> None:
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(MOMENT, self._note_soon)

    def _note_soon(self) -> None:
        self._later = None
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note())
        else:
            self._soon()

    async def _note(self) -> None:
        """Notes what waits. Of two at a time, the second waits for the first."""
        async with self._turn:
            looks = dict(self._waiting)
            if not looks:
                return
            try:
                async with self.connect() as connection, connection.begin():
                    await note_looks(connection, [look for _, look in looks.values()])
            except Exception as failure:  # they wait on, and whoever looks meanwhile is told of it
                self._until.clear()
                log.warning("looks could not be noted", reason=type(failure).__name__, waiting=len(looks))
                self._soon()
            else:
                for number in looks:
                    self._waiting.pop(number, None)

    async def settle(self) -> None:
        """Notes what waits, as far as that can be done now."""
        await self._note()

    async def close(self) -> None:
        """Notes what waits. What cannot be noted is told in the log, each look by itself, so that nothing is lost of it."""
        await self.settle()
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._noting is not None:
            await asyncio.wait([self._noting])
        for _, look in self._waiting.values():
            by = look.by
            lost = {"kind": look.kind, "actor": by.actor, "client": by.client, "asked_in": by.request_id}
            log.error("a look was not noted", **lost, person=look.person, **look.details)
        self._waiting.clear()
