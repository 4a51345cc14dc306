"""Custom fields as each role sees them, under their data classes, and as their definitions are at the moment."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.custom.scene import define, hold
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

READ = """
query ($id: ID!, $keys: [String!]) {
  customer(id: $id) { customFields(keys: $keys) { key label type value } }
}"""


@pytest.fixture(scope="module")
async def acme(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the rep's, who lies in Germany."""
    found = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, found)
    wording = {"en": "Number of desks", "zh-CN": "工位数量"}
    await define(writer, "desks", "INTEGER", data_class="BUSINESS", label=wording)
    await define(writer, "fee", "MONEY", data_class="FINANCIAL", label={"zh-CN": "年费"})
    await define(writer, "language", "CHOICE", data_class="PUBLIC", options=["de", "en"])
    await define(writer, "card", "TEXT", data_class="IDENTITY")
    await define(writer, "nobodys", "TEXT")
    await define(writer, "nick", "TEXT", data_class="CONTACT", label={"en": "Nickname"})
    await define(writer, "empty", "TEXT", data_class="BUSINESS")
    await hold(
        writer,
        found,
        desks=("BUSINESS", 12),
        fee=("FINANCIAL", {"amount": "12.50", "currency": "EUR"}),
        language=("PUBLIC", "de"),
        card=("IDENTITY", "0815"),
        nobodys=(None, "hush"),
        nick=("CONTACT", "Acky"),
        undefined=("BUSINESS", "of no definition"),
    )
    return found


async def keys(graph: Asking, who: Row, of: Row, only: list[str] | None = None) -> list[str] | None:
    """The keys that somebody sees of a customer; None for who sees no customer, or no custom fields."""
    found = await graph.data(who, READ, {"id": of.node, "keys": only})
    fields = (found["customer"] or {}).get("customFields")
    return None if fields is None else [field["key"] for field in fields]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("admin", ["card", "desks", "fee", "language", "nick"]),
        ("rep", ["desks", "fee", "language", "nick"]),
        ("manager", ["desks", "fee", "language", "nick"]),
        ("finance", ["desks", "fee", "language"]),
        ("auditor", ["desks", "fee", "language"]),
        ("agent", ["desks", "language", "nick"]),
        ("marketer", ["desks", "language"]),
        ("colleague", None),
        ("nobody", None),
    ],
)
async def test_a_role_sees_the_custom_fields_of_the_classes_that_it_reads(
    graph: Asking, company: Company, acme: Row, who: str, seen: list[str] | None
) -> None:
    assert await keys(graph, getattr(company, who), acme) == seen


async def test_entries_are_typed_and_named_in_the_language_of_the_caller(
    graph: Asking, company: Company, acme: Row
) -> None:
    body = {"query": READ, "variables": {"id": acme.node, "keys": ["nick", "desks", "fee", "empty", "undefined"]}}
    answers: dict[str, Any] = {}
    for language in ("en", "zh-CN"):
        headers = {**graph.bearer(company.rep), "Accept-Language": language}
        answers[language] = (await graph.client.post("/graphql", json=body, headers=headers)).json()["data"]["customer"]
    assert answers["en"]["customFields"] == [
        {"key": "desks", "label": "Number of desks", "type": "INTEGER", "value": 12},
        {"key": "fee", "label": "fee", "type": "MONEY", "value": {"amount": "12.50", "currency": "EUR"}},
        {"key": "nick", "label": "Nickname", "type": "TEXT", "value": "Acky"},
    ]
    assert [field["label"] for field in answers["zh-CN"]["customFields"]] == ["工位数量", "年费", "Nickname"]


async def test_on_rows_of_others_a_rep_sees_less(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection
) -> None:
    other = customer("Other", owner=company.manager, region=company.germany)
    await store(writer, other)
    await hold(writer, other, nick=("CONTACT", "Oth"), desks=("BUSINESS", 3))
    assert await keys(graph, company.rep, other) == ["desks"]


async def test_all_of_it_is_one_statement(graph: Asking, company: Company, acme: Row) -> None:
    before = graph.engine.statements
    await graph.data(company.rep, "{ customers { nodes { customFields { key value } } } }")
    assert graph.engine.statements == before + 1


async def test_too_many_keys_are_refused(graph: Asking, company: Company, acme: Row) -> None:
    asked = {"id": acme.node, "keys": ["a"] * 101}
    assert await graph.faults(company.rep, READ, asked) == [("BAD_USER_INPUT", "customFields.keys")]


async def test_a_partner_whose_schema_has_no_definitions_has_no_custom_fields(
    graph: Asking, company: Company, acme: Row
) -> None:
    answer = (await graph.post(company.partner, READ, {"id": acme.node})).json()
    assert "customFields" in answer["errors"][0]["message"]
    assert "data" not in answer


@pytest.mark.parametrize("statement", ["UPDATE field_definitions SET deleted_at = now() WHERE key = 'desks'"])
async def test_a_definition_that_goes_takes_its_field_along_at_once(
    graph: Asking, company: Company, acme: Row, writer: asyncpg.Connection, statement: str
) -> None:
    assert await keys(graph, company.rep, acme, ["desks"]) == ["desks"]
    await writer.execute(statement)
    assert await keys(graph, company.rep, acme, ["desks"]) == []
    await writer.execute("UPDATE field_definitions SET deleted_at = NULL WHERE key = 'desks'")
    assert await keys(graph, company.rep, acme, ["desks"]) == ["desks"]
