"""Variables that hold too much are refused before they are looked at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.http.asking import Asking

QUERY = "query ($where: CustomerWhere) { customers(where: $where) { totalCount } }"


@pytest.mark.parametrize(
    "where",
    [
        {"OR": [{}] * 1_500},
        {"OR": [{"displayName": {"eq": "a"}}] * 750},
        {"displayName": {"in": ["a"] * 10_000}},
        {"NOT": {"OR": [{"AND": [{}] * 100}] * 15}},
    ],
    ids=["objects", "conditions", "values", "nested"],
)
async def test_variables_that_hold_too_much_are_refused(graph: Asking, company: Company, where: Any) -> None:
    before = graph.engine.statements
    response = await graph.post(company.admin, QUERY, {"where": where})
    (error,) = response.json()["errors"]
    assert error["message"] == "variables hold at most 1100 objects and lists, and 10000 values"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert graph.engine.statements == before + 1  # the proof alone


async def test_a_list_of_thousands_of_values_is_answered(graph: Asking, company: Company) -> None:
    found = await graph.data(company.admin, QUERY, {"where": {"displayName": {"in": ["nobody"] * 9_000}}})
    assert found == {"customers": {"totalCount": 0}}
