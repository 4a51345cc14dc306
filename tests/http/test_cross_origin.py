"""Pages of other sites: who may ask, and that nobody is made to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.http.cross_origin import PATHS, TAKEN, TOLD
from app.http.guarding import strict_transport
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.asking import Asking, asking
from tests.http.wire import Header, send

ALLOWED = ("https://app.example", "http://localhost:3000")
ASKS = b'{"query": "{ __typename }"}'
JSON = (b"content-type", b"application/json")


@pytest.fixture(scope="module")
async def shared(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph, which pages of two origins may ask."""
    async with asking(database.dsn, settings.model_copy(update={"allowed_origins": ALLOWED})) as served:
        yield served


def _preflight(origin: str, *more: Header) -> list[Header]:
    return [(b"origin", origin.encode()), (b"access-control-request-method", b"POST"), *more]


@pytest.mark.parametrize("path", sorted(PATHS))
@pytest.mark.parametrize("origin", ALLOWED)
async def test_a_page_of_an_allowed_origin_is_told_what_it_may_send(shared: Asking, path: str, origin: str) -> None:
    sent = await send(shared.app, "OPTIONS", path, _preflight(origin))
    assert (sent.status, sent.body) == (204, b"")
    assert sent.headers == {
        "vary": "Origin",
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": TAKEN.decode(),
        "access-control-max-age": "7200",
    }


async def test_it_may_ask_and_read_what_is_left_and_when_to_come_again(shared: Asking, company: Company) -> None:
    bearer = (b"authorization", shared.bearer(company.admin)["Authorization"].encode())
    for headers, status in (([bearer], 200), ([], 401)):
        sent = await send(shared.app, headers=[*headers, JSON, (b"origin", ALLOWED[0].encode())], body=(ASKS,))
        assert sent.status == status
        assert sent.headers["access-control-allow-origin"] == ALLOWED[0]
        assert sent.headers["access-control-expose-headers"] == TOLD.decode()
        assert "access-control-allow-credentials" not in sent.headers
        assert sent.headers["vary"] == "Origin"  # the last of two


FOREIGN = [
    "https://evil.example",
    "null",
    "https://app.example.evil.example",
    "https://app.example:8443",
    "http://app.example",
    "https://APP.example",
    "https://app.example/",
    "https://app.example, https://evil.example",
    "",
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_page_of_another_origin_reads_nothing(shared: Asking, company: Company, origin: str) -> None:
    bearer = (b"authorization", shared.bearer(company.admin)["Authorization"].encode())
    for path in PATHS:
        for sent in (
            await send(shared.app, "OPTIONS", path, _preflight(origin)),
            await send(shared.app, "POST", path, [bearer, JSON, (b"origin", origin.encode())], (ASKS,)),
        ):
            assert not any(name.startswith("access-control") for name in sent.headers)
            assert sent.status != 204
            assert sent.headers["vary"].endswith("Origin")


async def test_two_origins_are_none(shared: Asking) -> None:
    twice = [(b"origin", ALLOWED[0].encode()), *_preflight(ALLOWED[0])]
    sent = await send(shared.app, "OPTIONS", headers=twice)
    assert not any(name.startswith("access-control") for name in sent.headers)


@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/sign-in", "/healthz", "/metrics"])
async def test_other_addresses_are_for_nobody(shared: Asking, path: str) -> None:
    for method in ("OPTIONS", "GET"):
        sent = await send(shared.app, method, path, _preflight(ALLOWED[0]))
        assert not any(name.startswith("access-control") for name in sent.headers)


SIMPLE = [
    ("POST", b"text/plain", b""),
    ("POST", b"application/x-www-form-urlencoded", b""),
    ("POST", b"multipart/form-data; boundary=x", b""),
    ("POST", b"", b""),
    ("POST", b"application/json", b""),
    ("GET", b"", b"query={__typename}"),
    ("HEAD", b"", b"query={__typename}"),
]


@pytest.mark.parametrize(("method", "type_", "query"), SIMPLE)
async def test_what_a_page_makes_a_browser_send_is_nobodys_request(
    shared: Asking, company: Company, method: str, type_: bytes, query: bytes
) -> None:
    token = shared.tokens.issue(company.admin.key).encode()
    cookies = b"c360-session=" + token + b"; __Host-c360-session=" + token + b"; authorization=Bearer " + token
    before = shared.engine.statements
    headers = [(b"content-type", type_), (b"cookie", cookies), (b"origin", b"https://evil.example")]
    sent = await send(shared.app, method, headers=headers, body=(ASKS,), query=query)
    assert sent.status == 401
    assert shared.engine.statements == before


@pytest.mark.parametrize("type_", [found for method, found, _ in SIMPLE if method == "POST" and b"json" not in found])
async def test_a_token_does_not_make_a_form_a_request(shared: Asking, company: Company, type_: bytes) -> None:
    bearer = (b"authorization", shared.bearer(company.admin)["Authorization"].encode())
    sent = await send(shared.app, headers=[bearer, (b"content-type", type_)], body=(ASKS,))
    assert sent.status == 415


PAGES = [
    "/healthz", "/readyz", "/metrics", "/oauth/jwks", "/oauth/authorize", "/oauth/sign-in", "/oauth/sign-out",
    "/oauth/style.css", "/oauth/token", "/oauth/userinfo", "/.well-known/openid-configuration", "/nowhere", "/graphql",
]  # fmt: skip


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_tells_browsers_what_it_is_not(graph: Asking, path: str, accept: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        sent = await send(graph.app, method, path, [(b"accept", accept.encode())])
        assert sent.headers["x-content-type-options"] == "nosniff"
        assert sent.headers["referrer-policy"] in ("no-referrer", "same-origin")
        if path != "/graphql" or (method == "GET" and "html" in accept):
            assert "frame-ancestors 'none'" in sent.headers["content-security-policy"]
            assert "base-uri 'none'" in sent.headers["content-security-policy"]


def test_behind_https_browsers_are_told_to_keep_to_it() -> None:
    assert strict_transport("http://127.0.0.1:8000") == []
    assert strict_transport("https://c360.example") == [("Strict-Transport-Security", "max-age=63072000")]
