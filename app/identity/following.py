"""Following rights: whoever listens for a while is told when the rights of a bearer change, and when they end.

One task asks for the proof of all who are followed, in one statement a beat, and reads anew the rights of those whose
proof has moved or whose time has come. While nobody is followed nothing is asked. While the database does not answer
everybody is left as they are, and it is asked less and less often.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice

import structlog

from app.identity.authority import Authority, Rights
from app.identity.bearer import Bearer
from app.identity.principals import Read
from app.identity.proof import Stale

log = structlog.get_logger("c360.rights")

ASKED = """
SELECT s.policy_epoch, s.access_epoch, now() AS now, ARRAY(
    SELECT coalesce(v.version, 0) FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
    LEFT JOIN access_versions v ON v.subject_id = asked.id ORDER BY asked.place
) AS versions
FROM policy_state s
"""
DOUBLINGS = 3
"""How often the pause between two questions is doubled while there is no answer."""


class Ended(Exception):
    """The bearer may not ask any more."""


class Stopped(Exception):
    """The process is about to end; whoever listens may do so elsewhere."""


@dataclass(eq=False)
class Standing:
    """The rights of a bearer, for all who follow them."""

    bearer: Bearer
    rights: Rights
    followers: int = 0
    turn: int = 0
    """How often they have changed."""
    _over: type[Ended | Stopped] | None = None
    _moved: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def after(self, turn: int) -> int:
        """Waits until the rights are later ones than those of a turn, and says which. Raises Ended, Stopped."""
        while self.turn == turn and self._over is None:
            await self._moved.wait()
        if self._over is not None:
            raise self._over
        return self.turn

    def move(self) -> None:
        """They have changed."""
        self.turn += 1
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def end(self, why: type[Ended | Stopped]) -> None:
        """Nobody follows them any more."""
        self._over = why
        self._moved.set()


@dataclass
class Following:
    """Follows rights, for as long as anybody does."""

    authority: Authority
    read: Read
    leaving: asyncio.Event
    """Set when the process is about to end."""
    interval: float = 0.5
    """Seconds of a beat."""
    _standing: dict[Bearer, Standing] = field(default_factory=dict, repr=False)
    _task: asyncio.Task[None] | None = None
    _misses: int = 0

    @property
    def is_steady(self) -> bool:
        """Whether the last question was answered."""
        return self._misses == 0

    @property
    def beats(self) -> int:
        """How many pass before the next question."""
        return 1 << min(self._misses, DOUBLINGS)

    @asynccontextmanager
    async def of(self, bearer: Bearer) -> AsyncIterator[Standing]:
        """The rights of a bearer while the block follows them. Raises Ended where there are none, Stopped, NoPolicy."""
        standing = await self._find(bearer)
        standing.followers += 1
        if self._task is None:
            self._misses, self._task = 0, asyncio.create_task(self._watch())
        try:
            yield standing
        finally:
            standing.followers -= 1
            if not standing.followers and self._standing.get(bearer) is standing:
                self._leave(standing)

    async def _find(self, bearer: Bearer) -> Standing:
        rights = await self.authority.rights(bearer)
        if self.leaving.is_set():
            raise Stopped
        if rights is None:
            raise Ended
        return self._standing.setdefault(bearer, Standing(bearer, rights))

    def _leave(self, standing: Standing, why: type[Ended | Stopped] = Ended) -> None:
        standing.end(why)
        del self._standing[standing.bearer]
        if not self._standing and self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        while self._standing:
            await self._pause()
            if self.leaving.is_set():
                break
            try:
                await self._look()
            except Exception as failure:  # whatever it is, nobody's rights are known to have changed
                self._miss(failure)
            else:
                self._misses = 0
        for standing in list(self._standing.values()):
            self._leave(standing, Stopped)
        self._task = None

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.interval * self.beats):
                await self.leaving.wait()

    def _miss(self, failure: Exception) -> None:
        if self.is_steady:
            log.warning("rights cannot be followed now", reason=type(failure).__name__)
        self._misses += 1

    async def _look(self) -> None:
        """Asks once, and reads anew what has changed."""
        followed = list(self._standing.values())
        subjects = [standing.rights.principal.subjects for standing in followed]
        row = await self.read(ASKED, [subject for group in subjects for subject in group])
        versions = iter(row["versions"])
        for standing, group in zip(followed, subjects, strict=True):
            version = sum(islice(versions, len(group)))
            try:
                standing.rights.check((row["policy_epoch"], row["access_epoch"], version, row["now"]))
            except Stale:
                await self._renew(standing)

    async def _renew(self, standing: Standing) -> None:
        """Reads a bearer's rights, and tells those who follow them where they are others."""
        self.authority.forget(standing.bearer)
        rights = await self.authority.rights(standing.bearer)
        if self._standing.get(standing.bearer) is not standing:
            return
        if rights is None:
            self._leave(standing)
            return
        before, standing.rights = standing.rights, rights
        if differ(before, rights):
            standing.move()


def differ(before: Rights, after: Rights) -> bool:
    """Whether a caller with these rights may get other answers than with those."""
    if before.proof.policy_epoch != after.proof.policy_epoch:
        return True
    return replace(before.principal, fresh_until=None) != replace(after.principal, fresh_until=None)
