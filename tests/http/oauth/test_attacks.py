"""Attacks on the authorization server and on tokens, each of which is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import asyncpg
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey, RSAKey

from app.identity.tokens import HOUSE
from tests.graphql_schema.company import Company
from tests.http.oauth.scene import PASSWORD, Client, Signing, back

OTHER = OKPKey.generate_key("Ed25519")
OTHER.ensure_kid()


def _part(found: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(found)).decode().rstrip("=")


def _claims(signing: Signing, company: Company, **other: Any) -> dict[str, Any]:
    now = int(time.time())
    sound = {
        "iss": HOUSE,
        "aud": "customer360",
        "sub": str(company.rep.key),
        "client_id": "c360",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in (sound | other).items() if value is not None}


def _signed(signing: Signing, company: Company, header: Mapping[str, Any] | None = None, **other: Any) -> str:
    key = signing.graph.tokens.key
    head = {"alg": "Ed25519", "typ": "at+jwt", "kid": key.kid, **(header or {})}
    return jwt.encode(
        {k: v for k, v in head.items() if v is not None}, _claims(signing, company, **other), key, ["Ed25519"]
    )


def _swapped(signing: Signing, company: Company) -> str:
    """Signed with our public key as if that were a shared secret."""
    key = signing.graph.tokens.key
    signed = f"{_part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': key.kid})}.{_part(_claims(signing, company))}"
    seal = hmac.new(key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def _foreign(signing: Signing, company: Company, **header: Any) -> str:
    head = {"alg": "Ed25519", "typ": "at+jwt", "kid": signing.graph.tokens.key.kid, **header}
    return jwt.encode(head, _claims(signing, company), OTHER, ["Ed25519"])


def _unsigned(signing: Signing, company: Company, alg: str) -> str:
    return f"{_part({'alg': alg, 'typ': 'at+jwt', 'kid': signing.graph.tokens.key.kid})}.{_part(_claims(signing, company))}."


def _cut(signing: Signing, company: Company) -> str:
    return _signed(signing, company).rpartition(".")[0] + "."


def _changed(signing: Signing, company: Company) -> str:
    head, _, signature = _signed(signing, company).split(".")
    return f"{head}.{_part(_claims(signing, company, sub=str(company.admin.key)))}.{signature}"


def _nested(signing: Signing, company: Company) -> str:
    deep = "[" * 2_000 + "]" * 2_000
    return f"{base64.urlsafe_b64encode(deep.encode()).decode().rstrip('=')}.e30.x"


Forge = Callable[[Signing, Company], str]
NOW = int(time.time())
TOKENS: dict[str, Forge] = {
    "alg none": lambda s, c: _unsigned(s, c, "none"),
    "alg nOnE": lambda s, c: _unsigned(s, c, "nOnE"),
    "algorithm swapped": _swapped,
    "another key under our kid": _foreign,
    "another key under its own kid": lambda s, c: _foreign(s, c, kid=OTHER.kid),
    "a kid that leads to a file": lambda s, c: _signed(s, c, {"kid": "../../dev/null"}),
    "a kid with SQL": lambda s, c: _signed(s, c, {"kid": "' OR 1=1 --"}),
    "no kid": lambda s, c: _signed(s, c, {"kid": None}),
    "a key of its own": lambda s, c: _foreign(s, c, jwk=OTHER.as_dict(private=False)),
    "the address of a key": lambda s, c: _foreign(s, c, jku="https://evil.example/jwks"),
    "an ID token": lambda s, c: _signed(s, c, {"typ": "JWT"}),
    "no type": lambda s, c: _signed(s, c, {"typ": None}),
    "expired": lambda s, c: _signed(s, c, exp=NOW - 3_600),
    "without an end": lambda s, c: _signed(s, c, exp=None),
    "not yet valid": lambda s, c: _signed(s, c, nbf=NOW + 3_600),
    "issued in the future": lambda s, c: _signed(s, c, iat=NOW + 3_600),
    "wrong audience": lambda s, c: _signed(s, c, aud="another"),
    "no audience": lambda s, c: _signed(s, c, aud=None),
    "wrong issuer": lambda s, c: _signed(s, c, iss="http://evil.example"),
    "the issuer with a slash": lambda s, c: _signed(s, c, iss=f"{HOUSE}/"),
    "the issuer of grants without one": lambda s, c: _signed(s, c, iss=s.graph.tokens.issuer),
    "no issuer": lambda s, c: _signed(s, c, iss=None),
    "no subject": lambda s, c: _signed(s, c, sub=None),
    "a subject that is no key": lambda s, c: _signed(s, c, sub="admin"),
    "a user who is not there": lambda s, c: _signed(s, c, sub="00000000-0000-0000-0000-000000000001"),
    "a grant that is not there": lambda s, c: _signed(s, c, grant="00000000-0000-0000-0000-000000000001"),
    "a grant that is no key": lambda s, c: _signed(s, c, grant="x"),
    "a signature cut off": _cut,
    "claims changed": _changed,
    "nested deeply": _nested,
    "too long": lambda s, c: _signed(s, c, padding="x" * 9_000),
    "an RSA key": lambda s, c: jwt.encode({"alg": "RS256", "typ": "at+jwt"}, _claims(s, c), RSAKey.generate_key(2048), ["RS256"]),
}  # fmt: skip


@pytest.mark.parametrize("attack", TOKENS)
async def test_a_forged_token_opens_nothing(signing: Signing, company: Company, attack: str) -> None:
    refused = await signing.asks(TOKENS[attack](signing, company))
    assert refused.status_code == 401
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_token_that_forgeries_are_made_from_is_taken(signing: Signing, company: Company) -> None:
    assert (await signing.asks(_signed(signing, company))).status_code == 200


REQUESTS: dict[str, tuple[dict[str, str | None], str | None]] = {
    "no PKCE": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "plain PKCE": ({"code_challenge_method": "plain"}, "invalid_request"),
    "PKCE without a method": ({"code_challenge_method": None}, "invalid_request"),
    "a challenge that is too short": ({"code_challenge": "x"}, "invalid_request"),
    "a challenge that is too long": ({"code_challenge": "x" * 44}, "invalid_request"),
    "a challenge with a line break": ({"code_challenge": "x" * 128 + "\n"}, "invalid_request"),
    "a nonce that cannot be kept": ({"nonce": "x" * 501}, "invalid_request"),
    "another scope": ({"scope": "graph admin"}, "invalid_scope"),
    "an implicit token": ({"response_type": "token"}, "unsupported_response_type"),
    "a hybrid": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "another address": ({"redirect_uri": "https://evil.example/back"}, None),
    "an address below": ({"redirect_uri": "https://app.example/back/more"}, None),
    "an address above": ({"redirect_uri": "https://app.example/back/../other"}, None),
    "an address with a query": ({"redirect_uri": "https://app.example/back?x=1"}, None),
    "an address in capitals": ({"redirect_uri": "https://APP.example/back"}, None),
    "an address with a fragment": ({"redirect_uri": "https://app.example/back#x"}, None),
    "an address with a user": ({"redirect_uri": "https://app.example@evil.example/back"}, None),
    "an address without TLS": ({"redirect_uri": "http://app.example/back"}, None),
    "an address with quotes": ({"redirect_uri": "https://app.example/\"><script>"}, None),
    "a script for an address": ({"redirect_uri": "javascript:alert(1)"}, None),
    "no address": ({"redirect_uri": None}, None),
    "another client": ({"client_id": "nobody"}, None),
    "no client": ({"client_id": None}, None),
    "a client with a NUL": ({"client_id": "front\0"}, None),
    "a type with quotes": ({"response_type": "\"\\"}, None),
}  # fmt: skip
"""What is wrong, and the error that the client is told; None where it is told nothing, but the user."""


@pytest.mark.parametrize("attack", REQUESTS)
async def test_an_unsound_request_comes_to_no_code(signing: Signing, front: Client, attack: str) -> None:
    await signing.enter()
    given, told = REQUESTS[attack]
    asked = {name: value for name, value in (signing.asked(front) | given).items() if value is not None}
    for answer in (
        await signing.browser.get("/oauth/authorize", params=asked),
        await signing.post("/oauth/authorize", decision="allow", **asked),
    ):
        if told is None:
            assert answer.status_code == 400
            assert "location" not in answer.headers
            assert "evil" not in answer.text and "<script" not in answer.text
        else:
            found = back(answer)
            assert (found["error"], found["state"], found["iss"]) == (told, "a state", signing.graph.tokens.issuer)
            assert "code" not in found


EXCHANGES: dict[str, dict[str, str]] = {
    "a wrong verifier": {"code_verifier": "w" * 43},
    "no verifier": {"code_verifier": ""},
    "another address": {"redirect_uri": "https://evil.example/back"},
    "no address": {"redirect_uri": ""},
    "another secret": {"client_secret": "x" * 43},
    "no secret": {"client_secret": ""},
    "another client": {"client_id": "front", "client_secret": ""},
    "a code of somebody's": {"code": "x" * 43},
    "another grant type": {"grant_type": "password"},
    "a grant type with quotes": {"grant_type": '"\\'},
}


@pytest.mark.parametrize("attack", EXCHANGES)
async def test_an_unsound_exchange_comes_to_no_token(
    signing: Signing, partner: Client, front: Client, attack: str
) -> None:
    await signing.enter()
    given = {"grant_type": "authorization_code", "code": await signing.code(partner), "redirect_uri": partner.uri}
    given |= {"code_verifier": "v" * 43, **partner.proof}
    refused = await signing.token(**{**given, **EXCHANGES[attack]})
    assert refused.status_code in (400, 401)
    assert "access_token" not in refused.json()


async def test_a_code_of_another_client_is_refused_and_stays_good(
    signing: Signing, partner: Client, rival: Client
) -> None:
    await signing.enter()
    code = await signing.code(partner)
    stolen = await signing.exchange(rival, code)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert (await signing.exchange(partner, code)).status_code == 200


async def test_a_refresh_token_opens_nothing_by_itself(signing: Signing, front: Client) -> None:
    await signing.enter()
    found = await signing.tokens(front)
    for name, status in (("access_token", 200), ("refresh_token", 401)):
        headers = {"Authorization": f"Bearer {found[name]}"}
        assert (await signing.graph.client.get("/oauth/userinfo", headers=headers)).status_code == status
    assert (await signing.asks(found["refresh_token"])).status_code == 401


async def test_a_refresh_token_is_told_to_be_none_of_access(signing: Signing, partner: Client) -> None:
    await signing.enter()
    found = await signing.tokens(partner)
    kinds = []
    for name in ("access_token", "refresh_token"):
        asked = {"token": found[name], **partner.proof}
        kinds.append((await signing.graph.client.post("/oauth/introspect", data=asked)).json().get("token_type"))
    assert kinds == ["Bearer", None]


async def test_a_code_is_good_for_a_minute(signing: Signing, front: Client, writer: asyncpg.Connection) -> None:
    await signing.enter()
    code = await signing.code(front)
    await writer.execute("UPDATE oauth_grants SET code_expires_at = now() WHERE code_used_at IS NULL")
    assert (await signing.exchange(front, code)).json()["error"] == "invalid_grant"


async def test_a_refresh_does_not_widen(signing: Signing, partner: Client) -> None:
    await signing.enter()
    token = (await signing.tokens(partner, scope="openid"))["refresh_token"]
    wider = await signing.token(grant_type="refresh_token", refresh_token=token, scope="openid graph", **partner.proof)
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


async def test_a_refresh_token_of_another_client_is_refused(signing: Signing, partner: Client, rival: Client) -> None:
    await signing.enter()
    token = (await signing.tokens(partner))["refresh_token"]
    stolen = await signing.token(grant_type="refresh_token", refresh_token=token, **rival.proof)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")


async def test_who_asks_for_itself_gets_no_scope_that_is_not_its_own(signing: Signing, partner: Client) -> None:
    wider = await signing.token(grant_type="client_credentials", scope="graph admin", **partner.proof)
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


async def test_a_public_client_cannot_ask_for_itself(signing: Signing, front: Client) -> None:
    assert (await signing.token(grant_type="client_credentials", client_id="front")).status_code == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8000.evil.example", None])
@pytest.mark.parametrize("path", ["/oauth/sign-in", "/oauth/authorize", "/oauth/sign-out"])
async def test_a_form_of_another_site_does_nothing(
    signing: Signing, front: Client, path: str, origin: str | None
) -> None:
    await signing.enter()
    fields = {**signing.asked(front), "decision": "allow", "email": "rep@example.com", "password": PASSWORD}
    headers = {"Origin": origin} if origin else {}
    refused = await signing.browser.post(path, data=fields, headers=headers)
    assert refused.status_code == 400
    assert "set-cookie" not in refused.headers and "location" not in refused.headers
    assert (await signing.browser.get("/oauth/authorize", params=signing.asked(front))).status_code == 302


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/x"]
)
async def test_nobody_is_sent_elsewhere_after_signing_in(signing: Signing, to: str) -> None:
    done = await signing.post("/oauth/sign-in", email="rep@example.com", password=PASSWORD, next=to)
    assert (done.status_code, done.headers.get("location")) == (200, None)


@pytest.mark.parametrize("fields", [51, 2_000])
async def test_a_request_of_very_many_parameters_is_no_failure(signing: Signing, front: Client, fields: int) -> None:
    many = "&".join(f"p{number}=x" for number in range(fields))
    asked = f"/oauth/authorize?{urlencode(signing.asked(front))}&{many}"
    for path in (asked, f"/oauth/sign-in?{urlencode({'next': asked})}"):
        assert (await signing.browser.get(path)).status_code in (200, 303, 400)


async def test_a_parameter_that_is_given_twice_is_refused(signing: Signing, front: Client) -> None:
    asked = urlencode([*signing.asked(front).items(), ("redirect_uri", "https://evil.example")])
    assert (await signing.browser.get(f"/oauth/authorize?{asked}")).status_code == 400


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"x").decode(),
    ],
)
async def test_a_malformed_proof_of_a_client_is_refused(signing: Signing, header: str) -> None:
    headers = {"Authorization": header}
    refused = await signing.graph.client.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, headers=headers
    )
    assert refused.status_code in (400, 401)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "application/json"),
        (b"\xff=1", "application/x-www-form-urlencoded"),
        (b"a=1&" * 100, "application/x-www-form-urlencoded"),
        (b"x" * 70_000, "application/x-www-form-urlencoded"),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(signing: Signing, body: bytes, kind: str) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        refused = await signing.graph.client.post(path, content=body, headers={"Content-Type": kind})
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


async def test_a_password_that_is_tried_is_locked_and_the_lock_opens_again(
    signing: Signing, writer: asyncpg.Connection
) -> None:
    for _ in range(6):
        assert (await signing.sign_in(password="wrong wrong wrong")).status_code == 401
    assert (await signing.sign_in()).status_code == 401
    await writer.execute("UPDATE credentials SET locked_until = now()")
    assert (await signing.sign_in()).status_code == 200


@pytest.mark.parametrize(
    "email", ["nobody@example.com", "rep@example.com' OR 1=1 --", "rep@example.com\0", "x" * 1_000, ""]
)
async def test_nobody_signs_in_as_nobody(signing: Signing, email: str) -> None:
    refused = await signing.sign_in(email)
    known = await signing.sign_in(password="wrong wrong wrong")
    assert refused.status_code == known.status_code == 401
    assert _without_email(refused.text) == _without_email(known.text)


def _without_email(page: str) -> str:
    return re.sub(r'(id="email"[^>]*) value="[^"]*"', r"\1", page).replace(" autofocus", "")


async def test_nothing_of_a_secret_is_kept_or_logged(
    signing: Signing, partner: Client, log: Any, writer: asyncpg.Connection
) -> None:
    await signing.sign_in()
    found = await signing.tokens(partner)
    secrets = [PASSWORD, partner.secret, found["access_token"], found["refresh_token"]]
    tables = ("oauth_clients", "oauth_secrets", "oauth_grants", "oauth_refresh_tokens", "credentials", "sessions")
    kept = [await writer.fetchval(f"SELECT string_agg(t::text, '') FROM {table} t") for table in tables]
    cookies = [cookie.value for cookie in signing.browser.cookies.jar]
    for secret in filter(None, (*secrets, *cookies)):
        assert all(secret not in text and secret.encode().hex() not in text for text in kept if text)
        assert secret not in log.text()
