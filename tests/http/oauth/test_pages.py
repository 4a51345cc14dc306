"""What people see: signing in, consent, signing out, in their language and safe from other sites."""

from __future__ import annotations

import asyncio
import threading
import zlib

import asyncpg
import httpx2
import pytest
from sqlalchemy.pool import AsyncAdaptedQueuePool

from app.identity.oauth import passwords
from tests.graphql_schema.company import Company
from tests.http.oauth.scene import FOR_USERS, PASSWORD, Client, Signing, back, made


async def test_who_does_not_allow_sends_the_client_away_with_nothing(signing: Signing, partner: Client) -> None:
    await signing.enter()
    page = await signing.browser.get("/oauth/authorize", params=signing.asked(partner, scope="openid graph"))
    assert page.status_code == 200
    assert "Partner asks to act for you, Rep" in page.text
    assert "see and do all that you may" in page.text
    denied = back(await signing.post("/oauth/authorize", decision="deny", **signing.asked(partner)))
    assert (denied["error"], denied["state"]) == ("access_denied", "a state")
    assert "code" not in denied


@pytest.mark.parametrize(
    ("signed_in", "client", "more", "error"),
    [
        (False, "front", {}, "login_required"),
        (True, "front", {"max_age": "0"}, "login_required"),
        (True, "partner", {}, "consent_required"),
        (True, "front", {}, None),
    ],
)
async def test_a_client_that_wants_no_page_is_told_what_one_is_needed_for(
    signing: Signing,
    front: Client,
    partner: Client,
    *,
    signed_in: bool,
    client: str,
    more: dict[str, str],
    error: str | None,
) -> None:
    if signed_in:
        await signing.enter()
    who = {"front": front, "partner": partner}[client]
    asked = signing.asked(who, scope="openid graph", prompt="none", **more)
    found = back(await signing.browser.get("/oauth/authorize", params=asked))
    assert found.get("error") == error
    assert ("code" in found) is (error is None)


@pytest.mark.parametrize("more", [{"prompt": "login"}, {"max_age": "0"}])
async def test_who_has_signed_in_is_asked_again_where_a_client_wants_that(
    signing: Signing, front: Client, more: dict[str, str]
) -> None:
    await signing.enter()
    asked = await signing.browser.get("/oauth/authorize", params=signing.asked(front, scope="openid graph", **more))
    assert asked.status_code == 303
    assert "/oauth/sign-in?" in asked.headers["location"]
    to = httpx2.URL(asked.headers["location"]).params["next"]
    await signing.sign_in()
    assert "code" in back(await signing.browser.get(to))


async def test_a_client_of_the_house_asks_for_consent_where_it_wants_that(signing: Signing, front: Client) -> None:
    await signing.enter()
    asked = signing.asked(front, scope="openid graph", prompt="consent")
    assert (await signing.browser.get("/oauth/authorize", params=asked)).status_code == 200


async def test_who_is_to_consent_is_asked_after_signing_in_too(signing: Signing, front: Client) -> None:
    asked = signing.asked(front, scope="openid graph", prompt="login consent")
    sent = await signing.browser.get("/oauth/authorize", params=asked)
    to = httpx2.URL(sent.headers["location"]).params["next"]
    await signing.sign_in()
    page = await signing.browser.get(to)
    assert page.status_code == 200 and "Front asks to act for you" in page.text
    fields = {name: value for name, value in httpx2.URL(to).params.items() if name != "prompt"}
    assert "code" in back(await signing.post("/oauth/authorize", decision="allow", **fields))


HERE = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("uri", "asks"),
    [
        ("https://app.example/native", False),
        (f"{HERE}/graphql", False),
        ("http://localhost:8000/graphql", False),
        ("http://127.0.0.1:8001/graphql", True),
        (f"{HERE}/back", True),
        ("com.example.app:/back", True),
    ],
    ids=["a site", "ours", "ours by its other name", "another port", "another page", "an app"],
)
async def test_a_client_of_the_house_asks_where_another_program_may_be_instead(
    signing: Signing, company: Company, uri: str, *, asks: bool
) -> None:
    code = f"native-{zlib.crc32(uri.encode())}"
    about = {"scopes": ["openid", "graph"], "is_public": True, "is_own": True, **FOR_USERS, "redirect_uris": [uri]}
    client = Client((await made(signing.graph, code=code, name="Native", **about)).code, None, uri)
    await signing.enter()
    answer = await signing.browser.get("/oauth/authorize", params=signing.asked(client))
    assert answer.status_code == (200 if asks else 302)
    silent = await signing.browser.get("/oauth/authorize", params=signing.asked(client, prompt="none"))
    assert back(silent).get("error") == ("consent_required" if asks else None)
    assert (await signing.tokens(client))["token_type"] == "Bearer"


async def test_signing_out_is_confirmed_and_ends_the_session(signing: Signing, front: Client) -> None:
    await signing.enter()
    asked = {"client_id": "front", "post_logout_redirect_uri": front.uri, "state": "s"}
    page = await signing.browser.get("/oauth/sign-out", params=asked)
    assert page.status_code == 200
    assert (await signing.browser.get("/oauth/authorize", params=signing.asked(front))).status_code == 302
    done = await signing.post("/oauth/sign-out", **asked)
    assert (done.status_code, done.headers["location"]) == (303, f"{front.uri}?state=s")
    assert (await signing.browser.get("/oauth/authorize", params=signing.asked(front))).status_code == 303


@pytest.mark.parametrize("to", ["https://evil.example", "javascript:alert(1)", "https://app.example/back2"])
async def test_who_signs_out_is_not_sent_elsewhere(signing: Signing, front: Client, to: str) -> None:
    done = await signing.post("/oauth/sign-out", client_id="front", post_logout_redirect_uri=to)
    assert (done.status_code, done.headers.get("location")) == (200, None)


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Sign in"), ("zh-CN", "登录"), ("zh", "登录"), ("fr", "Sign in")]
)
async def test_pages_speak_the_callers_language(signing: Signing, language: str, title: str) -> None:
    page = await signing.browser.get("/oauth/sign-in", headers={"Accept-Language": language})
    assert f"<h1>{title}</h1>" in page.text


@pytest.mark.parametrize("path", ["/oauth/sign-in", "/oauth/sign-out", "/oauth/authorize"])
async def test_pages_run_no_script_and_stand_in_no_frame(signing: Signing, path: str) -> None:
    page = await signing.browser.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert (page.headers["x-content-type-options"], page.headers["cache-control"]) == ("nosniff", "no-store")
    assert "<script" not in page.text and "http" not in page.text.replace("https://app.example", "")


async def test_a_form_may_lead_to_the_client_and_nowhere_else(signing: Signing, partner: Client) -> None:
    await signing.enter()
    page = await signing.browser.get("/oauth/authorize", params=signing.asked(partner))
    assert "form-action 'self' https://app.example;" in page.headers["content-security-policy"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(signing: Signing) -> None:
    done = await signing.sign_in()
    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie


async def test_what_a_user_typed_is_shown_as_text(signing: Signing) -> None:
    page = await signing.post("/oauth/sign-in", email='"><script>alert(1)</script>@x', password=PASSWORD, next="")
    assert page.status_code == 401
    assert "<script>" not in page.text


async def test_a_session_of_a_user_who_left_is_none(
    signing: Signing, front: Client, writer: asyncpg.Connection
) -> None:
    await signing.enter()
    await writer.execute("UPDATE users SET status = 'LEFT' WHERE email = 'rep@example.com'")
    try:
        assert (await signing.browser.get("/oauth/authorize", params=signing.asked(front))).status_code == 303
        assert (await signing.sign_in()).status_code == 401
    finally:
        await writer.execute("UPDATE users SET status = 'ACTIVE' WHERE email = 'rep@example.com'")


class _Slow:
    """Compares passwords once it is let."""

    def __init__(self) -> None:
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def verify(self, password: str, kept: str) -> bool:
        self.begun.set()
        return self.goes_on.wait(10) and password == kept


async def test_no_connection_is_kept_while_passwords_are_compared(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, pool = _Slow(), signing.graph.database.engine.pool
    assert isinstance(pool, AsyncAdaptedQueuePool)
    monkeypatch.setattr(passwords, "_HASH", slow)
    monkeypatch.setattr(passwords, "_nobody", lambda: "")
    tasks = [asyncio.create_task(signing.sign_in(f"{number}@example.com", "wrong")) for number in range(8)]
    try:
        async with asyncio.timeout(10):
            while not slow.begun.is_set() or pool.checkedout():
                await asyncio.sleep(0.01)
    finally:
        slow.goes_on.set()
    assert [(await task).status_code for task in tasks] == [401] * 8
