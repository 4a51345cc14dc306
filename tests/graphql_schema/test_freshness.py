"""Freshness: a change of rights made elsewhere holds for the very next answer, of every process."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from app.settings import Settings
from graphql_schema.engine import ROUNDS
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import Row, assign, customer, region, store, user
from tests.http.asking import Asking, asking

QUERY = """{ viewer { roles } customers(orderBy: [{field: DISPLAY_NAME}]) {
    nodes { displayName email access { withheld } } totalCount
} }"""


@dataclass(frozen=True)
class Two:
    """Two processes over one database, and a connection on which changes are made."""

    processes: tuple[Asking, Asking]
    writer: asyncpg.Connection
    company: Company

    async def seen(self, who: Row) -> set[str]:
        """The names that a user sees, which is the same in both processes."""
        answers = [await process.data(who, QUERY) for process in self.processes]
        assert answers[0] == answers[1]
        assert answers[0]["customers"]["totalCount"] == len(answers[0]["customers"]["nodes"])
        return {node["displayName"] for node in answers[0]["customers"]["nodes"]}

    async def statuses(self, who: Row, query: str = QUERY) -> list[int]:
        """The status of a user's request to each process."""
        return [(await process.post(who, query)).status_code for process in self.processes]


@pytest.fixture
async def two(fresh_database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Two]:
    writer = await asyncpg.connect(fresh_database.dsn)
    company = await found(writer)
    places = {"German": company.germany, "French": company.france, "Chinese": company.china}
    await store(writer, *(customer(name, region=place, email="someone@example.com") for name, place in places.items()))
    await store(writer, customer("Owned", owner=company.colleague))
    async with (
        asking(fresh_database.dsn, settings) as one,
        asking(fresh_database.dsn, settings) as other,
    ):
        yield Two((one, other), writer, company)
    await writer.close()


Change = Callable[[Two], Awaitable[Any]]


def _sql(statement: str, *rows: str) -> Change:
    return lambda two: two.writer.execute(statement, *(getattr(two.company, row).key for row in rows))


async def _new_manager(two: Two) -> None:
    await two.writer.execute("UPDATE users SET manager_id = NULL WHERE id = $1", two.company.colleague.key)


async def _new_report(two: Two) -> None:
    await store(two.writer, user("trainee", manager=two.company.colleague))
    await two.writer.execute(
        "UPDATE customers SET owner_id = (SELECT id FROM users WHERE email = 'trainee@example.com')"
        " WHERE display_name = 'Chinese'"
    )


async def _new_region(two: Two) -> None:
    bavaria = region("BY", two.company.germany)
    await store(two.writer, bavaria, customer("Bavarian", region=bavaria))


async def _rules_without_customers(two: Two) -> None:
    texts = read_folder(DEFAULT_RULES)
    texts["sales_rep.yaml"] = "role: sales_rep\nincludes: [employee]\nrules: []\n"
    await activate(two.writer, texts)


async def _rules_that_deny(two: Two) -> None:
    texts = read_folder(DEFAULT_RULES)
    texts["admin.yaml"] += "  - deny: [read]\n    on: Customer\n    when: {displayName: {eq: French}}\n"
    await activate(two.writer, texts)


async def _another_role(two: Two) -> None:
    await assign(two.writer, two.company.rep, "marketer")


CHANGES: dict[str, tuple[str, set[str], Change, set[str]]] = {
    "an assignment is deleted": (
        "rep",
        {"German"},
        _sql("DELETE FROM role_assignments WHERE user_id = $1", "rep"),
        set(),
    ),
    "an assignment is taken back": (
        "rep",
        {"German"},
        _sql("UPDATE role_assignments SET deleted_at = now() WHERE user_id = $1", "rep"),
        set(),
    ),
    "an assignment is given": ("rep", {"German"}, _another_role, {"German", "French", "Chinese", "Owned"}),
    "an assignment moves": (
        "rep",
        {"German"},
        _sql("UPDATE role_assignments SET region_id = $2 WHERE user_id = $1", "rep", "france"),
        {"French"},
    ),
    "an assignment loses its region": (
        "rep",
        {"German"},
        _sql("UPDATE role_assignments SET region_id = NULL WHERE user_id = $1", "rep"),
        set(),
    ),
    "an assignment has ended": (
        "rep",
        {"German"},
        _sql("UPDATE role_assignments SET valid_to = now() WHERE user_id = $1", "rep"),
        set(),
    ),
    "an assignment has not begun": (
        "rep",
        {"German"},
        _sql("UPDATE role_assignments SET valid_from = now() + interval '1 hour' WHERE user_id = $1", "rep"),
        set(),
    ),
    "a role is deleted": (
        "rep",
        {"German"},
        _sql("UPDATE roles SET deleted_at = now() WHERE code = 'sales_rep'"),
        set(),
    ),
    "a role is renamed": (
        "rep",
        {"German"},
        _sql("UPDATE roles SET code = 'former' WHERE code = 'sales_rep'"),
        set(),
    ),
    "a rule goes": ("rep", {"German"}, _rules_without_customers, set()),
    "a rule denies": ("admin", {"German", "French", "Chinese", "Owned"}, _rules_that_deny, {"German", "Chinese", "Owned"}),
    "a region moves away": (
        "manager",
        {"German", "French", "Owned"},
        _sql("UPDATE regions SET parent_id = $2, path = '/world/de/' WHERE id = $1", "germany", "world"),
        {"French", "Owned"},
    ),
    "a region moves in": (
        "manager",
        {"German", "French", "Owned"},
        _sql("UPDATE regions SET parent_id = $2, path = '/world/eu/cn/' WHERE id = $1", "china", "europe"),
        {"German", "French", "Chinese", "Owned"},
    ),
    "a region is deleted": (
        "manager",
        {"German", "French", "Owned"},
        _sql("UPDATE regions SET deleted_at = now() WHERE id = $1", "france"),
        {"German", "Owned"},
    ),
    "a region is founded": ("manager", {"German", "French", "Owned"}, _new_region, {"German", "French", "Owned", "Bavarian"}),
    "someone gets another manager": ("manager", {"German", "French", "Owned"}, _new_manager, {"German", "French"}),
    "someone gets a report": (
        "manager",
        {"German", "French", "Owned"},
        _new_report,
        {"German", "French", "Owned", "Chinese"},
    ),
    "a report is deleted": (
        "manager",
        {"German", "French", "Owned"},
        _sql("UPDATE users SET deleted_at = now() WHERE id = $1", "colleague"),
        {"German", "French"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_of_rights_holds_for_the_next_answer(two: Two, change: str) -> None:
    name, before, apply, after = CHANGES[change]
    who: Row = getattr(two.company, name)
    for _ in range(2):
        assert await two.seen(who) == before
    await apply(two)
    assert await two.seen(who) == after


GONE = {
    "disabled": "UPDATE users SET status = 'SUSPENDED' WHERE id = $1",
    "deleted": "UPDATE users SET deleted_at = now() WHERE id = $1",
    "gone": "UPDATE users SET status = 'LEFT' WHERE id = $1",
    "invited": "UPDATE users SET status = 'INVITED' WHERE id = $1",
    "removed": "DELETE FROM users WHERE id = $1",
}
ANY = [QUERY, "{ __typename }", "{ __schema { queryType { name } } }", "{ nonsense }", "{", '{ node(id: "x") { id } }']


@pytest.mark.parametrize("how", GONE)
async def test_a_user_who_may_no_longer_sign_in_is_told_nothing_at_all(two: Two, how: str) -> None:
    rep = user("leaver")
    await store(two.writer, rep)
    for query in ANY:
        assert await two.statuses(rep, query) == [200, 200]
    await two.writer.execute(GONE[how], rep.key)
    for query in ANY:
        assert await two.statuses(rep, query) == [401, 401], query


async def test_a_user_who_may_sign_in_again_is_answered_again(two: Two) -> None:
    rep = two.company.rep
    assert await two.seen(rep) == {"German"}
    await two.writer.execute("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", rep.key)
    assert await two.statuses(rep) == [401, 401]
    await two.writer.execute("UPDATE users SET status = 'ACTIVE' WHERE id = $1", rep.key)
    assert await two.seen(rep) == {"German"}


async def test_an_assignment_ends_by_time_without_any_change(two: Two) -> None:
    brief, later = user("brief"), user("later")
    await store(two.writer, brief, later)
    now: dt.datetime = await two.writer.fetchval("SELECT clock_timestamp()")
    moment = now + dt.timedelta(seconds=1.5)
    await assign(two.writer, brief, "sales_rep", region=two.company.germany, valid_to=moment)
    await assign(two.writer, later, "sales_rep", region=two.company.germany, valid_from=moment)
    assert await two.seen(brief) == {"German"}
    assert await two.seen(later) == set()
    await two.writer.execute("SELECT pg_sleep_until($1)", moment)
    assert await two.seen(brief) == set()
    assert await two.seen(later) == {"German"}


async def test_masks_follow_the_rules(two: Two) -> None:
    query = "{ customers { nodes { displayName email access { masked withheld } } } }"
    one = two.processes[0]
    before = await one.data(two.company.rep, query)
    assert before["customers"]["nodes"][0]["email"] == "s•••@example.com"
    texts = read_folder(DEFAULT_RULES)
    texts["sales_rep.yaml"] = texts["sales_rep.yaml"].replace("mask: {email: email", "mask: {email: domain")
    await activate(two.writer, texts)
    after = await one.data(two.company.rep, query)
    assert after["customers"]["nodes"][0]["email"] == "example.com"
    await activate(two.writer, read_folder(DEFAULT_RULES))
    assert await one.data(two.company.rep, query) == before


async def test_an_answer_and_its_rights_are_of_one_moment_while_rights_keep_changing(two: Two) -> None:
    """Never the old rows with the new roles: what is read and the rights it is read by are of one snapshot."""
    rep, done = two.company.rep, asyncio.Event()

    async def change() -> None:
        for i in range(30):
            place = two.company.france if i % 2 else two.company.china
            await two.writer.execute(
                "UPDATE role_assignments SET region_id = $2 WHERE user_id = $1", rep.key, place.key
            )
        done.set()

    async def ask(process: Asking) -> list[set[str]]:
        answers = []
        while not done.is_set():
            response = await process.post(rep, QUERY)
            assert response.status_code in (200, 503)
            if response.status_code == 200:
                answers.append({node["displayName"] for node in response.json()["data"]["customers"]["nodes"]})
        return answers

    assert await two.seen(rep) == {"German"}
    _, *answers = await asyncio.gather(change(), *(ask(process) for process in two.processes))
    assert all(len(seen) == 1 for process in answers for seen in process or ())
    assert await two.seen(rep) == {"French"}


async def test_rights_that_never_settle_are_a_passing_failure(two: Two) -> None:
    one = two.processes[0]
    engine = one.engine
    read, tried = engine.read, []

    async def unsettled(sql: str, *values: object) -> Any:
        await two.writer.execute(
            "UPDATE role_assignments SET version = version + 1 WHERE user_id = $1", two.company.rep.key
        )
        tried.append(sql)
        return await read(sql, *values)

    engine.read = unsettled
    response = await one.post(two.company.rep, QUERY)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert len(tried) == ROUNDS
    engine.read = read
    assert await two.seen(two.company.rep) == {"German"}


async def test_without_an_active_policy_nobody_is_answered(two: Two) -> None:
    assert await two.seen(two.company.rep) == {"German"}
    await two.writer.execute("UPDATE policy_versions SET status = 'RETIRED'")
    assert await two.statuses(two.company.rep) == [503, 503]
    assert await two.statuses(two.company.rep, "{ __typename }") == [503, 503]
    await two.writer.execute("UPDATE policy_versions SET status = 'ACTIVE'")
    assert await two.seen(two.company.rep) == {"German"}


@pytest.mark.parametrize(
    "document", ["{}", '{"files": {}}', '{"files": {"a.yaml": "role: ["}}', "[]", '{"files": 1}', '{"files": {"a": 1}}']
)
async def test_a_policy_that_this_release_cannot_read_closes_the_service(two: Two, document: str) -> None:
    assert await two.seen(two.company.rep) == {"German"}
    await two.writer.execute("UPDATE policy_versions SET document = $1::text::jsonb", document)
    response = await two.processes[0].post(two.company.rep, QUERY)
    assert response.status_code == 503
    assert "yaml" not in response.text
    ready = await two.processes[0].client.get("/readyz")
    assert (ready.status_code, ready.json()["policy"]) == (503, False)
