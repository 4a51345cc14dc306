"""Inputs that say nothing are answered with what is missing, by every mutation that makes something."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from graphql_schema.schema import MUTATIONS, SCHEMA
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import watched
from tests.http.asking import Asking

NOTHING_NEEDED = {"admin": {"policyDraftCreate"}, "marketer": set[str]()}
"""By role, makings that need nothing."""
MAKING = sorted(name for name in MUTATIONS if name.endswith(("Create", "BulkUpsert")))


def _least(name: str) -> dict[str, Any]:
    """The least that a mutation's input may hold; of a bulk, one record of which nothing is said."""
    mutation = SCHEMA._schema.mutation_type
    assert mutation is not None
    type_ = get_named_type(mutation.fields[name].args["input"].type)
    assert isinstance(type_, GraphQLInputObjectType)
    return {"inputs": [{}]} if "inputs" in type_.fields else {}


@pytest.mark.parametrize("role", ["admin", "marketer"])
async def test_what_says_nothing_is_told_what_is_missing(
    graph: Asking, company: Company, writer: Any, role: str
) -> None:
    who, found = getattr(company, role), {}
    async with watched(writer) as change:
        for name in MAKING:
            title = name[0].upper() + name[1:]
            query = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
            answer = await graph.ask(who, query, {"input": {**_least(name), "validateOnly": True}})
            found[name] = answer["data"][name]["userErrors"] if "errors" not in answer else answer["errors"]
    wrong = {name: errors for name, errors in found.items() if not all("field" in error for error in errors)}
    assert wrong == {}
    assert {name for name, errors in found.items() if not errors} == NOTHING_NEEDED[role]
    assert change.tables == []
