"""Who is let in, and whose turn it is: so many requests at a time of each caller, and so many of all.

Of those let in so many are worked on; more at a time would only slow each other down. The others wait for a turn: first who has
nothing else being answered, then one request of each caller after another. So a caller who asks little is hardly kept waiting by those
who ask as much as they may. (Sparse flows first, as in fq_codel, RFC 8290.) A turn ends after a while, though the work goes on, so that
slow work of a few keeps no turn from others. Nor does it take all connections to the database: some are kept for who has nothing else
being answered, and one for the house itself.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from app.http.requests import Refused
from app.http.watch import A_WHILE

T = TypeVar("T")
Waiting: TypeAlias = "asyncio.Future[None]"

SOON = ((b"retry-after", b"1"),)


@dataclass
class Admission:
    """Counts the requests that are being answered in this process."""

    most_per_caller: int = 8
    most: int = 256
    at_work: int = 14
    """Requests that are worked on at a time, but for those that take a while."""
    connections: int = 16
    """To the database, for reads. One is kept for the house, and of the others some for who has nothing else being answered."""
    _of: dict[UUID, int] = field(default_factory=dict, repr=False)
    _all: int = 0
    _working: int = 0
    """Turns that are taken."""
    _running: int = 0
    """What is worked on, those whose turn is over too."""
    _first: deque[Waiting] = field(default_factory=deque, repr=False)
    _others: OrderedDict[UUID, deque[Waiting]] = field(default_factory=OrderedDict, repr=False)
    _lines: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)

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

    @property
    def has_leisure(self) -> bool:
        """Whether nobody waits, and at most half of those work who may."""
        return not (self._first or self._others) and 2 * self._working <= self.at_work

    def turn(self, caller: UUID) -> Turn:
        """A turn of a caller who was let in."""
        return Turn(self, caller)

    def line(self, caller: UUID) -> asyncio.Lock:
        """In which stands what a caller is told unasked: one after another is worked on."""
        return self._lines.setdefault(caller, asyncio.Lock())

    async def begin(self, caller: UUID) -> None:
        """Waits for a turn."""
        is_sparse = self._of.get(caller, 0) <= 1
        if self._has_room(is_sparse=is_sparse):
            self._take()
        else:
            await self._wait(self._first if is_sparse else self._others.setdefault(caller, deque()))

    def _has_room(self, *, is_sparse: bool) -> bool:
        kept = 1 if is_sparse else 1 + self.connections // 4
        return self._working < self.at_work and self._running < max(1, self.connections - kept)

    def _take(self) -> None:
        self._working += 1
        self._running += 1

    async def _wait(self, queue: deque[Waiting]) -> None:
        turn: Waiting = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came, and the end with it
                self.finish(has_turn=True)
            raise

    def pass_on(self) -> None:
        """A turn is over, though the work goes on."""
        self._working -= 1
        self._call()

    def finish(self, *, has_turn: bool) -> None:
        """The work is done."""
        self._working -= has_turn
        self._running -= 1
        self._call()

    def _call(self) -> None:
        """Gives turns to those who wait for one, as far as there is room."""
        while self._first and self._has_room(is_sparse=True):
            self._give(self._first.popleft())
        while self._others and self._has_room(is_sparse=False):
            self._give(self._next())

    def _give(self, turn: Waiting) -> None:
        if not turn.done():
            self._take()
            turn.set_result(None)

    def _next(self) -> Waiting:
        """One of the caller who was not called for longest."""
        caller, queue = self._others.popitem(last=False)
        turn = queue.popleft()
        if queue:
            self._others[caller] = queue
        return turn


class Turn:
    """One piece of work, which begins when it may."""

    __slots__ = ("_admission", "_caller", "_has_waited", "_is_taken")

    def __init__(self, admission: Admission, caller: UUID) -> None:
        self._admission, self._caller = admission, caller
        self._is_taken = self._has_waited = False

    async def of(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work comes to."""
        try:
            await self._admission.begin(self._caller)
        except BaseException:
            work.close()
            raise
        self._is_taken = True
        timer = asyncio.get_running_loop().call_later(A_WHILE, self.end) if self._has_waited else None
        try:
            return await work
        finally:
            if timer is not None:
                timer.cancel()
            self._admission.finish(has_turn=self._is_taken)
            self._is_taken = False

    def end(self) -> None:
        """A while has passed: others have their turn, though the work is not done. Where it has not begun it has as long then."""
        if self._is_taken:
            self._is_taken = False
            self._admission.pass_on()
        else:
            self._has_waited = True
