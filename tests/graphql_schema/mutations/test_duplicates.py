"""Customers that may be one: told of when one is written, listed as pairs, dismissed, and shown side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, contact, customer, order, owned, store
from tests.http.asking import Asking

CREATE = """
mutation ($input: CustomerCreateInput!) {
  customerCreate(input: $input) {
    customer { id }
    possibleDuplicates { who: customer { displayName } score evidence { name: field likeness } }
    userErrors { code field }
  }
}"""
UPDATE = """
mutation ($input: CustomerUpdateInput!) {
  customerUpdate(input: $input) { possibleDuplicates { customer { id } score } userErrors { code field } }
}"""
CANDIDATES = """
query ($status: DuplicateStatus, $first: Int, $after: String) {
  duplicateCandidates(status: $status, first: $first, after: $after) {
    totalCount
    nodes { id customer { displayName } other { displayName } score status evidence { of: field likeness } }
    pageInfo { hasNextPage endCursor }
  }
}"""
DISMISS = """
mutation ($input: DuplicateDismissInput!) {
  duplicateDismiss(input: $input) { dataQualityIssue { status } userErrors { code field } }
}"""
PREVIEW = """
query ($id: ID!, $merged: [ID!]!) {
  customerMergePreview(id: $id, merged: $merged) {
    canMerge conflicts { field values { customer value masked } } moved { type count }
  }
}"""


@pytest.fixture
async def known(company: Company, writer: asyncpg.Connection) -> Row:
    """A customer of the representative's in Germany."""
    made = customer(
        "Zeppelin Farben GmbH", owner=company.rep, region=company.germany, email="info@zeppelin-farben.example"
    )
    await store(writer, made)
    return made


NEW = {"kind": "ORGANIZATION", "displayName": "Zeppelin Farben", "email": "info@zeppelin-farben.example"}


async def create(graph: Asking, who: Row, **given: Any) -> Any:
    made = (await graph.data(who, CREATE, {"input": {**NEW, **given}}))["customerCreate"]
    assert made["userErrors"] == []
    return made


async def test_who_makes_a_customer_is_told_of_those_in_view_that_it_may_be(
    graph: Asking, company: Company, known: Row
) -> None:
    made = await create(graph, company.admin)
    assert made["customer"] is not None
    [found] = [each for each in made["possibleDuplicates"] if each["who"]["displayName"] == "Zeppelin Farben GmbH"]
    assert found["score"] >= 70
    assert {"name": "email", "likeness": 100} in found["evidence"]
    again = await create(graph, company.admin, validateOnly=True)
    assert again["customer"] is None
    assert {each["who"]["displayName"] for each in again["possibleDuplicates"]} == {
        "Zeppelin Farben",
        "Zeppelin Farben GmbH",
    }


async def test_hidden_customers_and_masked_fields_are_no_evidence(
    graph: Asking, company: Company, known: Row, writer: asyncpg.Connection
) -> None:
    hidden = customer("Zeppelin Farben AG", region=company.china, email="info@zeppelin-farben.example")
    others = customer("Quite Another", region=company.germany, email="info@zeppelin-farben.example")
    await store(writer, hidden, others)
    given = {"owner": company.rep.node, "region": company.germany.node}
    made = await create(graph, company.rep, **given, displayName="Zeppelin Colours", email="x@zeppelin-farben.example")
    names = {each["who"]["displayName"] for each in made["possibleDuplicates"]}
    assert "Zeppelin Farben AG" not in names
    assert "Quite Another" not in names  # whose address is masked for the representative


async def test_who_changes_a_customer_is_told_too_and_never_of_itself(
    graph: Asking, company: Company, known: Row, writer: asyncpg.Connection
) -> None:
    other = customer("Something Else", region=company.germany)
    await store(writer, other)
    changes = {"displayName": "Zeppelin Farben GmbH", "email": "info@zeppelin-farben.example"}
    asked = {"input": {"id": other.node, **changes}}
    told = (await graph.data(company.admin, UPDATE, asked))["customerUpdate"]["possibleDuplicates"]
    assert known.node in {each["customer"]["id"] for each in told}
    assert other.node not in {each["customer"]["id"] for each in told}
    assert {each["score"] for each in told if each["customer"]["id"] == known.node} == {100}


@pytest.fixture
async def pairs(company: Company, writer: asyncpg.Connection) -> list[Row]:
    """Pairs that a search found: one of which a side lies in China, and one that is no longer alike."""
    await writer.execute("DELETE FROM data_quality_issues")
    here = [customer(name, owner=company.rep, region=company.germany) for name in ("Ada", "Bert", "Cleo")]
    there = customer("Dora", region=company.china)
    evidence = {"fields": [{"field": "displayName", "likeness": 90}, {"field": "taxId", "likeness": 100}]}
    issues = [
        owned(
            models.DataQualityIssue,
            one,
            kind="DUPLICATE",
            other_customer=other,
            score=Decimal(score),
            status=status,
            evidence=evidence,
        )
        for one, other, score, status in (
            (here[0], here[1], 95, "OPEN"),
            (here[1], here[2], 80, "DISMISSED"),
            (here[2], there, 75, "OPEN"),
            (here[2], here[0], 99, "FIXED"),
        )
    ]
    missing = owned(models.DataQualityIssue, here[0], kind="MISSING", field="email", score=Decimal(99))
    await store(writer, *here, there, *issues, missing)
    return issues


async def candidates(graph: Asking, who: Row, **given: Any) -> Any:
    return (await graph.data(who, CANDIDATES, given))["duplicateCandidates"]


def told(node: Any) -> tuple[Any, ...]:
    names = (node[side] and node[side]["displayName"] for side in ("customer", "other"))
    return (*names, node["score"], node["status"], [each["of"] for each in node["evidence"]])


BOTH = ["displayName", "taxId"]
SEEN: dict[str, list[tuple[Any, ...]]] = {
    "admin": [
        ("Ada", "Bert", 95, "OPEN", BOTH),
        ("Bert", "Cleo", 80, "DISMISSED", BOTH),
        ("Cleo", "Dora", 75, "OPEN", BOTH),
    ],
    "rep": [
        ("Ada", "Bert", 95, "OPEN", []),
        ("Bert", "Cleo", 80, "DISMISSED", []),
        ("Cleo", None, 75, "OPEN", []),
    ],
    "colleague": [],
}


@pytest.mark.parametrize("name", SEEN)
async def test_pairs_are_seen_as_far_as_their_sides_are(
    graph: Asking, company: Company, pairs: list[Row], name: str
) -> None:
    found = await candidates(graph, getattr(company, name))
    assert [told(node) for node in found["nodes"]] == SEEN[name]
    assert found["totalCount"] == len(SEEN[name])


async def test_pairs_come_in_pages_and_by_status(graph: Asking, company: Company, pairs: list[Row]) -> None:
    page = await candidates(graph, company.admin, first=2)
    rest = await candidates(graph, company.admin, first=2, after=page["pageInfo"]["endCursor"])
    assert [[told(node)[2] for node in each["nodes"]] for each in (page, rest)] == [[95, 80], [75]]
    assert [each["pageInfo"]["hasNextPage"] for each in (page, rest)] == [True, False]
    for status, scores in (("OPEN", [95, 75]), ("DISMISSED", [80]), ("MERGED", [])):
        found = await candidates(graph, company.admin, status=status)
        assert [node["score"] for node in found["nodes"]] == scores


async def test_evidence_that_is_no_such_document_tells_nothing(
    graph: Asking, company: Company, pairs: list[Row], writer: asyncpg.Connection
) -> None:
    likeness = '{"fields": [{"field": "displayName", "likeness": %s}]}'
    for document in ("[]", '"x"', '{"fields": 1}', '{"fields": [1, null]}', likeness % "1e400", likeness % '"a"'):
        await writer.execute("UPDATE data_quality_issues SET evidence = $1", document)
        found = await candidates(graph, company.admin)
        assert [node["evidence"] for node in found["nodes"]] == [[], [], []]


@pytest.mark.parametrize(
    ("name", "code"), [("manager", None), ("admin", None), ("rep", "FORBIDDEN"), ("colleague", "NOT_FOUND")]
)
async def test_a_pair_is_dismissed_by_who_may(
    graph: Asking, company: Company, pairs: list[Row], writer: asyncpg.Connection, name: str, code: str | None
) -> None:
    async with watched(writer) as change:
        asked = {"input": {"id": pairs[0].node}}
        made = (await graph.data(getattr(company, name), DISMISS, asked))["duplicateDismiss"]
    if code is None:
        assert made == {"dataQualityIssue": {"status": "DISMISSED"}, "userErrors": []}
        assert [told(node)[3] for node in (await candidates(graph, company.admin, status="OPEN"))["nodes"]] == ["OPEN"]
    else:
        assert (codes(made)[-1], change.tables) == ((code, ["id"]), [])


async def test_what_is_no_pair_or_settled_is_not_dismissed(
    graph: Asking, company: Company, pairs: list[Row], writer: asyncpg.Connection
) -> None:
    of_one = owned(
        models.DataQualityIssue, Row(models.Customer, {"id": pairs[0].values["customer_id"]}), kind="STALE_FIELD"
    )
    await store(writer, of_one)
    async with watched(writer) as change:
        for issue in (of_one, pairs[3]):
            made = (await graph.data(company.admin, DISMISS, {"input": {"id": issue.node}}))["duplicateDismiss"]
            assert codes(made) == [("INVALID_STATE", None)]
    assert change.tables == []


async def preview(graph: Asking, who: Row, kept: Row, *merged: Row) -> Any:
    asked = {"id": kept.node, "merged": [each.node for each in merged]}
    return (await graph.data(who, PREVIEW, asked))["customerMergePreview"]


@pytest.fixture
async def alike(company: Company, writer: asyncpg.Connection) -> tuple[Row, Row]:
    """Two customers that differ, the second with a contact and two orders, one of them deleted."""
    kept = customer("Acme", owner=company.rep, region=company.germany, tax_id="DE111111111", tier="KEY")
    money = {"annual_revenue": Decimal("10.50"), "currency": "EUR"}
    lost = customer(
        "Acme Ltd", owner=company.manager, region=company.germany, tax_id="DE222222222", tier="KEY", **money
    )
    await store(writer, kept, lost, contact(lost), order(lost), order(lost), order(kept))
    await writer.execute("DELETE FROM unique_keys WHERE value LIKE 'DE%'")
    return kept, lost


async def test_a_preview_shows_where_customers_differ_and_what_would_move(
    graph: Asking, company: Company, alike: tuple[Row, Row]
) -> None:
    kept, lost = alike
    assert await preview(graph, company.admin, kept, lost) == {
        "canMerge": True,
        "conflicts": [
            {
                "field": field,
                "values": [
                    {"customer": kept.node, "value": one, "masked": False},
                    {"customer": lost.node, "value": other, "masked": False},
                ],
            }
            for field, one, other in (
                ("displayName", "Acme", "Acme Ltd"),
                ("taxId", "DE111111111", "DE222222222"),
                ("annualRevenue", None, {"amount": "10.5000", "currency": "EUR"}),
            )
        ],
        "moved": [{"type": "Contact", "count": 1}, {"type": "Order", "count": 2}],
    }


async def test_what_is_masked_or_hidden_stays_so_in_a_preview(
    graph: Asking, company: Company, alike: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = alike
    shown = await preview(graph, company.manager, kept, lost)
    masked = [each for each in shown["conflicts"] if each["field"] == "taxId"]
    assert all(value["masked"] and "1111" not in value["value"][:-4] for each in masked for value in each["values"])
    hidden = customer("Far", region=company.china)
    await store(writer, hidden)
    assert await preview(graph, company.manager, hidden, kept) is None
    both = await preview(graph, company.manager, kept, hidden)
    assert both == {"canMerge": False, "conflicts": [], "moved": []}
    assert (await preview(graph, company.rep, kept, lost))["canMerge"] is False


async def test_a_preview_is_of_a_few_customers(graph: Asking, company: Company, alike: tuple[Row, Row]) -> None:
    kept, lost = alike
    for merged in ([], [lost.node] * 11):
        found = await graph.faults(company.admin, PREVIEW, {"id": kept.node, "merged": merged})
        assert found == [("BAD_USER_INPUT", "merged")]
