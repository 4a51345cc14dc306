"""The audit trail as a chain: each event holds a digest of itself and of the one before, and none is changed or removed.

An event takes its place under a lock that its transaction holds to the end, so there are no gaps and no forks, and only
those wait who write such events themselves. Events that are there already are numbered anew, and chained in their order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = 0x6333_3634
"""Of the advisory lock under which events take their places."""
BOUNDS = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
REFERENCES = ("user_id", "owner_id")
PATH = "SET search_path = pg_catalog, public, pg_temp"

PART = """
    CREATE FUNCTION audit_part(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT coalesce(octet_length(value) || ':' || value, '-') || ','
    $$"""
"""A value of the form that is hashed: its bytes behind their number, so that no two rows have one form."""

MOMENT = """
    CREATE FUNCTION audit_moment(value timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    $$"""

HASH = f"""
    CREATE FUNCTION audit_hash(e audit_events) RETURNS text LANGUAGE sql STABLE {PATH} AS $$
        SELECT encode(sha256(convert_to(
            audit_part(e.seq::text) || audit_part(e.id::text) || audit_part(audit_moment(e.at)) || audit_part(e.kind)
            || audit_part(e.actor::text) || audit_part(e.user_id::text) || audit_part(e.client)
            || audit_part(e.request_id) || audit_part(e.subject) || audit_part(e.owner_id::text)
            || audit_part(e.details::text) || audit_part(audit_moment(e.deleted_at)) || audit_part(e.previous), 'UTF8')), 'hex')
    $$"""

MADE = f"""
    CREATE FUNCTION audit_id(moment timestamptz) RETURNS uuid LANGUAGE sql VOLATILE {PATH} AS $$
        SELECT encode(set_byte(made, 6, (get_byte(made, 6) & 15) | 112), 'hex')::uuid
        FROM (SELECT overlay(
            uuid_send(gen_random_uuid())
            PLACING substring(int8send(floor(extract(epoch FROM moment) * 1000)::bigint) FROM 3) FROM 1 FOR 6
        ) AS made) AS drawn
    $$"""
"""A UUIDv7 (RFC 9562) of a moment."""

CHAIN = f"""
    CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
    DECLARE
        before record;
    BEGIN
        PERFORM pg_advisory_xact_lock({KEY});
        SELECT seq, hash INTO before FROM audit_events ORDER BY seq DESC LIMIT 1;
        NEW.seq := coalesce(before.seq, 0) + 1;
        NEW.at := clock_timestamp();
        NEW.id := coalesce(NEW.id, audit_id(NEW.at));
        NEW.user_id := (SELECT id FROM users WHERE id = NEW.actor);
        NEW.deleted_at := NULL;
        NEW.previous := before.hash;
        NEW.hash := audit_hash(NEW);
        RETURN NEW;
    END $$"""

KEPT = """
    CREATE FUNCTION keep_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'events of the audit trail are neither changed nor removed'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END $$"""

TRIGGERS = {
    "chain_audit_event": "BEFORE INSERT ON audit_events FOR EACH ROW",
    "keep_audit_events": "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT",
}
FUNCTIONS = ("audit_hash(audit_events)", "audit_id(timestamptz)", "audit_moment(timestamptz)", "audit_part(text)")

TAKE = """
    LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
    CREATE TEMPORARY TABLE audit_taken ON COMMIT DROP AS TABLE audit_events"""

PUT = """
    DO $$
    DECLARE
        before audit_events;
        found record;
        made audit_events;
    BEGIN
        FOR found IN SELECT * FROM pg_temp.audit_taken ORDER BY seq LOOP
            made := NULL;
            made.seq := coalesce(before.seq, 0) + 1;
            made.at := found.at;
            made.id := audit_id(found.at);
            made.kind := found.kind;
            made.actor := found.actor;
            made.user_id := (SELECT id FROM users WHERE id = found.actor);
            made.request_id := found.request_id;
            made.subject := found.subject;
            made.previous := before.hash;
            made.hash := audit_hash(made);
            INSERT INTO audit_events SELECT made.*;
            before := made;
        END LOOP;
    END $$"""

PUT_BACK = """
    INSERT INTO audit_events (seq, kind, actor, request_id, subject, at) OVERRIDING SYSTEM VALUE
    SELECT seq, kind, actor, request_id, subject, at FROM pg_temp.audit_taken;
    SELECT setval('audit_events_seq_seq', coalesce(max(seq), 0) + 1, false) FROM audit_events"""


def upgrade() -> None:
    """Put the events into a table where they are chained."""
    _execute(TAKE)
    op.drop_table("audit_events")
    op.create_table("audit_events", *_columns(), *_constraints(), comment="What is to be answered for, in a chain.")
    for each in (PART, MOMENT, HASH, MADE, CHAIN, KEPT):
        op.execute(each)
    op.execute(PUT)
    _index("at", "subject", *REFERENCES)
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
        op.execute(f"ALTER TABLE audit_events ENABLE ALWAYS TRIGGER {name}")


def _execute(statements: str) -> None:
    for each in statements.split(";"):
        op.execute(each)


def _index(*columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_audit_events_{column}"), "audit_events", [column])
    op.create_index(op.f("ix_audit_events_actor_kind_at"), "audit_events", ["actor", "kind", "at"])


def _text(size: int = 64) -> sa.String:
    return sa.String(size, collation="C")


def _column(name: str, type_: sa.types.TypeEngine[Any], comment: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment, nullable=bool(options.pop("absent", True)), **options)


def _columns() -> Iterable[sa.Column[Any]]:
    at = sa.DateTime(timezone=True)
    yield _column("id", sa.Uuid(), "Key, UUIDv7.", absent=False)
    yield _column("seq", sa.BigInteger(), "Its place in the chain, from 1 and without gaps.", absent=False)
    yield _column("kind", _text(), "What happened, such as `UNMASKED`.", absent=False)
    yield _column("at", at, "When.", absent=False)
    yield _column("actor", sa.Uuid(), "Who did it, or to whom it happened: a user or a client.")
    yield _column("user_id", sa.Uuid(), "The user who did it; null: a client, or the house itself.")
    yield _column("client", _text(), "Code of the client through which it was done.")
    yield _column("request_id", _text(128), "The request.")
    yield _column("subject", _text(), "What it was about: the id of a record, the code of a client, a mutation.")
    yield _column("owner_id", sa.Uuid(), "Who was answerable for that record.")
    yield _column("details", JSONB(), "More about it, by name; never what was hidden.")
    yield _column("previous", _text(), "`hash` of the event before it.")
    yield _column("hash", _text(), "SHA-256 of this event and of `previous`.", absent=False)
    yield _column("deleted_at", at, "Never set: nothing of it is deleted.")


def _constraints() -> Iterable[sa.Constraint]:
    yield sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events"))
    yield sa.UniqueConstraint("seq", name=op.f("uq_audit_events_seq"))
    for name in REFERENCES:
        yield sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_audit_events_{name}"))
    for name in ("at", "deleted_at"):
        yield sa.CheckConstraint(f"{name} {BOUNDS}", name=op.f(f"ck_audit_events_{name}_finite"))


def downgrade() -> None:
    """Put the events into a table as it was."""
    _execute(TAKE)
    op.execute(f"DROP FUNCTION {FUNCTIONS[0]}")
    op.drop_table("audit_events")
    for name in TRIGGERS:
        op.execute(f"DROP FUNCTION {name}()")
    for name in FUNCTIONS[1:]:
        op.execute(f"DROP FUNCTION {name}")
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False, comment="Order."),
        sa.Column("kind", _text(), nullable=False, comment="What happened."),
        sa.Column("actor", sa.Uuid(), comment="To whom, or who did it."),
        sa.Column("request_id", _text(128), comment="The request."),
        sa.Column("subject", _text(), comment="What it was about, such as the mutation."),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), comment="When."),
        sa.CheckConstraint(f"at {BOUNDS}", name=op.f("ck_audit_events_at_finite")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
        comment="What is to be looked into later, in order.",
    )
    _index()
    _execute(PUT_BACK)
