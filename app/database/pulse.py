"""Whether the database is there, asked on a connection of its own, more than twice a second.

Two questions in a row without a good answer, and it is lost: at once where the server refuses, soon where it does not
answer at all (a network that swallows packets). Where this process itself was late, the question has more time. What waits for it is then cut off, so that no caller waits for the
operating system to notice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

log = structlog.get_logger("c360.database")

INTERVAL = 0.4
PATIENCE = 0.5
"""Seconds for an answer on a connection that is there."""
PATIENCE_WITH_NEW = 1.5
"""Seconds for a connection and an answer: some round trips more, which a far network takes its time for."""
MISSES = 2
LATE = 0.05
"""Seconds by which this process may be late without more time for an answer, which may lie there unread."""


class Pulse:
    """Feels the database's pulse until stopped. `on_loss` runs when it is lost; `revive`, in a thread, while it is."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        on_loss: Callable[[], None],
        revive: Callable[[], None] | None = None,
    ) -> None:
        self._connect = connect
        self._on_loss = on_loss
        self._revive = revive
        self._connection: asyncpg.Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._misses = 0
        self._missed = asyncio.Event()
        self.complaint = ""
        """What stands in the way of reviving the database."""

    @property
    def is_steady(self) -> bool:
        """Whether the last question was answered: the service is ready."""
        return self._misses == 0

    @property
    def is_lost(self) -> bool:
        """Whether no use of the database can succeed now."""
        return self._misses >= MISSES

    async def missed(self) -> None:
        """Waits until a question is not answered; not at all where the last was not."""
        await self._missed.wait()

    def start(self) -> None:
        """Begin to ask."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Ask no more."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._drop()

    async def _watch(self) -> None:
        while True:
            await self.feel()
            if self.is_lost and self._revive is not None:
                await self._try(self._revive)
            await asyncio.sleep(INTERVAL if self.is_steady or self.is_lost else 0)

    async def feel(self) -> None:
        """Ask once."""
        was_lost = self.is_lost
        try:
            await self._ask()
        except Exception:  # whatever it is, there was no answer
            self._drop()
            self._misses += 1
            self._missed.set()
        else:
            self._misses = 0
            self._missed.clear()
        if self.is_lost is not was_lost:
            log.warning("the database is lost" if self.is_lost else "the database is back")
        if self.is_lost and not was_lost:
            self._on_loss()

    async def _try(self, revive: Callable[[], None]) -> None:
        """What stands in the way is said once, not again and again."""
        try:
            await asyncio.to_thread(revive)
        except Exception as failure:
            if str(failure) != self.complaint:
                log.error("the database cannot be revived", reason=str(failure))
            self.complaint = str(failure)
        else:
            self.complaint = ""

    async def _ask(self) -> None:
        is_there = self._connection is not None and not self._connection.is_closed()
        await _in_time(self._answer(), PATIENCE if is_there else PATIENCE_WITH_NEW)

    async def _answer(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
        await self._connection.execute("SELECT 1")

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


async def _in_time(work: Coroutine[Any, Any, None], seconds: float) -> None:
    """Waits for work so long, and as long again where this process slept meanwhile. Raises TimeoutError."""
    loop, task = asyncio.get_running_loop(), asyncio.create_task(work)
    try:
        while not task.done():
            due = loop.time() + seconds
            await asyncio.wait([task], timeout=seconds)
            if not task.done() and loop.time() < due + LATE:
                raise TimeoutError
        task.result()
    finally:
        task.cancel()
