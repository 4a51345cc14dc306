"""What of the difference between twins matters: the fewest changes by which they are still told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from app.settings import Settings
from tests.leaks.cases import HELLO, Case, Outcome, show
from tests.leaks.changes import Change, between
from tests.leaks.pairs import Pair, parties
from tests.leaks.prepared import Prepared, name_of
from tests.leaks.served import served
from tests.leaks.storing import READY, store_all
from tests.leaks.worlds import read_world

TRIES = 120


@dataclass
class Explaining:
    """Tells a database from copies of it that differ in some of a twin's changes."""

    ready: Prepared
    settings: Settings
    pair: Pair
    case: Case
    tries: int = 0

    async def fewest(self) -> list[Change]:
        """The changes that matter: no half of them is enough, nor all but one part."""
        changes, parts = list(between(self.ready.world, self.pair.twin.world)), 2
        while len(changes) > 1 and self.tries < TRIES:
            size = -(-len(changes) // parts)
            pieces = [changes[i : i + size] for i in range(0, len(changes), size)]
            less = await self._first([*pieces, *(_without(pieces, i) for i in range(len(pieces)))])
            if less is not None:
                changes, parts = less, max(2, parts - 1)
            elif parts >= len(changes):
                break
            else:
                parts = min(len(changes), parts * 2)
        return [await self._narrowed(change) for change in changes] if len(changes) == 1 else changes

    async def _first(self, candidates: Sequence[list[Change]]) -> list[Change] | None:
        for candidate in candidates:
            if candidate and await self._tells(candidate):
                return candidate
        return None

    async def _narrowed(self, change: Change) -> Change:
        """An update of the one column that matters, if there is one."""
        if change.before is None or change.after is None:
            return change
        for name in change.columns:
            narrow = Change(change.resource, change.before, {**change.before, name: change.after[name]})
            if await self._tells([narrow]):
                return narrow
        return change

    async def _tells(self, changes: Sequence[Change]) -> bool:
        """Whether a copy with these changes is still a twin, and is told apart."""
        self.tries += 1
        name = f"c360_{uuid4().hex}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {self.ready.untouched}")
        dsn = self.ready.dsn.replace(name_of(self.ready.dsn), name)
        try:
            return await self._is_twin(dsn, changes) and await self._told_apart(dsn)
        finally:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.ready.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _is_twin(self, dsn: str, changes: Sequence[Change]) -> bool:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(READY)
            eyes = self.ready.eyes(self.pair.persona)
            stored = await store_all(connection, changes)
            return stored and eyes.see(await read_world(connection)) == eyes.see(self.ready.world)
        finally:
            await connection.close()

    async def _told_apart(self, dsn: str) -> bool:
        bounds = {self.pair.user: parties(self.ready, self.pair.persona)}
        async with served(dsn, self.settings, bounds) as other:
            for user in (self.case.user, *self.case.before):
                await other.ask(user, HELLO)
            return (await show((self.pair.sides[0], other), self.case)).outcome is Outcome.TOLD_APART


def _without(pieces: Sequence[list[Change]], position: int) -> list[Change]:
    return [change for i, piece in enumerate(pieces) if i != position for change in piece]
