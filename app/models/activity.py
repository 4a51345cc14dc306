"""What happened with a customer, and what is to be done."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr

from app.models.base import Base, CustomerOwned, Scoped
from app.models.columns import (
    BUSINESS,
    LINE,
    SECRET,
    SENSITIVE,
    boolean,
    choice,
    document,
    key,
    reference,
    seconds,
    text,
    time,
)
from app.models.constraints import newest_first, ordered
from app.models.enums import (
    Channel,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
    Priority,
    SubjectType,
    TaskStatus,
)
from policies.catalogue import Searched, Subjects

SUBJECTS = (
    (SubjectType.OPPORTUNITY.value, "opportunities"),
    (SubjectType.QUOTE.value, "quotes"),
    (SubjectType.CONTRACT.value, "contracts"),
    (SubjectType.ORDER.value, "orders"),
    (SubjectType.TICKET.value, "tickets"),
    (SubjectType.CAMPAIGN.value, "campaigns"),
)
"""The table of each type of subject."""


class AboutSubject(Base):
    """What a row is about: a campaign, or a row of the same customer."""

    __abstract__ = True

    subject_type: Mapped[SubjectType | None] = choice(SubjectType, BUSINESS, "Type of what it is about.", sort_order=40)

    @declared_attr
    def subject_id(cls) -> Mapped[UUID | None]:
        to = Subjects("about", "subject_type", SUBJECTS, back=cls.__tablename__)
        return key(BUSINESS, "Key of what it is about.", sort_order=41, info={"subjects": to})


def _subject() -> tuple[sa.Index, sa.CheckConstraint]:
    return (
        sa.Index(None, "subject_id", "subject_type"),
        sa.CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name="subject"),
    )


class Interaction(Scoped, AboutSubject, CustomerOwned):
    """Something that took place between a customer and us."""

    __tablename__ = "interactions"
    __table_args__ = (
        *_subject(),
        newest_first("occurred_at"),
        sa.Index(None, "occurred_at", "id"),
        ordered("occurred_at", "ends_at"),
    )

    kind: Mapped[InteractionKind] = choice(InteractionKind, BUSINESS, "What took place.")
    channel: Mapped[Channel | None] = choice(Channel, BUSINESS, "How.")
    direction: Mapped[InteractionDirection | None] = choice(InteractionDirection, BUSINESS, "Who began.")
    subject: Mapped[str] = text(BUSINESS, "What it was about, in a line.", size=LINE)
    body: Mapped[str | None] = text(BUSINESS, "What was said or written.", size=None)
    occurred_at: Mapped[dt.datetime] = time(BUSINESS, "When it began.")
    ends_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it ended or will end.")
    duration_seconds: Mapped[int | None] = seconds(BUSINESS, "How long it took, in seconds.")
    status: Mapped[InteractionStatus] = choice(
        InteractionStatus, BUSINESS, "Whether it took place.", server_default="HELD"
    )
    contact_id: Mapped[UUID | None] = reference(
        "contacts", BUSINESS, "Whom it was with.", back="interactions", owned=True
    )
    recording_url: Mapped[str | None] = text(SENSITIVE, "Where the recording is.", size=2000)
    mentions: Mapped[list[Any] | None] = document(BUSINESS, "Ids of users mentioned in the text.")
    external_id: Mapped[str | None] = text(SECRET, "Id in the system it came from.", size=LINE)


class Task(Scoped, AboutSubject, CustomerOwned):
    """Something to be done."""

    __tablename__ = "tasks"
    __table_args__ = (*_subject(), newest_first("due_at"), sa.Index(None, "due_at", "id"))

    title: Mapped[str] = text(BUSINESS, "What is to be done.", size=LINE, searched=Searched("wt", 2))
    status: Mapped[TaskStatus] = choice(TaskStatus, BUSINESS, "Where it stands.", server_default="NOT_STARTED")
    priority: Mapped[Priority] = choice(Priority, BUSINESS, "How soon it is needed.", server_default="NORMAL")
    due_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it is due.")
    all_day: Mapped[bool] = boolean(BUSINESS, "Due on the day, at no set time.", server_default=sa.false())
    completed_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was done.")
    recurrence: Mapped[str | None] = text(BUSINESS, "How it repeats, RFC 5545.", size=LINE)
    reminders: Mapped[list[Any] | None] = document(BUSINESS, "When to remind, before it is due.")
