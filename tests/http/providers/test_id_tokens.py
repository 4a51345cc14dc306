"""A provider whose ID tokens say something else, or are signed by another: nobody is signed in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from tests.http.fixtures import Log
from tests.http.providers.refusing import SESSION, is_refused, reasons
from tests.http.providers.scene import HERE, Elsewhere
from tests.http.providers.stray import GONE, KEY, OTHER, Answer, Stray

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
    await is_refused(elsewhere, await elsewhere.sign_in())
    assert reasons(log) == [reason]


@pytest.mark.parametrize(
    "claims",
    [{"exp": lambda: NOW() - 20}, {"iat": lambda: NOW() + 20}, {"aud": lambda: ["us"]}, {"azp": lambda: "us"}],
    ids=["expired within the leeway", "of the near future", "a list of us", "asked for by us"],
)
async def test_what_is_as_good_is_taken(elsewhere: Elsewhere, claims: dict[str, Callable[[], Any]]) -> None:
    elsewhere.stray.claims.update({name: value() for name, value in claims.items()})
    done = await elsewhere.sign_in()
    assert (done.status_code, SESSION in elsewhere.browser.cookies) == (200, True)


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
    await is_refused(elsewhere, await elsewhere.back(asked))
