"""`policyImpact`: who would gain or lose what, counted over live data as far as the asker sees it."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import RULES, Team, refused
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

IMPACT = """query ($draft: Int!, $sample: Int) { policyImpact(draft: $draft, sample: $sample) {
    complete documents { client id name errors }
    groups { roles users sampled types { ...T } people { id name types { ...T } } }
} }
fragment T on PolicyImpactEntity { type countable gained lost fields { field plain masked withheld } }"""
ALLOW = "\n  - allow: [read]\n    on: Customer\n    when: {condition}\n    fields: {fields}\n"


def also(role: str, condition: str, fields: str = "{names: [id]}") -> dict[str, str]:
    """The rules, with a role that sees customers on more grounds."""
    return {
        **RULES,
        f"{role}.yaml": RULES[f"{role}.yaml"] + ALLOW.replace("{condition}", condition).replace("{fields}", fields),
    }


class Drafts:
    """Drafts of the policy, each by a number of its own."""

    def __init__(self, writer: asyncpg.Connection) -> None:
        self.writer, self.number = writer, 100

    async def draft(self, rules: dict[str, str]) -> int:
        self.number += 1
        await self.writer.execute(
            "INSERT INTO policy_versions (id, number, status, document)"
            " VALUES (gen_random_uuid(), $1, 'DRAFT', $2::text::jsonb)",
            self.number, json.dumps({"files": rules}),
        )  # fmt: skip
        return self.number


@pytest.fixture(scope="module")
async def drafts(writer: asyncpg.Connection, team: Team) -> Drafts:
    return Drafts(writer)


async def impact(graph: Asking, asker: Row, draft: int, **more: Any) -> Any:
    return (await graph.data(asker, IMPACT, {"draft": draft, **more}))["policyImpact"]


def changes(told: Any) -> dict[str, dict[str, Any]]:
    """By roles and type, what would change."""
    return {"+".join(group["roles"]): {each["type"]: each for each in group["types"]} for group in told["groups"]}


async def test_what_does_not_change_is_not_told(graph: Asking, company: Company, drafts: Drafts) -> None:
    told = await impact(graph, company.admin, await drafts.draft(RULES))
    assert told == {"complete": True, "documents": [], "groups": []}


async def test_rows_gained_are_counted_for_each_of_a_group(
    graph: Asking, company: Company, team: Team, drafts: Drafts
) -> None:
    draft = await drafts.draft(also("sales_rep", "{displayName: {startsWith: Chin}}", "{names: [displayName]}"))
    told = changes(await impact(graph, company.admin, draft))
    assert set(told) == {"sales_rep", "lead"}  # a lead is a representative, too
    found = told["sales_rep"]["Customer"]
    assert (found["countable"], found["gained"], found["lost"]) == (True, 2, 0)
    turned = {each["field"]: (each["plain"], each["masked"], each["withheld"]) for each in found["fields"]}
    assert turned["displayName"] == (2, 0, 0)
    assert "email" not in turned


async def test_rows_lost_and_fields_masked_are_counted(
    graph: Asking, company: Company, team: Team, drafts: Drafts
) -> None:
    rules = {
        **RULES,
        "finance.yaml": RULES["finance.yaml"]
        + "\n  - deny: [read]\n    on: Customer\n    when: {displayName: {eq: French}}\n  - deny: [read]\n    on: Customer\n    fields: {names: [taxId]}\n",
    }
    told = changes(await impact(graph, company.admin, await drafts.draft(rules)))
    found = told["finance"]["Customer"]
    assert (found["gained"], found["lost"]) == (0, 1)
    turned = {each["field"]: (each["plain"], each["masked"], each["withheld"]) for each in found["fields"]}
    assert turned["taxId"] == (0, 0, 3)
    assert turned["displayName"] == (0, 0, 1)
    masked = RULES["sales_manager.yaml"].replace(
        "classes: [PUBLIC, BUSINESS, CONTACT, FINANCIAL]", "classes: [PUBLIC, BUSINESS, FINANCIAL]", 1
    )
    rules = {
        **RULES,
        "sales_manager.yaml": masked
        + ALLOW.replace("{condition}", "{region: {in: $assignment.regions}}").replace(
            "{fields}", "{names: [email]}\n    mask: {email: email}"
        ),
    }
    told = changes(await impact(graph, company.admin, await drafts.draft(rules)))
    masked_on = {each["field"]: each["masked"] for each in told["sales_manager"]["Customer"]["fields"]}
    assert masked_on["email"] == 4  # two customers in Europe, for two people


async def test_as_many_of_a_group_are_counted_for_as_is_asked(
    graph: Asking, company: Company, team: Team, drafts: Drafts
) -> None:
    draft = await drafts.draft(also("sales_rep", "{displayName: {startsWith: Chin}}"))
    [group] = [
        each
        for each in (await impact(graph, company.admin, draft, sample=1))["groups"]
        if each["roles"] == ["sales_rep"]
    ]
    assert (group["users"], group["sampled"], group["types"][0]["gained"]) == (2, 1, 1)
    assert [each["types"][0]["gained"] for each in group["people"]] == [1]


async def test_what_changes_for_each_of_a_group_is_told_with_names_in_view(
    graph: Asking, company: Company, team: Team, drafts: Drafts
) -> None:
    draft = await drafts.draft(also("sales_rep", "{displayName: {startsWith: Chin}}"))
    groups = {tuple(each["roles"]): each for each in (await impact(graph, company.admin, draft))["groups"]}
    people = groups["sales_rep",]["people"]
    assert {(each["id"], each["name"]) for each in people} == {
        (company.rep.node, "Rep"),
        (company.colleague.node, "Colleague"),
    }
    assert [(each["types"][0]["type"], each["types"][0]["gained"]) for each in people] == [("Customer", 1)] * 2


async def test_only_those_count_as_whom_the_asker_may_look_over_rows_that_it_sees(
    graph: Asking, company: Company, team: Team, drafts: Drafts
) -> None:
    everything = await drafts.draft(also("sales_manager", "{displayName: {startsWith: C}}"))
    assert changes(await impact(graph, company.admin, everything))["sales_manager"]["Customer"]["gained"] == 2
    assert changes(await impact(graph, team.lead, everything)) == {}


async def test_what_the_asker_does_not_read_is_not_counted_by(
    graph: Asking, company: Company, team: Team, drafts: Drafts
) -> None:
    by_tax = await drafts.draft(also("sales_manager", "{taxId: {startsWith: DE}}"))
    told = changes(await impact(graph, team.lead, by_tax))["sales_manager"]["Customer"]
    assert told == {"type": "Customer", "countable": False, "gained": None, "lost": None, "fields": []}
    assert changes(await impact(graph, company.admin, by_tax))["sales_manager"]["Customer"]["countable"] is True
    elsewhere = await drafts.draft(also("sales_manager", "{orders: {some: {status: {eq: DRAFT}}}}"))
    assert changes(await impact(graph, team.lead, elsewhere))["sales_manager"]["Customer"]["countable"] is False


async def test_documents_that_would_break_are_told(
    graph: Asking, company: Company, team: Team, drafts: Drafts, writer: asyncpg.Connection
) -> None:
    await writer.execute(
        "INSERT INTO oauth_clients (id, code, name, is_public, is_own, redirect_uris, grant_types, scopes, region_id, role_id)"
        " SELECT gen_random_uuid(), 'portal', 'Portal', false, false, '{}', '{client_credentials}', '{}', $1, id"
        " FROM roles WHERE code = 'partner'",
        company.germany.key,
    )
    for name, text in (
        ("Orders", "{ orders { nodes { number } } }"),
        ("Customers", "{ customers { nodes { displayName } } }"),
    ):
        await writer.execute(
            "INSERT INTO trusted_documents (client_id, digest, name, text)"
            " SELECT id, sha256($2::bytea), $1, $3 FROM oauth_clients WHERE code = 'portal'",
            name, text.encode(), text,
        )  # fmt: skip
    rules = {**RULES, "partner.yaml": RULES["partner.yaml"].replace("[Customer, Order, OrderLine]", "[Customer]")}
    told = await impact(graph, company.admin, await drafts.draft(rules))
    [broken] = told["documents"]
    assert (broken["client"], broken["name"]) == ("portal", "Orders")
    assert broken["errors"] == ["Cannot query field 'orders' on type 'Query'."]
    assert (await impact(graph, team.lead, await drafts.draft(rules)))["documents"] == []
    await writer.execute("DELETE FROM trusted_documents")
    await writer.execute("DELETE FROM oauth_clients WHERE code = 'portal'")


@pytest.mark.parametrize(("given", "fault"), [
    ({"sample": 0}, ("BAD_USER_INPUT", "sample")), ({"sample": 101}, ("BAD_USER_INPUT", "sample")),
    ({"draft": 99999}, ("NOT_FOUND", "draft")),
])  # fmt: skip
async def test_what_cannot_be_asked_is_refused(
    graph: Asking, company: Company, team: Team, given: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert await refused(graph, company.admin, IMPACT, **{"draft": 1, **given}) == [fault]


async def test_counts_are_a_function_of_what_the_asker_sees(
    graph: Asking, company: Company, team: Team, drafts: Drafts, writer: asyncpg.Connection
) -> None:
    numbers = [
        await drafts.draft(also("sales_manager", condition, "{names: [taxId]}"))
        for condition in ("{displayName: {startsWith: G}}", "{owner: {eq: $me}}", "{taxId: {startsWith: DE}}")
    ]
    before = [await impact(graph, team.lead, number) for number in numbers]
    await store(writer, customer("Ghost", region=company.china, owner=team.member, tax_id="DE1"))
    await writer.execute("UPDATE customers SET tax_id = 'X' WHERE id = $1", team.german.key)
    assert [await impact(graph, team.lead, number) for number in numbers] == before
