"""Ids: a row by its own id, and nothing by any other."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.models.ids import uuid7
from graphql_schema.ids import NodeId, decode, encode
from graphql_schema.types import GRAPH
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, order_line, product, store
from tests.http.asking import Asking, faults_of

CUSTOMER, CONTACT, USER = (GRAPH[name].tag for name in ("Customer", "Contact", "User"))


@dataclass(frozen=True)
class Rows:
    """Seen by the representative of Germany: all but the French."""

    german: Row
    contact: Row
    french: Row
    french_contact: Row
    deleted: Row
    order: Row
    line: Row
    product: Row


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    german, french = customer("German", region=company.germany), customer("French", region=company.france)
    deleted = customer("Deleted", region=company.germany)
    placed = order(german)
    made = Rows(
        german=german,
        contact=contact(german),
        french=french,
        french_contact=contact(french),
        deleted=deleted,
        order=placed,
        line=order_line(placed),
        product=product("p"),
    )
    await store(writer, german, french, deleted, made.contact, made.french_contact, placed, made.line, made.product)
    await writer.execute("UPDATE customers SET deleted_at = now() WHERE id = $1", deleted.key)
    return made


def other_ids(rows: Rows, company: Company) -> dict[str, str]:
    """Ids that name nothing in view, each in its own way."""
    german, contact = rows.german.key, rows.contact.key
    return {
        "hidden": rows.french.node,
        "hidden contact": rows.french_contact.node,
        "deleted": rows.deleted.node,
        "missing": encode(NodeId(CUSTOMER, None, uuid7())),
        "missing contact": encode(NodeId(CONTACT, german, uuid7())),
        "contact of another customer": encode(NodeId(CONTACT, rows.french.key, contact)),
        "contact without its customer": encode(NodeId(CONTACT, None, contact)),
        "customer with a customer": encode(NodeId(CUSTOMER, german, german)),
        "user with a customer": encode(NodeId(USER, german, company.rep.key)),
        "zero": encode(NodeId(CUSTOMER, None, UUID(int=0))),
        "key of another type": encode(NodeId(USER, None, german)),
        "no such type": encode(NodeId(0, None, german)),
        "no such type either": encode(NodeId(255, german, german)),
    }


ONE = """query($id: ID!) {
    node(id: $id) { id }
    nodes(ids: [$id]) { id }
    customer(id: $id) { id }
    contact(id: $id) { id }
    user(id: $id) { id }
    a: customers(where: {eq: $id}) { totalCount nodes { id } }
    b: customers(where: {in: [$id]}) { totalCount nodes { id } }
    c: contacts(where: {id: {eq: $id}}) { totalCount nodes { id } }
    d: contacts(where: {id: {in: [$id]}}) { totalCount nodes { id } }
    e: contacts(where: {customer: {eq: $id}}) { totalCount nodes { id } }
    f: customers(where: {contacts: {some: {eq: $id}}}) { totalCount nodes { id } }
    g: users(where: {eq: $id}) { totalCount nodes { id } }
}"""
NONE: dict[str, Any] = {"node": None, "nodes": [None], "customer": None, "contact": None, "user": None} | {
    name: {"totalCount": 0, "nodes": []} for name in "abcdefg"
}


async def test_ids_that_name_nothing_in_view_cannot_be_told_apart(graph: Asking, company: Company, rows: Rows) -> None:
    for name, wrong in other_ids(rows, company).items():
        for _ in range(2):
            response = await graph.post(company.rep, ONE, {"id": wrong})
            assert response.json()["data"] == NONE, name


@pytest.mark.parametrize(("name", "seen"), [("german", True), ("contact", True), ("french", False), ("order", True)])
async def test_literal_and_variable_find_the_same(
    graph: Asking, company: Company, rows: Rows, name: str, *, seen: bool
) -> None:
    wanted: Row = getattr(rows, name)
    literal = ONE.replace("query($id: ID!)", "").replace("$id", f'"{wanted.node}"')
    answers = [await graph.data(company.rep, literal), await graph.data(company.rep, ONE, {"id": wanted.node})]
    assert answers[0] == answers[1]
    assert answers[0]["node"] == ({"id": wanted.node} if seen else None)


MALFORMED = {
    "nothing": "",
    "a word": "customer",
    "a number": "1",
    "a UUID": "018f0000-0000-7000-8000-000000000000",
    "too short": encode(NodeId(CUSTOMER, None, uuid7()))[:-4],
    "too long": encode(NodeId(CUSTOMER, None, uuid7())) + "AAAA",
    "padded": encode(NodeId(CUSTOMER, None, uuid7())) + "====",
    "not base64": "*" * 24,
    "spaced": " " + encode(NodeId(CUSTOMER, None, uuid7())),
    "other letters": "é" * 24,
    "NUL": "\0" * 24,
    "no zero": base64.urlsafe_b64encode(bytes([CUSTOMER, 7]) + bytes(16)).decode(),
    "huge": "A" * 30_000,
}


@pytest.mark.parametrize("kind", MALFORMED)
@pytest.mark.parametrize(
    ("field", "argument"),
    [
        ("node(id: $id) { id }", "id"),
        ("nodes(ids: [$id]) { id }", "ids"),
        ("customer(id: $id) { id }", "id"),
        ("customers(where: {eq: $id}) { totalCount }", "where.eq"),
        ("customers(where: {in: [$id]}) { totalCount }", "where.in"),
        ("customers(where: {id: {eq: $id}}) { totalCount }", "where.id.eq"),
        ("customers(where: {owner: {eq: $id}}) { totalCount }", "where.owner.eq"),
        ("customers(where: {contacts: {none: {in: [$id]}}}) { totalCount }", "where.contacts.none.in"),
        ("customers { nodes { contacts(where: {eq: $id}) { totalCount } } }", "nodes.contacts.where.eq"),
    ],
)
async def test_what_is_no_id_is_refused_where_it_stands(
    graph: Asking, company: Company, rows: Rows, field: str, argument: str, kind: str
) -> None:
    query = f"query($id: ID!) {{ {field} viewer {{ displayName }} }}"
    await graph.data(company.rep, query, {"id": rows.german.node})
    for asked, variables in (
        (query, {"id": MALFORMED[kind]}),
        (query.replace("($id: ID!)", "").replace("$id", _quoted(MALFORMED[kind])), None),
    ):
        answer = await graph.ask(company.rep, asked, variables)
        assert faults_of(answer) == [("BAD_USER_INPUT", argument)]
        assert answer["data"] == {field.partition("(")[0].split()[0]: None, "viewer": {"displayName": "Rep"}}


def _quoted(text: str) -> str:
    return '"' + text.replace("\0", "\\u0000") + '"'


async def test_a_number_is_taken_for_the_text_of_an_id(graph: Asking, company: Company) -> None:
    assert await graph.faults(company.rep, "{ node(id: 5) { id } }") == [("BAD_USER_INPUT", "id")]


async def test_nodes_come_in_the_order_of_their_ids_with_gaps_and_repeats(
    graph: Asking, company: Company, rows: Rows
) -> None:
    line, user = rows.line.node, company.rep.node
    wanted = [rows.product.node, rows.french.node, rows.contact.node, rows.german.node, rows.contact.node, line, user]
    query = """query($ids: [ID!]!) { nodes(ids: $ids) {
        __typename id
        ...on Customer { displayName } ...on Contact { name: displayName customer { displayName } }
        ...on OrderLine { order { number } } ...on Product { sku } ...on Node { again: id }
    } }"""
    number = rows.order.values["number"]
    contact = {"__typename": "Contact", "name": "Bo Berg", "customer": {"displayName": "German"}}
    expected: list[dict[str, Any] | None] = [
        {"__typename": "Product", "sku": "p"},
        None,
        contact,
        {"__typename": "Customer", "displayName": "German"},
        contact,
        {"__typename": "OrderLine", "order": {"number": number}},
        {"__typename": "User"},
    ]
    for found, id_ in zip(expected, wanted, strict=True):
        if found is not None:
            found |= {"id": id_, "again": id_}
    for order_ in (1, -1, 1):
        data = await graph.data(company.rep, query, {"ids": wanted[::order_]})
        assert data == {"nodes": expected[::order_]}


async def test_nodes_takes_a_hundred_ids_and_no_more(graph: Asking, company: Company, rows: Rows) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } viewer { displayName } }"
    data = await graph.data(company.rep, query, {"ids": [rows.german.node] * 100})
    assert data["nodes"] == [{"id": rows.german.node}] * 100
    answer = await graph.ask(company.rep, query, {"ids": [rows.german.node] * 101})
    assert faults_of(answer) == [("BAD_USER_INPUT", "ids")]
    assert answer["data"] == {"nodes": None, "viewer": {"displayName": "Rep"}}
    assert await graph.data(company.rep, query, {"ids": rows.german.node}) == {
        "nodes": [{"id": rows.german.node}],
        "viewer": {"displayName": "Rep"},
    }


async def test_one_text_asks_for_nodes_of_many_types(graph: Asking, company: Company, rows: Rows) -> None:
    query = "query($id: ID!) { node(id: $id) { id __typename ...on Order { number } ...on Customer { displayName } } }"
    for _ in range(2):
        for wanted in (rows.german, rows.order, rows.contact, rows.product, company.germany, company.rep):
            found = (await graph.data(company.admin, query, {"id": wanted.node}))["node"]
            assert (found["id"], found["__typename"]) == (wanted.node, wanted.model.__name__)
            assert ("number" in found, "displayName" in found) == (wanted is rows.order, wanted is rows.german)


async def test_an_id_made_by_the_database_is_what_python_reads(graph: Asking, company: Company, rows: Rows) -> None:
    data = await graph.data(company.admin, "{ contacts { nodes { id customer { id } } } users { nodes { id } } }")
    for found in data["contacts"]["nodes"]:
        read, owner = decode(found["id"]), decode(found["customer"]["id"])
        assert read is not None
        assert owner is not None
        assert (read.tag, read.customer) == (CONTACT, owner.key)
        assert encode(read) == found["id"]
    assert {found["id"] for found in data["users"]["nodes"]} >= {company.rep.node, company.admin.node}
