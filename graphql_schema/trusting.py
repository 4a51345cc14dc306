"""Trusted documents: which document a request asks, by its text or by its digest, as its client may.

    OFF      by text alone
    ALLOWED  by text, or by the digest of a document of the client's
    ONLY     by such a digest alone; any other text is refused before it is parsed

Who asks through no client is bound by none, and has no documents. What is found is kept under the version of the
client's rights, which moves when one of its documents is removed: then the statement that answers proves that they are
others, and it is asked again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from graphql import GraphQLError

from app.identity.grants import Client
from app.identity.oauth.documents import find
from app.identity.principals import Read
from app.models.oauth import DocumentMode
from graphql_schema.compiler.documents import Invalid


class Why(Enum):
    """Why a document is not asked: the code, and the message, which some clients read instead."""

    NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"
    NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"
    ONLY = "PERSISTED_QUERY_ONLY", "this client asks its trusted documents, and nothing else"


class Untrusted(Invalid):
    """A document that the client may not ask, or that it has not."""

    def __init__(self, why: Why) -> None:
        code, message = why.value
        super().__init__([GraphQLError(message)])
        self.errors = [GraphQLError(message, extensions={"code": code})]


@dataclass
class Trusting:
    """The documents of clients that were asked last."""

    read: Read
    remembered: int = 1_000
    _known: OrderedDict[tuple[UUID, int, bytes], str] = field(default_factory=OrderedDict, repr=False)

    def text(self, text: str, digest: bytes | None, client: Client | None) -> str | None:
        """The text that is asked, if it is known; else None: then it has to be looked up. Raises Untrusted."""
        mode = client.documents if client is not None else DocumentMode.OFF
        if digest is None or (text and mode is not DocumentMode.ONLY):
            if mode is DocumentMode.ONLY:
                raise Untrusted(Why.ONLY)
            return text
        if client is None or mode is DocumentMode.OFF:
            raise Untrusted(Why.NOT_SUPPORTED)
        return self._known.get((client.id, client.version, digest))

    async def look_up(self, text: str, digest: bytes | None, client: Client | None) -> str:
        """The text of a document of a client's. Raises Untrusted."""
        assert digest is not None and client is not None
        found = await find(self.read, client.id, digest)
        if found is None:
            raise Untrusted(Why.ONLY if text else Why.NOT_FOUND)
        self._known[client.id, client.version, digest] = found
        if len(self._known) > self.remembered:
            self._known.popitem(last=False)
        return found
