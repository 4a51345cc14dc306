"""What the body of a request may look like."""

from __future__ import annotations

import gzip

import pytest

from tests.graphql_schema.company import Company
from tests.http.asking import Asking
from tests.http.posting import ANSWER, ASK, JSON, bearer, post
from tests.http.wire import send

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
        sent = await post(graph, company, MALFORMED[kind], headers=(JSON, (b"accept", accept)))
        assert (sent.status, sent.code) == (400, "BAD_USER_INPUT")
        assert set(sent.json) == {"errors"}


async def test_a_number_too_large_for_a_variable_is_a_bad_request(graph: Asking, company: Company) -> None:
    body = b'{"query": "query($n: Int) { customers(first: $n) { totalCount } }", "variables": {"n": %s}}' % (
        b"9" * 6_000
    )
    sent = await post(graph, company, body)
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
    sent = await post(graph, company, body)
    assert (sent.status, sent.json) == (200, ANSWER)


async def test_a_body_may_come_in_pieces(graph: Asking, company: Company) -> None:
    pieces = [ASK[i : i + 1] for i in range(len(ASK))]
    assert (await post(graph, company, *pieces, b"", b"")).json == ANSWER


async def test_a_body_that_breaks_off_is_a_bad_request(graph: Asking, company: Company) -> None:
    headers = [bearer(graph, company.admin), JSON]
    sent = await send(graph.app, headers=headers, body=(ASK,), breaks_off=True)
    assert (sent.status, sent.code) == (400, "BAD_USER_INPUT")


async def test_a_body_of_a_megabyte_is_taken_and_a_byte_more_is_not(graph: Asking, company: Company) -> None:
    fits = ASK + b" " * (1_000_000 - len(ASK))
    over = fits + b" "
    length = (b"content-length", str(len(over)).encode())
    assert (await post(graph, company, fits)).json == ANSWER
    assert (await post(graph, company, *_chunks(fits))).json == ANSWER
    for sent in (
        await post(graph, company, over),
        await post(graph, company, over, headers=(JSON, length)),
        await post(graph, company, *_chunks(over)),
        await post(graph, company, ASK, headers=(JSON, length)),
        await post(graph, company, ASK, headers=(JSON, (b"content-length", b"9" * 20))),
    ):
        assert (sent.status, sent.code) == (413, "BAD_USER_INPUT")


def _chunks(body: bytes) -> list[bytes]:
    return [body[i : i + 65_536] for i in range(0, len(body), 65_536)]


@pytest.mark.parametrize(
    "length",
    [b"-1", b"-1000000", b"x", b"1e3", b"0x10", b"1_0", b"+5", b"", b" 5 ", b"5, 5", b"9" * 6_000, b"\xb2", b"5.0"],
)
async def test_a_length_that_is_no_number_is_a_bad_request(graph: Asking, company: Company, length: bytes) -> None:
    sent = await post(graph, company, ASK, headers=(JSON, (b"content-length", length)))
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
    sent = await post(graph, company, ASK, headers=() if type_ is None else ((b"content-type", type_),))
    assert sent.status == status
    assert sent.json == ANSWER if status == 200 else sent.code == "BAD_USER_INPUT"


@pytest.mark.parametrize("encoding", [b"gzip", b"GZIP", b"deflate", b"br", b"zstd", b"gzip, identity", b"x"])
async def test_a_body_is_not_compressed(graph: Asking, company: Company, encoding: bytes) -> None:
    for body in (gzip.compress(ASK), ASK, b""):
        sent = await post(graph, company, body, headers=(JSON, (b"content-encoding", encoding)))
        assert (sent.status, sent.code) == (415, "BAD_USER_INPUT")


async def test_compressed_bytes_that_do_not_say_so_are_a_bad_request(graph: Asking, company: Company) -> None:
    assert (await post(graph, company, gzip.compress(ASK))).status == 400
    assert (await post(graph, company, ASK, headers=(JSON, (b"content-encoding", b"identity")))).json == ANSWER
