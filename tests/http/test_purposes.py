"""What a request declares that it is for counts for that request, and no other."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, customer, store, user
from tests.http.asking import Asking

CAMPAIGNER = """
role: campaigner
rules:
  - allow: [read]
    on: Customer
    when: {kind: {eq: $purpose}}
    fields: {classes: [PUBLIC, BUSINESS]}
  - allow: [read]
    on: Customer
    when: {displayName: {eq: $purpose}}
    fields: {classes: [PUBLIC, BUSINESS]}
"""
QUERY = "{ customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName } totalCount } }"


@pytest.fixture(scope="module")
async def someone(graph: Asking, company: Company, writer: asyncpg.Connection) -> Row:
    """Who sees individuals for the purpose `individual`, and of other purposes whoever is called so."""
    found = user("campaigner")
    async with writer.transaction():
        await writer.execute("INSERT INTO roles (id, code, name) VALUES (gen_random_uuid(), 'campaigner', 'C')")
        await activate(writer, read_folder(DEFAULT_RULES) | {"campaigner.yaml": CAMPAIGNER})
    await store(writer, found, customer("news"), customer("Ida", kind="INDIVIDUAL"))
    await assign(writer, found, "campaigner", purposes=["individual", "news"])
    return found


async def _asked(graph: Asking, who: Row, *purposes: str) -> Any:
    headers = [*graph.bearer(who).items(), *(("X-Purpose", purpose) for purpose in purposes)]
    response = await graph.client.post("/graphql", json={"query": QUERY}, headers=headers)
    return response.status_code, response.json()


async def _names(graph: Asking, who: Row, *purposes: str) -> list[str]:
    _, answer = await _asked(graph, who, *purposes)
    return [node["displayName"] for node in answer["data"]["customers"]["nodes"]]


async def test_what_is_known_of_it_is_read_with_the_assignment(graph: Asking, someone: Row) -> None:
    known = await load_principal(graph.database.read, Bearer(someone.key))
    assert known is not None
    assert [each.purposes for each in known.principal.assignments] == [("individual", "news")]
    assert known.principal.purpose is None


async def test_it_does_not_outlast_its_request(graph: Asking, someone: Row) -> None:
    assert await _names(graph, someone) == []
    for _ in range(3):
        assert "Ida" in await _names(graph, someone, "individual")
        assert await _names(graph, someone) == []
        assert await _names(graph, someone, "news") == ["news"]
        assert await _names(graph, someone, "other") == []


async def test_requests_at_the_same_time_keep_their_own(graph: Asking, someone: Row) -> None:
    asked = [(), ("news",), (), ("individual",), ("other",)] * 8
    found = [
        await asyncio.gather(*(_names(graph, someone, *each) for each in asked[n : n + 5])) for n in range(0, 40, 5)
    ]
    assert all(
        (one, two, three, five) == ([], ["news"], [], []) and "Ida" in four for one, two, three, four, five in found
    )


async def test_who_lists_no_purpose_is_answered_as_without(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    await store(writer, customer("Berta", region=company.germany))
    assert await _names(graph, company.rep, "news") == await _names(graph, company.rep) == ["Berta"]


@pytest.mark.parametrize(
    "purposes",
    [("",), ("News",), ("_news",), ("1st",), ("a-b",), ("a b",), ("a" * 65,), ("news, other",), ("news", "news")],
    ids=["empty", "capitals", "underline first", "digit first", "hyphen", "space", "long", "two in one", "twice"],
)
async def test_what_is_no_code_is_refused_before_anything_is_asked(
    graph: Asking, someone: Row, purposes: tuple[str, ...]
) -> None:
    before = graph.engine.statements
    status, answer = await _asked(graph, someone, *purposes)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")
    assert graph.engine.statements == before


async def test_the_longest_code_is_taken(graph: Asking, someone: Row) -> None:
    assert await _names(graph, someone, "a" * 64) == []
