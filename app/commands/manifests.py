"""Documents from files: GraphQL documents as they are written, and the manifests that front ends' tools write.

    .graphql .gql            one document, as it stands
    Apollo                   {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{id, name, body}]}
    Relay, graphql-codegen   {"id": "text", …}

An id in a manifest is the SHA-256 of its text, for by that the server keeps it: tools that make others can be told so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from app.identity.oauth.documents import Document

APOLLO = "apollo-persisted-query-manifest"
LONGEST_NAME = 200


class BadManifest(ValueError):
    """A file that holds no documents; the message has a line for each fault."""


def read(path: Path) -> Sequence[Document]:
    """The documents in a file. Raises BadManifest with all faults, OSError."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadManifest(f"{path}: is no text in UTF-8") from None
    if path.suffix != ".json":
        return [Document(path.stem[:LONGEST_NAME], text)]
    try:
        found = list(_listed(orjson.loads(raw)))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise BadManifest(f"{path}: is no manifest of Apollo, Relay or graphql-codegen") from None
    faults = [
        f"{path}: {document.name}: {id_!r} is not the SHA-256 of its text; set your tool's algorithm to sha256"
        for id_, document in found
        if id_.removeprefix("sha256:") != document.digest.hex()
    ]
    if faults:
        raise BadManifest("\n".join(faults))
    return [document for _, document in found]


def _listed(found: Any) -> Iterator[tuple[str, Document]]:
    """Ids and documents. Raises KeyError, TypeError, AttributeError for another form."""
    if found.get("format") == APOLLO:
        pairs = [(each["id"], each["body"], each["name"]) for each in found["operations"]]
    else:
        pairs = [(id_, text, id_[:12]) for id_, text in found.items()]
    for parts in pairs:
        id_, text, name = parts
        if not all(isinstance(part, str) for part in parts):
            raise TypeError
        yield id_, Document(name[:LONGEST_NAME] or id_[:12], text)
