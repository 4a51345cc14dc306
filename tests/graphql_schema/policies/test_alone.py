"""A look that is all that is asked is answered just as one among other fields, which the executor answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import SIMULATE, Team
from tests.http.asking import Asking

NAMES = "query ($first: Int) { customers(first: $first) { nodes { displayName } } }"
HEAD = "query ($as: ID!, $operation: String!, $variables: JSON, $first: JSON)"
ASKED = {
    "by variables": SIMULATE,
    "under another name": f"{HEAD} {{ seen: policySimulate(as: $as, operation: $operation, variables: $variables) }}",
    "by a literal": f'{HEAD} {{ policySimulate(as: $as, operation: "{{ viewer {{ id }} }}") }}',
    "by an object": f"{HEAD} {{ policySimulate(as: $as, operation: $operation, variables: {{first: 1}}) }}",
    "by a variable in an object": f"{HEAD} {{ policySimulate(as: $as, operation: $operation, variables: {{first: $first}}) }}",
    "by a default in an object": HEAD.replace("$first: JSON", "$first: JSON = 2")
    + " { policySimulate(as: $as, operation: $operation, variables: {first: $first}) }",
    "in a fragment": f"{HEAD} {{ ...F }} fragment F on Query {{ policySimulate(as: $as, operation: $operation) }}",
    "under a condition": f"{HEAD} {{ policySimulate(as: $as, operation: $operation) @skip(if: true) }}",
    "of the policy of no version": f"{HEAD} {{ policySimulate(as: $as, operation: $operation, version: 99) }}",
    "as null": f"{HEAD} {{ policySimulate(as: $as, operation: $operation, variables: null, operationName: null) }}",
}
GIVEN: dict[str, dict[str, Any]] = {
    "a query": {"operation": NAMES, "variables": {"first": 2}, "first": 2},
    "one of no variables": {"operation": NAMES},
    "one with a mistake": {"operation": "{ nothing }", "variables": {}, "first": 1},
    "one whose variables are none": {"operation": NAMES, "variables": [1], "first": "x"},
    "one as nobody": {"operation": NAMES, "as": "AQAAAA", "first": 1},
    "one as somebody unknown": {"operation": NAMES, "as": "AQGgAAAAAHAAgAAAAAAAAAA", "first": 1},
}


def told(answer: Any) -> Any:
    """An answer without the names of requests, also of those inside it."""
    return json.loads(re.sub(r'"requestId": "\w+"', '"requestId": ""', json.dumps(answer)))


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
async def test_it_is_answered_as_one_among_others_is(
    graph: Asking, company: Company, team: Team, text: str, given: dict[str, Any]
) -> None:
    more = "...F __typename }" if "...F" in text else "__typename policySimulate"
    other = text.replace("...F }", more) if "...F" in text else text.replace("{", "{ __typename ", 1)
    variables = {"as": team.member.node, **given}
    for who in (company.admin, company.rep):
        one, among = [dict(await graph.ask(who, each, variables)) for each in (text, other)]
        data = among.get("data")
        if data:
            assert data.pop("__typename") == "Query"
        for each in (one, among):
            each.pop("extensions", None)  # what they cost differs
            for error in each.get("errors", ()):
                error.pop("locations", None)
        assert told(one) == told(among)


async def test_one_that_is_alone_needs_no_executor(
    graph: Asking, company: Company, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def executed(*_: object, **__: object) -> None:
        pytest.fail("there is nothing to execute")

    given = {"as": team.member.node, "operation": NAMES}
    expected = await graph.data(company.admin, SIMULATE, given)
    monkeypatch.setattr("graphql_schema.engine.execute", executed)
    assert await graph.data(company.admin, SIMULATE, given) == expected
