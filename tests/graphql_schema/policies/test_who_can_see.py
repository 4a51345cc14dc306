"""`whoCanSee`: the users who see a row, or a field of it, as each of them would find by asking."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import Team, refused
from tests.graphql_schema.rows import Row, assign, customer, store
from tests.http.asking import Asking

WHO = """query ($id: ID!, $field: String, $first: Int, $after: String) {
    whoCanSee(id: $id, field: $field, first: $first, after: $after) { nodes { id name state roles } endCursor }
}"""


async def seeing(graph: Asking, asker: Row, row: Row, field: str | None = None, **page: Any) -> Any:
    return (await graph.data(asker, WHO, {"id": row.node, "field": field, **page}))["whoCanSee"]


def told(found: Any) -> dict[str, tuple[str, list[str]]]:
    return {node["name"]: (node["state"], node["roles"]) for node in found["nodes"]}


async def test_those_who_see_a_row_are_told_with_their_roles(graph: Asking, company: Company, team: Team) -> None:
    assert told(await seeing(graph, company.admin, team.french)) == {
        "Admin": ("PLAIN", ["admin"]), "Manager": ("PLAIN", ["sales_manager"]), "Colleague": ("PLAIN", ["sales_rep"]),
        "Agent": ("PLAIN", ["service_agent"]), "Marketer": ("PLAIN", ["marketer"]), "Finance": ("PLAIN", ["finance"]),
        "Auditor": ("PLAIN", ["auditor"]), "Member": ("PLAIN", ["sales_manager"]),
    }  # fmt: skip


@pytest.mark.parametrize("field", ["email", "taxId", "displayName", "birthDate", "annualRevenue"])
async def test_each_sees_it_as_it_is_told(graph: Asking, company: Company, team: Team, field: str) -> None:
    found = told(await seeing(graph, company.admin, team.german, field))
    query = "query ($id: ID!) { customer(id: $id) { access { masked withheld } } }"
    people = [*(getattr(company, each.name) for each in fields(company)), team.lead, team.member]
    for who in (each for each in people if each.model.__name__ == "User" and each is not company.partner):
        customer_ = (await graph.data(who, query, {"id": team.german.node}))["customer"]
        state = None
        if customer_ is not None and field not in customer_["access"]["withheld"]:
            state = "MASKED" if field in customer_["access"]["masked"] else "PLAIN"
        assert found.get(who.values["display_name"], (None,))[0] == state, who


async def test_of_several_roles_those_are_told_that_show_it(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    await assign(writer, company.nobody, "sales_rep", region=company.china)
    await assign(writer, company.nobody, "finance")
    try:
        assert told(await seeing(graph, company.admin, team.german))["Nobody"] == ("PLAIN", ["finance"])
        assert told(await seeing(graph, company.admin, team.chinese))["Nobody"] == ("PLAIN", ["finance", "sales_rep"])
        assert told(await seeing(graph, company.admin, team.chinese, "email"))["Nobody"][0] == "MASKED"
    finally:
        await writer.execute("DELETE FROM role_assignments WHERE user_id = $1", company.nobody.key)


async def test_pages_go_through_all(graph: Asking, company: Company, team: Team) -> None:
    whole = (await seeing(graph, company.admin, team.french))["nodes"]
    paged, after = [], None
    while True:
        page = await seeing(graph, company.admin, team.french, first=3, after=after)
        paged.extend(page["nodes"])
        after = page["endCursor"]
        if after is None:
            break
    assert paged == whole


async def test_one_is_told_of_those_as_whom_one_may_look(graph: Asking, company: Company, team: Team) -> None:
    assert told(await seeing(graph, team.lead, team.german, "email")) == {"Member": ("PLAIN", ["sales_manager"])}


async def test_a_hidden_row_is_told_as_a_missing_one(graph: Asking, company: Company, team: Team) -> None:
    for row in (team.french, customer("Never")):
        assert await seeing(graph, team.lead, row) is None
    assert await seeing(graph, company.admin, customer("Never")) is None


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"first": 0}, "first"),
        ({"first": 101}, "first"),
        ({"after": "x"}, "after"),
        ({"id": "x"}, "id"),
        ({"field": "x"}, "field"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    graph: Asking, company: Company, team: Team, given: dict[str, Any], argument: str
) -> None:
    asked = {"id": team.german.node, **given}
    assert await refused(graph, company.admin, WHO, **asked) == [("BAD_USER_INPUT", argument)]


async def test_an_unmask_in_force_is_seen(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    now = dt.datetime.now(dt.UTC)
    await writer.execute(
        "INSERT INTO unmasks (id, user_id, resource, field, customer_id, row_id, reason, valid_from, valid_to)"
        " VALUES (gen_random_uuid(), $1, 'Customer', 'email', NULL, $2, 'x', $3, $4)",
        company.finance.key, team.german.key, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1),
    )  # fmt: skip
    assert told(await seeing(graph, company.admin, team.german, "email"))["Finance"][0] == "MASKED"  # nothing grants it


async def test_the_answer_is_a_function_of_what_the_asker_sees(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    before = [await seeing(graph, team.lead, team.german, field) for field in (None, "taxId", "email")]
    await store(writer, customer("Elsewhere", region=company.france))
    await writer.execute("UPDATE customers SET tax_id = 'Y' WHERE id = $1", team.german.key)
    assert [await seeing(graph, team.lead, team.german, field) for field in (None, "taxId", "email")] == before
