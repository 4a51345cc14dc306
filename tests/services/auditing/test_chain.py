"""The chain as it is written: numbered without gaps, one behind the other, and kept from changes."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from typing import Any

import asyncpg
import pytest

from app.models import Base
from app.services.auditing import verify
from app.services.auditing.chain import VALUES, digest
from tests.conftest import TemporaryDatabase

WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)"
INSERT = "INSERT INTO audit_events (kind, subject) VALUES ('PASSWORD_SET', $1)"


async def _events(connection: asyncpg.Connection) -> list[Any]:
    found: list[Any] = await connection.fetch("SELECT *, details::text AS details FROM audit_events ORDER BY seq")
    return found


def test_every_column_is_hashed_but_the_hash() -> None:
    assert set(VALUES) == set(Base.metadata.tables["audit_events"].c.keys()) - {"hash"}


async def test_each_event_holds_its_digest_and_that_of_the_one_before(chain: asyncpg.Connection) -> None:
    events = await _events(chain)
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]
    assert [event["previous"] for event in events] == [None, *(event["hash"] for event in events[:-1])]
    assert [digest(event) for event in events] == [event["hash"] for event in events]
    assert {event["id"].version for event in events} == {7}
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)


def test_the_form_is_the_one_that_is_documented() -> None:
    moment = dt.datetime(2026, 1, 31, 13, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    event = {**dict.fromkeys(VALUES), "seq": 7, "at": moment, "kind": "É", "subject": "", "details": '{"a": 1}'}
    form = '1:7,-,27:2026-01-31T12:00:00.000000Z,2:É,-,-,-,-,0:,-,8:{"a": 1},-,-,'
    assert digest(event) == hashlib.sha256(form.encode()).hexdigest()


def test_values_cannot_run_into_each_other() -> None:
    pairs = [("a,1:b", None), ("a", "b"), (None, "a,1:b"), ("", None), (None, ""), ("-", None), (None, None)]
    digests = {digest({**dict.fromkeys(VALUES), "client": one, "request_id": other}) for one, other in pairs}
    assert len(digests) == len(pairs)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_events SET kind = 'X'", "DELETE FROM audit_events", "TRUNCATE audit_events"]
)
@pytest.mark.parametrize("role", ["superuser", "application"])
async def test_no_event_is_changed_or_removed(connection: asyncpg.Connection, role: str, statement: str) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(INSERT, "kept")
    if role == "application":
        await connection.execute(
            "CREATE ROLE audit_writer; GRANT ALL ON audit_events TO audit_writer; SET ROLE audit_writer"
        )
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="neither changed nor removed"):
        await connection.execute(statement)
    await transaction.rollback()


async def test_what_an_insert_says_of_its_place_counts_for_nothing(connection: asyncpg.Connection) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "INSERT INTO audit_events (seq, at, kind, previous, hash, deleted_at)"
        " VALUES (70, '2020-01-01', 'X', 'forged', 'forged', '2020-01-01')"
    )
    [event] = await _events(connection)
    assert (event["seq"], event["previous"], event["deleted_at"]) == (1, None, None)
    assert (event["hash"], event["at"].year >= 2026) == (digest(event), True)
    await transaction.rollback()


async def test_who_writes_at_once_waits_and_leaves_no_gap(fresh_database: TemporaryDatabase) -> None:
    one, other, asking = [await asyncpg.connect(fresh_database.dsn) for _ in range(3)]
    try:
        undone, kept = one.transaction(), other.transaction()
        await undone.start()
        await one.execute(INSERT, "undone")
        await kept.start()
        waiting = asyncio.create_task(other.execute(INSERT, "kept"))
        while not await asking.fetchval(WAITING, other.get_server_pid()):
            await asyncio.sleep(0)
        await undone.rollback()
        await waiting
        await kept.commit()
        assert [(event["seq"], event["subject"]) for event in await _events(asking)] == [(1, "kept")]
    finally:
        await asyncio.gather(*(each.close() for each in (one, other, asking)))


async def test_the_chain_does_not_fork(fresh_database: TemporaryDatabase) -> None:
    async with asyncpg.create_pool(fresh_database.dsn, min_size=4, max_size=4) as pool:
        await asyncio.gather(*(pool.execute(INSERT, str(number)) for number in range(40)))
        found = await verify(pool.fetch)
    assert (found.events, found.is_whole) == (40, True)
