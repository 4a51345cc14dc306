"""Looks that go on: the first is noted before it is answered, the others a moment later, and none of them shows more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.services.auditing import By, Kind, Look, Looks, looks, verify
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import SIMULATE, Team, refused, simulated, without_roles
from tests.graphql_schema.rows import Row, user
from tests.http.asking import Asking, asking
from tests.http.fixtures import Log

HELLO, NAMES = "{ viewer { user { displayName } } }", "{ customers { nodes { displayName } } }"
NOTED = """
    SELECT subject, details->>'about' AS about FROM audit_events WHERE kind = 'SIMULATED' AND actor = $1 ORDER BY seq"""
STANDING = {"look_time": 60.0}


@pytest.fixture
async def lasting(database: TemporaryDatabase, settings: Settings, team: Team) -> AsyncIterator[Asking]:
    """A process in which a look stands for a minute."""
    async with asking(database.dsn, settings.model_copy(update=STANDING)) as served:
        yield served


@pytest.fixture
async def since(writer: asyncpg.Connection, lasting: Asking) -> int:
    """The number of the last event so far."""
    return int(await writer.fetchval("SELECT coalesce(max(seq), 0) FROM audit_events"))


async def noted(writer: asyncpg.Connection, who: Row, since: int) -> list[tuple[str, str]]:
    """As whom somebody looked, and at what, by a digest."""
    rows = await writer.fetch(NOTED.replace("ORDER", "AND seq > $2 ORDER"), who.key, since)
    return [(row["subject"], row["about"]) for row in rows]


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is noted before it is waited for, and nothing has waited too long."""
    monkeypatch.setattr(looks, "MOMENT", 3_600)
    monkeypatch.setattr(looks, "LATEST", 3_600)


@pytest.mark.usefixtures("late")
async def test_the_first_look_is_noted_before_it_is_answered_and_the_others_together(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    operations = [HELLO, HELLO, NAMES, "{ nothing }", HELLO]
    for operation in operations:
        await simulated(lasting, company.admin, company.rep, operation)
    assert len(await noted(writer, company.admin, since)) == 1
    await lasting.engine.looks.settle()
    told = await noted(writer, company.admin, since)
    assert [subject for subject, _ in told] == [str(company.rep.key)] * 5
    digests = [about for _, about in told]
    assert digests[0] == digests[1] == digests[4] != digests[2] != digests[3]
    assert (await verify(writer.fetch)).fault is None


async def test_what_goes_on_is_noted_a_moment_later(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    for _ in range(4):
        await simulated(lasting, company.admin, company.rep, HELLO)
    async with asyncio.timeout(20):
        while len(await noted(writer, company.admin, since)) < 4:
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("late")
async def test_what_waits_is_noted_before_a_process_ends(
    database: TemporaryDatabase, settings: Settings, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    async with asking(database.dsn, settings.model_copy(update=STANDING)) as served:
        for _ in range(3):
            await simulated(served, company.admin, company.rep, HELLO)
        assert len(await noted(writer, company.admin, since)) == 1
    assert len(await noted(writer, company.admin, since)) == 3


@pytest.mark.usefixtures("late")
async def test_each_look_at_another_or_by_another_is_a_first(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    for asker, person in ((company.admin, company.rep), (company.admin, company.agent), (company.auditor, company.rep)):
        await simulated(lasting, asker, person, HELLO)
    assert len(await noted(writer, company.admin, since)) == 2
    assert len(await noted(writer, company.auditor, since)) == 1


@pytest.mark.usefixtures("late")
async def test_who_looks_under_conditions_is_noted_and_asked_each_time(
    lasting: Asking, team: Team, writer: asyncpg.Connection, since: int
) -> None:
    for _ in range(3):
        await simulated(lasting, team.lead, team.member, HELLO)
    assert len(await noted(writer, team.lead, since)) == 3


@pytest.mark.usefixtures("late")
async def test_who_is_no_longer_there_is_not_looked_as_though_a_look_stands(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    for _ in range(2):
        await simulated(lasting, company.admin, company.colleague, HELLO)
    await writer.execute("UPDATE users SET deleted_at = now() WHERE id = $1", company.colleague.key)
    try:
        given = {"as": company.colleague.node, "operation": "{ __typename }"}
        assert await refused(lasting, company.admin, SIMULATE, **given) == [("NOT_FOUND", "as")]
        await lasting.engine.looks.settle()
        assert len(await noted(writer, company.admin, since)) == 2
    finally:
        await writer.execute("UPDATE users SET deleted_at = NULL WHERE id = $1", company.colleague.key)


@pytest.mark.usefixtures("late")
async def test_who_may_no_longer_look_does_not_though_a_look_stands(
    lasting: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    for _ in range(2):
        await simulated(lasting, company.auditor, company.rep, "{ __typename }")
    async with without_roles(writer, company.auditor):
        assert await refused(
            lasting, company.auditor, SIMULATE, **{"as": company.rep.node, "operation": "{ __typename }"}
        )


REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
    CREATE TRIGGER a_refusal BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse()"""
ALLOW = "DROP TRIGGER a_refusal ON audit_events; DROP FUNCTION refuse()"


@pytest.mark.usefixtures("late")
async def test_where_looks_cannot_be_noted_none_stands_and_what_waits_is_kept(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int, log: Log
) -> None:
    for _ in range(3):
        await simulated(lasting, company.admin, company.rep, HELLO)
    await writer.execute(REFUSE)
    try:
        await lasting.engine.looks.settle()
        response = await lasting.post(company.admin, SIMULATE, {"as": company.rep.node, "operation": HELLO})
        assert "displayName" not in response.text
    finally:
        await writer.execute(ALLOW)
    assert [line["waiting"] for line in log.lines() if line["event"] == "looks could not be noted"] == [2]
    await lasting.engine.looks.settle()
    assert len(await noted(writer, company.admin, since)) == 3
    await simulated(lasting, company.admin, company.rep, HELLO)
    assert len(await noted(writer, company.admin, since)) == 4


def look(person: Row, about: str = HELLO) -> Look:
    return Look(Kind.SIMULATED, By(user("x").key), person.key, "digest", about)


def never() -> Any:
    raise AssertionError


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What a clock shows, which is set by hand."""
    found = [100.0]
    monkeypatch.setattr("app.services.auditing.looks.time.monotonic", lambda: found[0])
    return found


@pytest.fixture
async def of(late: None) -> AsyncIterator[Looks]:
    """The looks of a process that has no database, each of which stands for a minute."""
    found = Looks(never, 60)
    yield found
    await found.close()


async def test_a_look_stands_for_so_long(of: Looks, now: list[float]) -> None:
    given = look(user("y"))
    assert of.goes_on(given) is None
    of.began(given)
    now[0] = 159.9
    assert of.goes_on(given) is not None
    now[0] = 160
    assert of.goes_on(given) is None


async def test_none_goes_on_while_others_wait_too_long(
    of: Looks, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "LATEST", 0.5)
    given = look(user("y"))
    of.began(given)
    first = of.goes_on(given)
    assert first is not None
    now[0] += looks.LATEST
    second = of.goes_on(given)
    assert second is not None
    now[0] += 0.01
    assert of.goes_on(given) is None
    of.take_back(first)
    assert of.goes_on(given) is not None


async def test_none_goes_on_while_too_many_wait(of: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MOST_WAITING", 2)
    given = look(user("y"))
    of.began(given)
    assert [of.goes_on(given) is None for _ in range(3)] == [False, False, True]


async def test_what_cannot_be_noted_in_the_end_is_told_in_the_log(of: Looks, log: Log) -> None:
    given = look(user("y"))
    of.began(given)
    of.goes_on(given)
    await of.close()
    [told] = [line for line in log.lines() if line["event"] == "a look was not noted"]
    assert {name: told[name] for name in ("level", "kind", "actor", "person", "policy", "about")} == {
        "level": "error",
        "kind": "SIMULATED",
        "actor": str(given.actor),
        "person": str(given.person),
        "policy": "digest",
        "about": given.about[:12],
    }


@pytest.mark.usefixtures("late")
async def test_a_look_that_is_tried_again_is_noted_once(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    """Rights change under a look that goes on: it comes to nothing, and is asked for anew under what they are by then."""
    for _ in range(2):
        await simulated(lasting, company.admin, company.rep, HELLO)
    await writer.execute(
        "UPDATE role_assignments SET valid_to = now() + interval '1 year' WHERE user_id = $1", company.rep.key
    )
    try:
        await simulated(lasting, company.admin, company.rep, HELLO)
        await lasting.engine.looks.settle()
        assert len(await noted(writer, company.admin, since)) == 3
    finally:
        await writer.execute("UPDATE role_assignments SET valid_to = NULL WHERE user_id = $1", company.rep.key)


async def test_those_that_are_noted_as_a_process_ends_are_noted_once(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    """Another keeps the trail for longer than looks wait for the next time."""
    for _ in range(4):
        await simulated(lasting, company.admin, company.rep, HELLO)
    async with writer.transaction():
        await writer.execute("INSERT INTO audit_events (kind) VALUES ('EXPLAINED')")
        ending = asyncio.create_task(lasting.engine.looks.close())
        await asyncio.sleep(3 * looks.MOMENT)
    await ending
    assert lasting.engine.looks._noting is not None, "there were two who noted"
    assert len(await noted(writer, company.admin, since)) == 4


@pytest.mark.usefixtures("late")
async def test_what_comes_while_others_are_noted_waits_for_the_next_time(
    lasting: Asking, company: Company, writer: asyncpg.Connection, since: int
) -> None:
    """Another's event, whose transaction is not over, keeps the trail meanwhile."""
    for operation in (HELLO, HELLO):
        await simulated(lasting, company.admin, company.rep, operation)
    noting = lasting.engine.looks
    async with writer.transaction():
        await writer.execute("INSERT INTO audit_events (kind) VALUES ('EXPLAINED')")
        under_way = asyncio.create_task(noting.settle())
        await asyncio.sleep(0.2)
        await simulated(lasting, company.admin, company.rep, NAMES)
    await under_way
    first = await noted(writer, company.admin, since)
    await noting.settle()
    told = await noted(writer, company.admin, since)
    assert (len(first), len(told), told[0]) == (2, 3, told[1])
    assert told[2] != told[1]


def test_no_look_stands_where_each_waits_for_its_own() -> None:
    given, of = look(user("y")), Looks(never)
    of.began(given)
    assert of.goes_on(given) is None


def test_as_many_stand_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch, now: list[float]) -> None:
    monkeypatch.setattr(looks, "MOST", 2)
    of, all_ = Looks(never, 60), [look(user("y")) for _ in range(3)]
    for each in all_:
        of.began(each)
    assert len(of._until) == 2
    now[0] = 161
    of.began(all_[2])
    assert len(of._until) == 1
