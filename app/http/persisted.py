"""How a request names a document instead of writing it.

documentId                                            GraphQL over HTTP, persisted documents
extensions.persistedQuery { version: 1, sha256Hash }   Apollo's persisted queries
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from app.identity.oauth.documents import ID


def digest_of(found: Mapping[str, Any], extensions: Mapping[str, Any]) -> bytes | None:
    """The SHA-256 by which a document is named, if one is. Raises ValueError with what is wrong."""
    named, persisted = found.get("documentId"), extensions.get("persistedQuery")
    if named is None and persisted is None:
        return None
    if named is not None and (persisted is not None or found.get("query") is not None):
        raise ValueError("a document is named once, by 'documentId', or written in 'query'")
    digest = (
        _digest(named, "'documentId' is sha256: and 64 hexadecimal digits") if persisted is None else _of(persisted)
    )
    query = found.get("query")
    if isinstance(query, str) and query and hashlib.sha256(query.encode("utf-8", "surrogatepass")).digest() != digest:
        raise ValueError("'query' is not the document that 'sha256Hash' names")
    return digest


def _of(persisted: Any) -> bytes:
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise ValueError("'persistedQuery' is an object with 'version' 1 and 'sha256Hash'")
    return _digest(persisted.get("sha256Hash"), "'sha256Hash' is 64 hexadecimal digits")


def _digest(text: Any, said: str) -> bytes:
    matched = ID(text) if isinstance(text, str) else None
    if matched is None:
        raise ValueError(said)
    return bytes.fromhex(matched[1])
