"""What is masked, withheld, refused and hidden, seen through the API."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import orjson
import pytest

from app import models
from graphql_schema.types import GRAPH
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import (
    Row,
    assign,
    contact,
    customer,
    opportunity,
    order,
    product,
    row,
    stage,
    store,
    ticket,
    user,
)
from tests.graphql_schema.tailoring.test_laws import access_of
from tests.http.asking import Asking, faults_of

ROLES = ["admin", "manager", "rep", "colleague", "agent", "marketer", "finance", "auditor", "nobody"]


@dataclass(frozen=True)
class Rows:
    """A full and an empty customer of the representative's, and a full one of nobody's, all German."""

    own: Row
    bare: Row
    other: Row
    french: Row


FULL: dict[str, Any] = {
    "email": "adalovelace@example.com",
    "phone": "+4930123456789",
    "tax_id": "DE-123456789",
    "annual_revenue": Decimal("1000.50"),
    "currency": "EUR",
    "fx_rate": Decimal(1),
    "fx_date": dt.date(2026, 1, 1),
}


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    here = {"region": company.germany, "department": company.service}
    own = customer("own", owner=company.rep, **here, **FULL)
    bare = customer("bare", owner=company.rep, **here)
    other = customer("other", **here, **FULL)
    french = customer("french", region=company.france, **FULL)
    at = stage()
    await store(writer, own, bare, other, french, at, product("p", list_price=Decimal(5), currency="EUR"))
    for of in (own, other):
        await store(writer, opportunity(of, at, amount=Decimal(7), currency="EUR"), contact(of), order(of), ticket(of))
    return Rows(own, bare, other, french)


SHOWN = "email phone taxId birthDate annualRevenue { amount currency base } fxRate currency displayName"
PLAIN: dict[str, Any] = {
    "email": "adalovelace@example.com",
    "phone": "+4930123456789",
    "taxId": "DE-123456789",
    "birthDate": None,
    "annualRevenue": {"amount": "1000.5000", "currency": "EUR", "base": "1000.5000"},
    "fxRate": "1.00000000",
    "currency": "EUR",
    "displayName": "other",
}
MASKED_EMAIL, MASKED_PHONE = "a•••@example.com", "+49•••89"
NO_MONEY = {"annualRevenue": None, "fxRate": None}
NO_IDENTITY = {"taxId": None, "birthDate": None}
NO_CONTACT = {"email": None, "phone": None}
MONEY = ["annualRevenue", "fxRate", "fxDate"]

SEEN: dict[str, tuple[dict[str, Any], list[str], list[str]] | None] = {
    "admin": (PLAIN, [], []),
    "manager": (
        PLAIN | {"taxId": "•••6789"},
        ["birthDate", "taxId"],
        [],
    ),
    "rep": (
        PLAIN | NO_MONEY | NO_IDENTITY | {"email": MASKED_EMAIL, "phone": MASKED_PHONE},
        ["email", "phone"],
        ["birthDate", "taxId", *MONEY],
    ),
    "colleague": None,
    "agent": (PLAIN | NO_MONEY | NO_IDENTITY, [], ["birthDate", "taxId", *MONEY]),
    "marketer": (
        PLAIN | NO_MONEY | NO_IDENTITY | NO_CONTACT | {"email": "example.com"},
        ["email"],
        ["phone", "birthDate", "taxId", *MONEY],
    ),
    "finance": (
        PLAIN | {"birthDate": None, "email": MASKED_EMAIL, "phone": MASKED_PHONE},
        ["email", "phone"],
        ["birthDate"],
    ),
    "auditor": (
        PLAIN | {"email": MASKED_EMAIL, "phone": MASKED_PHONE, "taxId": "•••6789"},
        ["email", "phone", "birthDate", "taxId"],
        [],
    ),
    "nobody": None,
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("filled", [True, False])
async def test_masked_and_withheld_are_told_by_grounds_whatever_the_values(
    graph: Asking, company: Company, rows: Rows, writer: asyncpg.Connection, role: str, *, filled: bool
) -> None:
    wanted = rows.other
    if not filled:
        wanted = customer("other", region=company.germany, department=company.service)
        await store(writer, wanted)
    query = f"query($id: ID!) {{ customer(id: $id) {{ {SHOWN} access {{ masked withheld }} }} }}"
    found = (await graph.data(getattr(company, role), query, {"id": wanted.node}))["customer"]
    if SEEN[role] is None:
        assert found is None
        return
    values, masked, withheld = SEEN[role] or ({}, [], [])
    told = found.pop("access")
    assert (sorted(told["masked"]), sorted(told["withheld"])) == (sorted(masked), sorted(withheld))
    assert found == (values if filled else dict.fromkeys(values) | {"displayName": "other"})


async def test_grounds_differ_from_row_to_row(graph: Asking, company: Company, rows: Rows) -> None:
    query = (
        f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...on Customer {{ {SHOWN} access {{ masked withheld }} }} }} }}"
    )
    ids = [rows.own.node, rows.bare.node, rows.other.node]
    by_name = {node["displayName"]: node for node in (await graph.data(company.rep, query, {"ids": ids}))["nodes"]}
    hidden = ["birthDate", "taxId"]
    assert {name: sorted(node["access"]["withheld"]) for name, node in by_name.items()} == {
        "own": hidden,
        "bare": hidden,
        "other": sorted([*hidden, *MONEY]),
    }
    assert {name: sorted(node["access"]["masked"]) for name, node in by_name.items()} == {
        "own": [],
        "bare": [],
        "other": ["email", "phone"],
    }
    assert by_name["own"]["annualRevenue"] == PLAIN["annualRevenue"]
    assert by_name["own"]["email"] == PLAIN["email"]
    assert by_name["other"]["email"] == MASKED_EMAIL
    assert by_name["bare"]["email"] is None


async def test_a_masked_value_is_found_and_sorted_by_its_mask_and_never_by_itself(
    graph: Asking, company: Company, rows: Rows
) -> None:
    query = """query($e: String!, $id: ID!) {
        customers(where: {email: {eq: $e}, in: [$id]}) { totalCount }
        starts: customers(where: {email: {startsWith: $e}, in: [$id]}) { totalCount }
    }"""
    for given, found in ((MASKED_EMAIL, 1), (PLAIN["email"], 0), ("a•••@e", 0), ("adal", 0)):
        data = await graph.data(company.rep, query, {"e": given, "id": rows.other.node})
        assert data["customers"] == {"totalCount": found}
        assert data["starts"] == {"totalCount": 1 if MASKED_EMAIL.startswith(given) else 0}
    for given, found in ((MASKED_EMAIL, 0), (PLAIN["email"], 1)):
        data = await graph.data(company.rep, query, {"e": given, "id": rows.own.node})
        assert data["customers"] == {"totalCount": found}


async def test_a_withheld_value_cannot_be_found_by_filtering_sorting_or_paging(
    graph: Asking, company: Company, rows: Rows
) -> None:
    query = """query($id: [ID!]) {
        all: customers(where: {annualRevenue: {gte: 0}, in: $id}) { nodes { displayName } }
        none: customers(where: {annualRevenue: {isNull: true}, in: $id}) { nodes { displayName } }
        not: customers(where: {NOT: {annualRevenue: {gte: 0}}, in: $id}) { nodes { displayName } }
        asc: customers(where: {in: $id}, orderBy: [{field: ANNUAL_REVENUE}]) { edges { cursor node { displayName } } }
        desc: customers(where: {in: $id}, orderBy: [{field: ANNUAL_REVENUE, direction: DESC, nulls: LAST}]) {
            nodes { displayName }
        }
    }"""
    data = await graph.data(company.rep, query, {"id": [rows.own.node, rows.other.node]})
    assert data["all"] == {"nodes": [{"displayName": "own"}]}
    assert data["none"] == {"nodes": [{"displayName": "other"}]}
    assert data["not"] == {"nodes": []}
    assert [edge["node"]["displayName"] for edge in data["asc"]["edges"]] == ["own", "other"]
    assert data["desc"]["nodes"] == [{"displayName": "own"}, {"displayName": "other"}]
    assert "1000" not in _decoded(data["asc"]["edges"][1]["cursor"])
    assert "1000.5" in _decoded(data["asc"]["edges"][0]["cursor"])


def _decoded(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor).decode()


NEVER_READABLE = [
    ("rep", "customers", "where: {taxId: {eq: $t}}", "where.taxId", "Customer.taxId"),
    ("rep", "customers", "where: {NOT: {birthDate: {isNull: true}}}", "where.NOT.birthDate", "Customer.birthDate"),
    ("rep", "customers", "where: {OR: [{AND: [{taxId: {}}]}]}", "where.OR.AND.taxId", "Customer.taxId"),
    ("rep", "customers", "where: {owner: {email: {eq: $t}}}", "where.owner.email", "User.email"),
    ("rep", "users", "where: {email: {eq: $t}}", "where.email", "User.email"),
    ("rep", "products", "orderBy: [{field: LIST_PRICE}]", "orderBy", "Product.listPrice"),
    ("rep", "products", "where: {listPrice: {gt: 1}}", "where.listPrice", "Product.listPrice"),
    ("rep", "customers", "orderBy: [{field: TAX_ID}]", "orderBy", "Customer.taxId"),
    ("rep", "customers", "where: {contacts: {some: {birthDate: {isNull: true}}}}", "where.contacts.some.birthDate", "Contact.birthDate"),
    ("marketer", "customers", "where: {phone: {eq: $t}}", "where.phone", "Customer.phone"),
    ("marketer", "customers", "where: {orders: {some: {}}}", "where.orders", "Customer.orders"),
    ("finance", "customers", "where: {birthDate: {isNull: false}}", "where.birthDate", "Customer.birthDate"),
    ("agent", "customers", "where: {opportunities: {every: {}}}", "where.opportunities", "Customer.opportunities"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "root", "arguments", "argument", "field"),
    NEVER_READABLE,
    ids=lambda part: str(part).replace(" ", ""),
)
async def test_a_field_that_is_never_readable_is_refused_before_any_sql_and_siblings_are_answered(
    graph: Asking, company: Company, rows: Rows, role: str, root: str, arguments: str, argument: str, field: str
) -> None:
    declared = 'query($t: String = "x") ' if "$t" in arguments else ""
    inside = (
        ""
        if root != "customers"
        else f"inside: customers {{ nodes {{ mergedCustomers({arguments}) {{ totalCount }} }} }}"
    )
    query = f"{declared}{{ {root}({arguments}) {{ totalCount }} {inside} viewer {{ displayName }} }}"
    who: Row = getattr(company, role)
    for _ in range(2):
        before = graph.engine.statements
        answer = await graph.ask(who, query)
        expected: list[tuple[str, str | None]] = [("FIELD_NOT_READABLE", argument)]
        if inside:
            expected.append(("FIELD_NOT_READABLE", f"nodes.mergedCustomers.{argument}"))
        assert faults_of(answer) == expected
        assert {error["message"].split()[0] for error in answer["errors"]} == {field}
        assert answer["data"]["viewer"] == {"displayName": who.values["display_name"]}
        assert answer["data"][root] is None
        assert graph.engine.statements == before + 1


async def test_what_is_refused_alone_costs_the_proof_alone(graph: Asking, company: Company, rows: Rows) -> None:
    before = graph.engine.statements
    query = '{ customers(where: {taxId: {eq: "x"}}) { totalCount } }'
    answer = await graph.ask(company.rep, query)
    assert answer["data"] == {"customers": None}
    assert faults_of(answer) == [("FIELD_NOT_READABLE", "where.taxId")]
    assert graph.engine.statements == before + 1


HIDDEN = """query($id: ID!, $contact: ID!) {
    node(id: $id) { id }
    nodes(ids: [$id, $contact]) { id }
    customer(id: $id) { displayName contacts { totalCount } }
    contact(id: $contact) { displayName customer { displayName } }
    customers(where: {eq: $id}) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } }
    contacts(where: {customer: {eq: $id}}) { totalCount nodes { id } }
    a: customers(where: {contacts: {some: {eq: $contact}}}) { totalCount }
    b: customers(where: {NOT: {eq: $id}}) { totalCount }
    c: customers(where: {contacts: {none: {eq: $contact}}}) { totalCount }
    d: contacts { totalCount }
}"""


@pytest.mark.parametrize("role", ["rep", "colleague", "nobody", "agent", "manager"])
async def test_a_hidden_row_answers_byte_for_byte_as_one_that_is_not_there(
    graph: Asking, company: Company, rows: Rows, writer: asyncpg.Connection, role: str
) -> None:
    who: Row = getattr(company, role)
    missing = customer("missing")
    missing_contact = contact(missing)

    async def answer(seen: Row, contact_: Row) -> bytes:
        asked = {"query": HIDDEN, "variables": {"id": seen.node, "contact": contact_.node}}
        headers = {**graph.bearer(who), "X-Request-Id": "same"}
        return (await graph.client.post("/graphql", json=asked, headers=headers)).content

    before = await answer(missing, missing_contact)
    there = customer("missing", region=company.china, email="x@example.com", owner=company.admin)
    there_contact = contact(there)
    await store(writer, there, there_contact)
    assert await answer(there, there_contact) == before
    assert orjson.loads(before)["data"]["customers"]["totalCount"] == 0
    seen = await graph.data(company.admin, HIDDEN, {"id": there.node, "contact": there_contact.node})
    assert seen["customers"]["totalCount"] == 1


async def test_a_role_without_rules_for_a_type_finds_an_empty_list_of_it(
    graph: Asking, company: Company, rows: Rows
) -> None:
    empty = {"totalCount": 0, "nodes": []}
    seen = {entity.plural for entity in GRAPH if access_of("marketer").on(entity.resource).visible}
    for part in (sorted(GRAPH.plurals)[:18], sorted(GRAPH.plurals)[18:]):
        query = "{ " + " ".join(f"{plural} {{ totalCount nodes {{ id }} }}" for plural in part) + " }"
        data = await graph.data(company.marketer, query)
        assert {plural for plural, found in data.items() if found != empty} <= seen
        assert await graph.data(company.nobody, query) == dict.fromkeys(part, empty)
    assert ("customers" in seen, "orders" in seen) == (True, False)


async def test_a_user_without_assignments_has_a_viewer_and_nothing_else(
    graph: Asking, company: Company, rows: Rows
) -> None:
    query = f'{{ viewer {{ id displayName email roles user {{ id }} }} node(id: "{company.nobody.node}") {{ id }} }}'
    assert await graph.data(company.nobody, query) == {
        "viewer": {
            "id": company.nobody.node,
            "displayName": "Nobody",
            "email": "nobody@example.com",
            "roles": [],
            "user": None,
        },
        "node": None,
    }


async def test_a_role_that_the_policy_does_not_know_gives_nothing_but_its_name(
    graph: Asking, company: Company, rows: Rows, writer: asyncpg.Connection
) -> None:
    stranger, role = user("stranger"), row(models.Role, code="Außen-dienst'; --", name="x")
    await store(writer, stranger, role)
    await assign(writer, stranger, "Außen-dienst'; --")
    query = "{ viewer { roles user { id } } customers { totalCount } users { totalCount } }"
    for _ in range(2):
        assert await graph.data(stranger, query) == {
            "viewer": {"roles": ["Außen-dienst'; --"], "user": None},
            "customers": {"totalCount": 0},
            "users": {"totalCount": 0},
        }


async def test_the_lists_of_two_assignments_are_never_merged(
    graph: Asking, company: Company, rows: Rows, writer: asyncpg.Connection
) -> None:
    both = user("both")
    await store(writer, both)
    await assign(writer, both, "sales_rep", region=company.germany)
    await assign(writer, both, "service_agent", region=company.france, department=company.service)
    german, french = customer("g", region=company.germany, **FULL), customer("f", region=company.france, **FULL)
    await store(writer, german, french, contact(french), ticket(french), order(german), order(french))
    at = stage("QUALIFICATION", 2)
    await store(writer, at, opportunity(german, at), opportunity(french, at))
    query = """query($ids: [ID!]) { customers(where: {in: $ids}) { nodes {
        displayName email opportunities { totalCount } orders { totalCount } tickets { totalCount }
    } } }"""
    data = await graph.data(both, query, {"ids": [german.node, french.node]})
    assert data["customers"]["nodes"] == [
        {
            "displayName": "g",
            "email": MASKED_EMAIL,
            "opportunities": {"totalCount": 1},
            "orders": {"totalCount": 1},
            "tickets": {"totalCount": 0},
        },
        {
            "displayName": "f",
            "email": PLAIN["email"],
            "opportunities": {"totalCount": 0},
            "orders": {"totalCount": 1},
            "tickets": {"totalCount": 0},
        },
    ]
