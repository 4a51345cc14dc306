"""Whoever may change the database leaves traces: each way of it is told, with the first event that is not as it was."""

from __future__ import annotations

import asyncpg
import pytest

from app.services.auditing import Fault, verify
from app.services.auditing.verifying import BATCH

CHANGED, MISSING, REORDERED, CUT_OFF = Fault.CHANGED, Fault.MISSING, Fault.REORDERED, Fault.CUT_OFF
HEAD = "SELECT hash FROM audit_events ORDER BY seq DESC LIMIT 1"
REHASH = "UPDATE audit_events e SET hash = audit_hash(e) WHERE seq = {}"

COLUMNS = {
    "id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "kind": "'HIDDEN_CLASH'",
    "actor": "NULL",
    "user_id": "(SELECT id FROM users LIMIT 1)",
    "client": "'portal '",
    "request_id": "'r-4'",
    "subject": "NULL",
    "owner_id": "(SELECT id FROM users LIMIT 1)",
    "details": "details || '{\"n\": 30}'",
    "deleted_at": "now()",
    "hash": "reverse(hash)",
    "previous": "reverse(previous)",
}
"""What each column of the third event is changed to."""

TAMPERED = {
    "one is removed": (("DELETE FROM audit_events WHERE seq = 3",), MISSING, 3),
    "the first is removed": (("DELETE FROM audit_events WHERE seq = 1",), MISSING, 1),
    "one is removed and the others moved up": (
        (
            "DELETE FROM audit_events WHERE seq = 3",
            "UPDATE audit_events SET seq = seq - 1 WHERE seq = 4",
            "UPDATE audit_events SET seq = seq - 1 WHERE seq = 5",
            REHASH.format(3),
            REHASH.format(4),
        ),
        MISSING,
        3,
    ),
    "one is moved to the end": (("UPDATE audit_events SET seq = 6 WHERE seq = 3",), MISSING, 3),
    "one is moved before all": (("UPDATE audit_events SET seq = 0 WHERE seq = 3",), REORDERED, 1),
    "two are swapped": (
        tuple(f"UPDATE audit_events SET seq = {to} WHERE seq = {of}" for of, to in ((2, 99), (3, 2), (99, 3))),
        REORDERED,
        2,
    ),
    "two are swapped and hashed again": (
        (
            *(f"UPDATE audit_events SET seq = {to} WHERE seq = {of}" for of, to in ((3, 99), (4, 3), (99, 4))),
            REHASH.format(3),
            REHASH.format(4),
        ),
        MISSING,
        3,
    ),
    "one is put between": (
        (
            *(f"UPDATE audit_events SET seq = seq + 1 WHERE seq = {seq}" for seq in (5, 4, 3)),
            "INSERT INTO audit_events SELECT (jsonb_populate_record(e, jsonb_build_object("
            "'seq', 3, 'id', gen_random_uuid(), 'previous', hash, 'subject', 'forged'))).* FROM audit_events e WHERE seq = 2",
            *(REHASH.format(seq) for seq in (3, 4, 5, 6)),
        ),
        REORDERED,
        4,
    ),
    "the second follows nothing": (
        ("UPDATE audit_events SET previous = NULL WHERE seq = 2", REHASH.format(2)),
        REORDERED,
        2,
    ),
}


async def test_a_whole_chain_is_told_with_its_head(chain: asyncpg.Connection) -> None:
    found = await verify(chain.fetch)
    assert (found.events, found.is_whole, found.broken_at) == (5, True, None)
    assert found.head == await chain.fetchval(HEAD)


async def test_no_event_at_all_is_whole(connection: asyncpg.Connection) -> None:
    found = await verify(connection.fetch)
    assert (found.events, found.head, found.is_whole) == (0, None, True)


@pytest.mark.parametrize("column", COLUMNS)
async def test_a_changed_column_is_told(chain: asyncpg.Connection, column: str) -> None:
    await chain.execute("INSERT INTO users (id, display_name) VALUES (gen_random_uuid(), 'Ann')")
    await chain.execute(f"UPDATE audit_events SET {column} = {COLUMNS[column]} WHERE seq = 3")
    found = await verify(chain.fetch)
    assert (found.fault, found.broken_at, found.events) == (CHANGED, 3, 2)


async def test_a_change_that_is_hashed_again_is_told_by_the_next(chain: asyncpg.Connection) -> None:
    for statement in ("UPDATE audit_events SET subject = 'other' WHERE seq = 3", REHASH.format(3)):
        await chain.execute(statement)
    found = await verify(chain.fetch)
    assert (found.fault, found.broken_at, found.events) == (MISSING, 4, 3)


@pytest.mark.parametrize("way", TAMPERED)
async def test_what_is_removed_moved_or_put_between_is_told(chain: asyncpg.Connection, way: str) -> None:
    statements, fault, broken_at = TAMPERED[way]
    for statement in statements:
        await chain.execute(statement)
    found = await verify(chain.fetch)
    assert (found.fault, found.broken_at) == (fault, broken_at)


@pytest.mark.parametrize(("cut", "left"), [("seq > 3", 3), ("true", 0)])
async def test_a_cut_end_is_told_to_who_noted_the_head(chain: asyncpg.Connection, cut: str, left: int) -> None:
    head = await chain.fetchval(HEAD)
    await chain.execute(f"DELETE FROM audit_events WHERE {cut}")
    assert (await verify(chain.fetch)).is_whole
    found = await verify(chain.fetch, head=head)
    assert (found.fault, found.broken_at, found.events) == (CUT_OFF, left + 1, left)


async def test_a_chain_that_is_made_anew_is_told_to_who_noted_the_head(chain: asyncpg.Connection) -> None:
    head = await chain.fetchval(HEAD)
    await chain.execute("UPDATE audit_events SET subject = 'other' WHERE seq = 2")
    for seq in range(2, 6):
        before = f"UPDATE audit_events SET previous = (SELECT hash FROM audit_events WHERE seq = {seq - 1}) WHERE seq = {seq}"
        await chain.execute(before)
        await chain.execute(REHASH.format(seq))
    assert (await verify(chain.fetch)).is_whole
    assert (await verify(chain.fetch, head=head)).fault is CUT_OFF


async def test_a_head_holds_though_events_follow_it(chain: asyncpg.Connection) -> None:
    heads = [row["hash"] for row in await chain.fetch("SELECT hash FROM audit_events ORDER BY seq")]
    assert [(await verify(chain.fetch, head=head)).is_whole for head in heads] == [True] * 5
    assert (await verify(chain.fetch, since=4, head=heads[2])).is_whole
    assert (await verify(chain.fetch, since=4, head=heads[1])).fault is CUT_OFF


@pytest.mark.parametrize(
    ("since", "until", "events", "fault", "broken_at"),
    [
        (None, 2, 2, None, None),
        (2, 2, 1, None, None),
        (4, None, 2, None, None),
        (3, 5, 0, CHANGED, 3),
        (4, 9, 2, MISSING, 6),
        (7, None, 0, None, None),
        (7, 8, 0, MISSING, 7),
    ],
)
async def test_a_part_is_verified_by_itself(
    chain: asyncpg.Connection,
    since: int | None,
    until: int | None,
    events: int,
    fault: Fault | None,
    broken_at: int | None,
) -> None:
    await chain.execute("UPDATE audit_events SET subject = 'other' WHERE seq = 3")
    found = await verify(chain.fetch, since=since, until=until)
    assert (found.events, found.fault, found.broken_at) == (events, fault, broken_at)


async def test_more_than_is_held_at_once_is_verified(connection: asyncpg.Connection) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(f"INSERT INTO audit_events (kind) SELECT 'X' FROM generate_series(1, {2 * BATCH + 1})")
    found = await verify(connection.fetch)
    assert (found.events, found.is_whole) == (2 * BATCH + 1, True)
    await transaction.rollback()
