"""An OpenID provider that answers as a test tells it to: over HTTP, on a port and in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
import uvicorn
from joserfc import jwt
from joserfc.jwk import Key, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

GONE = object()
"""Stands for what is left out."""
KNOWN_AT = "/.well-known/openid-configuration"
KEY = RSAKey.generate_key(2048, {"kid": "first"})
OTHER = RSAKey.generate_key(2048, {"kid": "second"})


def changed(good: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping, some of it changed or left out."""
    return {name: value for name, value in {**good, **other}.items() if value is not GONE}


@dataclass
class Answer:
    """What is answered in the place of what is asked."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0
    """After which it comes."""


@dataclass
class Stray:
    """The provider. What a test changes is put back by `mend`."""

    issuer: str
    told: dict[str, Any] = field(default_factory=dict)
    """What its document says otherwise."""
    keys: list[dict[str, Any]] = field(default_factory=list)
    """What it publishes."""
    key: Key = field(default_factory=lambda: KEY)
    """With which it signs."""
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """What its ID tokens say otherwise."""
    token: str | None = None
    """What it gives as an ID token, whatever was asked."""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and form of each request."""
    proofs: list[str] = field(default_factory=list)
    """How we proved who we are."""
    nonce: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def mend(self) -> None:
        """Behaves from now on."""
        for each in (self.told, self.header, self.claims, self.answers, self.asked, self.proofs):
            each.clear()
        self.key, self.token, self.keys = KEY, None, [public(KEY)]

    def count(self, path: str) -> int:
        """How often a path was asked."""
        return sum(asked == path for asked, _ in self.asked)

    def id_token(self, **other: Any) -> str:
        """An ID token as it gives it."""
        if self.token is not None:
            return self.token
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": "us",
            "sub": "rep-there",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "name": "Rep There",
        }
        claims = changed(good, {**self.claims, **other})
        header = changed({"alg": "RS256", "kid": self.key.kid}, self.header)
        return jwt.encode(header, claims, self.key, algorithms=[str(header["alg"])])

    async def answer(self, request: Request) -> Response:
        """What comes back."""
        path = request.url.path
        self.asked.append((path, dict(parse_qsl((await request.body()).decode()))))
        self.proofs.append(request.headers.get("authorization", ""))
        other = self.answers.get(path)
        if other is not None:
            await asyncio.to_thread(self.released.wait, other.seconds)
            return Response(other.body, other.status, headers=dict(other.headers))
        found: Any = {"keys": self.keys} if path == "/keys" else self._document()
        if path == "/token":
            found = {"access_token": "theirs", "token_type": "Bearer", "id_token": self.id_token()}
        return Response(orjson.dumps(found), media_type="application/json")

    def _document(self) -> dict[str, Any]:
        at = self.issuer
        good = {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "authorization_response_iss_parameter_supported": True,
        }
        return changed(good, self.told)


def public(key: Key) -> dict[str, Any]:
    """What it publishes of a key."""
    return {**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": "RS256"}


@contextmanager
def straying() -> Iterator[Stray]:
    """The provider, listening."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stray = Stray(f"http://127.0.0.1:{listener.getsockname()[1]}")
        stray.mend()
        paths = [Route(path, stray.answer, methods=["GET", "POST"]) for path in (KNOWN_AT, "/keys", "/token", "/other")]
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=paths), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield stray
        finally:
            stray.released.set()
            server.should_exit = True
            thread.join()
