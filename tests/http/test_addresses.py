"""What the address and the method of a request may be, and what is found there."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.graphql_schema.company import Company
from tests.http.asking import Asking
from tests.http.posting import ASK, JSON, bearer
from tests.http.wire import Header, Sent, send


async def _get(graph: Asking, company: Company, query: bytes, *headers: Header, method: str = "GET") -> Sent:
    return await send(graph.app, method, headers=[bearer(graph, company.admin), *headers], query=query)


GOT: list[tuple[str, int, Any]] = [
    ("query={__typename}", 200, {"__typename": "Query"}),
    ("query=" + quote("{ __typename }"), 200, {"__typename": "Query"}),
    ("query=query+a{x:__typename}+query+b{y:__typename}&operationName=b", 200, {"y": "Query"}),
    (
        "query=" + quote("query($n: Int) { customers(first: $n) { totalCount } }") + "&variables=" + quote('{"n": 5}'),
        200,
        {"customers": {"totalCount": 0}},
    ),
    ("query={__typename}&variables=&extensions=", 200, {"__typename": "Query"}),
    ("query={__typename}&variables={}&extensions={}&operationName=", 200, {"__typename": "Query"}),
    ("query={__typename}&variables=null", 200, {"__typename": "Query"}),
    ("query={x}&query={__typename}", 200, {"__typename": "Query"}),
    ("", 400, None),
    ("query=", 400, None),
    ("query=%20", 400, None),
    ("quary={__typename}", 400, None),
    ("query={__typename}&variables=x", 400, None),
    ("query={__typename}&variables=[]", 400, None),
    ("query={__typename}&variables=1", 400, None),
    ("query={__typename}&variables=" + "[" * 5_000, 400, None),
    ("query={__typename}&variables=%FF", 400, None),
    ("query={__typename}&extensions=[]", 400, None),
    ("query={__typename}&extensions=x", 400, None),
]


@pytest.mark.parametrize(("query", "status", "data"), GOT)
async def test_a_query_may_stand_in_the_address(
    graph: Asking, company: Company, query: str, status: int, data: Any
) -> None:
    sent = await _get(graph, company, query.encode())
    assert sent.status == status
    assert sent.json["data"] == data if status == 200 else sent.code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "query", ["query=%FF%FE", "query=%00", "query=%ED%A0%80", "query={__typename}&operationName=%00", "query=%", "%=%"]
)
async def test_an_address_of_odd_bytes_is_a_bad_request(graph: Asking, company: Company, query: str) -> None:
    sent = await _get(graph, company, query.encode(), (b"accept", b"application/graphql-response+json"))
    assert (sent.status, sent.code) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    "query", ["mutation { x }", "mutation { __typename }", "subscription { x }", "subscription { __typename }"]
)
async def test_only_queries_stand_in_the_address(graph: Asking, company: Company, query: str) -> None:
    sent = await _get(
        graph, company, f"query={quote(query)}".encode(), (b"accept", b"application/graphql-response+json")
    )
    assert (sent.status, sent.code) == (400, "BAD_USER_INPUT")
    assert "data" not in sent.json


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "QUERY", "FOO"]
)
async def test_other_methods_are_refused_and_told_which_are_not(graph: Asking, company: Company, method: str) -> None:
    sent = await _get(graph, company, b"query={__typename}", JSON, method=method)
    assert (sent.status, sent.code) == (405, "BAD_USER_INPUT")
    assert sent.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])
async def test_a_browser_gets_the_page_without_a_token(graph: Asking, accept: str) -> None:
    for method in ("GET", "HEAD"):
        sent = await send(graph.app, method, headers=[(b"accept", accept.encode())])
        assert sent.status == 200
        assert sent.headers["content-type"] == "text/html; charset=utf-8"
        assert "content-security-policy" in sent.headers
    assert b"<!doctype html>" in (await send(graph.app, "GET", headers=[(b"accept", accept.encode())])).body.lower()


async def test_the_page_is_not_for_posting_to(graph: Asking) -> None:
    sent = await send(graph.app, "POST", headers=[(b"accept", b"text/html"), JSON], body=(ASK,))
    assert sent.status == 401


@pytest.mark.parametrize(
    "path", ["/", "/graphql/", "/graphql/x", "/GraphQL", "/graphiql", "/dev/users", "/dev/token", "//graphql"]
)
async def test_there_is_nothing_else_to_find(graph: Asking, company: Company, path: str) -> None:
    sent = await send(graph.app, "GET", path, headers=[bearer(graph, company.admin)])
    assert sent.status == 404
