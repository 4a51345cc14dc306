"""Shadow mode: for how long a draft is compared, who has it compared, and to whom it is told what was counted."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from graphql_schema.ids import NodeId, encode
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import do
from tests.graphql_schema.policies.looking import RULES, Team
from tests.graphql_schema.policies.shadows import LATER, SHOWN, TOLD, Shadows, ask, deny, soon
from tests.graphql_schema.rows import assign
from tests.http.asking import faults_of


async def test_it_ends_by_itself_and_with_what_becomes_of_the_draft(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    for change in (
        "shadow_until = now()",
        "shadow_until = now() + interval '1 day', status = 'DISCARDED'",
        "shadow_until = now() + interval '1 day', status = 'DRAFT', deleted_at = now()",
    ):
        await shadows.writer.execute(f"UPDATE policy_versions SET {change} WHERE number = $1", number)
        await shadows.process.refresh()
        assert shadows.process.shadow is None
        await shadows.writer.execute(
            "UPDATE policy_versions SET shadow_until = now() + interval '1 day', status = 'DRAFT', deleted_at = NULL"
            " WHERE number = $1",
            number,
        )
        await shadows.process.refresh()
        assert shadows.process.shadow is not None


async def test_counts_belong_to_the_documents(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member)
    assert (await shadows.told(number))["compared"] == 1
    other = deny("sales_manager", "when: {displayName: {eq: German}}")
    await shadows.writer.execute(
        "UPDATE policy_versions SET document = $2::text::jsonb, version = version + 1 WHERE number = $1",
        number, json.dumps({"files": other}),
    )  # fmt: skip
    assert (await shadows.told(number))["compared"] == 0
    await shadows.process.refresh()
    await ask(shadows, team.member)
    await ask(shadows, team.member)
    assert (await shadows.told(number))["compared"] == 2


async def test_a_draft_that_cannot_be_read_is_compared_with_nothing(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await shadows.writer.execute(
        """UPDATE policy_versions SET document = '{"files": {"a.yaml": "rules"}}', version = version + 1 WHERE number = $1""",
        number,
    )
    await shadows.process.refresh()
    assert shadows.process.shadow is None
    await ask(shadows, team.member)
    answer = await shadows.graph.ask(shadows.admin, TOLD, {"version": number})
    assert faults_of(answer) == [("BAD_USER_INPUT", "version")]


async def test_processes_add_up(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member)
    held = shadows.process.tally.taken()
    await ask(shadows, team.member)
    shadows.process.tally.back(held)
    assert (await shadows.told(number))["compared"] == 2
    assert (await shadows.told(number))["compared"] == 2


# Who starts it


async def test_starting_and_stopping_are_noted_with_the_drafts_digest(
    shadows: Shadows, writer: asyncpg.Connection
) -> None:
    number = await shadows.begin(RULES)
    row = await writer.fetchrow("SELECT id, version FROM policy_versions WHERE number = $1", number)
    assert row is not None
    given = {"id": encode(NodeId(6, None, row["id"])), "expectedVersion": row["version"]}
    payload = await do(shadows.graph, shadows.admin, "policyShadowStop", given, SHOWN)
    assert (payload["userErrors"], payload["policyVersion"]["shadowUntil"]) == ([], None)
    noted = await writer.fetch(
        "SELECT kind, details->>'policy' AS policy FROM audit_events WHERE subject = $1 ORDER BY seq", str(number)
    )
    assert [each["kind"] for each in noted] == ["POLICY_SHADOW_STARTED", "POLICY_SHADOW_STOPPED"]
    active = shadows.graph.engine.authority._policy
    assert active is not None
    assert noted[0]["policy"] == active[1].digest[:12]
    again = await do(shadows.graph, shadows.admin, "policyShadowStop", {"id": given["id"]}, SHOWN)
    assert [each["code"] for each in again["userErrors"]] == ["INVALID_STATE"]


@pytest.mark.parametrize(("given", "codes"), [
    ({}, [("REQUIRED", ["shadowShare"]), ("REQUIRED", ["shadowUntil"])]),
    ({"shadowShare": "0", "shadowUntil": soon()}, [("INVALID", ["shadowShare"])]),
    ({"shadowShare": "100.01", "shadowUntil": soon()}, [("INVALID", ["shadowShare"])]),
    ({"shadowShare": "10", "shadowUntil": "2020-01-01T00:00:00Z"}, [("INVALID", ["shadowUntil"])]),
    ({"shadowShare": "10", "shadowUntil": LATER}, [("INVALID", ["shadowUntil"])]),
])  # fmt: skip
async def test_all_that_is_wrong_is_told(shadows: Shadows, given: Any, codes: Any) -> None:
    await shadows.writer.execute("UPDATE policy_versions SET shadow_until = NULL")
    _, id_ = await shadows.draft(RULES)
    payload = await do(shadows.graph, shadows.admin, "policyShadowStart", {"id": id_, **given}, SHOWN)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == codes
    assert await shadows.writer.fetchval("SELECT count(*) FROM policy_versions WHERE shadow_until > now()") == 0


async def test_one_at_a_time_and_only_what_is_open(shadows: Shadows) -> None:
    await shadows.begin(RULES)
    given = {"shadowShare": "10", "shadowUntil": soon()}
    _, other = await shadows.draft(RULES, "APPROVED")
    payload = await do(shadows.graph, shadows.admin, "policyShadowStart", {"id": other, **given}, SHOWN)
    assert [each["code"] for each in payload["userErrors"]] == ["CONFLICT"]
    for status in ("RETIRED", "DISCARDED", "REJECTED"):
        _, closed = await shadows.draft(RULES, status)
        payload = await do(shadows.graph, shadows.admin, "policyShadowStart", {"id": closed, **given}, SHOWN)
        assert payload["userErrors"][0]["code"] == "INVALID_STATE"


@pytest.mark.parametrize("name", ["policyShadowStart", "policyShadowStop"])
async def test_only_who_may_set_it_starts_or_stops_it(
    shadows: Shadows, company: Company, team: Team, name: str
) -> None:
    await shadows.writer.execute("UPDATE policy_versions SET shadow_until = NULL")
    number, id_ = await shadows.draft(RULES)
    given = {"id": id_} | ({"shadowShare": "10", "shadowUntil": soon()} if name.endswith("Start") else {})
    before = await shadows.writer.fetchrow("SELECT * FROM policy_versions WHERE number = $1", number)
    for who in (company.auditor, team.lead, company.manager, company.nobody):
        payload = await do(shadows.graph, who, name, given, SHOWN)
        assert payload["userErrors"][0]["code"] in ("FORBIDDEN", "NOT_FOUND")
    assert await shadows.writer.fetchrow("SELECT * FROM policy_versions WHERE number = $1", number) == before


# Who is told


async def test_only_who_may_look_as_anybody_is_told(shadows: Shadows, company: Company, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member)
    await shadows.process.settle()
    assert (await shadows.told(number, company.auditor))["compared"] == 1
    for who in (team.lead, company.manager, company.nobody):
        answer = await shadows.graph.ask(who, TOLD, {"version": number})
        assert (answer["data"]["policyShadow"], faults_of(answer)) == (None, [("NOT_FOUND", "version")])
    missing = await shadows.graph.ask(company.admin, TOLD, {"version": 9_999})
    assert faults_of(missing) == [("NOT_FOUND", "version")]


OVERSEER = """
role: overseer
rules:
  - allow: [read]
    on: [User, Role, RoleAssignment, PolicyVersion]
    fields: {classes: [PUBLIC, BUSINESS]}
  - allow: [simulate]
    on: User
  - allow: [read]
    on: Customer
    fields: CUSTOMER
"""


async def test_what_the_rules_compare_has_to_be_read_or_not_even_a_difference_is_told(
    shadows: Shadows, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    """Whoever could draft conditions on what is hidden, and be told the counts, would read it bit by bit."""
    overseen = {**RULES, "overseer.yaml": OVERSEER.replace("CUSTOMER", "{names: [displayName]}")}
    await activate(writer, overseen, "With an overseer.")
    await assign(writer, company.nobody, "overseer")
    try:
        for hits in ("DE", "XX"):
            rules = deny("sales_manager", f"when: {{taxId: {{startsWith: {hits}}}}}")
            number = await shadows.begin({**rules, "overseer.yaml": overseen["overseer.yaml"]})
            await ask(shadows, team.member)
            told = await shadows.told(number, company.nobody)
            [operation] = told["operations"]
            assert (told["uncountable"], operation["types"]) == (["Customer"], [])
            assert (operation["compared"], operation["refused"], operation["differing"]) == (1, 0, None)
            full = await shadows.told(number)
            assert (full["uncountable"], full["operations"][0]["differing"]) == ([], int(hits == "DE"))
    finally:
        await writer.execute("DELETE FROM role_assignments WHERE user_id = $1", company.nobody.key)
        await activate(writer, RULES, "As it was.")


async def test_no_value_and_no_key_is_kept(
    shadows: Shadows, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    query = 'query French { x: customers(where: {displayName: {eq: "French"}}) { nodes { French: displayName id } } }'
    await ask(shadows, team.member, query)
    await shadows.process.settle()
    kept = await writer.fetchval("SELECT json_agg(c)::text FROM policy_shadow_counts c")
    assert "LOST" in kept
    for secret in ("French", str(team.french.key), team.french.node, str(team.member.key), team.member.node):
        assert secret not in kept
