"""Interactions and tasks."""

from __future__ import annotations

from migrations.baseline.parts import (
    FLAG,
    ID,
    INT,
    JSON,
    TEXT,
    TIME,
    check,
    create,
    drop,
    given,
    indexes,
    key,
    maybe,
    one_of,
    owned,
    record,
    scope,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _interactions()
    _tasks()


def downgrade() -> None:
    """Drop them."""
    drop("interactions", "tasks")


def _interactions() -> None:
    create(
        "interactions",
        "Something that took place between a customer and us.",
        *key(of_customer=True),
        given("kind", text(64), "What took place."),
        maybe("channel", text(64), "How."),
        maybe("direction", text(64), "Who began."),
        given("subject", text(500), "What it was about, in a line."),
        maybe("body", TEXT, "What was said or written."),
        given("occurred_at", TIME, "When it began."),
        maybe("ends_at", TIME, "When it ended or will end."),
        maybe("duration_seconds", INT, "How long it took, in seconds."),
        given("status", text(64), "Whether it took place.", "'HELD'"),
        maybe("contact_id", ID, "Whom it was with."),
        maybe("recording_url", text(2000), "Where the recording is."),
        maybe("mentions", JSON, "Ids of users mentioned in the text."),
        maybe("external_id", text(500), "Id in the system it came from."),
        maybe("subject_type", text(64), "Type of what it is about."),
        maybe("subject_id", ID, "Key of what it is about."),
        *scope(),
        *record(),
        one_of("kind", "CALL EMAIL MEETING VISIT CHAT SMS SOCIAL NOTE WEB_VISIT SYSTEM"),
        one_of("channel", "PHONE EMAIL IN_PERSON VIDEO CHAT SMS SOCIAL WEB APP POST PARTNER SYSTEM"),
        one_of("direction", "INBOUND OUTBOUND INTERNAL"),
        check("subject", "(subject_type IS NULL) = (subject_id IS NULL)"),
        check("duration_seconds", "duration_seconds >= 0"),
        one_of("status", "PLANNED HELD NOT_HELD"),
        one_of("subject_type", "OPPORTUNITY QUOTE CONTRACT ORDER TICKET CAMPAIGN"),
        check("occurred_at_ends_at", "ends_at >= occurred_at"),
        owned("contact_id", "contacts"),
    )
    indexes(
        "interactions",
        ("customer_id", "occurred_at", "id"),
        ("subject_id", "subject_type"),
        ("occurred_at", "id"),
    )


def _tasks() -> None:
    create(
        "tasks",
        "Something to be done.",
        *key(of_customer=True),
        given("title", text(500), "What is to be done."),
        given("status", text(64), "Where it stands.", "'NOT_STARTED'"),
        given("priority", text(64), "How soon it is needed.", "'NORMAL'"),
        maybe("due_at", TIME, "When it is due."),
        given("all_day", FLAG, "Due on the day, at no set time.", "false"),
        maybe("completed_at", TIME, "When it was done."),
        maybe("recurrence", text(500), "How it repeats, RFC 5545."),
        maybe("reminders", JSON, "When to remind, before it is due."),
        maybe("subject_type", text(64), "Type of what it is about."),
        maybe("subject_id", ID, "Key of what it is about."),
        *scope(),
        *record(),
        one_of("status", "NOT_STARTED STARTED COMPLETED CANCELED DEFERRED"),
        one_of("priority", "LOW NORMAL HIGH URGENT"),
        one_of("subject_type", "OPPORTUNITY QUOTE CONTRACT ORDER TICKET CAMPAIGN"),
        check("subject", "(subject_type IS NULL) = (subject_id IS NULL)"),
    )
    indexes("tasks", ("customer_id", "due_at", "id"), ("subject_id", "subject_type"), ("due_at", "id"))
