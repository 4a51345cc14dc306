"""Segments hold whom their rule finds, seen with their owner's eyes."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, row, store
from tests.http.asking import Asking


async def take(graph: Asking, who: Row, verb: str, **given: Any) -> Any:
    more = "joined left" if verb == "Refresh" else ""
    text = f"""mutation ($input: Segment{verb}Input!) {{ segment{verb}(input: $input) {{
        segment {{ id memberCount refreshedAt owner {{ displayName }}
            members(where: {{removedAt: {{isNull: true}}}}) {{ totalCount }} }}
        {more} userErrors {{ code field }} }} }}"""
    return (await graph.data(who, text, {"input": given}))[f"segment{verb}"]


def segment(code: str, **values: Any) -> Row:
    """A segment with a rule."""
    given = {"code": code, "name": code.title(), "kind": "DYNAMIC", "rule": {"tier": {"eq": "KEY"}}}
    return row(models.Segment, **{**given, **values})


@pytest.fixture(scope="module")
async def people(company: Company, writer: asyncpg.Connection) -> dict[str, Row]:
    """Customers, some of them key ones; one has an income that only few see."""
    money = {"annual_revenue": 900, "currency": "EUR"}
    made = {
        "near": customer("Near", tier="KEY", region=company.germany, email="near@one.example", **money),
        "far": customer("Far", tier="KEY", region=company.china),
        "small": customer("Small", tier="BASIC", region=company.germany),
    }
    await store(writer, *made.values())
    return made


async def test_members_are_chosen_anew(
    graph: Asking, company: Company, people: dict[str, Row], writer: asyncpg.Connection
) -> None:
    made = await take(graph, company.marketer, "Create", code="KEYS", name="Keys", kind="DYNAMIC", rule=_tier("KEY"))
    assert (made["userErrors"], made["segment"]["owner"]) == ([], {"displayName": "Marketer"})
    key = made["segment"]["id"]
    first = await take(graph, company.marketer, "Refresh", id=key)
    assert (first["userErrors"], first["joined"], first["left"]) == ([], 2, 0)
    assert (first["segment"]["memberCount"], first["segment"]["members"]["totalCount"]) == (2, 2)
    assert first["segment"]["refreshedAt"] > "2026"
    await writer.execute("UPDATE customers SET tier = 'BASIC' WHERE id = $1", people["far"].key)
    before = await writer.fetchval("SELECT max(seq) FROM change_events")
    again = await take(graph, company.marketer, "Refresh", id=key)
    await writer.execute("UPDATE customers SET tier = 'KEY' WHERE id = $1", people["far"].key)
    assert (again["joined"], again["left"], again["segment"]["members"]["totalCount"]) == (0, 1, 1)
    events = await writer.fetch("SELECT entity, op FROM change_events WHERE seq > $1 ORDER BY seq", before)
    assert [tuple(each) for each in events] == [("segment_members", "UPDATE"), ("segments", "UPDATE")]
    async with watched(writer) as change:
        tried = await take(graph, company.marketer, "Refresh", id=key, validateOnly=True)
    assert (tried["userErrors"], change.tables) == ([], [])


def _tier(tier: str) -> Any:
    return {"tier": {"eq": tier}}


async def test_a_rule_looks_with_the_eyes_of_the_owner(
    graph: Asking, company: Company, people: dict[str, Row], writer: asyncpg.Connection
) -> None:
    theirs = segment("OF-THE-REP", owner=company.rep)
    hidden = segment("HIDDEN", owner=company.marketer, rule={"annualRevenue": {"gt": "1"}})
    masked = segment("MASKED", owner=company.marketer, rule={"email": {"startsWith": "near"}})
    await store(writer, theirs, hidden, masked)
    made = await take(graph, company.marketer, "Refresh", id=theirs.node)
    assert (made["userErrors"], made["joined"]) == ([], 1)
    async with watched(writer) as change:
        never = await take(graph, company.admin, "Refresh", id=hidden.node)
    assert (codes(never), change.tables) == ([("INVALID_STATE", None)], [])
    found = await take(graph, company.admin, "Refresh", id=masked.node)
    assert (found["joined"], found["segment"]["memberCount"]) == (0, 0)


async def test_nobody_writes_a_rule_for_the_eyes_of_another(
    graph: Asking, company: Company, people: dict[str, Row], writer: asyncpg.Connection
) -> None:
    theirs, mine = segment("OF-ADMIN", owner=company.admin), segment("MINE", owner=company.marketer)
    await store(writer, theirs, mine)
    given = {"code": "DEPUTY", "name": "Deputy", "kind": "DYNAMIC", "rule": _tier("KEY")}
    async with watched(writer) as change:
        made = await take(graph, company.marketer, "Create", **given, owner=company.admin.node)
        changed = await take(graph, company.marketer, "Update", id=theirs.node, rule=_tier("BASIC"))
        given_away = await take(graph, company.marketer, "Update", id=mine.node, owner=company.admin.node)
    assert (codes(made), codes(changed), codes(given_away)) == (
        [("FORBIDDEN", ["rule"])],
        [("FORBIDDEN", ["rule"])],
        [("FORBIDDEN", ["owner"])],
    )
    assert change.tables == []
    assert codes(await take(graph, company.marketer, "Update", id=mine.node, rule=_tier("BASIC"))) == []


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ({"tier": {"eq": "NONE"}, "height": {"eq": 1}}, ["rule.tier.eq", "rule"]),
        ({"OR": [{"tier": {"is": "KEY"}}]}, ["rule.OR.0.tier"]),
        ({"tier": None}, ["rule.tier"]),
        ({"id": {"eq": "x"}}, ["rule.id.eq"]),
        ({"annualRevenue": {"gt": "1"}}, ["rule.annualRevenue"]),
        ([], ["rule"]),
        ("KEY", ["rule"]),
    ],
    ids=["names", "operator", "null", "id", "unreadable", "list", "text"],
)
async def test_a_rule_is_a_filter_of_customers_that_can_be_asked(
    graph: Asking, company: Company, writer: asyncpg.Connection, rule: Any, places: list[str]
) -> None:
    given = {"code": "WRONG", "name": "Wrong", "kind": "DYNAMIC", "rule": rule}
    async with watched(writer) as change:
        made = await take(graph, company.marketer, "Create", **given)
    assert {".".join(error["field"]) for error in made["userErrors"]} == set(places)
    assert made["userErrors"][0]["code"] == "INVALID"
    assert change.tables == []


async def test_only_what_has_a_rule_and_an_owner_is_refreshed(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    static = segment("BY-HAND", kind="STATIC", rule=None, owner=company.marketer)
    nobodys = segment("NOBODYS")
    await store(writer, static, nobodys)
    async with watched(writer) as change:
        by_hand = await take(graph, company.marketer, "Refresh", id=static.node)
        orphan = await take(graph, company.marketer, "Refresh", id=nobodys.node)
        never = await take(graph, company.rep, "Refresh", id=static.node)
    assert (codes(by_hand), codes(orphan)) == ([("INVALID_STATE", None)], [("INVALID_STATE", None)])
    assert {code for code, _ in codes(never)} == {"FORBIDDEN", "NOT_FOUND"}
    assert change.tables == []


async def look(graph: Asking, who: Row, rule: Any, **more: Any) -> Any:
    text = """mutation ($input: SegmentPreviewInput!) { segmentPreview(input: $input) {
        count customers { displayName email } userErrors { code field } } }"""
    return (await graph.data(who, text, {"input": {"rule": rule, **more}}))["segmentPreview"]


async def test_a_rule_shows_whom_it_finds_before_it_is_saved(
    graph: Asking, company: Company, people: dict[str, Row], writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        whole = await look(graph, company.marketer, _tier("KEY"))
        first = await look(graph, company.marketer, _tier("KEY"), first=1)
        nobody = await look(graph, company.marketer, _tier("STRATEGIC"))
        tried = await look(graph, company.marketer, _tier("KEY"), validateOnly=True)
    near, far = ({"displayName": "Near", "email": "•••"}, {"displayName": "Far", "email": None})
    assert whole == {"count": 2, "customers": [near, far], "userErrors": []}
    assert first == {"count": 2, "customers": [near], "userErrors": []}
    assert nobody == {"count": 0, "customers": [], "userErrors": []}
    assert tried == {"count": 2, "customers": [], "userErrors": []}
    assert change.tables == []


@pytest.mark.parametrize(
    ("who", "given", "wrong"),
    [
        (
            "marketer",
            {"rule": {"tier": {"is": "KEY"}}, "first": 0},
            [("INVALID", ["first"]), ("INVALID", ["rule", "tier"])],
        ),
        ("marketer", {"rule": {"annualRevenue": {"gt": "1"}}}, [("INVALID", ["rule", "annualRevenue"])]),
        ("marketer", {"rule": {}, "first": 101}, [("INVALID", ["first"])]),
        ("rep", {"rule": {}}, [("FORBIDDEN", None)]),
    ],
    ids=["wrong", "unreadable", "too many", "may not"],
)
async def test_a_rule_that_cannot_be_asked_shows_nobody(
    graph: Asking, company: Company, who: str, given: Any, wrong: list[Any]
) -> None:
    made = await look(graph, getattr(company, who), **given)
    assert ({(code, *(field or ())) for code, field in codes(made)}) >= {
        (code, *(field or ())) for code, field in wrong
    }
    assert (made["count"], made["customers"]) == (None, [])
