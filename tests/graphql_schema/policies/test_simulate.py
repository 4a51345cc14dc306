"""`policySimulate`: what somebody sees, met with what who asks sees; never anything else."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from graphql_schema.ids import NodeId, encode
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import RULES, SIMULATE, Team, refused, simulated, without_roles
from tests.graphql_schema.rows import assign, customer, order, store
from tests.http.asking import Asking

READ = """{ viewer { id roles user { displayName email } } customers(orderBy: [{field: DISPLAY_NAME}]) {
    totalCount nodes { id displayName email taxId owner { displayName } orders { totalCount nodes { number total { amount } } }
        access { masked withheld updatable canUpdate canDelete } }
} }"""
NAMES = (
    "{ customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName email taxId access { masked withheld } } } }"
)


def names(answer: Any) -> list[str]:
    return [node["displayName"] for node in answer["data"]["customers"]["nodes"]]


@pytest.mark.parametrize(
    "name", ["admin", "manager", "rep", "colleague", "agent", "marketer", "finance", "auditor", "nobody"]
)
async def test_who_sees_everything_is_shown_just_what_the_other_sees(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection, name: str
) -> None:
    who = getattr(company, name)
    answer = await simulated(graph, company.admin, who, READ)
    assert answer["data"] == await graph.data(who, READ)


async def test_a_tailored_schema_is_the_others(graph: Asking, company: Company, team: Team) -> None:
    query = "{ customers { nodes { displayName } } }"
    assert (await simulated(graph, company.admin, company.partner, query))["data"] == await graph.data(
        company.partner, query
    )
    answer = await simulated(graph, company.admin, company.partner, "{ customers { nodes { taxId } } }")
    assert [error["message"] for error in answer["errors"]] == ["Cannot query field 'taxId' on type 'Customer'."]


async def test_the_asker_is_shown_what_both_see_and_how_the_other_sees_it(graph: Asking, team: Team) -> None:
    answer = await simulated(graph, team.lead, team.member, NAMES)
    [node] = answer["data"]["customers"]["nodes"]
    assert (node["displayName"], node["email"], node["taxId"]) == ("German", "a•••@example.com", None)
    assert "email" not in (*node["access"]["masked"], *node["access"]["withheld"])  # plain for the member
    assert "taxId" in node["access"]["masked"]
    own = (await graph.data(team.lead, NAMES))["customers"]["nodes"][0]["access"]
    assert ("email" in own["masked"], "taxId" in own["withheld"]) == (True, True)
    assert [node["displayName"] for node in (await graph.data(team.member, NAMES))["customers"]["nodes"]] == [
        "French", "German",
    ]  # fmt: skip


@pytest.mark.parametrize("query", [
    '{ customers(where: {taxId: {startsWith: "DE"}}) { totalCount } }',
    "{ customers(orderBy: [{field: TAX_ID}]) { totalCount } }",
])  # fmt: skip
async def test_what_the_asker_never_reads_is_not_asked_for(graph: Asking, team: Team, query: str) -> None:
    answer = await simulated(graph, team.lead, team.member, query)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FIELD_NOT_READABLE"]


@pytest.mark.parametrize("search", ["lovelace", "DE123456789"])
async def test_what_the_asker_does_not_see_plain_is_not_found(graph: Asking, team: Team, search: str) -> None:
    query = f'{{ customers(search: "{search}") {{ totalCount }} }}'
    assert (await simulated(graph, team.lead, team.member, query))["data"] == {"customers": {"totalCount": 0}}


async def test_who_it_is_is_told_by_the_askers_views_alone(graph: Asking, team: Team) -> None:
    query = "{ viewer { id displayName email roles user { displayName email } } }"
    assert (await simulated(graph, team.lead, team.member, query))["data"]["viewer"] == {
        "id": team.member.node, "displayName": None, "email": None, "roles": ["sales_manager"],
        "user": {"displayName": "Member", "email": None},
    }  # fmt: skip


# As whom


async def test_nobody_looks_as_those_whom_no_rule_names(graph: Asking, company: Company, team: Team) -> None:
    missing = encode(NodeId(1, None, team.german.key))
    told = [
        await refused(graph, team.lead, SIMULATE, **{"as": id_, "operation": "{ viewer { id } }"})
        for id_ in (company.rep.node, team.lead.node, team.former.node, missing, company.germany.node, team.german.node)
    ]
    assert told == [[("NOT_FOUND", "as")]] * len(told)
    for who in (company.manager, company.rep, company.finance, company.nobody):
        assert await refused(graph, who, SIMULATE, **{"as": company.rep.node, "operation": "{ viewer { id } }"})


async def test_what_is_no_id_is_refused(graph: Asking, team: Team) -> None:
    assert await refused(graph, team.lead, SIMULATE, **{"as": "x", "operation": "{ viewer { id } }"}) == [
        ("BAD_USER_INPUT", "as")
    ]


async def test_nobody_looks_from_a_look(graph: Asking, company: Company, team: Team) -> None:
    inner = f'{{ policySimulate(as: "{company.rep.node}", operation: "{{ viewer {{ id }} }}") }}'
    answer = await simulated(graph, company.admin, company.auditor, inner)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]


# What


@pytest.mark.parametrize("operation", [
    'mutation { customerDelete(input: {id: "x"}) { userErrors { code } } }',
    "subscription { viewerAccessChanged { at } }",
    "{ nothing }", "{", "query A { viewer { id } } query B { viewer { id } }",
])  # fmt: skip
async def test_only_a_query_is_answered(graph: Asking, company: Company, team: Team, operation: str) -> None:
    answer = await simulated(graph, company.admin, company.rep, operation)
    assert ("data" in answer, [error["extensions"]["code"] for error in answer["errors"]]) == (
        False,
        ["BAD_USER_INPUT"],
    )


async def test_variables_and_the_operation_are_said(graph: Asking, company: Company, team: Team) -> None:
    text = "query A { viewer { id } } query B($n: Int!) { customers(first: $n) { nodes { displayName } } }"
    answer = await simulated(graph, company.admin, team.member, text, variables={"n": 1}, name="B")
    assert len(names(answer)) == 1
    answer = await simulated(graph, company.admin, team.member, text, variables={"n": "x"}, name="B")
    assert len(answer["errors"]) == 1
    assert await refused(
        graph, company.admin, SIMULATE, **{"as": team.member.node, "operation": text, "variables": [1]}
    ) == [("BAD_USER_INPUT", "variables")]


async def test_it_is_charged_to_who_asks_by_what_is_asked(graph: Asking, company: Company, team: Team) -> None:
    answer = await simulated(graph, company.admin, team.member, NAMES)
    own = (await graph.ask(team.member, NAMES))["extensions"]["cost"]["requested"]
    assert answer["extensions"]["cost"]["requested"] == own
    response = await graph.post(
        company.admin, SIMULATE,
        {"as": team.member.node, "operation": "{ customers(first: 100) { nodes { orders(first: 100) { nodes { id } } } } }"},
    )  # fmt: skip
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (200, "COST_EXCEEDED")


async def test_the_operation_is_one_statement(graph: Asking, company: Company, team: Team) -> None:
    await simulated(graph, company.admin, team.member, READ)
    before = graph.engine.statements
    await simulated(graph, company.admin, team.member, READ)
    assert graph.engine.statements - before == 1  # which proves the rights of both


# Under which policy


async def test_another_version_is_met_with_the_askers_rights_of_now(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    rules = {**RULES, **{name: RULES[name] + _EVERYTHING for name in ("sales_manager.yaml", "lead.yaml")}}
    await writer.execute(
        "INSERT INTO policy_versions (id, number, status, document) VALUES (gen_random_uuid(), 50, 'DRAFT', $1::text::jsonb)",
        json.dumps({"files": rules}),
    )
    assert names(await simulated(graph, company.admin, team.member, NAMES, version=50)) == [
        "Chinese",
        "French",
        "German",
    ]
    assert names(await simulated(graph, team.lead, team.member, NAMES, version=50)) == ["German"]
    assert names(await simulated(graph, company.admin, team.member, NAMES)) == ["French", "German"]
    assert await refused(graph, team.lead, SIMULATE, **{"as": team.member.node, "operation": NAMES, "version": 51}) == [
        ("NOT_FOUND", "version")
    ]


_EVERYTHING = """
  - allow: [read]
    on: Customer
    fields: all
"""


async def test_a_version_with_faults_is_refused(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    await writer.execute(
        "INSERT INTO policy_versions (id, number, status, document)"
        ' VALUES (gen_random_uuid(), 60, \'DRAFT\', \'{"files": {"a.yaml": "rules"}}\')'
    )
    asked = {"as": team.member.node, "operation": NAMES, "version": 60}
    assert await refused(graph, company.admin, SIMULATE, **asked) == [("BAD_USER_INPUT", "version")]


# Freshness


async def test_rights_of_either_that_are_gone_show_nothing_more(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    assert names(await simulated(graph, team.lead, team.member, NAMES)) == ["German"]
    for who in (team.member, team.lead):
        await writer.execute("UPDATE role_assignments SET valid_to = now() WHERE user_id = $1", who.key)
        answer = await graph.ask(team.lead, SIMULATE, {"as": team.member.node, "operation": NAMES})
        found = answer["data"]["policySimulate"]
        assert (found and names(found)) == ([] if who is team.member else None)
        await writer.execute("UPDATE role_assignments SET valid_to = NULL WHERE user_id = $1", who.key)
        assert names(await simulated(graph, team.lead, team.member, NAMES)) == ["German"]


# The law


async def test_the_answer_is_a_function_of_what_the_asker_sees(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    async def told() -> list[Any]:
        return [await simulated(graph, team.lead, team.member, query) for query in (NAMES, READ)]

    before = await told()
    hidden = customer("Hidden", region=company.france, owner=team.member, tax_id="1")
    await store(writer, hidden, order(hidden))
    await writer.execute("UPDATE customers SET tax_id = 'X', email = 'a@example.com' WHERE id = $1", team.french.key)
    await writer.execute("UPDATE customers SET tax_id = 'X' WHERE id = $1", team.german.key)
    await writer.execute("UPDATE customers SET email = 'andrea.lovelace@example.com' WHERE id = $1", team.german.key)
    assert await told() == before


async def test_it_is_noted_who_looked_as_whom(graph: Asking, team: Team, writer: asyncpg.Connection) -> None:
    count = "SELECT count(*) FROM audit_events WHERE kind = 'SIMULATED' AND actor = $1"
    before = await writer.fetchval(count, team.lead.key)
    await simulated(graph, team.lead, team.member, "{ viewer { id } }")
    assert await writer.fetchval(count, team.lead.key) == before + 1


async def test_whom_one_lately_looked_as_is_asked_for_anew(
    graph: Asking, team: Team, writer: asyncpg.Connection
) -> None:
    """What is noted is noted in the statement that asks whether the asker may: who may not leaves nothing behind."""
    count = "SELECT count(*) FROM audit_events WHERE kind = 'SIMULATED'"
    for _ in range(2):
        assert names(await simulated(graph, team.lead, team.member, NAMES)) == ["German"]
    before = await writer.fetchval(count)
    await writer.execute("UPDATE users SET manager_id = NULL WHERE id = $1", team.member.key)
    for _ in range(2):
        told = await refused(graph, team.lead, SIMULATE, **{"as": team.member.node, "operation": NAMES})
        assert (told, await writer.fetchval(count)) == ([("NOT_FOUND", "as")], before)
    await writer.execute("UPDATE users SET manager_id = $2 WHERE id = $1", team.member.key, team.lead.key)
    assert names(await simulated(graph, team.lead, team.member, NAMES)) == ["German"]


async def test_a_role_beside_widens_as_much_as_both_see(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    await assign(writer, company.nobody, "finance")
    answer = await simulated(graph, company.auditor, company.nobody, NAMES)
    found = {node["displayName"]: node["taxId"] for node in answer["data"]["customers"]["nodes"]}
    own = (await graph.data(company.nobody, NAMES))["customers"]["nodes"]
    assert {"German", "French", "Chinese"} <= set(found)
    assert all((shown is not None and shown.startswith("•")) or shown == "•••" for shown in found.values())
    assert {node["taxId"] for node in own} != set(found.values())
    await writer.execute("DELETE FROM role_assignments WHERE user_id = $1", company.nobody.key)


@pytest.mark.parametrize("operation", ["{ viewer { id } }", "{ __typename }", "{ nothing }", "{"])
async def test_who_may_no_longer_look_is_refused_whatever_is_asked(
    graph: Asking, team: Team, writer: asyncpg.Connection, operation: str
) -> None:
    """Also where another process took the right away, and this one looked just before."""
    for _ in range(2):
        await simulated(graph, team.lead, team.member, operation)
    async with without_roles(writer, team.lead):
        asked = await refused(graph, team.lead, SIMULATE, **{"as": team.member.node, "operation": operation})
        assert asked
