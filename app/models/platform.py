"""What the product keeps for itself. No part of the graph: these tables name no resource."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.columns import CODE, LINE
from app.models.constraints import constrain, ordered
from app.models.enums import JobStatus

DIGEST = 64
"""Digits of a SHA-256 digest."""


def _text(size: int = CODE) -> sa.String:
    return sa.String(size, collation="C")


class PolicyState(Base):
    """How often the policy, and what rights rest on, changed; one row."""

    __tablename__ = "policy_state"
    __table_args__ = (sa.CheckConstraint("singleton", name="singleton"), {"comment": "Epochs of policy and access."})

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=sa.true(), comment="Always true.")
    policy_epoch: Mapped[int] = mapped_column(
        sa.BigInteger, server_default=sa.text("1"), comment="Moves with every change of the policy."
    )
    access_epoch: Mapped[int] = mapped_column(
        sa.BigInteger, server_default=sa.text("1"), comment="Moves with trees, management chain and roles."
    )
    secret: Mapped[bytes | None] = mapped_column(
        sa.LargeBinary,
        comment="Secret of this deployment, from which the keys of masks that hash are made; without it nothing is hashed.",
    )


class AccessVersion(Base):
    """How often a subject's own rights changed; no row: never."""

    __tablename__ = "access_versions"
    __table_args__ = ({"comment": "Version of each subject's rights."},)

    subject_id: Mapped[UUID] = mapped_column(primary_key=True, comment="A user or a client.")
    version: Mapped[int] = mapped_column(sa.BigInteger, comment="Moves with assignments and status.")


class Unmask(Base):
    """A masked field of one record, opened to a user for a time."""

    __tablename__ = "unmasks"
    __table_args__ = (ordered("valid_from", "valid_to"), {"comment": "Masked fields opened for a time."})

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="Key, UUIDv7.")
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"), index=True, comment="Who sees it plain.")
    resource: Mapped[str] = mapped_column(_text(), comment="Type of the record, as in the API: `Customer`.")
    field: Mapped[str] = mapped_column(_text(), comment="The field, as in the API: `taxId`.")
    customer_id: Mapped[UUID | None] = mapped_column(comment="Customer that owns the record; absent where none does.")
    row_id: Mapped[UUID] = mapped_column(comment="Id of the record.")
    reason: Mapped[str] = mapped_column(_text(LINE), comment="Why it is opened.")
    valid_from: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it begins."
    )
    valid_to: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), comment="When it has ended.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who opened it.")
    created_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was opened."
    )


class ShadowCount(Base):
    """How often something was otherwise under a draft of the policy, of the reads that were asked of both; no value, no key."""

    __tablename__ = "policy_shadow_counts"
    __table_args__ = ({"comment": "What a draft of the policy would have changed of reads, counted."},)

    draft: Mapped[str] = mapped_column(_text(DIGEST), primary_key=True, comment="Digest of the draft's documents.")
    active: Mapped[str] = mapped_column(_text(DIGEST), primary_key=True, comment="Digest of those in force.")
    roles: Mapped[str] = mapped_column(
        _text(LINE), primary_key=True, comment="Codes of the caller's roles; empty: any."
    )
    operation: Mapped[str] = mapped_column(
        _text(LINE), primary_key=True, comment="Name of the trusted document, or fields of Query; empty: any."
    )
    entity: Mapped[str] = mapped_column(_text(), primary_key=True, comment="Type of the rows; empty: of no rows.")
    field: Mapped[str] = mapped_column(_text(), primary_key=True, comment="The field; empty: the row.")
    what: Mapped[str] = mapped_column(_text(), primary_key=True, comment="What is counted: `LOST`.")
    count: Mapped[int] = mapped_column(sa.BigInteger, comment="How often.")
    since: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was first counted."
    )


class ExternalRef(Base):
    """What a record is called in another system."""

    __tablename__ = "external_refs"
    __table_args__ = (
        sa.Index(None, "entity", "entity_id"),
        sa.Index(None, "customer_id"),
        {"comment": "Ids of records in other systems."},
    )

    source_system: Mapped[str] = mapped_column(_text(), primary_key=True, comment="The other system.")
    external_type: Mapped[str] = mapped_column(_text(), primary_key=True, comment="Kind of record there.")
    external_id: Mapped[str] = mapped_column(_text(LINE), primary_key=True, comment="Id there.")
    entity: Mapped[str] = mapped_column(_text(), comment="Table here.")
    entity_id: Mapped[UUID] = mapped_column(comment="Id here.")
    customer_id: Mapped[UUID | None] = mapped_column(comment="Customer that owns the record.")
    fingerprint: Mapped[bytes | None] = mapped_column(sa.LargeBinary, comment="Digest of what was last imported.")
    created_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was first seen."
    )


class UniqueKey(Base):
    """A value that only one record in the whole database may have."""

    __tablename__ = "unique_keys"
    __table_args__ = (sa.Index(None, "entity", "entity_id"), {"comment": "Values unique across customers."})

    kind: Mapped[str] = mapped_column(_text(), primary_key=True, comment="What it is: `orders.number`.")
    value: Mapped[str] = mapped_column(_text(LINE), primary_key=True, comment="The value.")
    entity: Mapped[str] = mapped_column(_text(), comment="Table that holds it.")
    entity_id: Mapped[UUID] = mapped_column(comment="Record that holds it.")
    customer_id: Mapped[UUID | None] = mapped_column(comment="Customer that owns the record.")


class SearchTokens(Base):
    """What a record is searched by, kept by triggers; a read joins it to the record's view."""

    __tablename__ = "search_tokens"
    __table_args__ = (
        sa.Index(None, "tokens", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 512}),
        {"comment": "What records are searched by."},
    )

    customer_id: Mapped[UUID] = mapped_column(
        primary_key=True, comment="Customer that owns the record; the record itself where none does."
    )
    entity_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Record.")
    entity: Mapped[str] = mapped_column(_text(), primary_key=True, comment="Table.")
    tokens: Mapped[str] = mapped_column(
        TSVECTOR, comment="Tokens of its searched columns, each behind its column's label."
    )


class ChangeEvent(Base):
    """A change, written with it in one transaction."""

    __tablename__ = "change_events"
    __table_args__ = (
        sa.Index(None, "entity", "entity_id", "seq"),
        sa.Index(None, "customer_id", "seq"),
        sa.CheckConstraint("op IN ('CREATE', 'UPDATE', 'DELETE', 'RESTORE', 'MERGE', 'UNMERGE', 'IMPORT')", name="op"),
        sa.Index(None, "merged_id", postgresql_where=sa.text("merged_id IS NOT NULL")),
        {"comment": "Changes, in order."},
    )

    seq: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True, comment="Order.")
    customer_id: Mapped[UUID | None] = mapped_column(comment="Customer that owns the record.")
    entity: Mapped[str] = mapped_column(_text(), comment="Table.")
    entity_id: Mapped[UUID | None] = mapped_column(comment="Record; absent: many, see the job.")
    op: Mapped[str] = mapped_column(_text(), comment="What was done.")
    changed: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Field to old and new value."
    )
    actor: Mapped[UUID | None] = mapped_column(comment="Who did it.")
    request_id: Mapped[str | None] = mapped_column(_text(128), comment="The request.")
    job_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("jobs.id"), index=True, comment="The job.")
    at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), index=True, comment="When."
    )
    row_after: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="The row as it was after it; absent: not known."
    )
    policy_version: Mapped[int | None] = mapped_column(sa.Integer, comment="Number of the policy that permitted it.")
    merged_id: Mapped[UUID | None] = mapped_column(
        comment="The customer whose merge, or the undoing of it, this is part of."
    )


class IdempotencyKey(Base):
    """What came of a write, for who asks again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = ({"comment": "Outcomes of writes, for who asks again."},)

    actor: Mapped[UUID] = mapped_column(primary_key=True, comment="Who asked.")
    key: Mapped[str] = mapped_column(_text(255), primary_key=True, comment="What the caller calls the request.")
    fingerprint: Mapped[bytes] = mapped_column(sa.LargeBinary, comment="Digest of what was asked.")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="What came of it: keys and codes."
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), index=True, comment="When."
    )


class Numbering(Base):
    """How documents are numbered; one row."""

    __tablename__ = "numbering"
    __table_args__ = (
        sa.CheckConstraint("singleton", name="singleton"),
        {"comment": "How documents are numbered; one row."},
    )

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=sa.true(), comment="Always true.")
    key: Mapped[bytes] = mapped_column(
        sa.LargeBinary, comment="Secret by which numbers tell nothing of how many there are."
    )


for _name in ("quote", "contract", "order", "ticket"):
    sa.Sequence(f"{_name}_numbers", metadata=Base.metadata)


class Job(Base):
    """Work that takes longer than a request."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.Index(None, "kind", "created_at"),
        sa.CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in JobStatus)})", name="status"),
        {"comment": "Imports and other long work."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="Key, UUIDv7.")
    kind: Mapped[str] = mapped_column(_text(), comment="What it does.")
    status: Mapped[str] = mapped_column(_text(), server_default="QUEUED", comment="Where it stands.")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sa.text("'{}'"), comment="What was asked.")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), comment="What came out.")
    actor: Mapped[UUID | None] = mapped_column(comment="Who asked.")
    created_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was asked."
    )
    started_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), comment="When it began.")
    finished_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), comment="When it ended.")


for _name in ("unmasks", "policy_shadow_counts", "external_refs", "change_events", "idempotency_keys", "jobs"):
    constrain(Base.metadata.tables[_name])
