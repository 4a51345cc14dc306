"""Browsers that bring what was not asked for: nobody is signed in, nor sent to another place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
import pytest

from tests.http.oauth.scene import Client, back
from tests.http.providers.refusing import SESSION, is_refused
from tests.http.providers.scene import ATTEMPT, Elsewhere, asked_by, provider
from tests.http.providers.stray import Stray


async def test_an_answer_to_nobodys_question_signs_nobody_in(elsewhere: Elsewhere) -> None:
    """Login CSRF: a page sends a browser here with the code and the state of whoever made the page."""
    asked = await elsewhere.begin()
    elsewhere.browser.cookies.clear()
    await is_refused(elsewhere, await elsewhere.back(asked))
    await elsewhere.begin()
    await is_refused(elsewhere, await elsewhere.back(asked))
    assert elsewhere.stray.count("/token") == 0


async def test_an_answer_counts_once(elsewhere: Elsewhere) -> None:
    asked = await elsewhere.begin()
    assert (await elsewhere.back(asked)).status_code == 200
    elsewhere.browser.cookies.delete(SESSION)
    await is_refused(elsewhere, await elsewhere.back(asked))
    assert elsewhere.stray.count("/token") == 1


BROUGHT: dict[str, Callable[[dict[str, str]], str]] = {
    "another state": lambda a: urlencode({**a, "state": "another"}),
    "no state": lambda a: urlencode({**a, "state": ""}),
    "a state that is not ASCII": lambda a: urlencode({**a, "state": "é\ud800"}, errors="surrogatepass"),
    "another issuer": lambda a: urlencode({**a, "iss": "https://evil.example"}),
    "the issuer with a slash": lambda a: urlencode({**a, "iss": f"{a['iss']}/"}),
    "no issuer": lambda a: urlencode({name: value for name, value in a.items() if name != "iss"}),
    "no code": lambda a: urlencode({**a, "code": ""}),
    "two codes": lambda a: f"{urlencode(a)}&code=another",
    "two states": lambda a: f"{urlencode(a)}&state={a['state']}",
    "two issuers": lambda a: f"iss=https://evil.example&{urlencode(a)}",
    "an error": lambda a: urlencode({**a, "error": "access_denied", "error_description": "<script>theirs</script>"}),
    "too much": lambda a: f"{urlencode(a)}&more={'x' * 10_000}",
    "too many": lambda a: f"{urlencode(a)}&{urlencode({str(n): 'x' for n in range(60)})}",
    "nothing": lambda a: "",
}


@pytest.mark.parametrize("how", BROUGHT)
async def test_what_was_not_asked_for_is_refused_before_anything_is_exchanged(elsewhere: Elsewhere, how: str) -> None:
    asked = await elsewhere.begin()
    good = {"code": "theirs", "state": asked["state"], "iss": elsewhere.stray.issuer}
    await is_refused(elsewhere, await elsewhere.returned(BROUGHT[how](good)))
    assert elsewhere.stray.count("/token") == 0


async def test_an_answer_is_taken_at_the_address_of_the_provider_that_was_asked(
    elsewhere: Elsewhere, stray: Stray, writer: asyncpg.Connection
) -> None:
    """Mix-up: the code of an honest provider is carried to the address of another, or the other way round."""
    if not await writer.fetchval("SELECT count(*) FROM oidc_providers WHERE code = 'mixed'"):
        await provider(elsewhere.graph, stray, code="mixed", name="Mixed")
    asked = await elsewhere.begin()
    carried = urlencode({"code": "theirs", "state": asked["state"], "iss": stray.issuer})
    await is_refused(elsewhere, await elsewhere.browser.get(f"/oauth/back/mixed?{carried}"))
    await elsewhere.begin()
    await is_refused(elsewhere, await elsewhere.browser.get(f"/oauth/back/nobody?{carried}"))
    assert elsewhere.stray.count("/token") == 0


async def test_an_attempt_is_ours_and_lasts_ten_minutes(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, company: Any
) -> None:
    asked = await elsewhere.begin()
    cookie = elsewhere.browser.cookies[ATTEMPT]
    for other in ("", "a.b.c", cookie[:-4] + "AAAA", elsewhere.graph.tokens.issue(company.rep.key)):
        elsewhere.browser.cookies.clear()
        elsewhere.browser.cookies.set(ATTEMPT, other)
        answer = await elsewhere.back(asked)
        elsewhere.browser.cookies.clear()
        await is_refused(elsewhere, answer)
    answer = await elsewhere.graph.client.post(
        "/graphql", json={"query": "{ __typename }"}, headers={"Authorization": f"Bearer {cookie}"}
    )
    assert answer.status_code == 401
    asked = await elsewhere.begin()
    cookie = elsewhere.browser.cookies[ATTEMPT]
    elsewhere.browser.cookies.clear()
    elsewhere.browser.cookies.set(ATTEMPT, cookie)  # a browser that keeps it for longer
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    answer = await elsewhere.back(asked)
    elsewhere.browser.cookies.clear()
    await is_refused(elsewhere, answer)
    assert elsewhere.stray.count("/token") == 0


@pytest.mark.parametrize(
    "next_", ["https://evil.example", "//evil.example", "/oauth/sign-out?", "javascript:alert(1)", "/graphql"]
)
async def test_nobody_is_sent_on_to_another_place(elsewhere: Elsewhere, next_: str) -> None:
    done = await elsewhere.sign_in(next_)
    assert (done.status_code, done.headers.get("location")) == (200, None)


async def test_a_request_too_long_to_be_kept_is_refused(elsewhere: Elsewhere, front: Client) -> None:
    to = f"{asked_by(front)}&nonce={'x' * 2_000}"
    await is_refused(elsewhere, await elsewhere.browser.get("/oauth/sign-in/stray", params={"next": to}))


@pytest.mark.parametrize("code", ["nobody", "%00", "x" * 500, "stray'--"])
async def test_there_are_no_other_providers(elsewhere: Elsewhere, code: str) -> None:
    for path in (f"/oauth/sign-in/{code}", f"/oauth/back/{code}?state=a&code=b"):
        sent = await elsewhere.browser.get(path)
        assert sent.status_code in (400, 404)
        assert "Traceback" not in sent.text


async def test_who_signed_in_goes_on_where_it_was_going(elsewhere: Elsewhere, front: Client) -> None:
    done = await elsewhere.sign_in(asked_by(front))
    assert (done.status_code, done.headers["location"]) == (303, asked_by(front))
    found = await elsewhere.browser.get(done.headers["location"])
    assert set(back(found)) == {"code", "state", "iss"}
    assert dict(parse_qsl(urlsplit(asked_by(front)).query))["state"] == back(found)["state"]
