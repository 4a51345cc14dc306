"""Definitions written: what they say makes sense, and what is stored follows them at once."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.custom.scene import define, held, hold
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

WRITE = """
mutation ($input: FieldDefinition%sInput!) {
  fieldDefinition%s(input: $input) { fieldDefinition { id key dataClass } userErrors { code field message } }
}"""
READ = """query ($id: ID!) { customer(id: $id) { customFields { key value } } }"""


async def write(graph: Asking, who: Row, verb: str, **given: Any) -> Any:
    found = await graph.data(who, WRITE % (verb, verb), {"input": given})
    return found[f"fieldDefinition{verb}"]


def text(**more: Any) -> dict[str, Any]:
    return {"entity": "Customer", "key": "motto", "dataType": "TEXT", "isCustom": True, "dataClass": "BUSINESS", **more}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (text(key="Motto"), "key"),
        (text(key="my motto"), "key"),
        (text(key="m" * 64), "key"),
        (text(entity="Order"), "entity"),
        (text(entity="Nothing"), "entity"),
        (text(dataType="REFERENCE"), "dataType"),
        (text(pattern="(a"), "pattern"),
        (text(pattern="(?=a)b"), "pattern"),
        (text(pattern=r"(a)\1"), "pattern"),
        (text(pattern="((a{200}){200}){200}"), "pattern"),
        (text(dataType="INTEGER", pattern="1"), "pattern"),
        (text(min="3", max="2"), "min"),
        (text(max="1001"), "max"),
        (text(min="0.5"), "min"),
        (text(dataType="BOOLEAN", min="1"), "min"),
        (text(dataType="CHOICE"), "options"),
        (text(dataType="CHOICE", options=[]), "options"),
        (text(dataType="CHOICE", options=["a", "a"]), "options"),
        (text(dataType="CHOICE", options=["a", 7]), "options"),
        (text(dataType="CHOICE", options=[{"value": "a", "label": "A"}]), "options"),
        (text(options=["a"]), "options"),
        (text(label={}), "label"),
        (text(label={"en": 7}), "label"),
        (text(hint={"en": ""}), "hint"),
        (text(dataType="MONEY", filterable=True), "filterable"),
        (text(encrypted=True), "encrypted"),
        (text(requiredWhen={"lifecycleStage": ["GONE"]}), "requiredWhen"),
        (text(requiredWhen={"displayName": ["A"]}), "requiredWhen"),
        (text(requiredWhen={"unknown": ["A"]}), "requiredWhen"),
        (text(requiredWhen={"tier": []}), "requiredWhen"),
        (text(requiredWhen={}), "requiredWhen"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(
    graph: Asking, company: Company, writer: asyncpg.Connection, given: Any, place: str
) -> None:
    async with watched(writer) as change:
        found = await write(graph, company.admin, "Create", **given)
    assert [error["field"] for error in found["userErrors"]] == [[place]]
    assert change.tables == []


async def test_what_makes_sense_is_taken_and_used_at_once(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    acme = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, acme)
    said = {"label": {"en": "Motto", "zh-CN": "口号"}, "pattern": "[A-Z].*", "min": "2", "max": "20", "required": True}
    found = await write(graph, company.admin, "Create", **text(**said, requiredWhen={"legalHold": [True]}))
    assert found["userErrors"] == []
    update = "mutation ($i: CustomerUpdateInput!) { customerUpdate(input: $i) { userErrors { code } } }"
    for value, wrong in (("onward", [{"code": "INVALID"}]), ("Onward", [])):
        given = {"id": acme.node, "customFields": {"motto": value}}
        assert (await graph.data(company.rep, update, {"i": given}))["customerUpdate"]["userErrors"] == wrong
    assert (await graph.data(company.rep, READ, {"id": acme.node}))["customer"]["customFields"] == [
        {"key": "motto", "value": "Onward"}
    ]


@pytest.mark.parametrize("who", ["rep", "manager", "auditor", "colleague"])
async def test_nobody_else_defines_fields(
    graph: Asking, company: Company, writer: asyncpg.Connection, who: str
) -> None:
    async with watched(writer) as change:
        found = await write(graph, getattr(company, who), "Create", **text(key="sneaked"))
    assert {error["code"] for error in found["userErrors"]} == {"FORBIDDEN"}
    assert change.tables == []


async def test_a_change_of_class_moves_what_is_stored_at_once(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    acme, gone = (customer(name, owner=company.rep, region=company.germany) for name in ("Acme", "Gone"))
    await store(writer, acme, gone)
    node = await define(writer, "badge", data_class="BUSINESS")
    for each in (acme, gone):
        await hold(writer, each, badge=("BUSINESS", "7"))
    await hold(writer, acme, other=("IDENTITY", "1"))
    await writer.execute("UPDATE customers SET deleted_at = now() WHERE id = $1", gone.key)

    async def seen(who: Row) -> list[Any]:
        found = await graph.data(who, READ, {"id": acme.node})
        return [field for field in found["customer"]["customFields"] if field["key"] == "badge"]

    assert await seen(company.rep) == [{"key": "badge", "value": "7"}]
    found = await write(graph, company.admin, "Update", id=node, dataClass="IDENTITY")
    assert found["userErrors"] == []
    assert (await seen(company.rep), await seen(company.manager)) == ([], [])
    assert await seen(company.admin) == [{"key": "badge", "value": "7"}]
    assert await held(writer, acme) == {"custom_identity": {"badge": "7", "other": "1"}}
    assert await held(writer, gone) == {"custom_identity": {"badge": "7"}}
    await write(graph, company.admin, "Update", id=node, dataClass=None)
    assert await seen(company.admin) == []
    assert await held(writer, acme) == {"custom": {"badge": "7"}, "custom_identity": {"other": "1"}}
    await write(graph, company.admin, "Update", id=node, dataClass="CONTACT")
    assert await seen(company.rep) == [{"key": "badge", "value": "7"}]
    assert await held(writer, acme) == {"custom_contact": {"badge": "7"}, "custom_identity": {"other": "1"}}


@pytest.mark.parametrize(
    ("change", "place"),
    [({"dataType": "INTEGER"}, "dataType"), ({"key": "renamed"}, "key"), ({"isCustom": False}, "isCustom")],
    ids=str,
)
async def test_what_has_values_keeps_its_meaning(
    graph: Asking, company: Company, writer: asyncpg.Connection, change: Any, place: str
) -> None:
    acme = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, acme)
    key = f"kept{place}"
    node = await define(writer, key, data_class="SENSITIVE")
    assert codes(await write(graph, company.admin, "Update", id=node, **change)) == []
    back = {"dataType": "TEXT", "key": key, "isCustom": True}
    assert codes(await write(graph, company.admin, "Update", id=node, **back)) == []
    await hold(writer, acme, **{key: ("SENSITIVE", "x")})
    async with watched(writer) as watch:
        found = await write(graph, company.admin, "Update", id=node, **change)
    assert codes(found) == [("INVALID_STATE", [place])]
    assert watch.tables == []


async def test_what_is_deleted_comes_back_with_its_values(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    acme = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, acme)
    node = await define(writer, "passing", data_class="BUSINESS")
    await hold(writer, acme, passing=("BUSINESS", "x"))
    delete = "mutation ($id: ID!) { fieldDefinition%s(input: {id: $id}) { userErrors { code } } }"
    seen = []
    for verb in ("Delete", "Restore"):
        await graph.data(company.admin, delete % verb, {"id": node})
        seen.append((await graph.data(company.rep, READ, {"id": acme.node}))["customer"]["customFields"])
    assert seen == [[], [{"key": "passing", "value": "x"}]]
