"""Twins: of a database another one, which differs in much and looks the same to one persona.

Each change is kept only where the database takes it and the oracle says that all of the persona's views stay
equal, and the persona itself with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import asyncpg

from tests.leaks.candidates import Candidates
from tests.leaks.changes import Change
from tests.leaks.storing import READY, store
from tests.leaks.views import Eyes, Seen
from tests.leaks.worlds import World, ordered_resources, read_world

BATCH, DARING_BATCH = 200, 40
"""How many changes are tried at once."""
FEW = 4
"""As many are given up together, rather than tried one by one."""


class NoTwin(Exception):
    """What was made differs in what the persona sees: a fault of the generator."""


@dataclass
class Making:
    """A twin in the making. `world` is what its database holds."""

    connection: asyncpg.Connection
    rng: Random
    eyes: Eyes
    seen: Seen
    world: World

    async def change_much(self) -> None:
        """Changes what the persona does not see, then also what decides what it sees."""
        for daring, size in ((False, BATCH), (True, DARING_BATCH)):
            for resource in ordered_resources():
                candidates = Candidates(self.rng, self.eyes, self.seen, self.world, daring=daring)
                changes = list(candidates.changes(resource))
                for start in range(0, len(changes), size):
                    await self._keep(changes[start : start + size])

    async def _keep(self, changes: Sequence[Change]) -> None:
        """Keeps those of some changes of a resource's rows that are not seen."""
        made = await self._make(changes)
        if not made or self.eyes.misses(self.world, made, self.seen):
            return
        undone = await store(self.connection, [change.inverse for change in reversed(made)])
        for change in undone:
            assert change is not None
            change.show_in(self.world)
        if len(changes) > FEW:
            half = len(changes) // 2
            await self._keep(changes[:half])
            await self._keep(changes[half:])

    async def _make(self, changes: Sequence[Change]) -> list[Change]:
        """Stores changes, each as far as the database takes it."""
        stored = await store(self.connection, changes)
        made = [change for change in stored if change is not None]
        for change in made:
            change.show_in(self.world)
        refused = (change for change, found in zip(changes, stored, strict=True) if found is None)
        less = [half for change in refused for half in _half(change)]
        return made + await self._make(less) if less else made


def _half(change: Change) -> Iterator[Change]:
    """Half of an update."""
    columns, before, after = change.columns, change.before, change.after
    if before is not None and after is not None and len(columns) > 1:
        kept = {name: after[name] for name in columns[: len(columns) // 2]}
        yield Change(change.resource, before, {**before, **kept})


async def make_twin(connection: asyncpg.Connection, world: World, eyes: Eyes, rng: Random) -> World:
    """Turns a database that holds a world into a twin of it, and returns what it holds then. Raises NoTwin."""
    await connection.execute(READY)
    making = Making(connection, rng, eyes, eyes.see(world), world.copy())
    await making.change_much()
    twin = await read_world(connection)
    if eyes.see(twin) != making.seen:
        raise NoTwin
    return twin
