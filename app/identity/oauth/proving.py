"""HTTP Basic as RFC 6749, section 2.3.1, has it: name and secret are encoded as in a form, which Authlib does not undo."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import unquote_plus

from app.identity.oauth.asking import Asked
from app.identity.oauth.clients import Client


def by_basic(query_client: Callable[[str], Client | None], request: Asked) -> Client | None:
    """The client that a header proves; None where it proves none."""
    code, secret = _given(request.headers.get("authorization", ""))
    client = query_client(code) if code and secret else None
    return client if client is not None and client.check_client_secret(secret) else None


def _given(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        code, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        return unquote_plus(code, errors="strict"), unquote_plus(secret, errors="strict")
    except ValueError:
        return "", ""
