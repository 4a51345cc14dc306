"""Relations: walked both ways, filtered by what is in view at the other end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import (
    Row,
    contact,
    customer,
    interaction,
    order,
    order_line,
    owned,
    row,
    store,
    task,
    ticket,
)
from tests.http.asking import Asking


@dataclass(frozen=True)
class Rows:
    """Four German customers and one French, which the representative of Germany does not see."""

    a: Row
    b: Row
    c: Row
    d: Row
    hidden: Row
    order: Row
    campaign: Row


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    """The German ones are a (contacts x, y), b (contact x), c (none) and d (contact z without a job)."""
    germany = {"region": company.germany}
    hidden = customer("hidden", region=company.france)
    await store(writer, hidden)
    a = customer("a", owner=company.rep, department=company.sales, **germany)
    b = customer("b", owner=company.colleague, **germany)
    c = customer("c", merged_into=hidden, **germany)
    d = customer("d", merged_into=a, **germany)
    await store(writer, a, b, c, d)
    x, y = contact(a, "x", job_title="boss", is_primary=True), contact(a, "y", job_title="clerk")
    await store(writer, x, y, contact(b, "x", job_title="boss"), contact(d, "z"), contact(hidden, "x"))
    placed, campaign = order(a, number="A-1"), row(models.Campaign, code="spring", name="Spring", type="EMAIL")
    await store(writer, campaign, placed, order_line(placed), ticket(a, contact=x, order=placed, subject="Late"))
    await store(
        writer,
        interaction(a, subject="about the order", subject_type="ORDER", subject_id=placed.key),
        interaction(a, subject="about the campaign", subject_type="CAMPAIGN", subject_id=campaign.key),
        interaction(a, subject="about nothing"),
        task(a, title="ship", subject_type="ORDER", subject_id=placed.key),
        owned(models.CustomerRelation, a, related_customer=b, type="PARTNER"),
        owned(models.CustomerRelation, b, related_customer=hidden, type="PARENT"),
        owned(models.CustomerRelation, hidden, related_customer=a, type="SUBSIDIARY"),
    )
    return Rows(a, b, c, d, hidden, placed, campaign)


X, BOSS = '{displayName: {eq: "x"}}', '{jobTitle: {eq: "boss"}}'
WHERE = [
    ("contacts: {}", "a b c d"),
    (f"contacts: {{some: {X}}}", "a b"),
    (f"contacts: {{none: {X}}}", "c d"),
    (f"contacts: {{every: {X}}}", "b c"),
    ("contacts: {some: {}}", "a b d"),
    ("contacts: {none: {}}", "c"),
    ("contacts: {every: {}}", "a b c d"),
    (f"contacts: {{some: {BOSS}}}", "a b"),
    (f"contacts: {{none: {BOSS}}}", "c d"),
    (f"contacts: {{every: {BOSS}}}", "b c"),
    ("contacts: {every: {jobTitle: {isNull: false}}}", "a b c"),
    ("contacts: {some: {jobTitle: {isNull: true}}}", "d"),
    (f"contacts: {{some: {X}, every: {X}}}", "b"),
    (f'contacts: {{some: {X}, none: {{displayName: {{eq: "y"}}}}}}', "b"),
    (f"contacts: {{some: {{NOT: {X}}}}}", "a d"),
    (f"NOT: {{contacts: {{some: {X}}}}}", "c d"),
    (f"NOT: {{contacts: {{every: {X}}}}}", "a d"),
    (f"NOT: {{contacts: {{none: {X}}}}}", "a b"),
    (f'OR: [{{contacts: {{some: {X}}}}}, {{displayName: {{eq: "c"}}}}]', "a b c"),
    (f'contacts: {{some: {X}}}, displayName: {{eq: "a"}}', "a"),
    ("contacts: {some: {OR: []}}", ""),
    ("contacts: {none: {OR: []}}", "a b c d"),
    ("contacts: {every: {OR: []}}", "c"),
    ("contacts: {some: {in: []}}", ""),
    ('contacts: {some: {customer: {displayName: {eq: "a"}}}}', "a"),
    ("contacts: {some: {tickets: {some: {order: {lines: {some: {quantity: {eq: 1}}}}}}}}", "a"),
    ("contacts: {some: {tickets: {none: {}}}}", "a b d"),
    ("contacts: {every: {tickets: {none: {}}}}", "b c d"),
    ("owner: {}", "a b"),
    ("NOT: {owner: {}}", "c d"),
    ("owner: {isNull: true}", "c d"),
    ("owner: {isNull: false}", "a b"),
    ("NOT: {owner: {isNull: true}}", "a b"),
    ('owner: {displayName: {eq: "Rep"}}', "a"),
    ('NOT: {owner: {displayName: {eq: "Rep"}}}', "b c d"),
    ('owner: {NOT: {displayName: {eq: "Rep"}}}', "b"),
    ("owner: {eq: $rep}", "a"),
    ("owner: {in: [$rep, $colleague]}", "a b"),
    ("owner: {in: [$rep, $a]}", "a"),
    ("owner: {in: []}", ""),
    ("NOT: {owner: {eq: $rep}}", "b c d"),
    ("owner: {eq: $a}", ""),
    ("owner: {id: {eq: $rep}}", "a"),
    ("owner: {isNull: false, eq: $rep}", "a"),
    ("owner: {isNull: true, eq: $rep}", ""),
    ('OR: [{owner: {isNull: true}}, {owner: {displayName: {eq: "Rep"}}}]', "a c d"),
    ('region: {code: {eq: "DE"}}', "a b c d"),
    ("region: {eq: $germany}", "a b c d"),
    ("region: {eq: $france}", ""),
    ('region: {parent: {code: {eq: "EU"}}}', "a b c d"),
    ('region: {path: {within: "/world/eu/"}}', "a b c d"),
    ("mergedInto: {isNull: true}", "a b c"),
    ("mergedInto: {isNull: false}", "d"),
    ("mergedInto: {}", "d"),
    ("mergedInto: {eq: $a}", "d"),
    ("mergedInto: {eq: $hidden}", ""),
    ('mergedInto: {displayName: {contains: "h"}}', ""),
    ("NOT: {mergedInto: {eq: $hidden}}", "a b c d"),
    ("mergedCustomers: {some: {}}", "a"),
    ("relations: {some: {}}", "a b"),
    ("relations: {some: {relatedCustomer: {isNull: true}}}", "b"),
    ("relations: {some: {relatedCustomer: {}}}", "a"),
    ("relations: {every: {relatedCustomer: {}}}", "a c d"),
    ("relations: {some: {relatedCustomer: {eq: $hidden}}}", ""),
    ("relatedFrom: {some: {}}", "b"),
    ("relatedFrom: {none: {}}", "a c d"),
    ("eq: $a", "a"),
    ("in: [$a, $c]", "a c"),
    ("in: []", ""),
    ("NOT: {in: [$a, $c]}", "b d"),
    ("NOT: {eq: $hidden}", "a b c d"),
    ("id: {in: [$a, $hidden, $rep]}", "a"),
    ("id: {isNull: false}", "a b c d"),
    ("id: {isNull: true}", ""),
]


@pytest.mark.parametrize(("where", "found"), WHERE, ids=[where for where, _ in WHERE])
async def test_relations_filter_by_what_is_in_view(
    graph: Asking, company: Company, rows: Rows, where: str, found: str
) -> None:
    names = {"rep": company.rep, "colleague": company.colleague, "germany": company.germany, "france": company.france}
    ids = {name: named.node for name, named in names.items()} | {
        "a": rows.a.node,
        "c": rows.c.node,
        "hidden": rows.hidden.node,
    }
    used = sorted({*re.findall(r"\$(\w+)", where)})
    declared = f"({', '.join(f'${name}: ID!' for name in used)})" if used else ""
    query = f"query{declared} {{ customers(where: {{{where}}}) {{ totalCount nodes {{ displayName }} }} }}"
    data = (await graph.data(company.rep, query, {name: ids[name] for name in used}))["customers"]
    assert [node["displayName"] for node in data["nodes"]] == found.split()
    assert data["totalCount"] == len(found.split())


async def test_a_hidden_row_is_absent_wherever_it_is_walked_to(graph: Asking, company: Company, rows: Rows) -> None:
    query = """{ customers {
        nodes {
            displayName mergedInto { displayName } mergedCustomers { totalCount }
            relations { totalCount nodes { relatedCustomer { displayName } } } relatedFrom { totalCount nodes { id } }
        }
    } contacts(where: {displayName: {eq: "x"}}) { totalCount } }"""
    data = await graph.data(company.rep, query)
    none: dict[str, Any] = {"totalCount": 0, "nodes": []}
    empty = {"mergedInto": None, "mergedCustomers": {"totalCount": 0}, "relations": none, "relatedFrom": none}
    a, b, c, d = data["customers"]["nodes"]
    assert a == empty | {
        "displayName": "a",
        "mergedCustomers": {"totalCount": 1},
        "relations": {"totalCount": 1, "nodes": [{"relatedCustomer": {"displayName": "b"}}]},
    }
    assert b["relations"] == {"totalCount": 1, "nodes": [{"relatedCustomer": None}]}
    assert b["relatedFrom"]["totalCount"] == 1
    assert c == empty | {"displayName": "c"}
    assert d == empty | {"displayName": "d", "mergedInto": {"displayName": "a"}}
    assert data["contacts"] == {"totalCount": 2}
    seen = await graph.data(company.admin, query)
    assert seen["contacts"] == {"totalCount": 3}
    assert {node["displayName"]: node["mergedInto"] for node in seen["customers"]["nodes"]}["c"] == {
        "displayName": "hidden"
    }


async def test_what_something_is_about_is_walked_both_ways(graph: Asking, company: Company, rows: Rows) -> None:
    query = """query($id: ID!) {
        interactions { nodes { subject about {
            __typename ...on Order { number interactions { totalCount } tasks { nodes { title } } }
            ...on Campaign { code interactions { nodes { subject } } } ...on Node { id }
        } } }
        order(id: $id) { interactions { nodes { subject about { ...on Order { number } } } } tasks { totalCount } }
        customers(where: {orders: {some: {interactions: {some: {subject: {startsWith: "about"}}}}}}) { totalCount }
    }"""
    data = await graph.data(company.rep, query, {"id": rows.order.node})
    order_, campaign, nothing = (node["about"] for node in data["interactions"]["nodes"])
    assert order_ == {
        "__typename": "Order",
        "number": "A-1",
        "interactions": {"totalCount": 1},
        "tasks": {"nodes": [{"title": "ship"}]},
        "id": rows.order.node,
    }
    assert campaign == {
        "__typename": "Campaign",
        "code": "spring",
        "interactions": {"nodes": [{"subject": "about the campaign"}]},
        "id": rows.campaign.node,
    }
    assert nothing is None
    assert data["order"] == {
        "interactions": {"nodes": [{"subject": "about the order", "about": {"number": "A-1"}}]},
        "tasks": {"totalCount": 1},
    }
    assert data["customers"] == {"totalCount": 1}


@pytest.mark.parametrize(
    ("where", "argument"),
    [
        ("owner: null", "where.owner"),
        ("owner: {eq: null}", "where.owner.eq"),
        ("owner: {in: null}", "where.owner.in"),
        ("owner: {isNull: null}", "where.owner.isNull"),
        ("owner: {displayName: null}", "where.owner.displayName"),
        ("contacts: null", "where.contacts"),
        ("contacts: {some: null}", "where.contacts.some"),
        ("contacts: {some: {tickets: {none: null}}}", "where.contacts.some.tickets.none"),
        ("AND: null", "where.AND"),
        ("OR: null", "where.OR"),
        ("NOT: null", "where.NOT"),
        ("NOT: {eq: null}", "where.NOT.eq"),
        ("OR: [{eq: null}]", "where.OR.eq"),
        ("id: {eq: null}", "where.id.eq"),
        ("id: {isNull: null}", "where.id.isNull"),
        ("eq: null", "where.eq"),
        ("in: null", "where.in"),
        ("isNull: null", "where.isNull"),
        ("isNull: true", "where.isNull"),
        ("NOT: {isNull: true}", "where.NOT.isNull"),
        ("owner: {NOT: {isNull: true}}", "where.owner.NOT.isNull"),
        ("owner: {OR: [{isNull: true}]}", "where.owner.OR.isNull"),
        ("contacts: {some: {isNull: false}}", "where.contacts.some.isNull"),
    ],
)
async def test_what_cannot_be_asked_of_a_relation_is_refused_where_it_stands(
    graph: Asking, company: Company, rows: Rows, where: str, argument: str
) -> None:
    query = f"{{ customers(where: {{{where}}}) {{ totalCount }} }}"
    assert await graph.faults(company.admin, query) == [("BAD_USER_INPUT", argument)]
