"""One request to a provider: bounded in time and size, never led elsewhere, and over TLS.

What is fetched is JSON and shown to nobody. The addresses are an operator's, or in the document of an operator's
provider; a caller has no say in them. Plain http is spoken with this very machine alone, where we are served on it, too.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson

from app.identity.providers.faults import ProviderAway

SECONDS = 5
"""Within which an answer has come."""
MOST = 256_000
"""Bytes of an answer."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_sound(address: object, *, local: bool) -> bool:
    """Whether an address may be asked: https, or http of this machine where `local`; without a password or a fragment."""
    if not isinstance(address, str) or not address.isascii() or not address.isprintable() or len(address) > 500:
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or " " in address or "#" in address or "\\" in address:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and local and host in LOOPBACK)


async def fetch(
    address: str, *, local: bool, form: Mapping[str, str] | None = None, basic: tuple[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and object of an answer; a form is posted. Raises ProviderAway."""
    if not is_sound(address, local=local):
        raise ProviderAway("an address is not over TLS")
    try:
        async with asyncio.timeout(SECONDS):
            return await _fetched(address, form, basic, local=local)
    except (TimeoutError, OSError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError):
        raise ProviderAway("it cannot be reached") from None


async def _fetched(
    address: str, form: Mapping[str, str] | None, basic: tuple[str, str] | None, *, local: bool
) -> tuple[int, dict[str, Any]]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "customer360"}
    auth = httpx2.BasicAuth(*basic) if basic else None
    async with (
        httpx2.AsyncClient(verify=_trusted(), timeout=SECONDS, trust_env=not local) as client,
        client.stream("GET" if form is None else "POST", address, headers=headers, data=form, auth=auth) as response,
    ):
        if "content-encoding" in response.headers:
            raise ProviderAway("it answers in another way than asked")
        body = await _body(response)
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ProviderAway("its answer is not JSON") from None
    if not isinstance(found, dict):
        raise ProviderAway("its answer is no object")
    return response.status_code, found


async def _body(response: httpx2.Response) -> bytes:
    body = b""
    async for part in response.aiter_raw():
        body += part
        if len(body) > MOST:
            raise ProviderAway("its answer is too long")
    return body


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts, a company's own among them (`SSL_CERT_FILE`)."""
    return ssl.create_default_context()
