"""The way back from a merge: what was moved goes back, what was done since stays."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.test_merging import merge, snapshot, two, unmerge
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, contact, customer, interaction, order, owned, store, ticket
from tests.http.asking import Asking


@pytest.fixture
async def merged(graph: Asking, company: Company, writer: asyncpg.Connection) -> tuple[Row, Row]:
    """Two customers, the second merged into the first."""
    kept, lost = await two(writer, company)
    choices = [{"field": "email", "from": lost.node}, {"field": "displayName", "from": lost.node}]
    made = await merge(graph, company.manager, id=kept.node, merged=[lost.node], choices=choices)
    assert made["userErrors"] == []
    return kept, lost


async def write(graph: Asking, who: Row, name: str, **given: Any) -> Any:
    title = name[0].upper() + name[1:]
    query = f"mutation ($i: {title}Input!) {{ {name}(input: $i) {{ userErrors {{ code field }} }} }}"
    return codes((await graph.data(who, query, {"i": given}))[name])


def under(of: Row, row: Row) -> Row:
    """A row as it is with another customer."""
    return Row(row.model, {**row.values, "customer_id": of.key})


async def first(writer: asyncpg.Connection, model: type[models.Base], of: Row, came_from: Row, more: str = "") -> Row:
    """A row that was moved from one customer to another."""
    moved = (
        "SELECT entity_id FROM change_events WHERE op = 'MERGE' AND entity = $2 AND changed->'customer'->>0 = $3::text"
    )
    name = model.__tablename__
    found = await writer.fetchval(
        f"SELECT min(id::text)::uuid FROM {name} WHERE customer_id = $1 AND id IN ({moved}) {more}",
        of.key,
        name,
        str(came_from.key),
    )
    return Row(model, {"customer_id": of.key, "id": found})  # type: ignore[arg-type]


async def where(writer: asyncpg.Connection, row: Row) -> Any:
    return await writer.fetchval(f"SELECT customer_id FROM {row.table.name} WHERE id = $1", row.key)


async def test_what_was_changed_since_is_kept_and_what_came_since_stays(
    graph: Asking, company: Company, merged: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = merged
    moved = await first(writer, models.Contact, kept, lost)
    bought = await first(writer, models.Order, kept, lost)
    asked = await first(writer, models.Ticket, kept, lost, "AND contact_id IS NOT NULL")
    assert await write(graph, company.admin, "customerUpdate", id=kept.node, email="new@acme.example") == []
    assert await write(graph, company.admin, "contactUpdate", id=moved.node, jobTitle="Head") == []
    newer = ticket(kept, contact=moved, order=bought)
    since = models.TicketMessage
    said = owned(since, kept, ticket=asked, direction="IN", body="More", sent_at=newer.values["opened_at"])
    theirs = contact(kept, "New")
    await store(writer, newer, said, theirs)
    called = interaction(kept, contact=moved, subject_type="ORDER", subject_id=bought.key)
    await store(writer, called)
    await writer.execute("UPDATE tickets SET contact_id = $1 WHERE id = $2", theirs.key, asked.key)

    assert (await unmerge(graph, company.admin, lost)) == {
        "customer": {"id": lost.node, "displayName": "Acme Ltd", "email": "hello@acme.example"},
        "survivor": {"id": kept.node, "displayName": "Acme", "email": "new@acme.example"},
        "userErrors": [],
    }
    assert {await where(writer, each) for each in (moved, bought, asked, said)} == {lost.key}
    assert {await where(writer, each) for each in (newer, theirs, called)} == {kept.key}
    assert await writer.fetchval("SELECT job_title FROM contacts WHERE id = $1", moved.key) == "Head"
    parted = "SELECT contact_id, order_id FROM tickets WHERE id = $1"
    assert tuple(await writer.fetchrow(parted, newer.key)) == (None, None)
    assert (await writer.fetchrow(parted, asked.key))["contact_id"] is None
    told = await writer.fetchrow(
        "SELECT contact_id, subject_type, subject_id FROM interactions WHERE id = $1", called.key
    )
    assert tuple(told) == (None, None, None)


async def test_a_merge_is_undone_once(
    graph: Asking, company: Company, merged: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    _, lost = merged
    assert (await unmerge(graph, company.manager, lost))["userErrors"] == []
    async with watched(writer) as change:
        assert codes(await unmerge(graph, company.manager, lost)) == [("INVALID_STATE", ["id"])]
    assert change.tables == []


async def test_after_thirty_days_a_merge_stands(
    graph: Asking, company: Company, merged: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    _, lost = merged
    aged = "UPDATE change_events SET at = at - make_interval(days => $2, mins => $3) WHERE merged_id = $1"
    await writer.execute(aged, lost.key, 29, 60 * 24 - 5)
    assert (await unmerge(graph, company.manager, lost, validateOnly=True))["userErrors"] == []
    await writer.execute(aged, lost.key, 0, 10)
    async with watched(writer) as change:
        assert codes(await unmerge(graph, company.manager, lost)) == [("INVALID_STATE", ["id"])]
    assert change.tables == []


@pytest.mark.parametrize("name", ["rep", "colleague", "agent", "marketer", "finance", "auditor", "nobody"])
async def test_who_may_not_merge_may_not_undo_it(
    graph: Asking, company: Company, merged: tuple[Row, Row], writer: asyncpg.Connection, name: str
) -> None:
    _, lost = merged
    async with watched(writer) as change:
        made = await unmerge(graph, getattr(company, name), lost)
    assert codes(made) == [("NOT_FOUND", ["id"])]  # though the representative sees the one that stayed
    assert change.tables == []


async def test_a_merged_customer_is_not_restored_alone(
    graph: Asking, company: Company, merged: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    _, lost = merged
    async with watched(writer) as change:
        assert await write(graph, company.admin, "customerRestore", id=lost.node) == [("INVALID_STATE", ["id"])]
        assert await write(graph, company.admin, "customerUpdate", id=lost.node) == [("NOT_FOUND", ["id"])]
    assert change.tables == []


async def test_merges_are_undone_in_any_order(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    kept, one = await two(writer, company)
    _, other = await two(writer, company)
    before = await snapshot(writer)
    assert (await merge(graph, company.admin, id=kept.node, merged=[one.node, other.node]))["userErrors"] == []
    assert (await unmerge(graph, company.admin, one))["userErrors"] == []
    assert (await unmerge(graph, company.admin, other))["userErrors"] == []
    after = await snapshot(writer)
    assert {name for name in before if before[name] != after[name]} == set()


async def test_a_chain_is_undone_from_its_end(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    kept, middle = await two(writer, company)
    _, last = await two(writer, company)
    before = await snapshot(writer)
    assert (await merge(graph, company.admin, id=middle.node, merged=[last.node]))["userErrors"] == []
    assert (await merge(graph, company.admin, id=kept.node, merged=[middle.node]))["userErrors"] == []
    assert codes(await unmerge(graph, company.admin, last)) == [("NOT_FOUND", ["id"])]
    assert (await unmerge(graph, company.admin, middle))["userErrors"] == []
    assert (await unmerge(graph, company.admin, last))["userErrors"] == []
    after = await snapshot(writer)
    assert {name for name in before if before[name] != after[name]} == set()


async def test_a_tax_number_moves_and_comes_back(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    scope = {"owner": company.rep, "region": company.germany}
    kept, lost = customer("Acme", **scope), customer("Acme Ltd", **scope)
    await store(writer, kept, lost)
    assert await write(graph, company.admin, "customerUpdate", id=lost.node, taxId="DE123456789") == []
    before = await snapshot(writer)
    choices = [{"field": "taxId", "from": lost.node}]
    made = await merge(graph, company.admin, id=kept.node, merged=[lost.node], choices=choices)
    assert (made["customer"]["taxId"], made["userErrors"]) == ("DE123456789", [])
    held = await writer.fetchval("SELECT entity_id FROM unique_keys WHERE value = 'DE123456789'")
    assert held == kept.key
    assert (await unmerge(graph, company.admin, lost))["userErrors"] == []
    assert await snapshot(writer) == before


async def test_a_tax_number_that_another_has_taken_keeps_a_merge_from_being_undone(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    kept, lost, third = (customer(name, region=company.germany) for name in ("Acme", "Acme Ltd", "Other"))
    await store(writer, kept, lost, third)
    assert await write(graph, company.admin, "customerUpdate", id=lost.node, taxId="DE987654321") == []
    assert (await merge(graph, company.admin, id=kept.node, merged=[lost.node]))["userErrors"] == []
    assert await write(graph, company.admin, "customerUpdate", id=third.node, taxId="DE987654321") == []
    async with watched(writer) as change:
        assert codes(await unmerge(graph, company.admin, lost)) == [("CONFLICT", ["taxId"])]
    assert change.tables == []


async def test_dates_of_both_are_together_and_part_again(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    kept, lost = (customer(name, region=company.germany) for name in ("Acme", "Acme Ltd"))
    await store(writer, kept, lost)
    for of, day in ((kept, "2026-01-05"), (lost, "2026-01-07")):
        given = {"customer": of.node, "kind": "CALL", "subject": "Hm", "occurredAt": f"{day}T00:00:00Z"}
        assert await write(graph, company.admin, "interactionCreate", **given) == []
    dates = "SELECT to_char(last_interaction_at, 'DD') FROM customers WHERE id = $1"
    await merge(graph, company.admin, id=kept.node, merged=[lost.node])
    assert await writer.fetchval(dates, kept.key) == "07"
    given = {"customer": kept.node, "kind": "CALL", "subject": "Hm", "occurredAt": "2026-01-06T00:00:00Z"}
    assert await write(graph, company.admin, "interactionCreate", **given) == []
    assert (await unmerge(graph, company.admin, lost))["userErrors"] == []
    assert [await writer.fetchval(dates, each.key) for each in (kept, lost)] == ["06", "07"]


async def test_history_goes_along_and_comes_back(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    kept, lost = (customer(name, region=company.germany) for name in ("Acme", "Acme Ltd"))
    bought = order(lost)
    await store(writer, kept, lost, bought)
    assert await write(graph, company.admin, "orderUpdate", id=bought.node, channel="EMAIL") == []
    await merge(graph, company.admin, id=kept.node, merged=[lost.node])
    history = "query ($id: ID!) { order(id: $id) { changeHistory { nodes { op fields { field old new } } } } }"
    told = await graph.data(company.admin, history, {"id": under(kept, bought).node})
    assert told["order"]["changeHistory"]["nodes"] == [
        {"op": "MERGE", "fields": [{"field": "customer", "old": None, "new": kept.node}]},
        {"op": "UPDATE", "fields": [{"field": "channel", "old": None, "new": "EMAIL"}]},
    ]
    assert (await unmerge(graph, company.admin, lost))["userErrors"] == []
    told = await graph.data(company.admin, history, {"id": bought.node})
    assert [each["op"] for each in told["order"]["changeHistory"]["nodes"]] == ["UNMERGE", "MERGE", "UPDATE"]


POINTS = """query ($id: ID!) { customer(id: $id) { email phone contactPoints { nodes { value isPrimary } } } }"""


async def test_an_address_that_is_taken_over_is_the_first_to_try_until_the_merge_is_undone(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    kept, lost = (customer(name, region=company.germany) for name in ("Acme", "Acme Ltd"))
    await store(writer, kept, lost)
    for of, email, phone in ((kept, "a@acme.example", None), (lost, "b@acme.example", "+49301234567")):
        assert await write(graph, company.admin, "customerUpdate", id=of.node, email=email, phone=phone) == []
    before = await snapshot(writer)
    choices = [{"field": "email", "from": lost.node}]
    await merge(graph, company.admin, id=kept.node, merged=[lost.node], choices=choices)
    shown = (await graph.data(company.admin, POINTS, {"id": kept.node}))["customer"]
    assert (shown["email"], shown["phone"]) == ("b@acme.example", None)
    assert sorted((each["value"], each["isPrimary"]) for each in shown["contactPoints"]["nodes"]) == [
        ("+49301234567", False),
        ("a@acme.example", False),
        ("b@acme.example", True),
    ]
    assert (await unmerge(graph, company.admin, lost))["userErrors"] == []
    after = await snapshot(writer)
    assert {name for name in before if before[name] != after[name]} == set()
