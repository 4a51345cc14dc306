"""Custom fields written: judged by their definitions, granted by their data classes, keys merged."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.custom.scene import define, held, hold
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

UPDATE = """
mutation ($input: CustomerUpdateInput!) {
  customerUpdate(input: $input) {
    customer { version customFields { key value } }
    userErrors { code field message params }
  }
}"""
CREATE = """
mutation ($input: CustomerCreateInput!) {
  customerCreate(input: $input) { customer { id customFields { key value } } userErrors { code field } }
}"""


@pytest.fixture(scope="module")
async def defined(writer: asyncpg.Connection, company: Company) -> None:
    """Custom fields of every type."""
    business = {"data_class": "BUSINESS"}
    await define(writer, "motto", "TEXT", **business, pattern="^[A-Z][a-z ]*$", min=3, max=10)
    await define(writer, "desks", "INTEGER", **business, min=0, max=400)
    await define(writer, "weight", "DECIMAL", **business, max=100)
    await define(writer, "vip", "BOOLEAN", **business)
    await define(writer, "since", "DATE", **business)
    await define(writer, "seen", "TIME", **business)
    await define(writer, "colour", "CHOICE", **business, options=["RED", {"value": "BLUE", "label": {"en": "Blue"}}])
    await define(writer, "tags", "CHOICES", **business, options=["RED", "BLUE"])
    await define(writer, "fee", "MONEY", data_class="FINANCIAL")
    await define(writer, "card", "TEXT", data_class="IDENTITY")
    await define(writer, "hush", "TEXT")
    await define(writer, "reason", "TEXT", **business, required_when={"lifecycleStage": ["CHURNED", "FORMER"]})


@pytest.fixture
async def acme(writer: asyncpg.Connection, company: Company, defined: None) -> Row:
    """A customer of the rep's."""
    found = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, found)
    await hold(writer, found, card=("IDENTITY", "0815"), desks=("BUSINESS", 7))
    return found


async def update(graph: Asking, who: Row, of: Row, fields: Any, **more: Any) -> Any:
    given = {"id": of.node, "customFields": fields, **more}
    return (await graph.data(who, UPDATE, {"input": given}))["customerUpdate"]


@pytest.mark.parametrize(
    ("key", "given", "stored"),
    [
        ("motto", "  Ever\tonward ", None),
        ("motto", " Onward  ", "Onward"),
        ("desks", 12, 12),
        ("weight", "12.50", "12.50"),
        ("weight", 12.5, "12.5"),
        ("weight", 7, "7"),
        ("vip", False, False),
        ("since", "2020-02-29", "2020-02-29"),
        ("seen", "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00.000000+00:00"),
        ("colour", "BLUE", "BLUE"),
        ("tags", ["BLUE", "RED", "BLUE"], ["RED", "BLUE"]),
        ("fee", {"amount": "12.50", "currency": "eur"}, {"amount": "12.50", "currency": "EUR"}),
    ],
)
async def test_values_are_stored_in_one_form(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection, key: str, given: Any, stored: Any
) -> None:
    found = await update(graph, company.rep, acme, {key: given})
    if stored is None:
        assert codes(found) == [("INVALID", ["customFields", key])]
        return
    assert found["userErrors"] == []
    assert {"key": key, "value": stored} in found["customer"]["customFields"]
    assert found["customer"]["version"] == 2


@pytest.mark.parametrize(
    ("key", "given", "reason"),
    [
        ("motto", "On", "Must have at least 3 characters."),
        ("motto", "Onward and up", "Must have at most 10 characters."),
        ("motto", "onward", "Has not the form that is asked for."),
        ("motto", 7, "Must be a text."),
        ("desks", 401, "Must be at most 400."),
        ("desks", -1, "Must be at least 0."),
        ("desks", "7", "Must be a whole number."),
        ("desks", 7.5, "Must be a whole number."),
        ("desks", True, "Must be a whole number."),
        ("weight", "100.01", "Must be at most 100."),
        ("weight", "1.0000001", "Must have at most 6 decimals."),
        ("weight", "NaN", "Must be a number."),
        ("weight", "1e3", "Must be a number."),
        ("vip", "yes", "Must be true or false."),
        ("since", "2021-02-29", "Must be a day, such as 2026-01-31."),
        ("since", "0001-01-01", "Must lie between Jan 2, 1 and Dec 30, 9999."),
        ("seen", "2026-01-31", "Must be a time, such as 2026-01-31T12:00:00Z."),
        ("colour", "GREEN", "Must be RED or BLUE."),
        ("tags", ["RED", "GREEN"], "Must be RED or BLUE."),
        ("tags", "RED", "Must be a list."),
        ("fee", {"amount": "1"}, "Must be an amount with its currency."),
        ("fee", {"amount": "-1", "currency": "EUR"}, "Must be at least 0."),
        ("fee", {"amount": "1", "currency": "QQQ"}, "Is no currency, such as EUR (ISO 4217)."),
        ("unknown", 1, "There is no such field."),
        ("", None, "There is no such field."),
    ],
)
async def test_what_is_no_value_is_told_at_its_key(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection, key: str, given: Any, reason: str
) -> None:
    async with watched(writer) as change:
        found = await update(graph, company.rep, acme, {key: given})
    assert [(error["field"], error["message"]) for error in found["userErrors"]] == [(["customFields", key], reason)]
    assert found["userErrors"][0]["code"] == "INVALID"
    assert change.tables == []


async def test_all_mistakes_are_told_at_once_in_the_language_of_the_caller(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    given = {"desks": 401, "card": "1", "hush": "1", "unknown": 1, "colour": "RED"}
    body = {"query": UPDATE, "variables": {"input": {"id": acme.node, "email": "nobody", "customFields": given}}}
    headers = {**graph.bearer(company.rep), "Accept-Language": "zh-CN"}
    async with watched(writer) as change:
        found = (await graph.client.post("/graphql", json=body, headers=headers)).json()["data"]["customerUpdate"]
    assert sorted((error["code"], error["field"][-1]) for error in found["userErrors"]) == [
        ("FORBIDDEN", "card"),
        ("FORBIDDEN", "hush"),
        ("INVALID", "desks"),
        ("INVALID", "email"),
        ("INVALID", "unknown"),
    ]
    assert "不得大于 400。" in {error["message"] for error in found["userErrors"]}
    assert change.tables == []


async def test_keys_are_merged_and_null_clears(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    await update(graph, company.rep, acme, {"motto": "Onward", "fee": {"amount": "1", "currency": "EUR"}})
    fee = {"amount": "1", "currency": "EUR"}
    identity = {"card": "0815"}
    assert await held(writer, acme) == {
        "custom_business": {"desks": 7, "motto": "Onward"},
        "custom_financial": {"fee": fee},
        "custom_identity": identity,
    }
    await update(graph, company.rep, acme, {"desks": None, "fee": None})
    assert await held(writer, acme) == {"custom_business": {"motto": "Onward"}, "custom_identity": identity}
    await update(graph, company.rep, acme, {})
    assert await held(writer, acme) == {"custom_business": {"motto": "Onward"}, "custom_identity": identity}
    await update(graph, company.rep, acme, None)
    assert await held(writer, acme) == {"custom_identity": identity}


async def test_a_change_leaves_an_event_and_nothing_else_does(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    await update(graph, company.rep, acme, {"desks": 7})
    events = "SELECT changed FROM change_events WHERE entity_id = $1 ORDER BY seq"
    assert await writer.fetch(events, acme.key) == []
    await update(graph, company.rep, acme, {"desks": 8})
    [event] = await writer.fetch(events, acme.key)
    assert json.loads(event["changed"]) == {"customBusiness": [{"desks": 7}, {"desks": 8}]}


@pytest.mark.parametrize(
    ("who", "key", "value", "errors"),
    [
        ("admin", "card", "1", []),
        ("manager", "desks", 1, []),
        ("manager", "card", "1", [("FORBIDDEN", ["customFields", "card"])]),
        ("colleague", "desks", 1, [("NOT_FOUND", ["id"])]),
        ("finance", "desks", 1, [("FORBIDDEN", ["customFields", "desks"]), ("FORBIDDEN", ["id"])]),
        ("auditor", "desks", 1, [("FORBIDDEN", ["customFields", "desks"]), ("FORBIDDEN", ["id"])]),
        ("admin", "hush", "1", [("FORBIDDEN", ["customFields", "hush"])]),
    ],
)
async def test_who_may_set_what(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection, who: str, key: str, value: Any, errors: Any
) -> None:
    async with watched(writer) as change:
        found = await update(graph, getattr(company, who), acme, {key: value})
    assert codes(found) == errors
    assert bool(change.tables) is not bool(errors)


async def test_on_rows_of_others_a_rep_sets_nothing(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    other = customer("Other", owner=company.manager, region=company.germany)
    await store(writer, other)
    async with watched(writer) as change:
        found = await update(graph, company.rep, other, {"desks": 1, "motto": "Onward"})
    assert codes(found) == [("FORBIDDEN", ["customFields", "desks"]), ("FORBIDDEN", ["customFields", "motto"])]
    assert change.tables == []


async def test_what_must_be_given_with_a_value_of_another_field(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    needed = [("REQUIRED", ["customFields", "reason"])]
    assert codes(await update(graph, company.rep, acme, {}, lifecycleStage="CHURNED")) == needed
    assert codes(await update(graph, company.rep, acme, {"reason": None}, lifecycleStage="CHURNED")) == needed
    assert codes(await update(graph, company.rep, acme, {"reason": "Gone"}, lifecycleStage="CHURNED")) == []
    assert codes(await update(graph, company.rep, acme, {"reason": None})) == needed
    assert codes(await update(graph, company.rep, acme, {"reason": None}, lifecycleStage="ACTIVE")) == []
    assert codes(await update(graph, company.finance, acme, {}, lifecycleStage="CHURNED")) == [
        ("FORBIDDEN", ["lifecycleStage"])
    ]


async def test_a_new_customer_lacks_nothing_that_is_required(
    graph: Asking, company: Company, defined: None, writer: asyncpg.Connection
) -> None:
    await define(writer, "needed", "TEXT", data_class="BUSINESS", required=True)
    await define(writer, "others", "TEXT", data_class="IDENTITY", required=True)
    given = {"kind": "ORGANIZATION", "displayName": "New", "owner": company.rep.node, "region": company.germany.node}

    async def create(who: Row, **more: Any) -> Any:
        return (await graph.data(who, CREATE, {"input": {**given, **more}}))["customerCreate"]

    try:
        async with watched(writer) as change:
            assert codes(await create(company.rep)) == [("REQUIRED", ["customFields", "needed"])]
            assert codes(await create(company.rep, customFields={"needed": " "})) == [
                ("REQUIRED", ["customFields", "needed"])
            ]
            assert codes(await create(company.admin, customFields={"needed": "x"})) == [
                ("REQUIRED", ["customFields", "others"])
            ]
        assert change.tables == []
        made = await create(company.rep, customFields={"needed": "x"})
        assert (made["userErrors"], made["customer"]["customFields"]) == ([], [{"key": "needed", "value": "x"}])
    finally:
        await writer.execute("DELETE FROM field_definitions WHERE key IN ('needed', 'others')")


async def test_bulk_upsert_takes_them_too(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    query = """
    mutation ($inputs: [CustomerUpsertInput!]!) {
      customerBulkUpsert(input: {inputs: $inputs, errorPolicy: REJECT_FAILED}) {
        results { customer { customFields(keys: ["desks"]) { value } } userErrors { code field } } userErrors { code }
      }
    }"""
    inputs = [{"id": acme.node, "customFields": {"desks": 9}}, {"id": acme.node, "customFields": {"desks": 999}}]
    found = (await graph.data(company.rep, query, {"inputs": inputs}))["customerBulkUpsert"]
    assert [result["customer"] for result in found["results"]] == [{"customFields": [{"value": 9}]}, None]
    assert codes(found["results"][1]) == [("INVALID", ["inputs", "1", "customFields", "desks"])]


async def test_a_conflict_names_them_as_the_caller_does(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    found = await update(graph, company.rep, acme, {"desks": 8}, expectedVersion=9)
    assert codes(found) == [("CONFLICT", ["expectedVersion"])]
    assert found["userErrors"][0]["params"] == {"current": 1, "fields": ["customFields"]}


async def test_only_an_object_of_few_keys_is_taken(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    wrong: list[Any] = [[], "x", 7, {f"k{i}": 1 for i in range(201)}]
    for given in wrong:
        assert codes(await update(graph, company.rep, acme, given)) == [("INVALID", ["customFields"])]
