"""Answers in gzip: for those who take them so, and of some length."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import orjson
import pytest

from app.http.compressing import LARGE, THREADS, Compressing, takes_gzip
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.asking import Asking, asking
from tests.http.fixtures import Log
from tests.http.wire import Sent, send

INTROSPECTION = "{ __schema { types { name description fields { name description } } } }"
SHORT = "{ viewer { displayName } }"


@pytest.fixture(scope="module")
async def short(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph, which compresses from a few bytes on."""
    async with asking(database.dsn, settings.model_copy(update={"compress_from": 10})) as served:
        yield served


async def _sent(graph: Asking, company: Company, query: str, accepted: str | None) -> Sent:
    token = graph.bearer(company.admin)["Authorization"].encode()
    headers = [(b"authorization", token), (b"content-type", b"application/json")]
    if accepted is not None:
        headers.append((b"accept-encoding", accepted.encode()))
    return await send(graph.app, headers=headers, body=(orjson.dumps({"query": query}),))


@pytest.mark.parametrize("query", [SHORT, INTROSPECTION], ids=["short", "long"])
async def test_an_answer_is_the_same_in_gzip(short: Asking, company: Company, log: Log, query: str) -> None:
    plain, packed = [await _sent(short, company, query, accepted) for accepted in (None, "br, gzip, deflate")]
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(packed.body))
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in plain.headers["vary"]
    assert "Accept-Encoding" in packed.headers["vary"]
    assert [line["bytes"] for line in log.lines()] == [len(plain.body)] * 2


async def test_short_answers_leave_as_they_are(graph: Asking, company: Company) -> None:
    assert "content-encoding" not in (await _sent(graph, company, SHORT, "gzip")).headers
    assert (await _sent(graph, company, INTROSPECTION, "gzip")).headers["content-encoding"] == "gzip"


async def test_pages_are_not_compressed(short: Asking) -> None:
    for path in ("/oauth/sign-in", "/oauth/authorize", "/oauth/token"):
        sent = await send(short.app, "GET", path, [(b"accept-encoding", b"gzip")])
        assert "content-encoding" not in sent.headers


ACCEPTED = [
    ("gzip", True),
    ("GZIP", True),
    ("x-gzip", True),
    ("deflate, gzip;q=0.5, br", True),
    ("*", True),
    ("gzip;q=1.0", True),
    ("gzip; q=0.001", True),
    ("", False),
    ("identity", False),
    ("br, zstd", False),
    ("gzip;q=0", False),
    ("gzip; q=0.000", False),
    ("*;q=0", False),
    ("*, gzip;q=0", False),
    ("gzip;q=high", False),
    ("gzipped", False),
]


@pytest.mark.parametrize(("accepted", "taken"), ACCEPTED)
def test_gzip_is_for_those_who_take_it(accepted: str, *, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


async def test_no_more_large_answers_are_compressed_than_there_are_threads() -> None:
    compressing, large = Compressing(1), b"x" * LARGE
    tasks = [asyncio.create_task(compressing.compressed(large)) for _ in range(THREADS)]
    await asyncio.sleep(0)
    assert not compressing.suits(large, "gzip")
    assert compressing.suits(large[1:], "gzip")
    assert {gzip.decompress(body) for body in await asyncio.gather(*tasks)} == {large}
    assert compressing.suits(large, "gzip")
    assert not Compressing(0).suits(large, "gzip")
