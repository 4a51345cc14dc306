"""What a request accepts, and the id that it is called by: how the answer comes."""

from __future__ import annotations

import re

import pytest

from tests.graphql_schema.company import Company
from tests.http.asking import Asking
from tests.http.posting import ANSWER, ASK, JSON, post
from tests.http.wire import Header

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
    sent = await post(graph, company, ASK, headers=(JSON, *headers))
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
    sent = await post(graph, company, b'{"query": "{"}', headers=(JSON, (b"x-request-id", given)))
    id_ = sent.headers["x-request-id"]
    assert sent.json["errors"][0]["extensions"]["requestId"] == id_
    if taken:
        assert id_ == given.decode()
    else:
        assert re.fullmatch("[0-9a-f]{32}", id_)


async def test_each_request_without_an_id_gets_one_of_its_own(graph: Asking, company: Company) -> None:
    ids = {(await post(graph, company, ASK)).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5
