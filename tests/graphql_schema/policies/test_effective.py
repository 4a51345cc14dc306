"""`effectiveAccess`: the matrix of one person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import Team, refused
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

RULES = "rules { effect gives role when file line ceiling holds conditions { text } }"
EFFECTIVE = f"""query ($as: ID!, $version: Int) {{ effectiveAccess(as: $as, version: $version) {{
    tailored minGroup assignments {{ role regions departments purposes }}
    resources {{ type everyRow fields {{ field state }} {RULES} actions {{ action always fields {RULES} }} }}
}} }}"""


async def effective(graph: Asking, asker: Row, as_: Row) -> Any:
    return (await graph.data(asker, EFFECTIVE, {"as": as_.node}))["effectiveAccess"]


def by_type(told: Any) -> dict[str, Any]:
    return {each["type"]: each for each in told["resources"]}


async def test_a_person_is_told_by_type_and_field(graph: Asking, company: Company, team: Team) -> None:
    told = await effective(graph, company.admin, company.rep)
    assert told["assignments"] == [{"role": "sales_rep", "regions": ["De"], "departments": ["Sales"], "purposes": []}]
    assert (told["tailored"], told["minGroup"]) == (False, 1)
    customers = by_type(told)["Customer"]
    states = {each["field"]: each["state"] for each in customers["fields"]}
    assert (states["displayName"], states["email"], states["taxId"]) == ("PLAIN", None, "WITHHELD")
    assert customers["everyRow"] is False
    masking = next(rule for rule in customers["rules"] if rule["gives"].startswith("email:"))
    assert (masking["gives"], masking["when"], masking["role"]) == (
        "email: email; phone: phone", "region in $assignment.regions", "sales_rep",
    )  # fmt: skip
    update = next(each for each in customers["actions"] if each["action"] == "update")
    assert ("email" in update["fields"], "id" in update["fields"], update["always"]) == (True, False, False)
    assert "delete" not in {each["action"] for each in customers["actions"]}
    assert by_type(told)["Region"]["everyRow"] is True
    assert "Segment" not in by_type(told)


async def test_who_may_look_is_an_action_on_users(graph: Asking, company: Company, team: Team) -> None:
    actions = {
        each["action"]: each for each in by_type(await effective(graph, company.admin, team.lead))["User"]["actions"]
    }
    assert [(each["action"], each["always"], each["rules"][0]["when"]) for each in actions.values()] == [
        ("simulate", False, "manager eq $me")
    ]
    actions = {
        each["action"]: each
        for each in by_type(await effective(graph, company.admin, company.auditor))["User"]["actions"]
    }
    assert actions["simulate"]["always"] is True


@pytest.mark.parametrize(
    ("name", "tailored", "types"), [("partner", True, {"Customer", "Order", "OrderLine"}), ("nobody", False, set())]
)
async def test_of_others_as_much_is_told_as_they_hold(
    graph: Asking,
    company: Company,
    team: Team,
    name: str,
    *,
    tailored: bool,
    types: set[str],
) -> None:
    told = await effective(graph, company.admin, getattr(company, name))
    assert (told["tailored"], set(by_type(told))) == (tailored, types)


async def test_where_a_role_is_held_is_told_to_those_who_know(graph: Asking, company: Company, team: Team) -> None:
    told = await effective(graph, team.lead, team.member)
    assert told["assignments"] == [
        {"role": "sales_manager", "regions": ["Eu", "De", "Fr"], "departments": ["Sales"], "purposes": []}
    ]
    assert await refused(graph, team.lead, EFFECTIVE, **{"as": company.rep.node}) == [("NOT_FOUND", "as")]
    assert await refused(graph, team.lead, EFFECTIVE, **{"as": team.member.node, "version": 999}) == [
        ("NOT_FOUND", "version")
    ]
