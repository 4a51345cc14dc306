"""The watch on freshness sees: with a guard taken away, the same questions find an answer that is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.concurrency.changes import ALL_SEE, CHANGES, PARTNER, WRONG, Change, flapping
from tests.concurrency.holes import HOLES
from tests.concurrency.scene import Scene

ENDS, SUSPENDED, MOVES = CHANGES["an assignment ends"], CHANGES["a user is suspended"], CHANGES["a region moves"]

SEEN_BY: dict[str, tuple[Change, tuple[tuple[str, str], ...]]] = {
    "nothing is compared": (ENDS, ALL_SEE),
    "the policy's epoch is not compared": (CHANGES["a rule goes"], ALL_SEE),
    "the access epoch is not compared": (MOVES, ALL_SEE),
    "the user's version is not compared": (ENDS, ALL_SEE),
    "the time is not compared": (CHANGES["an assignment ends by itself"], ALL_SEE),
    "answers without SQL are not proved": (SUSPENDED, ((PARTNER, WRONG),)),
    "the proof is of another snapshot": (flapping(500), ALL_SEE),
    "plans are shared by all": (ENDS, ALL_SEE),
}


@pytest.mark.parametrize("hole", HOLES)
async def test_a_hole_in_the_proof_is_found(scene: Scene, hole: str) -> None:
    change, asked = SEEN_BY[hole]
    exactly = len(change.steps) > 10
    played = await scene.play(change, 0 if exactly else 1, asked, hole=hole, until_wrong=True, exactly=exactly)
    assert played.wrong != []


TRIGGERS: dict[str, tuple[Change, str]] = {
    "role_assignments": (ENDS, "assignments_changed_by_update"),
    "users": (SUSPENDED, "users_changed_by_update"),
    "regions": (MOVES, "tree_changed_by_update"),
    "roles": (CHANGES["a role gets another name"], "roles_changed_by_update"),
    "policy_versions": (CHANGES["a rule goes"], "policy_changed_by_update, policy_changed_by_insert"),
}


@asynccontextmanager
async def _without(revoker: asyncpg.Connection, table: str, triggers: str) -> AsyncIterator[None]:
    """Keeps triggers from running."""
    for trigger in triggers.split(", "):
        await revoker.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        yield
    finally:
        for trigger in triggers.split(", "):
            await revoker.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


@pytest.mark.parametrize("table", TRIGGERS)
async def test_a_trigger_that_is_missing_is_found(scene: Scene, table: str) -> None:
    change, triggers = TRIGGERS[table]
    async with _without(scene.revoker, table, triggers):
        played = await scene.play(change, 1, ALL_SEE, until_wrong=True)
    assert played.wrong != []
