"""Customers that are one become one, and can be taken apart again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import (
    NOON,
    Row,
    contact,
    customer,
    interaction,
    opportunity,
    order,
    order_line,
    owned,
    score,
    stage,
    store,
    task,
    ticket,
)
from tests.http.asking import Asking

MERGE = """
mutation ($input: CustomerMergeInput!) {
  customerMerge(input: $input) { customer { id displayName email taxId version } userErrors { code field } }
}"""
UNMERGE = """
mutation ($input: CustomerUnmergeInput!) {
  customerUnmerge(input: $input) {
    customer { id displayName email } survivor { id displayName email } userErrors { code field }
  }
}"""


async def merge(graph: Asking, who: Row, **given: Any) -> Any:
    return (await graph.data(who, MERGE, {"input": given}))["customerMerge"]


async def unmerge(graph: Asking, who: Row, of: Row, **given: Any) -> Any:
    return (await graph.data(who, UNMERGE, {"input": {"id": of.node, **given}}))["customerUnmerge"]


@pytest.fixture
async def pair(writer: asyncpg.Connection, company: Company) -> tuple[Row, Row]:
    """Two customers of the manager's that are one, each with something of each kind."""
    return await two(writer, company)


async def two(writer: asyncpg.Connection, company: Company, **more: Any) -> tuple[Row, Row]:
    scope = {"owner": company.rep, "region": company.germany, "department": company.sales, "last_interaction_at": NOON}
    kept = customer("Acme", **scope, email="info@acme.example", **more)
    lost = customer(
        "Acme Ltd", **{**scope, "owner": company.manager, "region": company.france}, email="hello@acme.example"
    )
    third = customer("Elsewhere", region=company.china)
    await store(writer, kept, lost, third)
    for each in (kept, lost):
        await store(writer, *everything(each, third, kept, lost))
    at = stage(f"S{str(lost.key)[-6:]}", 1, pipeline_code=f"P{str(lost.key)[-6:]}")
    await store(writer, at, opportunity(lost, at), opportunity(kept, at))
    return kept, lost


def everything(of: Row, third: Row, kept: Row, lost: Row) -> list[Row]:
    """Rows of each kind that a customer has; some clash with another's."""
    other = lost if of is kept else kept
    who = contact(of, is_primary=True)
    mail = owned(
        models.ContactPoint, of, kind="EMAIL", value="A@b.example", value_normalized="a@b.example", is_primary=True
    )
    home = owned(models.Address, of, kind="BILLING", is_default=True, city="Bonn")
    bought = order(of, billing_address=home)
    asked = ticket(of, contact=who, order=bought)
    again = ticket(of, duplicate_of=asked)
    return [
        who,
        mail,
        owned(models.ContactPoint, of, contact=who, kind="PHONE", value="+49301", value_normalized="+49301"),
        home,
        owned(
            models.Consent,
            of,
            contact_point=mail,
            purpose="MARKETING",
            status="GRANTED",
            lawful_basis="CONSENT",
            obtained_at=NOON,
        ),
        owned(models.CustomerRelation, of, related_customer=third, type="PARTNER"),
        owned(models.CustomerRelation, of, related_customer=other, type="PARENT"),
        owned(models.CustomerRelation, third, related_customer=of, type="SUBSIDIARY"),
        owned(models.DataQualityIssue, of, kind="DUPLICATE", other_customer=other),
        owned(models.DataQualityIssue, third, kind="DUPLICATE", other_customer=of),
        bought,
        order_line(bought),
        asked,
        again,
        owned(models.TicketMessage, of, ticket=asked, contact=who, direction="IN", body="Hm", sent_at=NOON),
        interaction(of, contact=who, subject_type="ORDER", subject_id=bought.key),
        task(of, subject_type="TICKET", subject_id=asked.key),
        score(of),
    ]


CHANGED = {"change_events"}


async def snapshot(writer: asyncpg.Connection) -> Mapping[str, Any]:
    """All rows, but for when and by whom they were changed, and for events."""
    tables = [table for table in models.Base.metadata.sorted_tables if table.name not in CHANGED]
    found = {}
    for table in tables:
        shown = "to_jsonb(t) - 'version' - 'updated_at' - 'updated_by'"
        rows = await writer.fetch(f"SELECT ({shown})::text AS row FROM {table.name} t ORDER BY 1")
        found[table.name] = [row["row"] for row in rows]
    return found


async def test_a_merge_that_is_undone_leaves_nothing(
    graph: Asking, company: Company, pair: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = pair
    before = await snapshot(writer)
    made = await merge(
        graph, company.manager, id=kept.node, merged=[lost.node], choices=[{"field": "email", "from": lost.node}]
    )
    assert made["userErrors"] == []
    assert made["customer"]["email"] == "hello@acme.example"
    during = await snapshot(writer)
    assert {name for name in before if before[name] != during[name]} >= {"customers", "contacts", "orders"}
    back = await unmerge(graph, company.manager, lost)
    assert back["userErrors"] == []
    after = await snapshot(writer)
    for name in before:
        assert after[name] == before[name], name


HAS = """query ($id: ID!) { customer(id: $id) {
    email lastInteractionAt
    contacts { nodes { displayName isPrimary owner { displayName } } }
    contactPoints { nodes { value isPrimary } }
    addresses { nodes { isDefault } }
    orders { nodes { number lines { totalCount } billingAddress { city } } }
    tickets { nodes { number duplicateOf { number } messages { totalCount } contact { displayName } } }
    relations { nodes { type relatedCustomer { displayName } } }
    interactions { totalCount } tasks { totalCount } scores { totalCount } opportunities { totalCount }
    consents { nodes { contactPoint { value } } }
    changeHistory { nodes { op } }
} }"""


async def test_all_that_a_merged_customer_had_is_the_others(
    graph: Asking, company: Company, pair: tuple[Row, Row]
) -> None:
    kept, lost = pair
    assert (await merge(graph, company.admin, id=kept.node, merged=[lost.node]))["userErrors"] == []
    has = (await graph.data(company.admin, HAS, {"id": kept.node}))["customer"]
    assert has["email"] == "info@acme.example"
    assert sorted(each["isPrimary"] for each in has["contacts"]["nodes"]) == [False, True]
    assert {each["owner"]["displayName"] for each in has["contacts"]["nodes"]} == {"Rep"}
    assert sorted((each["value"], each["isPrimary"]) for each in has["contactPoints"]["nodes"]) == [
        ("+49301", False),
        ("+49301", False),
        ("A@b.example", True),
    ]
    assert sorted(each["isDefault"] for each in has["addresses"]["nodes"]) == [False, True]
    assert [each["lines"]["totalCount"] for each in has["orders"]["nodes"]] == [1, 1]
    assert [each["billingAddress"]["city"] for each in has["orders"]["nodes"]] == ["Bonn", "Bonn"]
    assert sorted(each["messages"]["totalCount"] for each in has["tickets"]["nodes"]) == [0, 0, 1, 1]
    assert sum(each["duplicateOf"] is not None for each in has["tickets"]["nodes"]) == 2
    assert [each["type"] for each in has["relations"]["nodes"]] == ["PARTNER"]
    assert [has[name]["totalCount"] for name in ("interactions", "tasks", "scores", "opportunities")] == [2, 2, 1, 2]
    assert [each["contactPoint"]["value"] for each in has["consents"]["nodes"]] == ["A@b.example"] * 2
    assert [each["op"] for each in has["changeHistory"]["nodes"]] == []
    gone = await graph.data(company.admin, "query ($id: ID!) { node(id: $id) { id } }", {"id": lost.node})
    assert gone == {"node": None}


async def test_each_row_that_moves_leaves_an_event_of_the_customer_that_it_came_from(
    graph: Asking, company: Company, pair: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = pair
    await merge(graph, company.admin, id=kept.node, merged=[lost.node])
    found = await writer.fetch(
        "SELECT entity, count(*) FROM change_events WHERE op = 'MERGE' AND merged_id = $1 AND actor = $2"
        " AND changed->'customer' = $3::jsonb GROUP BY 1 ORDER BY 1",
        lost.key,
        company.admin.key,
        f'["{lost.key}", "{kept.key}"]',
    )
    assert dict(map(tuple, found)) == {
        **dict.fromkeys(["addresses", "consents", "contacts", "customer_relations", "customer_scores"], 1),
        **dict.fromkeys(["data_quality_issues", "interactions", "opportunities", "order_lines", "orders"], 1),
        **dict.fromkeys(["tasks", "ticket_messages"], 1),
        "contact_points": 2,
        "tickets": 2,
    }


async def test_nothing_is_left_of_a_merged_customer_but_its_row(
    graph: Asking, company: Company, pair: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = pair
    await merge(graph, company.admin, id=kept.node, merged=[lost.node])
    left = {}
    for table in models.Base.metadata.sorted_tables:
        if "customer_id" in table.c and table.name not in ("search_tokens", "change_events"):
            alive = " AND deleted_at IS NULL" if "deleted_at" in table.c else ""
            left[table.name] = await writer.fetchval(
                f"SELECT count(*) FROM {table.name} WHERE customer_id = $1{alive}", lost.key
            )
    assert {name for name, count in left.items() if count} == set()
    row = await writer.fetchrow("SELECT merged_into_id, deleted_at FROM customers WHERE id = $1", lost.key)
    assert row["merged_into_id"] == kept.key
    assert row["deleted_at"] is not None


DENIED = ["rep", "colleague", "agent", "marketer", "finance", "auditor", "partner", "nobody"]


@pytest.mark.parametrize("name", DENIED)
async def test_who_may_not_merge_changes_nothing(
    graph: Asking, company: Company, pair: tuple[Row, Row], writer: asyncpg.Connection, name: str
) -> None:
    kept, lost = pair
    who = getattr(company, name)
    async with watched(writer) as change:
        response = await graph.post(who, MERGE, {"input": {"id": kept.node, "merged": [lost.node]}})
    assert change.tables == []
    answer = response.json()
    assert ("data" in answer) is (name != "partner")  # whose schema has no such mutation
    found = answer.get("data", {}).get("customerMerge", {"customer": None, "userErrors": [{"code": "FORBIDDEN"}]})
    assert found["customer"] is None
    assert {error["code"] for error in found["userErrors"]} in ({"FORBIDDEN"}, {"NOT_FOUND"})


async def test_a_hidden_customer_is_one_that_is_not_there(
    graph: Asking, company: Company, pair: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = pair
    hidden = customer("Far", region=company.china)
    missing = customer("Nowhere")
    await store(writer, hidden)
    async with watched(writer) as change:
        for other in (hidden, missing):
            made = await merge(graph, company.manager, id=kept.node, merged=[lost.node, other.node])
            assert codes(made) == [("NOT_FOUND", ["merged", "1"])]
            made = await merge(graph, company.manager, id=other.node, merged=[lost.node])
            assert codes(made) == [("NOT_FOUND", ["id"])]
    assert change.tables == []


async def test_what_cannot_be_merged_is_refused(
    graph: Asking, company: Company, pair: tuple[Row, Row], writer: asyncpg.Connection
) -> None:
    kept, lost = pair
    scope = {"owner": company.rep, "region": company.germany}
    person = customer("Ann", kind="INDIVIDUAL", **scope)
    held = customer("Held", legal_hold=True, **scope)
    await store(writer, person, held)
    async with watched(writer) as change:
        made = await merge(graph, company.manager, id=kept.node, merged=[person.node, held.node])
        assert codes(made) == [("INVALID", ["merged", "0"]), ("INVALID_STATE", ["merged", "1"])]
        made = await merge(graph, company.manager, id=kept.node, merged=[])
        assert codes(made) == [("REQUIRED", ["merged"])]
        made = await merge(graph, company.manager, id=kept.node, merged=[kept.node, lost.node, lost.node])
        assert codes(made) == [("INVALID", ["merged", "0"]), ("INVALID", ["merged", "2"])]
        made = await merge(graph, company.manager, id=kept.node, merged=[lost.node], expectedVersion=7)
        assert codes(made) == [("CONFLICT", ["expectedVersion"])]
        made = await merge(graph, company.manager, id=kept.node, merged=[lost.node], validateOnly=True)
        assert codes(made) == []
        made = await unmerge(graph, company.manager, lost)
        assert codes(made) == [("INVALID_STATE", ["id"])]
    assert change.tables == []


CHOICES = [
    ("taxId", "manager", ("FORBIDDEN", ["choices", "0", "field"])),
    ("kind", "admin", ("INVALID", ["choices", "0", "field"])),
    ("owner", "admin", ("INVALID", ["choices", "0", "field"])),
    ("nothing", "admin", ("INVALID", ["choices", "0", "field"])),
    ("email", "other", ("NOT_FOUND", ["choices", "0", "from"])),
]


@pytest.mark.parametrize(("field", "who", "error"), CHOICES, ids=[case[0] for case in CHOICES])
async def test_what_cannot_be_chosen_is_refused(
    graph: Asking,
    company: Company,
    pair: tuple[Row, Row],
    writer: asyncpg.Connection,
    field: str,
    who: str,
    error: tuple[str, list[str]],
) -> None:
    kept, lost = pair
    source = company.rep if who == "other" else lost
    asker = company.admin if who == "other" else getattr(company, who)
    async with watched(writer) as change:
        choices = [{"field": field, "from": source.node}]
        made = await merge(graph, asker, id=kept.node, merged=[lost.node], choices=choices)
    assert codes(made) == [error]
    assert change.tables == []
