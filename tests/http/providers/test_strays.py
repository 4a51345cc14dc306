"""A provider that answers badly, slowly or not at all: nobody is signed in, and nobody else waits."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.http.fixtures import Log
from tests.http.providers.refusing import is_refused
from tests.http.providers.scene import Elsewhere
from tests.http.providers.stray import GONE, KNOWN_AT, Answer

GIANT = b'{"a": "' + b"x" * 300_000 + b'"}'
BAD: dict[str, Answer] = {
    "500": Answer(b"{}", 500),
    "a page": Answer(b"<html>", 200, {"Content-Type": "text/html"}),
    "nothing": Answer(b""),
    "a list": Answer(b"[]"),
    "deep": Answer(b"[" * 50_000 + b"]" * 50_000),
    "giant": Answer(GIANT),
    "no UTF-8": Answer(b'{"a": "\xff"}'),
    "compressed": Answer(b"\x1f\x8b", 200, {"Content-Encoding": "gzip"}),
    "sent elsewhere": Answer(b"", 302, {"Location": "/other"}),
    "sent to the inside": Answer(b"", 307, {"Location": "http://169.254.169.254/latest"}),
}


@pytest.mark.parametrize("path", [KNOWN_AT, "/keys", "/token"])
@pytest.mark.parametrize("how", BAD)
async def test_a_bad_answer_is_an_absence(elsewhere: Elsewhere, path: str, how: str) -> None:
    if path == "/token":
        asked = await elsewhere.begin()
        elsewhere.stray.answers[path] = BAD[how]
        sent = await elsewhere.back(asked)
    else:
        elsewhere.stray.answers[path] = BAD[how]
        sent = await elsewhere.browser.get("/oauth/sign-in/stray")
    await is_refused(elsewhere, sent, 503)
    assert sent.headers["retry-after"] == "5"
    assert elsewhere.stray.count("/other") == 0


DOCUMENTS: dict[str, dict[str, Any]] = {
    "of another issuer": {"issuer": "https://evil.example"},
    "of the issuer with a slash": {"issuer": "http://127.0.0.1/"},
    "of nobody": {"issuer": GONE},
    "no keys": {"jwks_uri": GONE},
    "a list for an address": {"token_endpoint": ["https://there.example/token"]},
    "an address inside": {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
    "keys in a file": {"jwks_uri": "file:///etc/passwd"},
    "another scheme": {"authorization_endpoint": "javascript:alert(1)"},
    "a password in an address": {"token_endpoint": "https://us:secret@there.example/token"},
    "a line break in an address": {"authorization_endpoint": "https://there.example/\r\nSet-Cookie: a=b"},
    "a port that is none": {"jwks_uri": "https://there.example:99999/keys"},
}


@pytest.mark.parametrize("how", DOCUMENTS)
async def test_a_document_that_leads_elsewhere_is_none(elsewhere: Elsewhere, how: str) -> None:
    elsewhere.stray.told.update(DOCUMENTS[how])
    await is_refused(elsewhere, await elsewhere.browser.get("/oauth/sign-in/stray"), 503)


async def test_a_code_that_it_does_not_take_is_refused(elsewhere: Elsewhere) -> None:
    asked = await elsewhere.begin()
    elsewhere.stray.answers["/token"] = Answer(b'{"error": "invalid_grant", "error_description": "theirs"}', 400)
    await is_refused(elsewhere, await elsewhere.back(asked))


async def test_one_that_is_slow_keeps_nobody_else_waiting(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.identity.providers.fetching.SECONDS", 0.3)
    elsewhere.stray.answers[KNOWN_AT] = Answer(b"{}", seconds=20)
    slow = [asyncio.create_task(elsewhere.browser.get("/oauth/sign-in/stray")) for _ in range(5)]
    for path in ("/healthz", "/oauth/sign-in", "/oauth/jwks"):
        assert (await elsewhere.browser.get(path)).status_code == 200
    assert not any(task.done() for task in slow)
    for sent in await asyncio.gather(*slow):
        await is_refused(elsewhere, sent, 503)
    assert elsewhere.stray.count(KNOWN_AT) == 1
    elsewhere.stray.released.set()


async def test_one_that_is_down_is_an_absence(elsewhere: Elsewhere, writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE oidc_providers SET issuer = 'http://127.0.0.1:9' WHERE code = 'stray'")
    try:
        await is_refused(elsewhere, await elsewhere.browser.get("/oauth/sign-in/stray"), 503)
    finally:
        await writer.execute(f"UPDATE oidc_providers SET issuer = '{elsewhere.stray.issuer}' WHERE code = 'stray'")


async def test_the_log_says_which_check_failed_and_nothing_of_what_came(elsewhere: Elsewhere, log: Log) -> None:
    elsewhere.stray.claims["nonce"] = "another-nonce"
    asked = await elsewhere.begin()
    token = elsewhere.stray.id_token()
    await is_refused(elsewhere, await elsewhere.back(asked))
    (told,) = [line for line in log.lines() if line["event"] == "not signed in"]
    assert (told["provider"], told["reason"]) == ("stray", "the nonce is another")
    for secret in ("another-nonce", "rep-there", "theirs", token, *asked.values()):
        if len(secret) > 6 and secret not in ("stray",):
            assert secret not in log.text()
