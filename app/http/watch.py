"""Whether an answer is still waited for: it ends where the caller has left, and after so many seconds.

Nothing is watched before an answer has taken a while, so the usual request costs a timer and no task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.types import Receive

T = TypeVar("T")

A_WHILE = 0.2
"""Seconds after which somebody may have left."""


class Left(Exception):
    """The caller is gone."""


class TooLong(Exception):
    """An answer that takes longer than anybody waits."""


class Watch:
    """Watches over one answer, in the task that makes it."""

    def __init__(self, receive: Receive, seconds: float, after_a_while: Callable[[], None]) -> None:
        self._receive, self._seconds, self._after_a_while = receive, seconds, after_a_while
        self._why: type[Left | TooLong] | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def over(self, work: Awaitable[T]) -> T:
        """What the work comes to. Raises Left, TooLong when it was cancelled instead."""
        task = asyncio.current_task()
        assert task is not None
        timer = task.get_loop().call_later(min(A_WHILE, self._seconds), self._begin, task)
        try:
            return await work
        except asyncio.CancelledError:
            if self._why is None:
                raise
            task.uncancel()
            raise self._why from None
        finally:
            timer.cancel()
            if self._watcher is not None:
                self._watcher.cancel()

    def _begin(self, task: asyncio.Task[object]) -> None:
        self._after_a_while()
        self._watcher = asyncio.create_task(self._watch(task))

    async def _watch(self, task: asyncio.Task[object]) -> None:
        try:
            async with asyncio.timeout(max(0, self._seconds - A_WHILE)):
                while (await self._receive())["type"] != "http.disconnect":
                    pass
            self._why = Left
        except TimeoutError:
            self._why = TooLong
        task.cancel()
