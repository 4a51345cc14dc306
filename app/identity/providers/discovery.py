"""Where a provider's addresses and keys are (OpenID Connect Discovery 1.0), kept for an hour.

Keys are fetched anew for one that is not known, at most once in half a minute, however many tokens name one. Of those
who wait for the same answer one asks; what failed is not tried again for a few seconds.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.identity.providers.faults import ProviderAway
from app.identity.providers.fetching import LOOPBACK, fetch, is_sound
from app.identity.providers.published import Published, published

KEPT = 3_600
"""Seconds for which addresses and keys are kept."""
COOL_DOWN = 30
"""Seconds between two looks for a key that is not known."""
PAUSE = 5
"""Seconds after a failure in which nothing is tried."""
KNOWN_AT = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_issuer: bool
    """Whether its answers name the issuer (RFC 9207)."""
    posts_secret: bool
    """Whether our secret goes into the form, for a header is not taken."""


def metadata(found: dict[str, Any], issuer: str, *, local: bool) -> Metadata:
    """What a document says. Raises ProviderAway where it is not the issuer's, or lacks an address."""
    if found.get("issuer") != issuer:
        raise ProviderAway("its document names another issuer")
    addresses = {name: found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(is_sound(address, local=local) for address in addresses.values()):
        raise ProviderAway("its document lacks an address over TLS")
    methods = found.get("token_endpoint_auth_methods_supported")
    posts = isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods
    names = found.get("authorization_response_iss_parameter_supported") is True
    named = {name: str(address) for name, address in addresses.items()}
    return Metadata(**named, names_issuer=names, posts_secret=posts)


def is_local(issuer: str, here: str) -> bool:
    """Whether provider and we are both served on this machine alone, and without TLS."""
    return all(parts.scheme == "http" and parts.hostname in LOOPBACK for parts in (urlsplit(issuer), urlsplit(here)))


@dataclass
class Known:
    """What this process knows of one issuer."""

    issuer: str
    local: bool
    _metadata: Metadata | None = None
    _keys: dict[str, Published] = field(default_factory=dict)
    _until: float = 0
    _asked: float = -COOL_DOWN
    _failed: float = -PAUSE
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def metadata(self) -> Metadata:
        """What the provider says of itself. Raises ProviderAway."""
        async with self._turn:
            if self._metadata is None or time.monotonic() >= self._until:
                await self._trying(self._learn())
            assert self._metadata is not None
            return self._metadata

    async def keys(self, kid: str | None) -> dict[str, Published]:
        """The provider's keys, fetched anew where one is not among them. Raises ProviderAway."""
        about = await self.metadata()
        async with self._turn:
            if kid is not None and kid not in self._keys and time.monotonic() >= self._asked + COOL_DOWN:
                self._asked = time.monotonic()
                await self._trying(self._look(about))
            return self._keys

    async def _learn(self) -> None:
        status, found = await fetch(self.issuer.rstrip("/") + KNOWN_AT, local=self.local)
        if status != 200:
            raise ProviderAway("it tells nothing of itself")
        about = metadata(found, self.issuer, local=self.local)
        await self._look(about)
        self._metadata, self._until = about, time.monotonic() + KEPT

    async def _look(self, about: Metadata) -> None:
        status, found = await fetch(about.jwks_uri, local=self.local)
        if status != 200:
            raise ProviderAway("it tells no keys")
        self._keys = published(found)

    async def _trying(self, work: Any) -> None:
        if time.monotonic() < self._failed + PAUSE:
            work.close()
            raise ProviderAway("it could not be reached a moment ago")
        try:
            await work
        except ProviderAway:
            self._failed = time.monotonic()
            raise


@dataclass
class Discovery:
    """What this process knows of all issuers. `here` is our own address."""

    here: str
    _known: dict[str, Known] = field(default_factory=dict)

    def of(self, issuer: str) -> Known:
        """What is known of an issuer: one that an operator has named."""
        if issuer not in self._known:
            self._known[issuer] = Known(issuer, is_local(issuer, self.here))
        return self._known[issuer]
