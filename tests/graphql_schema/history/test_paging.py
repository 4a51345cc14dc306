"""Pages of a history, and cursors, which tell nothing of what is hidden between them."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

UPDATE = "mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) { userErrors { code field } } }"
TIERS = ("KEY", "BASIC", "KEY", "STANDARD", "KEY")
PAGE = """
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node { __typename fields { __typename of: field to: new } } } nodes { fields { new } }"""


@pytest.fixture(scope="module")
async def theirs(graph: Asking, writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's, whose tier went up and down; in between, what the auditor does not see."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, made)
    for tier in TIERS:
        for given in ({"tier": tier}, {"taxId": f"SECRET-{tier}-{len(tier)}"}):
            answer = await graph.data(company.admin, UPDATE, {"input": {"id": made.node, **given}})
            assert answer == {"customerUpdate": {"userErrors": []}}
    return made


async def page(graph: Asking, who: Row, of: Row, arguments: str) -> Any:
    query = f'{{ customer(id: "{of.node}") {{ changeHistory({arguments}) {{ {PAGE} }} }} }}'
    return (await graph.data(who, query))["customer"]["changeHistory"]


def tiers(found: Any) -> list[str]:
    assert found["nodes"] == [
        {"fields": [{"new": each["to"]} for each in edge["node"]["fields"]]} for edge in found["edges"]
    ]
    return [edge["node"]["fields"][0]["to"] for edge in found["edges"]]


NEWEST_FIRST = list(reversed(TIERS))


async def test_pages_follow_each_other_both_ways(graph: Asking, company: Company, theirs: Row) -> None:
    whole = await page(graph, company.rep, theirs, 'first: 100, fields: ["tier"]')
    assert (tiers(whole), whole["totalCount"]) == (NEWEST_FIRST, 5)
    assert whole["edges"][0]["node"] == {
        "__typename": "Change",
        "fields": [{"__typename": "FieldChange", "of": "tier", "to": "KEY"}],
    }
    first = await page(graph, company.rep, theirs, "first: 2")
    assert tiers(first) == NEWEST_FIRST[:2]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    rest = await page(graph, company.rep, theirs, f'first: 3, after: "{first["pageInfo"]["endCursor"]}"')
    assert tiers(rest) == NEWEST_FIRST[2:]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    back = await page(graph, company.rep, theirs, f'last: 1, before: "{rest["pageInfo"]["startCursor"]}"')
    assert tiers(back) == NEWEST_FIRST[1:2]
    assert (back["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"]) == (True, True)
    cursors = [edge["cursor"] for edge in first["edges"] + rest["edges"]]
    assert cursors == [edge["cursor"] for edge in whole["edges"]]


def _token(cursor: str) -> str:
    (_, token) = json.loads(base64.urlsafe_b64decode(cursor))
    return str(token)


def _with(token: str, cursor: str) -> str:
    head, _ = json.loads(base64.urlsafe_b64decode(cursor))
    return base64.urlsafe_b64encode(json.dumps([head, token]).encode()).decode()


async def test_a_cursor_holds_no_number_and_cannot_be_moved(graph: Asking, company: Company, theirs: Row) -> None:
    edges = (await page(graph, company.rep, theirs, "first: 100"))["edges"]
    tokens = [bytes.fromhex(_token(edge["cursor"])) for edge in edges]
    assert all(len(token) == 16 for token in tokens)
    distances = [abs(int.from_bytes(a[8:]) - int.from_bytes(b[8:])) for a, b in pairwise(tokens)]
    assert min(distances) > 1_000_000
    for bit in (1, 2, 4, 8):
        moved = tokens[1][:15] + bytes([tokens[1][15] ^ bit])
        for way in ("first: 5, after", "last: 5, before"):
            found = await page(graph, company.rep, theirs, f'{way}: "{_with(moved.hex(), edges[1]["cursor"])}"')
            assert found["edges"] == []
            assert found["pageInfo"] == {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            }


async def test_since_leaves_out_what_was_before(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    moments = await writer.fetch("SELECT at FROM change_events WHERE entity_id = $1 ORDER BY seq", theirs.key)
    found = await page(graph, company.rep, theirs, f'since: "{moments[4]["at"].isoformat()}"')
    assert (tiers(found), found["totalCount"]) == (NEWEST_FIRST[:3], 3)


REFUSED = {
    "first: 0": "first",
    "last: 101": "last",
    "first: 1, last: 1": "last",
    'since: "0001-01-01T00:00:00Z"': "since",
    'after: "x"': "after",
    f'before: "{base64.urlsafe_b64encode(json.dumps(["00000000", "0" * 32]).encode()).decode()}"': "before",
    'fields: ["nonsense"]': "fields",
    'fields: ["tier", "orders"]': "fields",
    'fields: ["version"]': "fields",
}


@pytest.mark.parametrize("arguments", REFUSED)
@pytest.mark.parametrize("part", ["nodes { at }", "totalCount", "__typename"])
async def test_what_is_wrong_is_refused_where_it_stands(
    graph: Asking, company: Company, theirs: Row, arguments: str, part: str
) -> None:
    query = f'{{ customer(id: "{theirs.node}") {{ changeHistory({arguments}) {{ {part} }} }} }}'
    assert await graph.faults(company.rep, query) == [("BAD_USER_INPUT", f"changeHistory.{REFUSED[arguments]}")]


async def test_a_field_that_is_never_readable_is_refused(graph: Asking, company: Company, theirs: Row) -> None:
    query = f'{{ customer(id: "{theirs.node}") {{ changeHistory(fields: ["taxId"]) {{ totalCount }} }} }}'
    assert await graph.faults(company.rep, query) == [("FIELD_NOT_READABLE", "changeHistory.fields")]
    assert await graph.faults(company.partner, query) == [("BAD_USER_INPUT", "changeHistory.fields")]
    variable = (
        f'query($f: [FieldPath!]) {{ customer(id: "{theirs.node}") {{ changeHistory(fields: $f) {{ totalCount }} }} }}'
    )
    assert await graph.faults(company.rep, variable, {"f": ["taxId"]}) == [
        ("FIELD_NOT_READABLE", "changeHistory.fields")
    ]
    assert (await graph.data(company.rep, variable, {"f": ["tier"]}))["customer"]["changeHistory"]["totalCount"] == 5
    assert (await graph.data(company.rep, variable, {"f": []}))["customer"]["changeHistory"]["totalCount"] == 0
