"""Pages of other origins, which may ask where an operator allows it (the Fetch standard's CORS protocol).

Tokens are sent in a header that a page has to set itself, never by the browser of its own accord; so there is nothing to be allowed "with credentials".
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATHS = frozenset({"/graphql", "/oauth/token", "/oauth/revoke", "/oauth/userinfo"})
"""What pages may ask; the documents of discovery are open to everybody."""
METHODS = b"GET, POST"
TAKEN = b"Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, X-Client-Name, X-Client-Version, X-Purpose, X-Request-Id"
TOLD = b"RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id"
KEPT = b"7200"
"""Seconds for which browsers keep the answer to a preflight; none keeps it longer than two hours."""
VARY = (b"vary", b"Origin")


class CrossOrigin:
    """The application, for pages of some origins, too."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in PATHS:
            await self._app(scope, receive, send)
            return
        found = [value for name, value in scope["headers"] if name == b"origin"]
        origin = found[0] if len(found) == 1 and found[0] in self._origins else None
        if origin is not None and _is_preflight(scope):
            await _allow(send, origin)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                allowed = _allowed(origin) if origin is not None else []
                message = {**message, "headers": [*message["headers"], VARY, *allowed]}
            await send(message)

        await self._app(scope, receive, told)


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )


def _allowed(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", TOLD)]


async def _allow(send: Send, origin: bytes) -> None:
    headers = [
        VARY,
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", TAKEN),
        (b"access-control-max-age", KEPT),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
