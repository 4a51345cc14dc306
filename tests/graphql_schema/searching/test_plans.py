"""What the planner makes of a search: the index first, then keys; no table is read as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import stage, store
from tests.http.asking import Asking

MANY = 6_000
ROWS = f"""
    INSERT INTO customers (id, kind, display_name, email, phone, region_id, owner_id)
    SELECT gen_random_uuid(), 'ORGANIZATION', 'Name' || md5(n::text) || ' Works', 'm' || n || '@many.example.com',
        '+4930' || 1000000 + n, CASE WHEN n % 2 = 0 THEN $1::uuid ELSE $2 END, CASE WHEN n % 10 = 0 THEN $3::uuid END
    FROM generate_series(1, {MANY}) AS n
"""
ORDERS = """
    INSERT INTO orders (customer_id, id, number, ordered_at, currency, region_id)
    SELECT id, gen_random_uuid(), 'SO-' || row_number() OVER (), now(), 'EUR', region_id FROM customers
"""


@pytest.fixture(scope="module")
async def many(writer: asyncpg.Connection, company: Company) -> None:
    await store(writer, stage())
    await writer.execute(ROWS, company.germany.key, company.france.key, company.rep.key)
    await writer.execute(ORDERS)
    await writer.execute("VACUUM ANALYZE")


def _nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


async def _planned(graph: Asking, writer: asyncpg.Connection, who: Any, query: str, words: str) -> list[Any]:
    """The nodes of the plan of an operation."""
    asked: list[Any] = []
    read = graph.engine.read

    async def noted(statement: str, *values: Any) -> Any:
        asked[:] = [statement, *values]
        return await read(statement, *values)

    graph.engine.read = noted
    try:
        await graph.data(who, query, {"words": words})
    finally:
        graph.engine.read = read
    [[found]] = await writer.fetch(f"EXPLAIN (FORMAT JSON) {asked[0]}", *asked[1:])
    return list(_nodes(json.loads(found)[0]["Plan"]))


LISTED = "query($words: String!) { customers(search: $words, orderBy: [{field: DISPLAY_NAME}]) { totalCount nodes { displayName } } }"
EVERYTHING = "query($words: String!) { search(query: $words) { nodes { rank field highlight { text } node { id } } } }"
NESTED = "query($words: String!) { customers(first: 2) { nodes { orders(search: $words) { nodes { number } } } } }"
BIG = {"customers", "orders", "search_tokens"}


@pytest.mark.parametrize("who", ["admin", "rep"])
@pytest.mark.parametrize(("query", "words"), [(LISTED, "m77@many"), (EVERYTHING, "SO-4711"), (NESTED, "SO-4711")])
async def test_a_search_begins_in_the_index_and_looks_keys_up(
    graph: Asking, writer: asyncpg.Connection, company: Company, many: None, who: str, query: str, words: str
) -> None:
    nodes = await _planned(graph, writer, getattr(company, who), query, words)
    assert "ix_search_tokens_tokens" in {node.get("Index Name") for node in nodes}
    read = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    assert read & BIG == set()
