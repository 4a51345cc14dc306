"""Trusted documents as they are kept: by client and SHA-256 of their text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.principals import Read
from app.models import Base

MOST = 2_000
"""Documents of a client."""

ID = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.ASCII).fullmatch
"""What a document is named by."""
_FIND = "SELECT text FROM trusted_documents WHERE client_id = $1 AND digest = $2"
CLIENTS, DOCUMENTS = (Base.metadata.tables[name] for name in ("oauth_clients", "trusted_documents"))


class BadDocuments(ValueError):
    """Documents that cannot be kept, or are not there."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and what it is called."""

    name: str
    text: str

    @property
    def digest(self) -> bytes:
        """By which it is asked."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def id(self) -> str:
        """Its `documentId`."""
        return f"sha256:{self.digest.hex()}"


def digest_of(id_: str) -> bytes:
    """The digest that an id names. Raises BadDocuments."""
    matched = ID(id_)
    if matched is None:
        raise BadDocuments(f"{id_!r} is no id such as sha256: and 64 hexadecimal digits")
    return bytes.fromhex(matched[1])


async def find(read: Read, client: UUID, digest: bytes) -> str | None:
    """The text of a document of a client's."""
    row = await read(_FIND, client, digest)
    found: str | None = row["text"] if row is not None else None
    return found


async def add(connection: AsyncConnection, client: UUID, documents: Iterable[Document], by: UUID | None = None) -> int:
    """Keeps documents of a client, and says how many of them are new. Raises BadDocuments where they get too many."""
    await connection.execute(sa.select(CLIENTS.c.id).where(CLIENTS.c.id == client).with_for_update(key_share=True))
    rows = [
        {"client_id": client, "digest": each.digest, "name": each.name, "text": each.text, "created_by": by}
        for each in documents
    ]
    new = 0
    for row in rows:
        made = insert(DOCUMENTS).values(row).on_conflict_do_nothing()
        new += (await connection.execute(made)).rowcount
    mine = sa.select(sa.func.count()).where(DOCUMENTS.c.client_id == client)
    if (await connection.execute(mine)).scalar_one() > MOST:
        raise BadDocuments(f"a client has at most {MOST} documents")
    return new


async def remove(connection: AsyncConnection, client: UUID, digests: Sequence[bytes]) -> None:
    """Removes documents: from the next request on they open nothing. Raises BadDocuments for what is not there."""
    mine = sa.and_(DOCUMENTS.c.client_id == client, DOCUMENTS.c.digest.in_(digests))
    found = set((await connection.execute(sa.delete(DOCUMENTS).where(mine).returning(DOCUMENTS.c.digest))).scalars())
    if unknown := [each.hex() for each in digests if each not in found]:
        raise BadDocuments("\n".join(f"there is no document sha256:{each}" for each in unknown))


async def listed(connection: AsyncConnection, client: UUID) -> Sequence[Document]:
    """The documents of a client, by name."""
    asked = sa.select(DOCUMENTS.c.name, DOCUMENTS.c.text).where(DOCUMENTS.c.client_id == client)
    found = await connection.execute(asked.order_by(DOCUMENTS.c.name, DOCUMENTS.c.digest))
    return [Document(*row) for row in found]
