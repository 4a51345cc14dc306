"""What people see of signing in elsewhere, and how we prove ourselves there."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import pytest

from app.identity.providers.discovery import is_local
from app.identity.providers.fetching import is_sound
from tests.http.oauth.scene import Client, back
from tests.http.providers.scene import HERE, Elsewhere, asked_by
from tests.http.providers.stray import GONE

LANGUAGES = {
    "en": ("Sign in with Stray &amp; Co", "Other ways to sign in"),
    "zh-CN": ("使用 Stray &amp; Co 登录", "其他登录方式"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_provider_is_a_button_beside_the_password(
    elsewhere: Elsewhere, front: Client, language: str
) -> None:
    said, named = LANGUAGES[language]
    to = {"next": asked_by(front)}
    page = await elsewhere.browser.get("/oauth/sign-in", params=to, headers={"Accept-Language": language})
    assert f'<nav aria-label="{named}">' in page.text
    (button,) = [line for line in page.text.splitlines() if 'class="button"' in line]
    assert f">{said}</a>" in button
    leads = button.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert leads.startswith("sign-in/stray?")
    assert dict(parse_qsl(urlsplit(leads).query)) == to
    assert 'type="password"' in page.text
    assert "<script" not in page.text


async def test_without_a_provider_there_is_no_other_way(elsewhere: Elsewhere, writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE oidc_providers SET disabled_at = now()")
    try:
        assert "<nav" not in (await elsewhere.browser.get("/oauth/sign-in")).text
    finally:
        await writer.execute("UPDATE oidc_providers SET disabled_at = NULL")


REFUSALS = {
    "en": ("Begin again, in this browser.", "cannot be reached now", "Ask an administrator."),
    "zh": ("请在此浏览器中重新开始。", "目前无法连接", "请联系管理员。"),
}


@pytest.mark.parametrize("language", REFUSALS)
async def test_whoever_is_not_signed_in_reads_why_in_general(elsewhere: Elsewhere, language: str) -> None:
    elsewhere.browser.headers["Accept-Language"] = language
    refused, away, unknown = REFUSALS[language]
    sent = await elsewhere.returned({})
    assert (sent.status_code, refused in sent.text) == (400, True)
    for header in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert header in sent.headers["content-security-policy"]
    assert (sent.headers["cache-control"], 'role="alert"' in sent.text) == ("no-store", True)
    elsewhere.stray.claims["sub"] = "unknown"
    sent = await elsewhere.sign_in()
    assert (sent.status_code, unknown in sent.text, "<code>unknown</code>" in sent.text) == (403, True, True)
    elsewhere.stray.told["issuer"] = GONE
    sent = await elsewhere.returned({})
    assert away not in sent.text


async def test_an_attempt_is_out_of_reach_of_scripts_and_other_sites(elsewhere: Elsewhere) -> None:
    sent = await elsewhere.browser.get("/oauth/sign-in/stray")
    cookie = sent.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "max-age=600" in cookie
    assert sent.headers["cache-control"] == "no-store"
    asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert {name: asked[name] for name in asked if name not in ("state", "nonce", "code_challenge")} == {
        "response_type": "code",
        "client_id": "us",
        "redirect_uri": f"{HERE}/oauth/back/stray",
        "scope": "openid profile email",
        "code_challenge_method": "S256",
    }
    assert {len(asked[name]) for name in ("state", "nonce", "code_challenge")} == {43}


# Asked again


async def _again(elsewhere: Elsewhere, front: Client) -> dict[str, str]:
    """What a browser with a session carries to the provider where a client wants its user to prove anew who it is."""
    await elsewhere.sign_in()
    sent = await elsewhere.browser.get(f"{asked_by(front)}&prompt=login")
    given = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert given["again"] == "1"
    asked = await elsewhere.begin(given["next"], again="1")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    return asked


@pytest.mark.parametrize("said", [GONE, 0, -3_600, "now", True], ids=["nothing", "1970", "before", "a text", "true"])
async def test_who_is_to_prove_anew_who_it_is_has_to(elsewhere: Elsewhere, front: Client, said: Any) -> None:
    asked = await _again(elsewhere, front)
    if said is not GONE:
        elsewhere.stray.claims["auth_time"] = int(time.time()) + said if said == -3_600 else said
    assert (await elsewhere.back(asked)).status_code == 400
    asked = await elsewhere.begin(asked_by(front), again="1")
    elsewhere.stray.claims["auth_time"] = int(time.time())
    done = await elsewhere.back(asked)
    assert "code" in back(await elsewhere.browser.get(done.headers["location"]))


@pytest.mark.parametrize("wanted", ["prompt=login", "max_age=600"])
async def test_who_has_no_session_proves_anew_who_it_is_where_a_client_wants_that(
    elsewhere: Elsewhere, front: Client, wanted: str
) -> None:
    """A session at the provider, of yesterday, is not enough."""
    sent = await elsewhere.browser.get(f"{asked_by(front)}&{wanted}")
    given = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    elsewhere.stray.claims["auth_time"] = int(time.time()) - 86_400
    refused = await elsewhere.sign_in(given["next"], **{name: given[name] for name in given if name != "next"})
    assert refused.status_code == 400


async def test_a_session_is_as_old_as_what_the_provider_says(elsewhere: Elsewhere, front: Client) -> None:
    elsewhere.stray.claims["auth_time"] = int(time.time()) - 3_600
    await elsewhere.sign_in()
    assert (await elsewhere.browser.get(f"{asked_by(front)}&max_age=3000")).status_code == 303
    assert (await elsewhere.browser.get(f"{asked_by(front)}&max_age=4000")).status_code == 302
    elsewhere.stray.claims["auth_time"] = int(time.time()) + 3_600
    await elsewhere.sign_in()
    assert (await elsewhere.browser.get(f"{asked_by(front)}&max_age=100")).status_code == 302


# How we prove ourselves


@pytest.fixture
async def secret(elsewhere: Elsewhere, writer: asyncpg.Connection, tmp_path: Path) -> Any:
    path = tmp_path / "secret"
    path.write_text("s:%é+ \n", encoding="utf-8")
    await writer.execute("UPDATE oidc_providers SET secret = $1 WHERE code = 'stray'", f"file:{path}")
    yield path
    await writer.execute("UPDATE oidc_providers SET secret = NULL WHERE code = 'stray'")


@pytest.mark.parametrize("methods", [GONE, ["client_secret_basic"], ["client_secret_post", "client_secret_basic"], "x"])
async def test_our_secret_goes_into_a_header(elsewhere: Elsewhere, secret: Path, methods: Any) -> None:
    elsewhere.stray.told["token_endpoint_auth_methods_supported"] = methods
    assert (await elsewhere.sign_in()).status_code == 200
    path, form = elsewhere.stray.asked[-1]
    assert (path, "client_secret" in form, len(form["code_verifier"])) == ("/token", False, 43)
    given = base64.b64decode(elsewhere.stray.proofs[-1].removeprefix("Basic ")).decode()
    assert given == "us:s%3A%25%C3%A9%2B"


async def test_our_secret_goes_into_the_form_where_no_header_is_taken(elsewhere: Elsewhere, secret: Path) -> None:
    elsewhere.stray.told["token_endpoint_auth_methods_supported"] = ["client_secret_post", "none"]
    assert (await elsewhere.sign_in()).status_code == 200
    form = elsewhere.stray.asked[-1][1]
    assert (form["client_id"], form["client_secret"], elsewhere.stray.proofs[-1]) == ("us", "s:%é+", "")


async def test_another_secret_holds_without_a_restart_and_none_is_an_absence(
    elsewhere: Elsewhere, secret: Path
) -> None:
    assert (await elsewhere.sign_in()).status_code == 200
    secret.write_text("another")
    assert (await elsewhere.sign_in()).status_code == 200
    assert base64.b64decode(elsewhere.stray.proofs[-1].removeprefix("Basic ")).decode() == "us:another"
    secret.unlink()
    sent = await elsewhere.sign_in()
    assert (sent.status_code, str(secret) in sent.text) == (503, False)


# Addresses


@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("https://there.example/keys?a=b", {False, True}),
        ("https://10.0.0.1:8443/keys", {False, True}),
        ("http://127.0.0.1:8000/keys", {True}),
        ("http://localhost/keys", {True}),
        ("http://[::1]:8000/keys", {True}),
        ("http://there.example/keys", set()),
        ("http://127.0.0.1.example/keys", set()),
        ("http://127.0.0.1@there.example/keys", set()),
        ("http://there.example#@127.0.0.1/", set()),
        ("http://there.example\\@127.0.0.1/", set()),
        ("http://169.254.169.254/latest", set()),
        ("http://0.0.0.0/", set()),
        ("https://user@there.example/", set()),
        ("https://there.example/#keys", set()),
        ("https:///keys", set()),
        ("https://there.example/ keys", set()),
        ("https://there.example:x/", set()),
        ("https://[::1/", set()),
        ("https://thére.example/", set()),
        ("file:///etc/passwd", set()),
        ("ftp://there.example/", set()),
        ("/keys", set()),
        ("", set()),
        (None, set()),
        ("https://there.example/" + "x" * 500, set()),
    ],
)
def test_addresses_are_over_tls_or_of_this_machine(address: object, sound: set[bool]) -> None:
    assert {local for local in (False, True) if is_sound(address, local=local)} == sound


@pytest.mark.parametrize(
    ("issuer", "here", "local"),
    [
        ("http://127.0.0.1:1", "http://localhost:8000", True),
        ("http://127.0.0.1:1", "https://c360.example", False),
        ("http://127.0.0.1:1", "https://127.0.0.1", False),
        ("https://there.example", "http://127.0.0.1:8000", False),
        ("http://there.example", "http://127.0.0.1:8000", False),
    ],
)
def test_plain_http_is_spoken_where_both_are_on_this_machine(issuer: str, here: str, *, local: bool) -> None:
    assert is_local(issuer, here) is local
