"""Looks as somebody, noted so that few have to wait for it.

The first look of somebody as somebody is in the audit trail before it is answered. It stands for a while: those that follow
meanwhile are noted together, a moment later. So what is lost where a process is killed is the last moment of a look that is
in the trail, never that there was one. Where they cannot be noted, nothing stands, and the next look waits for its own event.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.auditing.noting import Look, note_looks

log = structlog.get_logger("c360.audit")

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""Gives connections to write on."""

MOMENT = 0.2
"""Seconds after which looks are noted."""
MOST, MOST_WAITING = 1_000, 1_000
"""Looks that stand at a time, and looks that wait to be noted."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Who looks as whom, under a policy of which digest."""

    actor: UUID
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
    _waiting: list[Look] = field(default_factory=list)
    _later: asyncio.TimerHandle | None = None
    _noting: asyncio.Task[None] | None = None

    def began(self, look: Look) -> None:
        """A look is in the trail: it stands from now on."""
        if not self.stands:
            return
        now = time.monotonic()
        if len(self._until) >= MOST:
            self._until = {pair: until for pair, until in self._until.items() if until > now}
        if len(self._until) < MOST:
            self._until[_pair(look)] = now + self.stands

    def goes_on(self, look: Look) -> bool:
        """Whether a look goes on that stands. Then it will be noted."""
        if self._until.get(_pair(look), 0) <= time.monotonic() or len(self._waiting) >= MOST_WAITING:
            return False
        self._waiting.append(look)
        self._soon()
        return True

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
        looks = self._waiting[:]
        if not looks:
            return
        try:
            async with self.connect() as connection, connection.begin():
                await note_looks(connection, looks)
        except Exception as failure:  # they wait on, and whoever looks meanwhile is told of it
            self._until.clear()
            log.warning("looks could not be noted", reason=type(failure).__name__, waiting=len(looks))
            self._soon()
        else:
            del self._waiting[: len(looks)]

    async def settle(self) -> None:
        """Notes what waits, as far as that can be done now."""
        if self._noting is not None:
            await asyncio.wait([self._noting])
        await self._note()
        if self._later is not None:
            self._later.cancel()
            self._later = None
