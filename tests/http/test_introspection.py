"""What is asked of the schema itself is answered beside everything else."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from graphql import get_introspection_query, graphql_sync, parse, validate

from graphql_schema import introspecting
from graphql_schema.schema import COMPLETE
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

WHOLE = get_introspection_query()
HELLO = "{ viewer { displayName } }"
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "all": (WHOLE, {}),
    "under other names": ("{ a: __schema { queryType { name } } b: __type(name: \"Money\") { name } __typename }", {}),
    "nothing": ('{ __type(name: "Nothing") { name } }', {}),
    "by a variable": ("query($n: String!) { __type(name: $n) { fields { name } } }", {"n": "Money"}),
    "by another value": ("query($n: String!) { __type(name: $n) { fields { name } } }", {"n": "Node"}),
    "by its default": ('query($n: String = "Money") { __type(name: $n) { kind } }', {}),
    "where it is included": ("query($y: Boolean!) { __schema @include(if: $y) { __typename } __typename }", {"y": True}),
    "where it is not": ("query($y: Boolean!) { __schema @include(if: $y) { __typename } __typename }", {"y": False}),
    "in parts": (
        '{ ...A ... on Query { __type(name: "Money") { kind } } } fragment A on Query { __type(name: "Money") { name } }',
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", ASKED)
async def test_the_schema_is_told_as_it_is(graph: Asking, company: Company, how: str) -> None:
    query, variables = ASKED[how]
    expected = graphql_sync(COMPLETE.schema, query, variable_values=variables)
    assert expected.errors is None
    for _ in range(2):
        assert await graph.data(company.admin, query, variables) == expected.data


async def test_it_is_told_beside_rows_in_the_order_of_the_question(graph: Asking, company: Company) -> None:
    query = "{ z: viewer { displayName } __schema { queryType { name } } a: viewer { displayName } }"
    found = await graph.data(company.admin, query)
    admin = {"displayName": "Admin"}
    assert list(found.items()) == [("z", admin), ("__schema", {"queryType": {"name": "Query"}}), ("a", admin)]


@pytest.mark.parametrize("query", [WHOLE, "{ __schema { types { name } } viewer { displayName } }"])
async def test_while_it_is_told_others_are_answered(graph: Asking, company: Company, query: str) -> None:
    goes_on = threading.Event()
    held = introspecting._THREAD.submit(goes_on.wait, 10)
    try:
        told = asyncio.create_task(graph.data(company.auditor, f"{query} # {len(query)}"))
        for _ in range(3):
            assert await graph.data(company.admin, HELLO) == {"viewer": {"displayName": "Admin"}}
        assert not told.done()
    finally:
        goes_on.set()
    assert (await told)["__schema"]
    assert held.result()


async def test_what_was_told_last_is_kept(graph: Asking, company: Company) -> None:
    kept = graph.engine.introspecting
    for number in range(2 * kept.remembered):
        await graph.data(company.admin, f"{{ __schema {{ queryType {{ name }} }} }} # {number}")
    assert len(kept._known) == kept.remembered


def test_the_questions_are_valid() -> None:
    for query, _ in ASKED.values():
        assert validate(COMPLETE.schema, parse(query)) == []
