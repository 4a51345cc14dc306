"""What a request may look like: its body, its address, its method, and what it accepts."""

from __future__ import annotations

import gzip
import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking
from tests.http.wire import Header, Sent, send

JSON = (b"content-type", b"application/json")
ASK = b'{"query": "{ __typename }"}'
COST = {"requested": 0, "limit": 5_000, "budget": None, "remaining": None, "restoreRate": None}
ANSWER = {"data": {"__typename": "Query"}, "extensions": {"cost": COST}}


def _bearer(graph: Asking, who: Row) -> Header:
    return (b"authorization", graph.bearer(who)["Authorization"].encode())


async def _post(graph: Asking, company: Company, *body: bytes, headers: tuple[Header, ...] = (JSON,)) -> Sent:
    return await send(graph.app, headers=[_bearer(graph, company.admin), *headers], body=body)


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \n\t ",
    "no JSON": b"query=x",
    "half": b'{"query": "{ __typename }"',
    "more": ASK + b"}",
    "NUL": b'{"query": "\x00"}',
    "a byte order mark": b"\xef\xbb\xbf" + ASK,
    "UTF-16": ASK.decode().encode("utf-16"),
    "no UTF-8": b'{"query": "\xff\xfe"}',
    "an overlong form": b'{"query": "\xc0\xae"}',
    "half a pair": b'{"query": "\\ud800"}',
    "deep lists": b"[" * 20_000 + b"]" * 20_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "deep variables": b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    "an endless integer": b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 6_000 + b"}}x",
    "NaN": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "Infinity": b'{"query": "{ __typename }", "variables": {"a": -Infinity}}',
    "null": b"null",
    "true": b"true",
    "a text": b'"{ __typename }"',
    "a number": b"1",
    "an integer of 6,000 digits": b"9" * 6_000,
    "a list": b"[" + ASK + b"]",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "no query": b'{"variables": {}}',
    "query null": b'{"query": null}',
    "query a number": b'{"query": 1}',
    "query a list": b'{"query": ["{ __typename }"]}',
    "query an object": b'{"query": {"kind": "Document"}}',
    "query empty": b'{"query": ""}',
    "query blank": b'{"query": " \\n "}',
    "variables a list": b'{"query": "{ __typename }", "variables": []}',
    "variables a text": b'{"query": "{ __typename }", "variables": "x"}',
    "variables a number": b'{"query": "{ __typename }", "variables": 1}',
    "operationName a number": b'{"query": "{ __typename }", "operationName": 1}',
    "operationName a list": b'{"query": "{ __typename }", "operationName": []}',
    "extensions a list": b'{"query": "{ __typename }", "extensions": []}',
    "extensions a text": b'{"query": "{ __typename }", "extensions": "x"}',
}


@pytest.mark.parametrize("kind", MALFORMED)
async def test_a_body_that_is_no_request_is_a_bad_request(graph: Asking, company: Company, kind: str) -> None:
    for accept in (b"application/json", b"application/graphql-response+json"):
        sent = await _post(graph, company, MALFORMED[kind], headers=(JSON, (b"accept", accept)))
        assert (sent.status, sent.code) == (400, "BAD_USER_INPUT")
        assert set(sent.json) == {"errors"}


async def test_a_number_too_large_for_a_variable_is_a_bad_request(graph: Asking, company: Company) -> None:
    body = b'{"query": "query($n: Int) { customers(first: $n) { totalCount } }", "variables": {"n": %s}}' % (
        b"9" * 6_000
    )
    sent = await _post(graph, company, body)
    assert sent.status in (200, 400)
    assert sent.code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "body",
    [
        ASK,
        b'{"query": "{ __typename }", "variables": null, "operationName": null, "extensions": null}',
        b'{"query": "{ __typename }", "variables": {}, "operationName": "", "extensions": {"a": [1]}}',
        b'{"query": "{ __typename }", "variables": {"unknown": {"a": 1}}, "more": 1}',
        b'{"query": "{ nothing }", "query": "{ __typename }"}',
        b'{"query": "# \xe5\xae\xa2\xe6\x88\xb7 \xf0\x9f\x9c\x81\\n{ __typename }"}',
        b' \n {"query":"{\\n__typename\\n}"} \n ',
    ],
)
async def test_a_body_that_is_a_request_is_answered(graph: Asking, company: Company, body: bytes) -> None:
    sent = await _post(graph, company, body)
    assert (sent.status, sent.json) == (200, ANSWER)


async def test_a_body_may_come_in_pieces(graph: Asking, company: Company) -> None:
    pieces = [ASK[i : i + 1] for i in range(len(ASK))]
    assert (await _post(graph, company, *pieces, b"", b"")).json == ANSWER


async def test_a_body_that_breaks_off_is_a_bad_request(graph: Asking, company: Company) -> None:
    headers = [_bearer(graph, company.admin), JSON]
    sent = await send(graph.app, headers=headers, body=(ASK,), breaks_off=True)
    assert (sent.status, sent.code) == (400, "BAD_USER_INPUT")


async def test_a_body_of_a_megabyte_is_taken_and_a_byte_more_is_not(graph: Asking, company: Company) -> None:
    fits = ASK + b" " * (1_000_000 - len(ASK))
    over = fits + b" "
    length = (b"content-length", str(len(over)).encode())
    assert (await _post(graph, company, fits)).json == ANSWER
    assert (await _post(graph, company, *_chunks(fits))).json == ANSWER
    for sent in (
        await _post(graph, company, over),
        await _post(graph, company, over, headers=(JSON, length)),
        await _post(graph, company, *_chunks(over)),
        await _post(graph, company, ASK, headers=(JSON, length)),
        await _post(graph, company, ASK, headers=(JSON, (b"content-length", b"9" * 20))),
    ):
        assert (sent.status, sent.code) == (413, "BAD_USER_INPUT")


def _chunks(body: bytes) -> list[bytes]:
    return [body[i : i + 65_536] for i in range(0, len(body), 65_536)]


@pytest.mark.parametrize(
    "length",
    [b"-1", b"-1000000", b"x", b"1e3", b"0x10", b"1_0", b"+5", b"", b" 5 ", b"5, 5", b"9" * 6_000, b"\xb2", b"5.0"],
)
async def test_a_length_that_is_no_number_is_a_bad_request(graph: Asking, company: Company, length: bytes) -> None:
    sent = await _post(graph, company, ASK, headers=(JSON, (b"content-length", length)))
    assert (sent.status, sent.code) == (413 if length == b"9" * 6_000 else 400, "BAD_USER_INPUT")


TYPES: list[tuple[bytes | None, int]] = [
    (b"application/json", 200),
    (b"Application/JSON", 200),
    (b"application/json; charset=utf-8", 200),
    (b"application/json;charset=UTF-8", 200),
    (b" application/json ", 200),
    (None, 415),
    (b"", 415),
    (b"text/plain", 415),
    (b"text/json", 415),
    (b"application/graphql", 415),
    (b"application/graphql-response+json", 415),
    (b"application/x-www-form-urlencoded", 415),
    (b"multipart/form-data; boundary=x", 415),
    (b"application/jsonx", 415),
    (b"application/json, text/plain", 415),
    (b"json", 415),
]


@pytest.mark.parametrize(("type_", "status"), TYPES)
async def test_a_body_is_json_and_says_so(graph: Asking, company: Company, type_: bytes | None, status: int) -> None:
    sent = await _post(graph, company, ASK, headers=() if type_ is None else ((b"content-type", type_),))
    assert sent.status == status
    assert sent.json == ANSWER if status == 200 else sent.code == "BAD_USER_INPUT"


@pytest.mark.parametrize("encoding", [b"gzip", b"GZIP", b"deflate", b"br", b"zstd", b"gzip, identity", b"x"])
async def test_a_body_is_not_compressed(graph: Asking, company: Company, encoding: bytes) -> None:
    for body in (gzip.compress(ASK), ASK, b""):
        sent = await _post(graph, company, body, headers=(JSON, (b"content-encoding", encoding)))
        assert (sent.status, sent.code) == (415, "BAD_USER_INPUT")


async def test_compressed_bytes_that_do_not_say_so_are_a_bad_request(graph: Asking, company: Company) -> None:
    assert (await _post(graph, company, gzip.compress(ASK))).status == 400
    assert (await _post(graph, company, ASK, headers=(JSON, (b"content-encoding", b"identity")))).json == ANSWER


# The address


async def _get(graph: Asking, company: Company, query: bytes, *headers: Header, method: str = "GET") -> Sent:
    return await send(graph.app, method, headers=[_bearer(graph, company.admin), *headers], query=query)


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


# What is accepted

GRAPHQL, PLAIN = "application/graphql-response+json", "application/json"
ACCEPT: list[tuple[str | None, str | None]] = [
    (None, PLAIN),
    ("", PLAIN),
    ("*/*", PLAIN),
    ("application/*", PLAIN),
    ("application/json", PLAIN),
    ("Application/JSON", PLAIN),
    (GRAPHQL, GRAPHQL),
    (GRAPHQL.upper(), GRAPHQL),
    (f"{GRAPHQL}, {PLAIN}", GRAPHQL),
    (f"{PLAIN}, {GRAPHQL}", PLAIN),
    (f"{GRAPHQL};q=0.9, {PLAIN};q=0.8", GRAPHQL),
    (f"{PLAIN};q=0.8, {GRAPHQL};q=0.9", GRAPHQL),
    (f"{PLAIN};q=0.5, {GRAPHQL}", GRAPHQL),
    (f"{GRAPHQL};q=0.1, */*", PLAIN),
    (f"{GRAPHQL};q=0, {PLAIN}", PLAIN),
    (f"{GRAPHQL};q=0.0, {PLAIN};q=0.001", PLAIN),
    (f"{GRAPHQL};q=0.000, */*;q=0.1", PLAIN),
    (f"{GRAPHQL}; charset=utf-8", GRAPHQL),
    (f"{GRAPHQL};charset=utf-8;q=0.3, {PLAIN};q=0.2", GRAPHQL),
    ("multipart/mixed, application/json, text/event-stream", PLAIN),
    ("text/event-stream;q=0.9, application/json", PLAIN),
    (f"{GRAPHQL}, application/graphql+json, application/json, text/event-stream, multipart/mixed", GRAPHQL),
    (f"{PLAIN};q=1.0, {PLAIN};q=0", PLAIN),
    (f"{GRAPHQL};q=high, {PLAIN}", PLAIN),
    (f"{GRAPHQL};q=2, {PLAIN}", PLAIN),
    (f"{GRAPHQL};q=-1, {PLAIN}", PLAIN),
    (f"{GRAPHQL};q=nan, {PLAIN}", PLAIN),
    (f" , ,{GRAPHQL} ,", GRAPHQL),
    ("image/png", None),
    ("text/plain, image/*", None),
    (f"{PLAIN};q=0", None),
    ("*/*;q=0", None),
    (f"{PLAIN};q=0, {GRAPHQL};q=0.0", None),
    ("application/graphql", None),
    ("json", None),
    ("*", None),
    (";", None),
]


@pytest.mark.parametrize(("accept", "type_"), ACCEPT)
async def test_the_answer_comes_in_the_type_that_is_liked_best(
    graph: Asking, company: Company, accept: str | None, type_: str | None
) -> None:
    headers: tuple[Header, ...] = () if accept is None else ((b"accept", accept.encode()),)
    sent = await _post(graph, company, ASK, headers=(JSON, *headers))
    if type_ is None:
        assert (sent.status, sent.code) == (406, "BAD_USER_INPUT")
        assert sent.headers["content-type"] == f"{PLAIN}; charset=utf-8"
    else:
        assert (sent.status, sent.json) == (200, ANSWER)
        assert sent.headers["content-type"] == f"{type_}; charset=utf-8"


@pytest.mark.parametrize(("accept", "status"), [(PLAIN, 200), (GRAPHQL, 400)])
@pytest.mark.parametrize("query", ["{", "{ nonsense }", "query($n: Int!) { customers(first: $n) { totalCount } }"])
async def test_a_request_that_cannot_be_executed_has_the_status_of_its_type(
    graph: Asking, company: Company, query: str, accept: str, status: int
) -> None:
    response = await graph.client.post(
        "/graphql", json={"query": query}, headers={**graph.bearer(company.admin), "Accept": accept}
    )
    assert response.status_code == status
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert set(response.json()) == {"errors"}


@pytest.mark.parametrize("accept", [PLAIN, GRAPHQL])
async def test_an_answer_with_errors_in_it_is_an_answer(graph: Asking, company: Company, accept: str) -> None:
    response = await graph.client.post(
        "/graphql",
        json={"query": "{ customers(first: 0) { totalCount } viewer { displayName } }"},
        headers={**graph.bearer(company.admin), "Accept": accept},
    )
    assert response.status_code == 200
    assert response.json()["data"] == {"customers": None, "viewer": {"displayName": "Admin"}}


# Ids of requests


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (b"abc-123", True),
        (b"a" * 128, True),
        (b"A.b_c:d-e", True),
        (b"01a2-03b4", True),
        (b"", False),
        (b"a" * 129, False),
        (b"a b", False),
        (b"a\nb", False),
        (b"a\r\nset-cookie: x=1", False),
        (b'"><script>', False),
        (b"\xe9", False),
        (b"\xd9\xa1", False),
        (b"a,b", False),
    ],
)
async def test_the_callers_id_of_a_request_is_kept_where_it_is_a_plain_one(
    graph: Asking, company: Company, given: bytes, *, taken: bool
) -> None:
    sent = await _post(graph, company, b'{"query": "{"}', headers=(JSON, (b"x-request-id", given)))
    id_ = sent.headers["x-request-id"]
    assert sent.json["errors"][0]["extensions"]["requestId"] == id_
    if taken:
        assert id_ == given.decode()
    else:
        assert re.fullmatch("[0-9a-f]{32}", id_)


async def test_each_request_without_an_id_gets_one_of_its_own(graph: Asking, company: Company) -> None:
    ids = {(await _post(graph, company, ASK)).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


# The page


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
    sent = await send(graph.app, "GET", path, headers=[_bearer(graph, company.admin)])
    assert sent.status == 404
