"""Every role tries every mutation: what the policy permits works and leaves its event, the rest changes nothing.

What is permitted is asked of the policy's predicates in SQL, on the rows themselves; that these say what the policy means
is shown against an oracle elsewhere. A mutation that nobody tries is named.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import asyncpg
import pytest

from app import models
from app.services.demo import load_demo
from app.services.policies.store import ensure_policy
from app.settings import Settings
from graphql_schema.schema import MUTATIONS
from graphql_schema.types import GRAPH
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.mutations.walk.changes import changes
from tests.graphql_schema.mutations.walk.makings import makings
from tests.graphql_schema.mutations.walk.people import DENIED, ROLES, Attempt, Mistakes, Someone, someone
from tests.graphql_schema.mutations.walk.restores import turns
from tests.graphql_schema.mutations.walk.steps import KNOWN, others, steps
from tests.graphql_schema.mutations.writing import dump
from tests.graphql_schema.rows import department, region, row, store, user
from tests.http.asking import Asking, asking

CUSTOMERS = 12
ENTITIES = [entity for entity in GRAPH if f"{entity.single}Update" in MUTATIONS]
VERBS = ("Create", "Update", "Delete", "Restore", "BulkUpsert")
WRITING = {"admin", "marketer", "sales_manager", "sales_rep", "service_agent"}
READY = (
    "UPDATE orders SET status = 'DRAFT', fulfillment_status = 'UNFULFILLED'",
    "UPDATE quotes SET status = 'DRAFT'",
    "UPDATE products SET available_quantity = 1000000",
    "UPDATE contacts SET do_not_contact = false",
    "UPDATE surveys SET status = 'ACTIVE'",
    """INSERT INTO consents (customer_id, id, purpose, status, lawful_basis, obtained_at, owner_id, department_id, region_id)
       SELECT id, gen_random_uuid(), 'MARKETING', 'GRANTED', 'CONSENT', now(), owner_id, department_id, region_id FROM customers""",
    """INSERT INTO policy_versions (id, number, status, document)
       SELECT gen_random_uuid(), number + 1, 'DRAFT', document FROM policy_versions""",
)
"""What nothing but rights shall stand in the way of."""


@pytest.fixture(scope="module")
async def served(database: TemporaryDatabase, settings: Settings) -> AsyncIterator[tuple[Asking, asyncpg.Connection]]:
    """The demo company, served; with a user, a role and places that nobody's rights rest on."""
    await load_demo(database.url, CUSTOMERS)
    writer = await asyncpg.connect(database.dsn)
    try:
        await ensure_policy(writer)
        nobody, role = user("nobody-yet"), row(models.Role, code="SPARE", name="Spare")
        held = row(models.RoleAssignment, user=nobody, role=role)
        await store(writer, nobody, role, held, department("SPARE"), region("SPARE"))
        for text in READY:
            await writer.execute(text)
        async with asking(database.dsn, settings) as graph:
            yield graph, writer
    finally:
        await writer.close()


def test_every_mutation_is_tried() -> None:
    tried = KNOWN | {f"{entity.single}{verb}" for entity in ENTITIES for verb in VERBS}
    assert set(MUTATIONS) - tried == set()
    assert tried - set(MUTATIONS) == set()


async def deny(who: Someone, attempts: Iterable[Attempt]) -> None:
    """Tries what is not permitted: each is denied, and nothing changes."""
    before = await dump(who.writer)
    told = [(each, _left(each, await who.try_(each.name, each.given))) for each in attempts]
    assert [(each.name, each.given, left) for each, left in told if left] == []
    assert await dump(who.writer) == before


def _left(each: Attempt, found: Mistakes) -> object:
    """What is not denied; at each field that has to be named, unless the whole record is."""
    places = {field for code, field in found if code in DENIED}
    if not places:
        return found or "done"
    return not places & {"id", None} and each.named - places


async def permit(who: Someone, attempts: Iterable[Attempt]) -> None:
    """Tries what is permitted: there is no mistake, and an event where there has to be one."""
    told = [(each, await _tried(who, each)) for each in attempts]
    assert [(each.name, each.given, found) for each, found in told if found] == []


async def _tried(who: Someone, each: Attempt) -> object:
    """What is wrong with what came of it."""
    for text in each.prepared:
        await who.writer.execute(text)
    before = await who.writer.fetchval("SELECT coalesce(max(seq), 0) FROM change_events")
    found = await who.try_(each.name, each.given)
    if each.leaves is None:
        return [mistake for mistake in found if mistake[0] in DENIED]
    events = await who.writer.fetch("SELECT DISTINCT entity, op FROM change_events WHERE seq > $1", before)
    return found or (each.leaves not in {tuple(event) for event in events} and "no event")


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_permitted_works_and_what_is_denied_changes_nothing(
    served: tuple[Asking, asyncpg.Connection], role: str
) -> None:
    who = await someone(*served, role)
    tried = [attempt for entity in ENTITIES async for attempt in changes(who, entity)]
    tried += [attempt for entity in ENTITIES async for attempt in makings(who, entity)]
    tried += [*[attempt async for attempt in steps(who)], *[attempt async for attempt in others(who)]]
    await deny(who, (attempt for attempt in tried if not attempt.permitted))
    await permit(who, (attempt for attempt in tried if attempt.permitted))
    assert len(tried) > 100
    assert any(attempt.permitted for attempt in tried if attempt.name != "policyTestRun") == (role in WRITING)


@pytest.mark.parametrize("role", ROLES)
async def test_who_may_delete_may_restore(served: tuple[Asking, asyncpg.Connection], role: str) -> None:
    who = await someone(*served, role)
    found = await turns(who, ENTITIES)
    for text in found.gone:
        await who.writer.execute(text.format("now()"))
    try:
        await deny(await someone(*served, role), found.denied)
    finally:
        for text in found.gone:
            await who.writer.execute(text.format("NULL"))
    await permit(who, found.permitted)
    assert bool(found.permitted) == (role in {"admin", "sales_manager", "sales_rep"})
