"""Who is let in, and whose turn it is: so many requests at a time of each caller, and so many of all.

Of those let in so many are worked on; more at a time would only slow each other down. The others wait for a turn: first who has
nothing else being answered, then one request of each caller after another. So a caller who asks little is hardly kept waiting by those
who ask as much as they may. (Sparse flows first, as in fq_codel, RFC 8290.) A turn ends after a while, though the work goes on, so that
slow work of a few keeps no turn from others: there are more connections to the database than turns.
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
Waiting: TypeAlias = "asyncio.Future[None]"

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
    _first: deque[Waiting] = field(default_factory=deque, repr=False)
    _others: OrderedDict[UUID, deque[Waiting]] = field(default_factory=OrderedDict, repr=False)

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

    def turn(self, caller: UUID) -> Turn:
        """A turn of a caller who was let in."""
        return Turn(self, caller)

    async def begin(self, caller: UUID) -> None:
        """Waits for a turn."""
        if self._working < self.at_work:
            self._working += 1
        else:
            await self._wait(caller)

    async def _wait(self, caller: UUID) -> None:
        turn: Waiting = asyncio.get_running_loop().create_future()
        queue = self._first if self._of.get(caller, 0) <= 1 else self._others.setdefault(caller, deque())
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came, and the end with it
                self.pass_on()
            raise

    def pass_on(self) -> None:
        """Gives a turn that is over to whoever waits for one."""
        while (turn := self._next()) is not None:
            if not turn.done():
                turn.set_result(None)
                return
        self._working -= 1

    def _next(self) -> Waiting | None:
        if self._first:
            return self._first.popleft()
        if not self._others:
            return None
        caller, queue = self._others.popitem(last=False)
        turn = queue.popleft()
        if queue:
            self._others[caller] = queue
        return turn


class Turn:
    """One piece of work, which begins when it may."""

    __slots__ = ("_admission", "_caller", "_is_taken")

    def __init__(self, admission: Admission, caller: UUID) -> None:
        self._admission, self._caller, self._is_taken = admission, caller, False

    async def of(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work comes to."""
        try:
            await self._admission.begin(self._caller)
        except BaseException:
            work.close()
            raise
        self._is_taken = True
        try:
            return await work
        finally:
            self.end()

    def end(self) -> None:
        """Lets others have their turn, whether or not the work is done."""
        if self._is_taken:
            self._is_taken = False
            self._admission.pass_on()
