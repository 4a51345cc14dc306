"""What is said of a client, and what is wrong with it by itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from app.identity.oauth.clients import CODE, GRANT_TYPES, OWN, REFRESH
from app.models.columns import NAME
from app.models.oauth import DocumentMode

MOST_OF_A_KIND = 50
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII).fullmatch
_SCOPE = re.compile(r"[a-z][a-z0-9_.:-]{0,63}", re.ASCII).fullmatch


class Fault(NamedTuple):
    """What is wrong, and with which part of a client."""

    part: str
    text: str
    is_missing: bool = False
    """Whether nothing is said where something has to be."""


class BadClient(ValueError):
    """A client that cannot be made, or is not there; the message has a line for each fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(fault.text for fault in faults))
        self.faults = faults


def grant_types(redirect_uris: Collection[str], *, itself: bool) -> list[str]:
    """The ways to a token of a client that acts for users where it has addresses, and for itself where it may."""
    return [*([CODE, REFRESH] if redirect_uris else []), *([OWN] if itself else [])]


@dataclass(frozen=True, kw_only=True)
class NewClient:
    """What an operator says of a client. Role, department and region are named by their codes."""

    code: str
    name: str
    grant_types: Sequence[str]
    scopes: Sequence[str]
    redirect_uris: Sequence[str] = ()
    is_public: bool = False
    is_own: bool = False
    role: str | None = None
    department: str | None = None
    region: str | None = None
    expires_at: dt.datetime | None = None
    documents: str = DocumentMode.OFF
    networks: Sequence[str] = ()
    requests_per_minute: int | None = None
    cost_per_minute: int | None = None

    @property
    def itself(self) -> bool:
        """Whether it asks for itself."""
        return OWN in self.grant_types

    def changed(self, said: Mapping[str, Any], *, itself: bool | None) -> NewClient:
        """The client with some parts said anew, and with the ways to a token that its addresses come to."""
        now = replace(self, **said)
        return replace(
            now, grant_types=grant_types(now.redirect_uris, itself=self.itself if itself is None else itself)
        )

    def faults(self) -> list[Fault]:
        """All that is wrong with it by itself."""
        kinds = ", ".join(GRANT_TYPES)
        found = [
            Fault("itself", f"{each!r} is no grant type of {kinds}")
            for each in self.grant_types
            if each not in GRANT_TYPES
        ]
        found += [Fault("scopes", f"{name!r} is no scope") for name in self.scopes if not _SCOPE(name)]
        found += [Fault("redirectUris", fault) for uri in self.redirect_uris if (fault := fault_of(uri))]
        wrong = [text for text in self.networks if not _is_network(text)]
        found += [Fault("networks", f"{text!r} is no network such as 203.0.113.0/24") for text in wrong]
        found += [Fault(name, f"a client has a {said}", is_missing=True) for name, said in self._missing()]
        return found + [Fault(part, text) for part, text, holds in self._checks() if not holds]

    def _missing(self) -> Iterator[tuple[str, str]]:
        """The parts that every client has, and this one has not, and how one speaks of each."""
        if not self.code:
            yield "code", "code"
        if not self.name.strip():
            yield "name", "name"
        if not self.scopes:
            yield "scopes", "scope"

    def _checks(self) -> Iterator[tuple[str, str, object]]:
        yield "code", "a code is of a-z, 0-9, '.', '_' and '-'", not self.code or _CODE(self.code)
        yield "name", f"a name has at most {NAME} characters", len(self.name) <= NAME
        yield "documents", f"documents are one of {', '.join(DocumentMode)}", self.documents in set(DocumentMode)
        for part, listed_ in (
            ("redirectUris", self.redirect_uris),
            ("scopes", self.scopes),
            ("networks", self.networks),
        ):
            yield part, f"a client has at most {MOST_OF_A_KIND} of them", len(listed_) <= MOST_OF_A_KIND
        for part, rate in (("requestsPerMinute", self.requests_per_minute), ("costPerMinute", self.cost_per_minute)):
            yield part, "a rate is at least 1", rate is None or 0 < rate < 2**31
        yield (
            "expiresAt",
            "a client ends in the years 2 to 9998",
            self.expires_at is None or 1 < self.expires_at.year < 9999,
        )
        yield "redirectUris", "a client has a grant type", self.grant_types
        sent_back = self.redirect_uris or CODE not in self.grant_types
        yield "redirectUris", "users have to be sent back somewhere", sent_back
        yield "isPublic", "one that keeps no secret cannot ask for itself", not (self.is_public and self.itself)
        yield "role", "one that asks for itself has a role", self.role or not self.itself
        yield "role", "one that is not the house's own has a role", self.role or self.is_own


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return "%" not in text


def fault_of(uri: str) -> str | None:
    """What is wrong with an address that users are sent back to (RFC 9700, section 2.1; RFC 8252, section 7)."""
    parts = _parts(uri)
    if not uri.isascii() or not uri.isprintable() or " " in uri or len(uri) > 500 or not parts.scheme or "#" in uri:
        return f"{uri!r} is no address without a fragment"
    if parts.scheme == "https" and parts.hostname:
        return None
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return None
    return None if "." in parts.scheme else f"{uri!r} is neither https, nor of this machine, nor of an app's own scheme"


def _parts(uri: str) -> SplitResult:
    """The parts of an address; of what is none, none."""
    try:
        return urlsplit(uri)
    except ValueError:
        return SplitResult("", "", "", "", "")
