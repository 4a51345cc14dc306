"""What was found is told as short as it can be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from graphql import parse, validate

from graphql_schema.schema import SCHEMA
from tests.leaks.operations.operation import Operation
from tests.leaks.operations.shrinking import shrink

CORE = SCHEMA._schema
LARGE = Operation(
    """
    query Asked($where: CustomerWhere, $size: Int = 3, $tier: CustomerTier, $on: Boolean!) {
      a: viewer { id roles }
      customers(first: $size, where: {AND: [$where, {tier: {eq: $tier}}], email: {contains: "x"}}) {
        totalCount
        edges { cursor ...E }
        nodes @include(if: $on) { id ... on Customer { email orders { nodes { number } } } }
      }
    }
    fragment E on CustomerEdge { node { phone owner { displayName } } }
    """,
    {"where": {"lifecycleStage": {"in": ["LEAD", "ACTIVE"]}, "displayName": {"eq": "Ada"}}, "tier": "KEY", "on": True},
    "Asked",
)


def holding(*parts: str) -> Callable[[Operation], bool]:
    """Whether an operation is valid and its text holds some parts."""
    return lambda each: (
        all(part in each.text for part in parts) and not each.variables and not validate(CORE, parse(each.text))
    )


@pytest.mark.parametrize(
    ("shows", "smallest"),
    [
        (holding("phone"), "query Asked{customers{edges{node{phone}}}}"),
        (holding("totalCount", "contains"), 'query Asked{customers(where:{email:{contains:"x"}}){totalCount}}'),
        (
            holding("ACTIVE", "cursor"),
            "query Asked{customers(where:{AND:[{lifecycleStage:{in:[ACTIVE]}}]}){edges{cursor}}}",
        ),
        (holding("number", "roles"), "query Asked{a:viewer{roles}customers{nodes{orders{nodes{number}}}}}"),
    ],
    ids=["a fragment's field", "an operator", "an item in a variable", "two roots"],
)
async def test_what_does_not_matter_is_taken_out(shows: Callable[[Operation], bool], smallest: str) -> None:
    async def still(operation: Operation) -> bool:
        return shows(operation)

    found = await shrink(LARGE, still, CORE)
    assert found.text == smallest
    assert found.variables == {}


async def test_what_needs_its_variables_keeps_them() -> None:
    async def still(operation: Operation) -> bool:
        return "tier" in operation.variables

    found = await shrink(LARGE, still, CORE)
    assert found.variables == {"tier": "KEY"}
    assert found.text.startswith("query Asked($tier:CustomerTier){customers(where:{AND:[{tier:{eq:$tier}}]})")
