"""The audit trail: one chain of events, each of which holds a digest of itself and of the one before.

The database numbers and chains them as they are written, and takes no change of what is there (migration 16). It is of the
graph to be read; nobody writes it through the API.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.columns import BUSINESS, CODE, PUBLIC, document, reference, text, time
from app.models.constraints import constrain
from policies.catalogue import FieldSpec, Kind

DIGEST = 64
"""Characters of a SHA-256 digest, in hexadecimal."""
REQUEST = 128


class AuditEvent(Base):
    """Something that somebody is answerable for, in a chain that cannot be changed unnoticed."""

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.Index(None, "actor", "kind", "at"),
        sa.Index(None, "subject"),
        sa.Index(None, "at"),
        {"comment": "What is to be answered for, in a chain.", "info": {"resource": "AuditEvent"}},
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        doc="Key, UUIDv7.",
        comment="Key, UUIDv7.",
        info={"field": FieldSpec(PUBLIC, Kind.ID)},
    )
    seq: Mapped[int] = mapped_column(
        sa.BigInteger,
        unique=True,
        doc="Its place in the chain, from 1 and without gaps.",
        comment="Its place in the chain, from 1 and without gaps.",
        info={"field": FieldSpec(BUSINESS, Kind.INTEGER, managed=True)},
    )
    kind: Mapped[str] = text(BUSINESS, "What happened, such as `UNMASKED`.", size=CODE, managed=True)
    at: Mapped[dt.datetime] = time(BUSINESS, "When.", managed=True)
    actor: Mapped[UUID | None] = mapped_column(comment="Who did it, or to whom it happened: a user or a client.")
    user_id: Mapped[UUID | None] = reference(
        "users", BUSINESS, "The user who did it; null: a client, or the house itself.", back="auditEvents", managed=True
    )
    client: Mapped[str | None] = text(
        BUSINESS, "Code of the client through which it was done.", size=CODE, managed=True
    )
    request_id: Mapped[str | None] = text(BUSINESS, "The request.", size=REQUEST, managed=True)
    subject: Mapped[str | None] = text(
        BUSINESS, "What it was about: the id of a record, the code of a client, a mutation.", size=CODE, managed=True
    )
    owner_id: Mapped[UUID | None] = reference(
        "users", BUSINESS, "Who was answerable for that record.", back="ownedAuditEvents", managed=True
    )
    details: Mapped[dict[str, Any] | None] = document(
        BUSINESS, "More about it, by name; never what was hidden.", managed=True
    )
    previous: Mapped[str | None] = text(BUSINESS, "`hash` of the event before it.", size=DIGEST, managed=True)
    hash: Mapped[str] = text(BUSINESS, "SHA-256 of this event and of `previous`.", size=DIGEST, managed=True)
    deleted_at: Mapped[dt.datetime | None] = mapped_column(
        sa.DateTime(timezone=True), comment="Never set: nothing of it is deleted."
    )


constrain(Base.metadata.tables["audit_events"])
