"""What browsers are told of every answer, so that none is taken for what it is not; and what fails is told to nobody."""

from __future__ import annotations

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("c360.request")

Header = tuple[bytes, bytes]
NOSNIFF: Header = (b"x-content-type-options", b"nosniff")
NO_REFERRER: Header = (b"referrer-policy", b"no-referrer")
NOTHING: Header = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
DEFAULTS = (NOSNIFF, NO_REFERRER, NOTHING)
"""For answers that say nothing else: pages have policies of their own."""
TWO_YEARS = 63_072_000


def strict_transport(issuer: str) -> list[tuple[str, str]]:
    """For all answers of a server that is reached by https: browsers never try it otherwise (RFC 6797)."""
    return [("Strict-Transport-Security", f"max-age={TWO_YEARS}")] if issuer.startswith("https:") else []


class Guarding:
    """An application whose answers have the defaults for what they do not say themselves.

    Of what fails inside, the log says where; the server's own would say with which values.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                more = [header for header in DEFAULTS if header[0] not in said]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception as failure:  # it was answered with 500
            log.error("failed", path=scope["path"], exc_info=failure)
