"""`explainAccess`: why somebody sees what he or she sees, told no further than who asks sees."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import Team, refused
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

RULE = "{ effect gives role when file line ceiling holds conditions { depth text truth becomes state value operand met of } }"
EXPLAIN = f"""query ($as: ID!, $id: ID!, $field: String, $version: Int) {{
    explainAccess(as: $as, id: $id, field: $field, version: $version) {{
        type field visible gone shown unmasks states {{ field state }} rules {RULE} wanting {RULE} roles {RULE}
    }}
}}"""


async def explained(graph: Asking, asker: Row, as_: Row, row: Row, field: str | None = None) -> Any:
    told = await graph.data(asker, EXPLAIN, {"as": as_.node, "id": row.node, "field": field})
    return told["explainAccess"]


async def test_a_field_is_explained_by_rules_and_what_they_compared(
    graph: Asking, company: Company, team: Team
) -> None:
    told = await explained(graph, company.admin, company.rep, team.german, "email")
    assert (told["type"], told["visible"], told["shown"]) == ("Customer", True, "a•••@example.com")
    assert told["states"] == [{"field": "email", "state": "MASKED"}]
    masking, plain = told["rules"]
    assert (masking["gives"], masking["role"], masking["holds"], masking["file"]) == (
        "email", "sales_rep", True, "sales_rep.yaml",
    )  # fmt: skip
    assert masking["when"] == "region in $assignment.regions"
    assert masking["conditions"] == [
        {"depth": 0, "text": "region in $assignment.regions", "truth": "true", "becomes": None, "state": "PLAIN",
         "value": "De", "operand": ["De"], "met": None, "of": None},
    ]  # fmt: skip
    assert (plain["gives"], plain["holds"]) == ("plain", False)
    assert [part["depth"] for part in plain["conditions"]] == [0, 1, 1]
    [change] = told["wanting"]
    [wish] = change["conditions"]
    assert (change["role"], wish["text"], wish["becomes"], wish["operand"]) == (
        "sales_rep",
        "owner eq $me",
        True,
        "Rep",
    )
    assert {"admin", "auditor"} & {role["role"] for role in told["roles"]} == {"admin"}


async def test_a_row_is_explained_with_all_its_fields(graph: Asking, company: Company, team: Team) -> None:
    told = await explained(graph, company.admin, company.rep, team.french)
    assert (told["visible"], told["states"], {rule["holds"] for rule in told["rules"]}) == (False, [], {False})
    told = await explained(graph, company.admin, company.finance, team.french)
    states = {each["field"]: each["state"] for each in told["states"]}
    assert (states["displayName"], states["email"], states["birthDate"]) == ("PLAIN", "MASKED", "WITHHELD")


async def test_of_what_the_asker_does_not_read_the_state_is_told_alone(
    graph: Asking, company: Company, team: Team
) -> None:
    told = await explained(graph, team.lead, team.member, team.german, "taxId")
    assert (told["states"], told["shown"]) == ([{"field": "taxId", "state": "MASKED"}], None)
    values = [part["value"] for rule in told["rules"] for part in rule["conditions"]]
    operands = [part["operand"] for rule in told["rules"] for part in rule["conditions"]]
    assert "De" in values
    assert any(operands)


async def test_a_hidden_row_is_told_as_a_missing_one(graph: Asking, company: Company, team: Team) -> None:
    never = customer("Never")
    for row in (team.french, team.chinese, never):
        assert await explained(graph, team.lead, team.member, row) is None
        assert await explained(graph, team.lead, team.member, row, "email") is None
    assert await explained(graph, company.admin, team.member, never) is None


async def test_nobody_is_told_of_those_as_whom_they_may_not_look(graph: Asking, company: Company, team: Team) -> None:
    for as_ in (company.rep.node, team.lead.node, team.former.node, team.german.node):
        assert await refused(graph, team.lead, EXPLAIN, **{"as": as_, "id": team.german.node}) == [("NOT_FOUND", "as")]


@pytest.mark.parametrize(
    ("given", "argument"), [({"as": "x"}, "as"), ({"id": "x"}, "id"), ({"field": "nothing"}, "field")]
)
async def test_what_cannot_be_asked_is_refused(
    graph: Asking, company: Company, team: Team, given: dict[str, str], argument: str
) -> None:
    asked = {"as": team.member.node, "id": team.german.node, **given}
    assert await refused(graph, company.admin, EXPLAIN, **asked) == [("BAD_USER_INPUT", argument)]


async def test_who_does_not_read_the_policy_is_told_nothing_of_it(graph: Asking, company: Company, team: Team) -> None:
    asked = {"as": company.rep.node, "id": team.german.node}
    for who in (company.manager, company.nobody, company.finance):
        assert await refused(graph, who, EXPLAIN, **asked) in ([("NOT_FOUND", "version")], [("NOT_FOUND", "as")])


async def test_the_answer_is_a_function_of_what_the_asker_sees(
    graph: Asking, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    async def told() -> list[Any]:
        fields = (None, "email", "taxId", "owner")
        return [await explained(graph, team.lead, team.member, team.german, field) for field in fields]

    before = await told()
    await store(writer, customer("Elsewhere", region=company.france, owner=team.member))
    await writer.execute("UPDATE customers SET tax_id = 'Y', email = 'axel@example.com' WHERE id = $1", team.german.key)
    assert await told() == before
