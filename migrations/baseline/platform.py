"""The product's own tables."""

from __future__ import annotations

import sqlalchemy as sa

from migrations.baseline.parts import (
    BYTES,
    FLAG,
    ID,
    JSON,
    LONG,
    TIME,
    check,
    create,
    drop,
    given,
    indexes,
    maybe,
    one_of,
    refers,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _policy_state()
    _access_versions()
    _external_refs()
    _unique_keys()
    _jobs()
    _change_events()


def downgrade() -> None:
    """Drop them."""
    drop("policy_state", "access_versions", "external_refs", "unique_keys", "jobs", "change_events")


def _policy_state() -> None:
    create(
        "policy_state",
        "Epochs of policy and access.",
        given("singleton", FLAG, "Always true.", "true"),
        given("policy_epoch", LONG, "Moves with every change of the policy.", "1"),
        given("access_epoch", LONG, "Moves with trees, management chain and roles.", "1"),
        check("singleton", "singleton"),
        primary_key=("singleton",),
    )


def _access_versions() -> None:
    create(
        "access_versions",
        "Version of each subject's rights.",
        given("subject_id", ID, "A user or a client."),
        given("version", LONG, "Moves with assignments and status."),
        primary_key=("subject_id",),
    )


def _external_refs() -> None:
    create(
        "external_refs",
        "Ids of records in other systems.",
        given("source_system", text(64), "The other system."),
        given("external_type", text(64), "Kind of record there."),
        given("external_id", text(500), "Id there."),
        given("entity", text(64), "Table here."),
        given("entity_id", ID, "Id here."),
        maybe("customer_id", ID, "Customer that owns the record."),
        maybe("fingerprint", BYTES, "Digest of what was last imported."),
        given("created_at", TIME, "When it was first seen.", "now()"),
        primary_key=(
            "source_system",
            "external_type",
            "external_id",
        ),
    )
    indexes("external_refs", ("customer_id",), ("entity", "entity_id"))


def _unique_keys() -> None:
    create(
        "unique_keys",
        "Values unique across customers.",
        given("kind", text(64), "What it is: `orders.number`."),
        given("value", text(500), "The value."),
        given("entity", text(64), "Table that holds it."),
        given("entity_id", ID, "Record that holds it."),
        maybe("customer_id", ID, "Customer that owns the record."),
        primary_key=(
            "kind",
            "value",
        ),
    )
    indexes("unique_keys", ("entity", "entity_id"))


def _jobs() -> None:
    create(
        "jobs",
        "Imports and other long work.",
        given("id", ID, "Key, UUIDv7."),
        given("kind", text(64), "What it does."),
        given("status", text(64), "Where it stands.", "'QUEUED'"),
        given("parameters", JSON, "What was asked.", "'{}'"),
        maybe("result", JSON, "What came out."),
        maybe("actor", ID, "Who asked."),
        given("created_at", TIME, "When it was asked.", "now()"),
        maybe("started_at", TIME, "When it began."),
        maybe("finished_at", TIME, "When it ended."),
        one_of("status", "QUEUED RUNNING SUCCEEDED FAILED CANCELED"),
    )
    indexes("jobs", ("kind", "created_at"))


def _change_events() -> None:
    create(
        "change_events",
        "Changes, in order.",
        sa.Column("seq", LONG, sa.Identity(always=True), nullable=False, comment="Order."),
        maybe("customer_id", ID, "Customer that owns the record."),
        given("entity", text(64), "Table."),
        maybe("entity_id", ID, "Record; absent: many, see the job."),
        given("op", text(64), "What was done."),
        maybe("changed", JSON, "Field to old and new value."),
        maybe("actor", ID, "Who did it."),
        maybe("request_id", text(64), "The request."),
        maybe("job_id", ID, "The job."),
        given("at", TIME, "When.", "now()"),
        one_of("op", "CREATE UPDATE DELETE RESTORE MERGE IMPORT"),
        refers("job_id", "jobs"),
        primary_key=("seq",),
    )
    indexes("change_events", ("at",), ("customer_id", "seq"), ("entity", "entity_id", "seq"))
