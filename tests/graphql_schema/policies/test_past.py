"""`accessAt`: who saw a row at a moment: states of records, people and policies that nobody mentions."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import asyncpg
import pytest

from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services.policies.store import activate
from policies.loading import load
from tests.graphql_schema.audit.trail import last, noted, write
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import RULES, Team, refused
from tests.graphql_schema.policies.past import AT, clock, now, then
from tests.graphql_schema.rows import Row, assign, contact, customer, store, user
from tests.http.asking import Asking

TICK = dt.timedelta(microseconds=1)


def told(found: Any) -> dict[str, tuple[str, list[str]]]:
    """By name, the state and the roles of those who saw it; of what is known."""
    assert found["gaps"] == []
    return {node["name"]: (node["state"], node["roles"]) for node in found["nodes"]}


async def event(writer: asyncpg.Connection, row: Row) -> dt.datetime:
    """When a row was last changed."""
    found: dt.datetime = await writer.fetchval("SELECT max(at) FROM change_events WHERE entity_id = $1", row.key)
    return found


@pytest.fixture
async def german(writer: asyncpg.Connection, company: Company, team: Team) -> Row:
    """A customer in Germany, not told of before."""
    row = customer("Of Germany", region=company.germany, owner=company.rep, tier="BASIC", email="a@example.com")
    await store(writer, row)
    return row


async def change(graph: Asking, company: Company, name: str, **given: Any) -> None:
    assert (await write(graph, company.admin, name, **given))["userErrors"] == []


async def test_a_change_counts_from_its_very_moment(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    before = await now(graph, company.admin, german)
    await change(graph, company, "customerUpdate", id=german.node, region=company.china.node)
    at, after = await event(writer, german), await now(graph, company.admin, german)
    assert before["nodes"] != after["nodes"]
    assert (await then(graph, company.admin, german, at - TICK))["nodes"] == before["nodes"]
    assert (await then(graph, company.admin, german, at))["nodes"] == after["nodes"]


async def test_a_policy_counts_from_its_very_moment(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    before = await then(graph, company.admin, german, await clock(writer))
    text = (
        "role: finance\nrules:\n  - {allow: [read], on: Customer, fields: {names: [tier]}, when: {tier: {eq: KEY}}}\n"
    )
    number = await activate(writer, {**RULES, "finance.yaml": text})
    at = await writer.fetchval("SELECT activated_at FROM policy_versions WHERE number = $1", number)
    await activate(writer, RULES)
    first, second = [await then(graph, company.admin, german, moment) for moment in (at - TICK, at)]
    assert (first["version"], first["nodes"]) == (number - 1, before["nodes"])
    assert (second["version"], "Finance" in told(first), "Finance" in told(second)) == (number, True, False)
    assert second["at"] == at.isoformat()


async def test_nobody_saw_what_was_not_there(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    made = await writer.fetchval("SELECT created_at FROM customers WHERE id = $1", german.key)
    found = await then(graph, company.admin, german, made - TICK)
    assert (told(found), found["version"] is not None) == ({}, True)
    assert "Rep" in told(await then(graph, company.admin, german, made))
    created = await write(
        graph, company.admin, "customerCreate", "customer { id }", kind="ORGANIZATION", displayName="New"
    )
    key = await writer.fetchval("SELECT id FROM customers WHERE display_name = 'New'")
    new = Row(german.model, {"id": key})
    assert created["customer"]["id"] == new.node
    at = await event(writer, new)
    await change(graph, company, "customerUpdate", id=new.node, displayName="Newer")
    assert "Admin" in told(await then(graph, company.admin, new, at))
    assert told(await then(graph, company.admin, new, at - TICK)) == {}


async def test_nobody_saw_anything_before_the_first_policy(graph: Asking, company: Company, german: Row) -> None:
    found = await then(graph, company.admin, german, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    assert (found["version"], found["nodes"], found["gaps"]) == (None, [], [])


@pytest.mark.parametrize(
    ("given", "argument"),
    [({"at": "9000-01-01T00:00:00Z"}, "at"), ({"first": 0}, "first"), ({"after": "x"}, "after"), ({"id": "x"}, "id"),
     ({"field": "x"}, "field")],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(
    graph: Asking, company: Company, german: Row, given: dict[str, Any], argument: str
) -> None:
    asked = {"id": german.node, "at": "2026-01-01T00:00:00Z", **given}
    assert await refused(graph, company.admin, AT, **asked) == [("BAD_USER_INPUT", argument)]


async def test_what_is_deleted_is_told_as_what_never_was(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    at = await clock(writer)
    seen = await then(graph, company.admin, german, at)
    assert "Rep" in told(seen)
    await change(graph, company, "customerDelete", id=german.node)
    gone = await clock(writer)
    assert await then(graph, company.admin, german, at) is None
    assert await then(graph, company.admin, customer("Never"), at) is None
    await change(graph, company, "customerRestore", id=german.node)
    assert await then(graph, company.admin, german, at) == seen
    assert told(await then(graph, company.admin, german, gone)) == {}


async def test_what_was_another_customers_is_told_as_it_was(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    taken = customer("Taken in", region=company.china)
    held = contact(taken, region=company.china)
    await store(writer, taken, held)
    at, before = await clock(writer), await now(graph, company.admin, held)
    await change(graph, company, "customerMerge", id=german.node, merged=[taken.node])
    moved = Row(held.model, {**held.values, "customer_id": german.key})
    assert "Rep" in {each["name"] for each in (await now(graph, company.admin, moved))["nodes"]}
    assert (await then(graph, company.admin, moved, at))["nodes"] == before["nodes"]
    assert await then(graph, company.admin, held, at) is None
    assert await then(graph, company.admin, taken, at) is None


async def test_people_are_as_they_were(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    somebody = user("leaving")
    await store(writer, somebody)
    await assign(writer, somebody, "finance")
    at = await clock(writer)
    await change(graph, company, "userUpdate", id=somebody.node, status="SUSPENDED")
    assert "Leaving" in told(await then(graph, company.admin, german, at))
    assert "Leaving" not in told(await then(graph, company.admin, german, await clock(writer)))
    await change(graph, company, "userDelete", id=somebody.node)
    assert "Leaving" not in told(await then(graph, company.admin, german, at))  # as whom nobody may look


async def test_roles_count_while_they_are_held(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    somebody, start = user("dated"), await clock(writer)
    await store(writer, somebody)
    begins, ends = start + dt.timedelta(milliseconds=300), start + dt.timedelta(milliseconds=600)
    await assign(writer, somebody, "finance", valid_from=begins, valid_to=ends)
    await writer.execute("SELECT pg_sleep(0.7)")
    moments = [begins - TICK, begins, ends - TICK, ends]
    found = [await then(graph, company.admin, german, at) for at in moments]
    assert ["Dated" in told(each) for each in found] == [False, True, True, False]


async def test_places_are_as_they_were(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    at, before = await clock(writer), await now(graph, company.admin, german)
    await change(graph, company, "regionUpdate", id=company.europe.node, parent=company.china.node)
    [path] = await writer.fetchval("SELECT array_agg(path) FROM regions WHERE id = $1", company.germany.key)
    await change(graph, company, "regionUpdate", id=company.germany.node, parent=company.world.node)
    between = await event(writer, company.germany) - TICK
    assert "/cn/eu/de/" in path.lower()
    assert "Member" not in {each["name"] for each in (await now(graph, company.admin, german))["nodes"]}
    for moment in (at, between):
        assert (await then(graph, company.admin, german, moment))["nodes"] == before["nodes"]
    await change(graph, company, "regionUpdate", id=company.europe.node, parent=company.world.node)
    await change(graph, company, "regionUpdate", id=company.germany.node, parent=company.europe.node)


async def test_an_unmask_counts_while_it_was_in_force(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    rule = "role: opener\nrules:\n  - {allow: [read], on: Customer, fields: {names: [email]}, mask: {email: email}}\n"
    rule += "  - {allow: [unmask], on: Customer, fields: {names: [email]}}\n"
    await activate(writer, {**RULES, "opener.yaml": rule})
    somebody = user("opener")
    await store(writer, somebody)
    await assign(writer, somebody, "opener")
    await change(graph, company, "customerUpdate", id=german.node, tier="KEY")  # so that it is rebuilt
    moments = [await clock(writer)]
    opening: dict[str, Any] = {"reason": "To call back.", "minutes": 5}
    for name, given in (("unmask", opening), ("unmaskEnd", {})):
        done = await write(graph, somebody, name, id=german.node, field="email", **given)
        assert done["userErrors"] == []
        moments.append(await clock(writer))
    await change(graph, company, "customerUpdate", id=german.node, tier="BASIC")
    found = [told(await then(graph, company.admin, german, at, "email")) for at in moments]
    await activate(writer, RULES)
    assert [each["Opener"][0] for each in found] == ["MASKED", "PLAIN", "MASKED"]


async def test_a_version_that_can_no_longer_be_read_is_told_of(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    text = "role: finance\nrules:\n  - {allow: [read], on: Customer, fields: {names: [shoeSize]}}\n"
    await writer.execute(
        "INSERT INTO policy_versions (id, number, status, document, activated_at) SELECT $1, max(number) + 1, 'RETIRED', $2,"
        " clock_timestamp() FROM policy_versions", uuid7(), json.dumps({"files": {**RULES, "finance.yaml": text}}),
    )  # fmt: skip
    at = await clock(writer)
    await activate(writer, RULES)
    asked = {"id": german.node, "at": at.isoformat()}
    assert await refused(graph, company.admin, AT, **asked) == [("BAD_USER_INPUT", "at")]


async def test_a_version_out_of_view_is_told_as_a_missing_one(
    graph: Asking, company: Company, team: Team, german: Row, writer: asyncpg.Connection
) -> None:
    at = await clock(writer)
    deny = "  - {deny: [read], on: PolicyVersion, when: {status: {eq: RETIRED}}}\n"
    await activate(writer, {**RULES, "lead.yaml": RULES["lead.yaml"] + deny})
    assert await refused(graph, team.lead, AT, id=german.node, at=at.isoformat()) == [("NOT_FOUND", "at")]
    assert "Member" in told(await then(graph, team.lead, german, await clock(writer)))
    await activate(writer, RULES)


# What is not known


async def test_what_was_changed_without_an_event_is_no_ground_to_guess(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    held = contact(german)
    await store(writer, held)
    text = "role: looks\nrules:\n  - {allow: [read], on: Contact, fields: {names: [email]}, when: {customer: {tier: {eq: KEY}}}}\n"
    await activate(writer, {**RULES, "looks.yaml": text})
    await assign(writer, company.nobody, "looks")
    at = await clock(writer)
    await writer.execute(
        "UPDATE customers SET tier = 'KEY', version = version + 1, updated_at = clock_timestamp() WHERE id = $1",
        german.key,
    )
    after = await clock(writer)
    await change(graph, company, "customerUpdate", id=german.node, tier="BASIC")
    for row, moment in ((german, at), (held, at), (german, after), (held, after)):
        found = await then(graph, company.admin, row, moment)
        assert (found["gaps"], found["nodes"], found["version"] is not None) == (["Customer"], [], True)
    assert "Nobody" not in told(await then(graph, company.admin, held, await clock(writer)))
    await activate(writer, RULES)
    await writer.execute("DELETE FROM role_assignments WHERE user_id = $1", company.nobody.key)


async def test_history_that_was_cut_off_is_told_of(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    moments = [await clock(writer)]
    for tier in ("KEY", "STANDARD", "STRATEGIC"):
        await change(graph, company, "customerUpdate", id=german.node, tier=tier)
        moments.append(await clock(writer))
    first = await writer.fetchval("SELECT min(seq) FROM change_events WHERE entity_id = $1", german.key)
    await writer.execute("DELETE FROM change_events WHERE seq = $1", first)
    found = [(await then(graph, company.admin, german, at))["gaps"] for at in moments]
    assert found == [["Customer"], ["Customer"], [], []]


async def test_of_people_too_it_is_told_what_is_not_known(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    somebody = user("imported")
    await store(writer, somebody)
    at = await clock(writer)
    await writer.execute(
        "UPDATE users SET manager_id = $2, version = version + 1, updated_at = clock_timestamp() WHERE id = $1",
        somebody.key, company.manager.key,
    )  # fmt: skip
    assert (await then(graph, company.admin, german, at))["gaps"] == ["User"]
    assert told(await then(graph, company.admin, german, await clock(writer)))
    await writer.execute("DELETE FROM users WHERE id = $1", somebody.key)


# What bounds it


async def test_one_is_told_of_those_as_whom_one_may_look(
    graph: Asking, company: Company, team: Team, german: Row, writer: asyncpg.Connection
) -> None:
    at = await clock(writer)
    assert told(await then(graph, team.lead, german, at, "email")) == {"Member": ("PLAIN", ["sales_manager"])}
    for row in (team.french, customer("Never")):
        assert await then(graph, team.lead, row, at) is None
    asked = {"id": german.node, "at": at.isoformat()}
    errors = (await graph.post(company.rep, AT, asked)).json()["errors"]
    assert errors  # to whom it is not shown, or who looks as nobody


async def test_what_one_would_not_have_seen_is_told_as_what_was_not_there(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    moving = customer("Moving", region=company.france)
    await store(writer, moving)
    there = await clock(writer)
    made = await writer.fetchval("SELECT created_at FROM customers WHERE id = $1", moving.key)
    await change(graph, company, "customerUpdate", id=moving.node, region=company.germany.node)
    hidden, missing = [await then(graph, team.lead, moving, at) for at in (there, made - TICK)]
    assert {**hidden, "at": ""} == {**missing, "at": ""}
    assert told(hidden) == {}
    assert "Member" in told(await then(graph, company.admin, moving, there))
    assert "Member" in told(await then(graph, team.lead, moving, await clock(writer)))


async def test_pages_go_through_all(graph: Asking, company: Company, german: Row, writer: asyncpg.Connection) -> None:
    at = await clock(writer)
    whole, paged, after = (await then(graph, company.admin, german, at))["nodes"], [], None
    while True:
        page = await then(graph, company.admin, german, at, first=3, after=after)
        paged.extend(page["nodes"])
        after = page["endCursor"]
        if after is None:
            break
    assert paged == whole != []


async def test_it_is_noted_with_the_policy_that_was_judged(
    graph: Asking, company: Company, german: Row, writer: asyncpg.Connection
) -> None:
    text = "role: other\nrules:\n  - {allow: [read], on: Customer, fields: {names: [tier]}}\n"
    await activate(writer, {**RULES, "other.yaml": text})
    at = await clock(writer)
    await activate(writer, RULES)
    await then(graph, company.admin, german, at)  # by the policy of now
    judged = load({**RULES, "other.yaml": text}, CATALOGUE)
    for moment, digest in ((at, judged.digest[:12]), (dt.datetime(2000, 1, 1, tzinfo=dt.UTC), "")):
        before = await last(writer)
        await then(graph, company.admin, german, moment)
        [(kind, subject, details)] = await noted(writer, before)
        assert (kind, subject, details["policy"]) == ("EXPLAINED", str(company.admin.key), digest)
