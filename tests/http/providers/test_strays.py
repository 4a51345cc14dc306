"""A provider that does not behave, and browsers that bring what was not asked for: nobody is signed in."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
import orjson
import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.http.fixtures import Log
from tests.http.oauth.scene import Client, back
from tests.http.providers.scene import ATTEMPT, HERE, Elsewhere, asked_by, provider
from tests.http.providers.stray import GONE, KEY, KNOWN_AT, OTHER, Answer, Stray, public

SESSION = "c360-session"
LEAKS = ("stray", "theirs", "nonce", "Traceback", "127.0.0.1", "kid", "JSON", "issuer", "subject")


async def _is_refused(elsewhere: Elsewhere, response: Any, status: int = 400) -> None:
    """A page that a person can read, which says nothing of what failed, and no session."""
    assert response.status_code == status, response.text
    assert "<h1>You are not signed in</h1>" in response.text
    assert '<a href="../sign-in">Sign in</a>' in response.text
    assert [word for word in LEAKS if word in response.text] == []
    assert SESSION not in elsewhere.browser.cookies
    assert ATTEMPT not in elsewhere.browser.cookies
    health = await elsewhere.browser.get("/healthz")
    assert health.status_code == 200


def _reasons(log: Log) -> list[str]:
    return [line["reason"] for line in log.lines() if line["event"] == "not signed in"]


# What its ID tokens say

NOW = time.time
CLAIMS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "another issuer": ("the issuer is another", lambda: {"iss": "https://evil.example"}),
    "the issuer with a slash": ("the issuer is another", lambda: {"iss": f"{HERE}/"}),
    "no issuer": ("the issuer is another", lambda: {"iss": GONE}),
    "another audience": ("it is not for us", lambda: {"aud": "them"}),
    "no audience": ("it is not for us", lambda: {"aud": GONE}),
    "an empty audience": ("it is not for us", lambda: {"aud": []}),
    "many audiences and no word of who asked": ("it was asked for by another", lambda: {"aud": ["us", "them"]}),
    "asked for by another": ("it was asked for by another", lambda: {"aud": ["us", "them"], "azp": "them"}),
    "for us, asked for by another": ("it was asked for by another", lambda: {"azp": "them"}),
    "expired": ("it has expired", lambda: {"exp": int(NOW()) - 31}),
    "without an end": ("it has expired", lambda: {"exp": GONE}),
    "an end that is a text": ("it has expired", lambda: {"exp": "tomorrow"}),
    "an end that is true": ("it has expired", lambda: {"exp": True}),
    "an end beyond numbers": ("it has expired", lambda: {"exp": 10**400}),
    "of the future": ("it is of the future", lambda: {"iat": int(NOW()) + 40}),
    "no beginning": ("it is of the future", lambda: {"iat": GONE}),
    "not yet valid": ("it is not valid yet", lambda: {"nbf": int(NOW()) + 40}),
    "valid from a list on": ("it is not valid yet", lambda: {"nbf": []}),
    "another nonce": ("the nonce is another", lambda: {"nonce": "another"}),
    "no nonce": ("the nonce is another", lambda: {"nonce": GONE}),
    "a nonce that is a list": ("the nonce is another", lambda: {"nonce": ["a"]}),
    "no subject": ("it has no subject", lambda: {"sub": GONE}),
    "an empty subject": ("it has no subject", lambda: {"sub": ""}),
    "a subject that is a number": ("it has no subject", lambda: {"sub": 1}),
    "a subject with NUL": ("it has no subject", lambda: {"sub": "rep-there\0"}),
    "a long subject": ("it has no subject", lambda: {"sub": "x" * 256}),
}


@pytest.mark.parametrize("how", CLAIMS)
async def test_an_id_token_that_says_something_else_signs_nobody_in(elsewhere: Elsewhere, log: Log, how: str) -> None:
    reason, claims = CLAIMS[how]
    elsewhere.stray.claims.update(claims())
    await _is_refused(elsewhere, await elsewhere.sign_in())
    assert _reasons(log) == [reason]


@pytest.mark.parametrize(
    "claims",
    [{"exp": lambda: NOW() - 20}, {"iat": lambda: NOW() + 20}, {"aud": lambda: ["us"]}, {"azp": lambda: "us"}],
    ids=["expired within the leeway", "of the near future", "a list of us", "asked for by us"],
)
async def test_what_is_as_good_is_taken(elsewhere: Elsewhere, claims: dict[str, Callable[[], Any]]) -> None:
    elsewhere.stray.claims.update({name: value() for name, value in claims.items()})
    done = await elsewhere.sign_in()
    assert (done.status_code, SESSION in elsewhere.browser.cookies) == (200, True)


# How its ID tokens are signed


def _part(found: object) -> str:
    return base64.urlsafe_b64encode(found if isinstance(found, bytes) else orjson.dumps(found)).decode().rstrip("=")


def _parts(stray: Stray) -> list[str]:
    return stray.id_token().split(".")


def _hmac(stray: Stray, secret: bytes) -> str:
    body = f"{_part({'alg': 'HS256', 'kid': KEY.kid})}.{_parts(stray)[1]}"
    return f"{body}.{_part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


def _by(stray: Stray, key: Any, algorithm: str, **header: Any) -> str:
    claims = orjson.loads(base64.urlsafe_b64decode(_parts(stray)[1] + "=="))
    return jwt.encode({"alg": algorithm, "kid": KEY.kid, **header}, claims, key, algorithms=[algorithm])


SIGNED: dict[str, Callable[[Stray], object]] = {
    "alg none": lambda s: f"{_part({'alg': 'none', 'kid': KEY.kid})}.{_parts(s)[1]}.",
    "no alg": lambda s: f"{_part({'kid': KEY.kid})}.{_parts(s)[1]}.{_parts(s)[2]}",
    "HS256 with the public key": lambda s: _hmac(s, KEY.as_pem(private=False)),
    "HS256 with the client's id": lambda s: _hmac(s, b"us"),
    "another key under the same name": lambda s: _by(s, OTHER, "RS256"),
    "another key in the header": lambda s: _by(s, OTHER, "RS256", jwk=OTHER.as_dict(private=False)),
    "the address of a key": lambda s: _by(s, OTHER, "RS256", jku=f"{s.issuer}/other"),
    "another kind of key": lambda s: _by(s, ECKey.generate_key("P-256"), "ES256"),
    "another algorithm than the key is for": lambda s: _by(s, KEY, "RS512"),
    "a shared secret": lambda s: _by(s, OctKey.import_key("s" * 32), "HS256"),
    "an access token": lambda s: _by(s, KEY, "RS256", typ="at+jwt"),
    "critical": lambda s: _by(s, KEY, "RS256", crit=["b64"], b64=True),
    "no signature": lambda s: ".".join([*_parts(s)[:2], ""]),
    "other claims": lambda s: ".".join([_parts(s)[0], _part({"sub": "admin"}), _parts(s)[2]]),
    "nothing": lambda s: GONE,
    "null": lambda s: None,
    "a list": lambda s: [s.id_token()],
    "a word": lambda s: "token",
    "dots": lambda s: "..",
    "encrypted": lambda s: "a.b.c.d.e",
    "a deep header": lambda s: f"{_part(b'[' * 3_000 + b']' * 3_000)}.e30.AA",
    "deep claims": lambda s: f"{_parts(s)[0]}.{_part(b'[' * 20_000 + b']' * 20_000)}.AA",
    "a header that is a list": lambda s: f"{_part([])}.e30.AA",
    "too long": lambda s: s.id_token(more="x" * 40_000),
}


@pytest.mark.parametrize("how", SIGNED)
async def test_an_id_token_that_is_not_its_own_signs_nobody_in(elsewhere: Elsewhere, how: str) -> None:
    asked = await elsewhere.begin()
    found = SIGNED[how](elsewhere.stray)
    body = {"access_token": "theirs", **({} if found is GONE else {"id_token": found})}
    elsewhere.stray.answers["/token"] = Answer(orjson.dumps(body))
    await _is_refused(elsewhere, await elsewhere.back(asked))


with warnings.catch_warnings(action="ignore", category=SecurityWarning):
    WEAK = RSAKey.generate_key(1024, {"kid": "first"})


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [{**public(KEY), "use": "enc"}],
        [{**public(KEY), "alg": "RSA-OAEP"}],
        [{**public(KEY), "kty": "oct", "k": "c2VjcmV0"}],
        [{**public(KEY), "n": "!"}],
        [public(OTHER)],
        [public(WEAK)],
        [None, 1, "key", [], {}],
        [{**public(KEY), "kty": ["RSA"]}, {**public(KEY), "kty": {}}],
        [{**public(KEY), "n": ["AQAB"]}, {**public(KEY), "e": {}}, {"kty": "EC", "crv": []}, {"kty": "OKP", "crv": 1}],
    ],
    ids=[
        "none",
        "for secrets",
        "for something else",
        "shared",
        "no number",
        "another",
        "weak",
        "nonsense",
        "no kind",
        "no parts",
    ],
)
async def test_keys_that_do_not_verify_sign_nobody_in(elsewhere: Elsewhere, keys: list[Any]) -> None:
    elsewhere.stray.keys = keys
    if keys and isinstance(keys[0], dict) and keys[0].get("n") == public(WEAK)["n"]:
        elsewhere.stray.key = WEAK
    await _is_refused(elsewhere, await elsewhere.sign_in())


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048, {"kid": "a"}), "PS256"),
        (ECKey.generate_key("P-256", {"kid": "a"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "a"}), "Ed25519"),
    ],
    ids=["PS256", "ES256", "Ed25519"],
)
async def test_signatures_in_use_are_known(elsewhere: Elsewhere, key: Any, algorithm: str) -> None:
    elsewhere.stray.keys = [{**key.as_dict(private=False), "kid": "a"}]
    elsewhere.stray.key = key
    elsewhere.stray.header["alg"] = algorithm
    assert (await elsewhere.sign_in()).status_code == 200


async def test_where_a_token_names_no_key_the_only_one_serves(elsewhere: Elsewhere) -> None:
    elsewhere.stray.header["kid"] = GONE
    assert (await elsewhere.sign_in()).status_code == 200
    elsewhere.browser.cookies.clear()
    elsewhere.stray.header["kid"] = "unknown"
    elsewhere.stray.keys = [public(KEY), public(OTHER)]
    await _is_refused(elsewhere, await elsewhere.sign_in())
    elsewhere.stray.header["kid"] = GONE
    await _is_refused(elsewhere, await elsewhere.sign_in())


# Its keys change


async def test_a_provider_rotates_its_keys_and_nobody_notices(elsewhere: Elsewhere) -> None:
    assert (await elsewhere.sign_in()).status_code == 200
    elsewhere.stray.key, elsewhere.stray.keys = OTHER, [public(KEY), public(OTHER)]
    assert (await elsewhere.sign_in()).status_code == 200
    assert (elsewhere.stray.count(KNOWN_AT), elsewhere.stray.count("/keys")) == (1, 2)


async def test_a_storm_of_unknown_keys_has_them_fetched_once(elsewhere: Elsewhere) -> None:
    for number in range(12):
        elsewhere.stray.header["kid"] = f"unknown {number}"
        await _is_refused(elsewhere, await elsewhere.sign_in())
    assert (elsewhere.stray.count(KNOWN_AT), elsewhere.stray.count("/keys")) == (1, 2)


async def test_of_many_who_come_at_once_one_asks(elsewhere: Elsewhere) -> None:
    sent = await asyncio.gather(*(elsewhere.browser.get("/oauth/sign-in/stray") for _ in range(10)))
    assert {response.status_code for response in sent} == {303}
    assert (elsewhere.stray.count(KNOWN_AT), elsewhere.stray.count("/keys")) == (1, 1)


# Its answers

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
    await _is_refused(elsewhere, sent, 503)
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
    await _is_refused(elsewhere, await elsewhere.browser.get("/oauth/sign-in/stray"), 503)


async def test_a_code_that_it_does_not_take_is_refused(elsewhere: Elsewhere) -> None:
    asked = await elsewhere.begin()
    elsewhere.stray.answers["/token"] = Answer(b'{"error": "invalid_grant", "error_description": "theirs"}', 400)
    await _is_refused(elsewhere, await elsewhere.back(asked))


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
        await _is_refused(elsewhere, sent, 503)
    assert elsewhere.stray.count(KNOWN_AT) == 1
    elsewhere.stray.released.set()


async def test_one_that_is_down_is_an_absence(elsewhere: Elsewhere, writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE oidc_providers SET issuer = 'http://127.0.0.1:9' WHERE code = 'stray'")
    try:
        await _is_refused(elsewhere, await elsewhere.browser.get("/oauth/sign-in/stray"), 503)
    finally:
        await writer.execute(f"UPDATE oidc_providers SET issuer = '{elsewhere.stray.issuer}' WHERE code = 'stray'")


# What browsers bring


async def test_an_answer_to_nobodys_question_signs_nobody_in(elsewhere: Elsewhere) -> None:
    """Login CSRF: a page sends a browser here with the code and the state of whoever made the page."""
    asked = await elsewhere.begin()
    elsewhere.browser.cookies.clear()
    await _is_refused(elsewhere, await elsewhere.back(asked))
    await elsewhere.begin()
    await _is_refused(elsewhere, await elsewhere.back(asked))
    assert elsewhere.stray.count("/token") == 0


async def test_an_answer_counts_once(elsewhere: Elsewhere) -> None:
    asked = await elsewhere.begin()
    assert (await elsewhere.back(asked)).status_code == 200
    elsewhere.browser.cookies.delete(SESSION)
    await _is_refused(elsewhere, await elsewhere.back(asked))
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
    await _is_refused(elsewhere, await elsewhere.returned(BROUGHT[how](good)))
    assert elsewhere.stray.count("/token") == 0


async def test_an_answer_is_taken_at_the_address_of_the_provider_that_was_asked(
    elsewhere: Elsewhere, stray: Stray, writer: asyncpg.Connection
) -> None:
    """Mix-up: the code of an honest provider is carried to the address of another, or the other way round."""
    if not await writer.fetchval("SELECT count(*) FROM oidc_providers WHERE code = 'mixed'"):
        await provider(elsewhere.graph, stray, code="mixed", name="Mixed")
    asked = await elsewhere.begin()
    carried = urlencode({"code": "theirs", "state": asked["state"], "iss": stray.issuer})
    await _is_refused(elsewhere, await elsewhere.browser.get(f"/oauth/back/mixed?{carried}"))
    await elsewhere.begin()
    await _is_refused(elsewhere, await elsewhere.browser.get(f"/oauth/back/nobody?{carried}"))
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
        await _is_refused(elsewhere, answer)
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
    await _is_refused(elsewhere, answer)
    assert elsewhere.stray.count("/token") == 0


@pytest.mark.parametrize(
    "next_", ["https://evil.example", "//evil.example", "/oauth/sign-out?", "javascript:alert(1)", "/graphql"]
)
async def test_nobody_is_sent_on_to_another_place(elsewhere: Elsewhere, next_: str) -> None:
    done = await elsewhere.sign_in(next_)
    assert (done.status_code, done.headers.get("location")) == (200, None)


async def test_a_request_too_long_to_be_kept_is_refused(elsewhere: Elsewhere, front: Client) -> None:
    to = f"{asked_by(front)}&nonce={'x' * 2_000}"
    await _is_refused(elsewhere, await elsewhere.browser.get("/oauth/sign-in/stray", params={"next": to}))


@pytest.mark.parametrize("code", ["nobody", "%00", "x" * 500, "stray'--"])
async def test_there_are_no_other_providers(elsewhere: Elsewhere, code: str) -> None:
    for path in (f"/oauth/sign-in/{code}", f"/oauth/back/{code}?state=a&code=b"):
        sent = await elsewhere.browser.get(path)
        assert sent.status_code in (400, 404)
        assert "Traceback" not in sent.text


# Nothing is told


async def test_the_log_says_which_check_failed_and_nothing_of_what_came(elsewhere: Elsewhere, log: Log) -> None:
    elsewhere.stray.claims["nonce"] = "another-nonce"
    asked = await elsewhere.begin()
    token = elsewhere.stray.id_token()
    await _is_refused(elsewhere, await elsewhere.back(asked))
    (told,) = [line for line in log.lines() if line["event"] == "not signed in"]
    assert (told["provider"], told["reason"]) == ("stray", "the nonce is another")
    for secret in ("another-nonce", "rep-there", "theirs", token, *asked.values()):
        if len(secret) > 6 and secret not in ("stray",):
            assert secret not in log.text()


async def test_who_signed_in_goes_on_where_it_was_going(elsewhere: Elsewhere, front: Client) -> None:
    done = await elsewhere.sign_in(asked_by(front))
    assert (done.status_code, done.headers["location"]) == (303, asked_by(front))
    found = await elsewhere.browser.get(done.headers["location"])
    assert set(back(found)) == {"code", "state", "iss"}
    assert dict(parse_qsl(urlsplit(asked_by(front)).query))["state"] == back(found)["state"]
