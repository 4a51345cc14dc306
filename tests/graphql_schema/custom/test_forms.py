"""`formSchema`: what it says is what writes enforce, and it says no more than the caller may know."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.custom.scene import define
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

FORM = """
query ($entity: FormEntity!) {
  formSchema(entity: $entity) {
    entity
    fields {
      name type format label hint required requiredWhen settableOnCreate settableOnUpdate minLength maxLength pattern
      min max decimals options { value label } targets dataClass custom filterable
    }
  }
}"""
CREATE = """
mutation ($input: CustomerCreateInput!) { customerCreate(input: $input) { userErrors { code field } } }"""
UPDATE = """
mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) { userErrors { code field } } }"""
"""
"""


async def form(graph: Asking, who: Row, entity: str = "CUSTOMER", language: str = "en") -> Any:
    body = {"query": FORM, "variables": {"entity": entity}}
    headers = {**graph.bearer(who), "Accept-Language": language}
    answer = (await graph.client.post("/graphql", json=body, headers=headers)).json()
    assert list(answer) == ["data", "extensions"], answer
    return answer["data"]["formSchema"]


async def fields(graph: Asking, who: Row, entity: str = "CUSTOMER", language: str = "en") -> dict[str, Any]:
    return {field.pop("name"): field for field in (await form(graph, who, entity, language))["fields"]}


@pytest.fixture(scope="module")
async def defined(writer: asyncpg.Connection, company: Company) -> None:
    """Custom fields of every type, some of them bounded."""
    wording: dict[str, Any] = {"label": {"en": "Motto", "zh-CN": "口号"}, "hint": {"en": "Short."}}
    await define(writer, "motto", data_class="BUSINESS", pattern="[A-Z].*", min=2, max=9, filterable=True, **wording)
    await define(writer, "desks", "INTEGER", data_class="BUSINESS", min=1, max=400)
    await define(writer, "weight", "DECIMAL", data_class="BUSINESS", required=True)
    await define(writer, "fee", "MONEY", data_class="FINANCIAL", max=50)
    await define(writer, "vip", "BOOLEAN", data_class="BUSINESS", required_when={"tier": ["KEY"]})
    options = ["RED", {"value": "BLUE", "label": {"en": "Blue", "zh-CN": "蓝"}}]
    await define(writer, "colour", "CHOICE", data_class="BUSINESS", options=options)
    await define(writer, "card", data_class="IDENTITY")
    await define(writer, "hush")


async def test_a_form_says_what_a_field_takes(graph: Asking, company: Company, defined: None) -> None:
    found = await fields(graph, company.rep)
    nothing = dict.fromkeys(
        (
            "format",
            "hint",
            "requiredWhen",
            "minLength",
            "maxLength",
            "pattern",
            "min",
            "max",
            "decimals",
            "options",
            "targets",
        )
    )
    settable = {"settableOnCreate": True, "settableOnUpdate": True}
    assert found["displayName"] == {
        **nothing, **settable, "type": "TEXT", "label": "Display name", "hint": "Name shown in lists and headings.",
        "required": True, "maxLength": 200, "dataClass": "BUSINESS", "custom": False, "filterable": True,
    }  # fmt: skip
    assert found["annualRevenue"] == {
        **nothing, **settable, "type": "MONEY", "label": "Annual revenue", "hint": "Yearly revenue.", "required": False,
        "min": "0", "max": "999999999999999.9999", "decimals": 4, "dataClass": "FINANCIAL", "custom": False,
        "filterable": True,
    }  # fmt: skip
    assert (found["owner"]["type"], found["owner"]["targets"]) == ("REFERENCE", ["User"])
    assert (found["email"]["format"], found["email"]["maxLength"]) == ("EmailAddress", 320)
    assert found["motto"] == {
        **nothing, **settable, "type": "TEXT", "label": "Motto", "hint": "Short.", "required": False, "minLength": 2,
        "maxLength": 9, "pattern": "[A-Z].*", "dataClass": "BUSINESS", "custom": True, "filterable": True,
    }  # fmt: skip
    assert found["vip"]["requiredWhen"] == {"tier": ["KEY"]}
    assert [found["fee"][name] for name in ("min", "max", "decimals")] == ["0", "50", 6]
    assert [found["desks"][name] for name in ("min", "max", "decimals")] == ["1", "400", 0]
    assert [found["weight"][name] for name in ("min", "max")] == ["-999999999999999999", "999999999999999999"]
    assert list(found)[-6:] == ["colour", "desks", "fee", "motto", "vip", "weight"]


async def test_labels_are_in_the_language_of_the_caller(graph: Asking, company: Company, defined: None) -> None:
    found = await fields(graph, company.rep, language="zh-CN")
    assert [found[name]["label"] for name in ("displayName", "owner", "motto", "desks")] == [
        "显示名称",
        "负责人",
        "口号",
        "desks",
    ]
    assert found["kind"]["options"] == [
        {"value": "INDIVIDUAL", "label": "个人"},
        {"value": "ORGANIZATION", "label": "组织"},
    ]
    assert found["colour"]["options"] == [{"value": "RED", "label": "RED"}, {"value": "BLUE", "label": "蓝"}]
    english = await fields(graph, company.rep)
    assert english["kind"]["options"][0] == {"value": "INDIVIDUAL", "label": "Individual"}


@pytest.mark.parametrize(
    ("who", "custom"),
    [
        ("admin", ["card", "colour", "desks", "fee", "motto", "vip", "weight"]),
        ("rep", ["colour", "desks", "fee", "motto", "vip", "weight"]),
        ("auditor", ["card", "colour", "desks", "fee", "motto", "vip", "weight"]),
        ("marketer", ["colour", "desks", "motto", "vip", "weight"]),
        ("partner", []),
    ],
)
async def test_a_form_reflects_what_the_caller_may_know_and_do(
    graph: Asking, company: Company, defined: None, who: str, custom: list[str]
) -> None:
    found = await fields(graph, getattr(company, who))
    assert [name for name, field in found.items() if field["custom"]] == custom
    sets = {name for name, field in found.items() if field["settableOnCreate"] or field["settableOnUpdate"]}
    assert bool(sets) is (who in ("admin", "rep"))
    assert ("taxId" in found) is (who in ("admin", "auditor"))


async def test_who_sees_no_record_of_a_type_gets_no_form(graph: Asking, company: Company, defined: None) -> None:
    assert await form(graph, company.nobody) is None
    assert await form(graph, company.marketer, "ORDER") is None
    answer = (await graph.post(company.partner, FORM, {"entity": "TICKET"})).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_form_is_one_statement_and_touches_no_record(graph: Asking, company: Company, defined: None) -> None:
    before = graph.engine.statements
    await fields(graph, company.rep)
    await fields(graph, company.rep)
    assert graph.engine.statements == before + 2
    plans = [known.plan.sql for known in graph.engine._plans.values()]
    assert plans
    assert [sql for sql in plans if "customers" in sql] == []


VALUES: dict[str, Any] = {
    "TEXT": "Abc",
    "INTEGER": 7,
    "DECIMAL": "7.5",
    "MONEY": {"amount": "7.5", "currency": "EUR"},
    "BOOLEAN": True,
    "DATE": "2020-02-29",
    "TIME": "2026-01-31T12:00:00Z",
}
FORMED: dict[str, Any] = {
    "EmailAddress": "ann@example.com",
    "PhoneNumber": "+4930123456",
    "CurrencyCode": "EUR",
    "CountryCode": "DE",
}
OWN: dict[str, Any] = {"industryCode": "C10", "locale": "de-DE", "timeZone": "Europe/Berlin", "categoryPath": "/a/"}
"""Values of customers' fields whose form is not told."""


def good(name: str, field: Any, company: Company) -> Any:
    """A value that a form says can be taken."""
    if field["targets"]:
        return {"owner": company.rep, "region": company.germany, "department": company.sales}[name].node
    if field["options"]:
        return field["options"][0]["value"]
    return OWN.get(name) or FORMED.get(field["format"]) or VALUES[field["type"]]


def bad(field: Any) -> Iterator[Any]:
    """Values that a form says cannot be taken."""
    wrap = (
        (lambda amount: {"amount": amount, "currency": "EUR"}) if field["type"] == "MONEY" else (lambda amount: amount)
    )
    number = int if field["type"] == "INTEGER" else str
    if field["min"] is not None:
        yield wrap(number(Decimal(field["min"]) - 1))
    if field["max"] is not None:
        yield wrap(number(Decimal(field["max"]) + 1))
    if field["decimals"]:
        yield wrap("1." + "0" * field["decimals"] + "1")
    if field["maxLength"] is not None and field["format"] is None:
        yield "A" * (field["maxLength"] + 1)
    if field["minLength"]:
        yield "A" * (field["minLength"] - 1)
    if field["pattern"]:
        yield "abc"
    if field["custom"] and field["options"]:
        yield "none of them"


async def test_what_a_form_says_is_what_writes_enforce(
    graph: Asking, company: Company, defined: None, writer: asyncpg.Connection
) -> None:
    mine = customer("Mine", owner=company.admin, region=company.germany)
    await store(writer, mine)
    known = await fields(graph, company.admin)
    base: dict[str, Any] = {
        "kind": "ORGANIZATION",
        "displayName": "Acme",
        "customFields": {"weight": "1"},
        "validateOnly": True,
    }

    async def tried(verb: str, name: str, value: Any) -> set[str]:
        """The codes of what is wrong with a value of a field."""
        custom = known[name]["custom"]
        given = {"customFields": {**base["customFields"], name: value}} if custom else {name: value}
        place = ["customFields", name] if custom else [name]
        more = base if verb == "Create" else {"id": mine.node, "validateOnly": True}
        query = {"Create": CREATE, "Update": UPDATE}[verb]
        found = await graph.ask(company.admin, query, {"input": {**more, **given}})
        errors = found["data"][f"customer{verb}"]["userErrors"]
        return {error["code"] for error in errors if error["field"] == place}

    persons = {"givenName", "familyName", "birthDate"}
    tries = 0
    for name, field in known.items():
        for verb, settable in (("Create", field["settableOnCreate"]), ("Update", field["settableOnUpdate"])):
            if not settable:
                continue
            tries += 1
            wrong = await tried(verb, name, good(name, field, company))
            assert wrong == ({"INVALID"} if name in persons else set()), (name, verb)
            for value in bad(field):
                assert await tried(verb, name, value) == {"INVALID"}, (name, value)
        if field["required"]:
            assert await tried("Create", name, None) == {"REQUIRED"}, name
    assert tries == 60
    needed = {name for name, field in known.items() if field["required"]}
    assert needed == {"kind", "displayName", "weight"}


async def test_what_a_form_says_cannot_be_set_is_forbidden(graph: Asking, company: Company, defined: None) -> None:
    known = await fields(graph, company.rep)
    everything = await fields(graph, company.admin)
    given = {"kind": "ORGANIZATION", "displayName": "Acme", "owner": company.rep.node, "region": company.germany.node}
    shut = [name for name in everything if not known.get(name, {"settableOnCreate": False})["settableOnCreate"]]
    shut = [name for name in shut if everything[name]["settableOnCreate"]]
    assert shut == ["birthDate", "taxId", "card"]
    for name in shut:
        value = good(name, everything[name], company)
        more = {"customFields": {"weight": "1", name: value}} if everything[name]["custom"] else {name: value}
        found = await graph.data(company.rep, CREATE, {"input": {"customFields": {"weight": "1"}, **given, **more}})
        place = ["customFields", name] if everything[name]["custom"] else [name]
        assert found["customerCreate"]["userErrors"] == [{"code": "FORBIDDEN", "field": place}]
