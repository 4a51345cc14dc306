"""Tokens as the service makes them, and as others would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from app.identity.tokens import ALGORITHM, AUDIENCE, HOUSE, LEEWAY, TYPE, Tokens

GONE = object()
"""Stands for a claim or header that is left out."""


def claims(user: UUID, **changed: Any) -> dict[str, Any]:
    """The claims of a good token, some of them changed or left out."""
    now = int(time.time())
    good = {
        "iss": HOUSE,
        "aud": AUDIENCE,
        "sub": str(user),
        "client_id": "c360",
        "jti": "1",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not GONE}


def header(tokens: Tokens, **changed: Any) -> dict[str, Any]:
    """The header of a good token, some of it changed or left out."""
    good = {"alg": ALGORITHM, "typ": TYPE, "kid": tokens.key.kid}
    return {name: value for name, value in {**good, **changed}.items() if value is not GONE}


def signed(tokens: Tokens, claims_: Mapping[str, Any], **changed: Any) -> str:
    """A token signed with the service's own key."""
    return jwt.encode(header(tokens, **changed), dict(claims_), tokens.key, algorithms=[ALGORITHM])


def encoded(value: Any) -> str:
    """A part of a token."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def unsigned(header_: Any, claims_: Any, signature: bytes = b"") -> str:
    """A token whose parts are whatever one likes."""
    return ".".join([encoded(header_), encoded(claims_), encoded(signature)])


def by_hmac(tokens: Tokens, user: UUID, secret: bytes) -> str:
    """A token signed with a shared secret: the public key taken for one."""
    body = f"{encoded(header(tokens, alg='HS256'))}.{encoded(claims(user))}"
    return f"{body}.{encoded(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


def _with_other_key(tokens: Tokens, user: UUID, key: Any, algorithm: str, **changed: Any) -> str:
    return jwt.encode(header(tokens, alg=algorithm, **changed), claims(user), key, algorithms=[algorithm])


def _swapped(token: str, other: str) -> str:
    return ".".join([*token.split(".")[:2], other.split(".")[2]])


def _bits(token: str, part: int) -> str:
    parts = token.split(".")
    parts[part] = parts[part][:-3] + ("AAA" if parts[part][-3:] != "AAA" else "BBB")
    return ".".join(parts)


Forge = Callable[[Tokens, UUID], str]
NOW = time.time
PUBLIC: Mapping[str, Callable[[Tokens], bytes]] = {
    "PEM": lambda tokens: tokens.key.as_pem(private=False),
    "the raw bytes": lambda tokens: base64.urlsafe_b64decode(f"{tokens.key.as_dict(private=False)['x']}=="),
    "the base64": lambda tokens: str(tokens.key.as_dict(private=False)["x"]).encode(),
    "the JWK": lambda tokens: json.dumps(tokens.key.as_dict(private=False)).encode(),
    "nothing": lambda tokens: b"",
    "the key's id": lambda tokens: str(tokens.key.kid).encode(),
}

FORGED: dict[str, Forge] = {
    "alg none": lambda t, u: unsigned(header(t, alg="none"), claims(u)),
    "alg None": lambda t, u: unsigned(header(t, alg="None"), claims(u)),
    "alg none without its dot": lambda t, u: unsigned(header(t, alg="none"), claims(u)).rstrip("."),
    "no alg": lambda t, u: unsigned(header(t, alg=GONE), claims(u)),
    "alg null": lambda t, u: unsigned(header(t, alg=None), claims(u)),
    "alg list": lambda t, u: unsigned(header(t, alg=[ALGORITHM]), claims(u)),
    **{f"HS256 with {name}": (lambda t, u, key=key: by_hmac(t, u, key(t))) for name, key in PUBLIC.items()},  # type: ignore[misc]
    "another key": lambda t, u: _with_other_key(t, u, OKPKey.generate_key("Ed25519"), ALGORITHM),
    "EdDSA of our own key": lambda t, u: _old_name(t, u),
    "RS256": lambda t, u: _with_other_key(t, u, RSAKey.generate_key(2048), "RS256"),
    "ES256": lambda t, u: _with_other_key(t, u, ECKey.generate_key("P-256"), "ES256"),
    "HS256 of a secret": lambda t, u: _with_other_key(t, u, OctKey.import_key("s" * 32), "HS256"),
    "a key of its own in the header": lambda t, u: _in_header(t, u),
    "jku": lambda t, u: _with_other_key(t, u, OKPKey.generate_key("Ed25519"), ALGORITHM, jku="http://here/jwks"),
    "another's signature": lambda t, u: _swapped(t.issue(u), t.issue(UUID(int=1))),
    "other claims": lambda t, u: _bits(t.issue(u), 1),
    "another header": lambda t, u: _bits(t.issue(u), 0),
    "another signature": lambda t, u: _bits(t.issue(u), 2),
    "no signature": lambda t, u: t.issue(u).rpartition(".")[0] + ".",
    "expired": lambda t, u: signed(t, claims(u, exp=int(NOW()) - LEEWAY - 1)),
    "expired long ago": lambda t, u: signed(t, claims(u, exp=1)),
    "no exp": lambda t, u: signed(t, claims(u, exp=GONE)),
    "exp null": lambda t, u: signed(t, claims(u, exp=None)),
    "exp a text": lambda t, u: signed(t, claims(u, exp="tomorrow")),
    "exp a list": lambda t, u: signed(t, claims(u, exp=[int(NOW()) + 60])),
    "exp huge": lambda t, u: signed(t, claims(u, exp=10**400)),
    "no sub": lambda t, u: signed(t, claims(u, sub=GONE)),
    "sub null": lambda t, u: signed(t, claims(u, sub=None)),
    "sub empty": lambda t, u: signed(t, claims(u, sub="")),
    "sub no UUID": lambda t, u: signed(t, claims(u, sub="admin@example.com")),
    "sub a number": lambda t, u: signed(t, claims(u, sub=1)),
    "sub a list": lambda t, u: signed(t, claims(u, sub=[str(u)])),
    "no iss": lambda t, u: signed(t, claims(u, iss=GONE)),
    "another iss": lambda t, u: signed(t, claims(u, iss="customer361")),
    "iss a list": lambda t, u: signed(t, claims(u, iss=[HOUSE])),
    "no aud": lambda t, u: signed(t, claims(u, aud=GONE)),
    "another aud": lambda t, u: signed(t, claims(u, aud="billing")),
    "other auds": lambda t, u: signed(t, claims(u, aud=["billing", "shipping"])),
    "no iat": lambda t, u: signed(t, claims(u, iat=GONE)),
    "not yet issued": lambda t, u: signed(t, claims(u, iat=int(NOW()) + 3_600, exp=int(NOW()) + 7_200)),
    "not yet valid": lambda t, u: signed(t, claims(u, nbf=int(NOW()) + 3_600)),
    "typ JWT": lambda t, u: signed(t, claims(u), typ="JWT"),
    "typ of an id token": lambda t, u: signed(t, claims(u), typ="id_token+jwt"),
    "no typ": lambda t, u: signed(t, claims(u), typ=GONE),
    "no kid": lambda t, u: signed(t, claims(u), kid=GONE),
    "another kid": lambda t, u: signed(t, claims(u), kid="../../etc/passwd"),
    "nothing": lambda t, u: "",
    "dots": lambda t, u: "..",
    "one part": lambda t, u: "token",
    "four parts": lambda t, u: t.issue(u) + ".more",
    "five parts": lambda t, u: "a.b.c.d.e",
    "10 kB": lambda t, u: signed(t, claims(u, more="x" * 10_000)),
    "a megabyte": lambda t, u: "a" * 1_000_000,
    "deep header": lambda t, u: ".".join([encoded(b"[" * 3_000 + b"]" * 3_000), "e30", "AA"]),
    "deep claims": lambda t, u: ".".join([encoded(header(t)), encoded(b'{"a":' * 900 + b"1" + b"}" * 900), "AA"]),
    "header a list": lambda t, u: unsigned([], claims(u)),
    "header null": lambda t, u: unsigned(None, claims(u)),
    "claims a list": lambda t, u: unsigned(header(t), [1], b"x" * 64),
    "no base64": lambda t, u: "§.§.§",
    "no UTF-8": lambda t, u: ".".join([encoded(b"\xff\xfe"), encoded(b"\xff"), "AA"]),
    "NUL": lambda t, u: t.issue(u).replace("e", "\0", 1),
    "spaces": lambda t, u: t.issue(u).replace(".", " . "),
}  # fmt: skip


def _old_name(tokens: Tokens, user: UUID) -> str:
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):
        return _with_other_key(tokens, user, tokens.key, "EdDSA")


def _in_header(tokens: Tokens, user: UUID) -> str:
    key = OKPKey.generate_key("Ed25519")
    return _with_other_key(tokens, user, key, ALGORITHM, jwk=key.as_dict(private=False))
