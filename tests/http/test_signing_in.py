"""Without a good token of an active user there is no answer, and no word of why."""

from __future__ import annotations

import asyncpg
import pytest

from app.models.ids import uuid7
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import store, user
from tests.http.asking import Asking
from tests.http.wire import Header, Sent, send
from tests.identity.forging import FORGED

ASK = (b'{"query": "{ __typename }"}',)
JSON = (b"content-type", b"application/json")
SAME = (b"x-request-id", b"same")
REFUSAL = {
    "errors": [
        {
            "message": "a valid bearer token is needed",
            "extensions": {"code": "UNAUTHENTICATED", "requestId": "same"},
        }
    ]
}


def _is_refused(sent: Sent) -> None:
    assert sent.status == 401
    assert sent.json == REFUSAL
    assert sent.headers == {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(sent.body)),
        "www-authenticate": 'Bearer realm="customer360"',
        "x-request-id": "same",
        "cache-control": "no-store",
        "vary": "Accept, Accept-Encoding, Accept-Language, Authorization, X-Purpose",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }


@pytest.mark.parametrize("how", FORGED)
async def test_a_forged_token_is_refused_like_any_other(graph: Asking, company: Company, how: str) -> None:
    token = FORGED[how](graph.tokens, company.admin.key)
    headers = [(b"authorization", b"Bearer " + token.encode("utf-8", "replace")), JSON, SAME]
    _is_refused(await send(graph.app, headers=headers, body=ASK))


def _headers(good: bytes) -> dict[str, list[Header]]:
    bearer = (b"authorization", b"Bearer " + good)
    return {
        "none": [],
        "empty": [(b"authorization", b"")],
        "no token": [(b"authorization", b"Bearer")],
        "a space for a token": [(b"authorization", b"Bearer  ")],
        "no scheme": [(b"authorization", good)],
        "another scheme": [(b"authorization", b"Basic " + good)],
        "DPoP": [(b"authorization", b"DPoP " + good)],
        "two tokens": [(b"authorization", b"Bearer " + good + b" " + good)],
        "two, with a comma": [(b"authorization", b"Bearer " + good + b", Bearer " + good)],
        "two headers": [bearer, bearer],
        "two headers, the first bad": [(b"authorization", b"Bearer bad"), bearer],
        "two headers, the second bad": [bearer, (b"authorization", b"Bearer bad")],
        "in a cookie": [(b"cookie", b"access_token=" + good + b"; Authorization=Bearer " + good)],
        "in another header": [(b"x-authorization", b"Bearer " + good), (b"proxy-authorization", b"Bearer " + good)],
        "bytes": [(b"authorization", b"Bearer \xff\xfe\x00")],
    }


@pytest.mark.parametrize("how", _headers(b""))
async def test_a_token_comes_in_one_header_or_not_at_all(graph: Asking, company: Company, how: str) -> None:
    headers = _headers(graph.tokens.issue(company.admin.key).encode())[how]
    for method, query in (("POST", b""), ("GET", b"query={__typename}"), ("PUT", b""), ("OPTIONS", b"")):
        _is_refused(await send(graph.app, method, headers=[*headers, JSON, SAME], body=ASK, query=query))


async def test_a_token_in_the_address_is_none(graph: Asking, company: Company) -> None:
    token = graph.tokens.issue(company.admin.key)
    query = f"query={{__typename}}&access_token={token}&token={token}&authorization=Bearer {token}".encode()
    _is_refused(await send(graph.app, "GET", headers=[SAME], query=query))


@pytest.mark.parametrize("scheme", [b"Bearer ", b"bearer ", b"BEARER ", b"Bearer   "])
async def test_the_scheme_may_be_written_in_any_case(graph: Asking, company: Company, scheme: bytes) -> None:
    token = graph.tokens.issue(company.admin.key).encode()
    sent = await send(graph.app, headers=[(b"authorization", scheme + token), JSON], body=ASK)
    assert (sent.status, sent.json["data"]) == (200, {"__typename": "Query"})


@pytest.mark.parametrize("status", ["SUSPENDED", "LEFT", "INVITED"])
async def test_a_token_of_one_who_may_not_sign_in_is_refused(
    graph: Asking, company: Company, writer: asyncpg.Connection, status: str
) -> None:
    someone = user(status.lower(), status=status)
    await store(writer, someone)
    token = graph.tokens.issue(someone.key).encode()
    _is_refused(await send(graph.app, headers=[(b"authorization", b"Bearer " + token), JSON, SAME], body=ASK))


async def test_a_token_of_one_who_is_not_there_is_refused(graph: Asking, company: Company) -> None:
    token = graph.tokens.issue(uuid7()).encode()
    _is_refused(await send(graph.app, headers=[(b"authorization", b"Bearer " + token), JSON, SAME], body=ASK))


@pytest.mark.parametrize("body", [b"", b"{", b"null", b'{"query": 1}', b"x" * 2_000_000, b'{"query": "{ nonsense }"}'])
async def test_who_asks_comes_before_what_is_asked(graph: Asking, company: Company, body: bytes) -> None:
    headers = [SAME, (b"content-type", b"text/plain"), (b"accept", b"image/png"), (b"content-encoding", b"gzip")]
    _is_refused(await send(graph.app, headers=headers, body=(body,)))


async def test_nothing_is_read_of_a_stranger(graph: Asking) -> None:
    async def receive() -> None:
        raise AssertionError("the body was asked for")

    sent: list[int] = []

    async def take(message: dict[str, int]) -> None:
        sent.append(message.get("status", 0))

    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": [], "query_string": b""}
    await graph.app(scope, receive, take)  # type: ignore[arg-type]
    assert sent == [401, 0]
