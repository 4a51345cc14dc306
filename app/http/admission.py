"""Who is let in, and whose turn it is: so many requests at a time of each caller, and so many of all.

Of those let in as many are worked on as there are connections to the database. The others wait for a turn: first who has nothing else
being answered, then one request of each caller after another. So a caller who asks little is hardly kept waiting by those who
ask as much as they may. (Sparse flows first, as in fq_codel, RFC 8290.)
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from app.http.requests import Refused

T = TypeVar("T")
Turn: TypeAlias = "asyncio.Future[None]"

SOON = ((b"retry-after", b"1"),)


@dataclass
class Admission:
    """Counts the requests that are being answered in this process."""

    most_per_caller: int = 8
    most: int = 256
    at_work: int = 14
    """Requests that are worked on at a time."""
    _of: dict[UUID, int] = field(default_factory=dict, repr=False)
    _all: int = 0
    _working: int = 0
    _first: deque[Turn] = field(default_factory=deque, repr=False)
    _others: OrderedDict[UUID, deque[Turn]] = field(default_factory=OrderedDict, repr=False)

    def enter(self, caller: UUID) -> None:
        """Lets a request in, which must leave. Raises Refused (429 where the caller has too many, 503 where all have)."""
        has = self._of.get(caller, 0)
        if has >= self.most_per_caller:
            fault = f"at most {self.most_per_caller} requests of a caller are answered at a time"
            raise Refused(429, fault, "RATE_LIMITED", SOON)
        if self._all >= self.most:
            raise Refused(503, "too many requests are being answered now", "RATE_LIMITED", SOON)
        self._of[caller] = has + 1
        self._all += 1

    def leave(self, caller: UUID) -> None:
        """One that was let in is done."""
        self._all -= 1
        left = self._of[caller] - 1
        if left:
            self._of[caller] = left
        else:
            del self._of[caller]

    async def in_turn(self, caller: UUID, work: Coroutine[Any, Any, T]) -> T:
        """What a piece of work of a request that was let in comes to; it begins when it is its turn."""
        if self._working < self.at_work:
            self._working += 1
        else:
            try:
                await self._wait(caller)
            except BaseException:
                work.close()
                raise
        try:
            return await work
        finally:
            self._pass_on()

    async def _wait(self, caller: UUID) -> None:
        turn: Turn = asyncio.get_running_loop().create_future()
        queue = self._first if self._of.get(caller, 0) <= 1 else self._others.setdefault(caller, deque())
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came, and the end with it
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Gives a turn that is over to whoever waits for one."""
        while (turn := self._next()) is not None:
            if not turn.done():
                turn.set_result(None)
                return
        self._working -= 1

    def _next(self) -> Turn | None:
        if self._first:
            return self._first.popleft()
        if not self._others:
            return None
        caller, queue = self._others.popitem(last=False)
        turn = queue.popleft()
        if queue:
            self._others[caller] = queue
        return turn
