"""A value that its table holds only once: told to who sees the other row, counted where it is hidden."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from app.services.auditing import MOST_HIDDEN_CLASHES
from app.services.writing import driver_of
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, contact, customer, row, store
from tests.http.asking import Asking, asking
from tests.http.hearing import Heard

MANY = """mutation ($input: CampaignBulkUpsertInput!) {
    campaignBulkUpsert(input: $input) { results { campaign { name } } }
}"""
TAKEN, HIDDEN, SPENT = ("CONFLICT", ["code"]), ("CONFLICT", None), ("RATE_LIMITED", None)


async def write(graph: Asking, who: Row, name: str, /, **given: Any) -> Any:
    title = name[:1].upper() + name[1:]
    more = "results { created userErrors { code field } }" if name.endswith("Upsert") else ""
    text = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ {more} userErrors {{ code field }} }} }}"
    return (await graph.data(who, text, {"input": given}))[name]


def campaign(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": code.title(), "type": "EMAIL", **more}


@pytest.fixture(scope="module")
async def known(company: Company, writer: asyncpg.Connection) -> tuple[Row, Row]:
    """A campaign that its makers see, and one that was deleted."""
    seen, gone = (row(models.Campaign, **campaign(code)) for code in ("SEEN", "GONE"))
    await store(writer, seen, gone)
    await writer.execute("UPDATE campaigns SET deleted_at = now() WHERE id = $1", gone.key)
    return seen, gone


@pytest.fixture(autouse=True)
async def forgotten(writer: asyncpg.Connection) -> None:
    """Nothing was met before."""
    await writer.execute("ALTER TABLE audit_events DISABLE TRIGGER keep_audit_events")
    await writer.execute("DELETE FROM audit_events")


async def test_a_clash_that_is_seen_is_told_at_its_field_beside_all_else(
    graph: Asking, company: Company, known: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        wrong = campaign("SEEN", startsOn="2026-02-01", endsOn="2026-01-01")
        made = await write(graph, company.marketer, "campaignCreate", **wrong)
        tried = await write(graph, company.marketer, "campaignCreate", **campaign("SEEN"), validateOnly=True)
    assert (codes(made), codes(tried)) == ([("INVALID", ["endsOn"]), TAKEN], [TAKEN])
    assert change.tables == []


async def test_a_hidden_clash_is_a_bare_conflict_and_leaves_a_trace(
    graph: Asking, company: Company, known: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        made = await write(graph, company.marketer, "campaignCreate", **campaign("GONE"))
    assert (codes(made), change.tables) == ([HIDDEN], ["audit_events"])
    trace = await writer.fetchrow("SELECT kind, actor, subject FROM audit_events")
    assert tuple(trace) == ("HIDDEN_CLASH", company.marketer.key, "campaignCreate")


async def test_only_validating_tells_nothing_of_hidden_clashes(
    graph: Asking, company: Company, known: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        tried = [
            await write(graph, company.marketer, "campaignCreate", **campaign(code), validateOnly=True)
            for code in ("GONE", "FREE")
        ]
        moved = await write(graph, company.marketer, "campaignUpdate", id=known[0].node, code="GONE", validateOnly=True)
    assert ([codes(each) for each in tried], codes(moved), change.tables) == ([[], []], [], [])


@pytest.mark.parametrize("region", ["germany", "china"])
async def test_only_validating_asks_for_the_row_after_though_it_cannot_be_stored(
    graph: Asking, company: Company, writer: asyncpg.Connection, region: str
) -> None:
    """A primary contact that the representative does not see, at a customer of theirs."""
    theirs = customer("Acme", owner=company.rep, region=company.germany)
    hidden = contact(theirs, is_primary=True, region=company.china)
    await store(writer, theirs, hidden)
    if region == "china":
        await writer.execute("UPDATE customers SET owner_id = NULL WHERE id = $1", theirs.key)
    given = {"customer": theirs.node, "displayName": "Bo", "isPrimary": True}
    async with watched(writer) as change:
        tried = await write(graph, company.rep, "contactCreate", **given, validateOnly=True)
    assert codes(tried) == ([] if region == "germany" else [("FORBIDDEN", None)])
    assert change.tables == []


async def test_who_met_too_many_hidden_values_tries_none_any_longer(
    graph: Asking, company: Company, known: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    assert MOST_HIDDEN_CLASHES == 20
    before = "INSERT INTO audit_events (kind, actor) SELECT 'HIDDEN_CLASH', $1 FROM generate_series(1, $2::int)"
    await writer.execute(before, company.marketer.key, 30)
    await writer.execute("UPDATE audit_events SET at = at - interval '61 minutes'")
    await writer.execute(before, company.marketer.key, 19)
    await writer.execute("UPDATE audit_events SET at = at - interval '59 minutes' WHERE seq > 30")
    made = await write(graph, company.marketer, "campaignCreate", **campaign("GONE"), idempotencyKey="g")
    assert codes(made) == [HIDDEN]
    async with watched(writer) as change:
        for code in ("GONE", "FREE"):
            spent = await write(graph, company.marketer, "campaignCreate", **campaign(code), idempotencyKey=code)
            assert codes(spent) == [SPENT]
        again = await write(graph, company.marketer, "campaignCreate", **campaign("GONE"), idempotencyKey="g")
    assert (codes(again), change.tables) == ([HIDDEN], [])
    assert codes(await write(graph, company.marketer, "campaignUpdate", id=known[0].node, name="Still")) == []
    assert codes(await write(graph, company.admin, "campaignCreate", **campaign("FREE"))) == []


async def test_what_clashes_among_many_is_noted_when_all_else_is_written_and_read(
    database: TemporaryDatabase, settings: Settings, company: Company, known: tuple[Row, Row]
) -> None:
    """Whoever notes anything has the lock of the trail till the end."""
    heard = Heard()
    async with asking(database.dsn, settings) as graph:
        async with graph.database.writing() as connection:
            (await driver_of(connection)).add_query_logger(heard.hear)
        given = {"inputs": [campaign("LAST"), campaign("GONE")], "errorPolicy": "REJECT_FAILED"}
        made = (await graph.data(company.marketer, MANY, {"input": given}))["campaignBulkUpsert"]
        said = heard.taken()
    assert [each["campaign"] for each in made["results"]] == [{"name": "Last"}, None]
    noted = [place for place, text in enumerate(said) if "INSERT INTO audit_events" in text]
    assert [len(noted), *said[noted[0] + 1 :]] == [1, "COMMIT;"]


async def test_of_many_only_those_that_clash_are_left_out(
    graph: Asking, company: Company, known: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    inputs = [campaign(code) for code in ("NEW", "SEEN", "GONE", "NEW")]
    made = await write(graph, company.marketer, "campaignBulkUpsert", inputs=inputs, errorPolicy="REJECT_FAILED")
    told = [[(error["code"], error["field"]) for error in each["userErrors"]] for each in made["results"]]
    assert [each["created"] for each in made["results"]] == [True, None, None, None]
    places = [[], [["inputs", "1", "code"]], [["inputs", "2"]], [["inputs", "3", "code"]]]
    assert [[field for _, field in each] for each in told] == places
    assert await writer.fetchval("SELECT count(*) FROM audit_events") == 1


async def test_the_second_primary_contact_is_told_of_the_first(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    theirs = customer("Acme", owner=company.rep, region=company.germany)
    first, second = contact(theirs, is_primary=True), contact(theirs, "Cy Coe")
    await store(writer, theirs, first, second)
    made = await write(graph, company.rep, "contactUpdate", id=second.node, isPrimary=True)
    assert codes(made) == [("CONFLICT", ["isPrimary"])]
    assert codes(await write(graph, company.rep, "contactDelete", id=first.node)) == []
    assert codes(await write(graph, company.rep, "contactUpdate", id=second.node, isPrimary=True)) == []
    assert codes(await write(graph, company.rep, "contactRestore", id=first.node)) == [("CONFLICT", None)]
