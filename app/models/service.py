"""What customers ask of us, what we answer, and what they think of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.models.base import CustomerOwned, Following, Priced, Record, Scoped
from app.models.columns import (
    BUSINESS,
    CODE,
    FINANCIAL,
    LINE,
    PUBLIC,
    SECRET,
    base_of,
    choice,
    document,
    integer,
    money,
    reference,
    text,
    time,
)
from app.models.constraints import newest_first, ordered
from app.models.enums import (
    Channel,
    MessageDirection,
    Priority,
    SurveyKind,
    SurveyStatus,
    TicketSeverity,
    TicketStatus,
    TicketType,
)
from policies.catalogue import Searched


class Ticket(Scoped, Priced, CustomerOwned):
    """A request, a fault or a complaint."""

    __tablename__ = "tickets"
    __table_args__ = (
        newest_first("opened_at"),
        sa.Index(None, "opened_at", "id"),
        ordered("opened_at", "first_responded_at"),
        ordered("opened_at", "resolved_at"),
        ordered("opened_at", "closed_at"),
        sa.CheckConstraint("duplicate_of_id <> id", name="duplicate_of_another"),
    )

    number: Mapped[str] = text(BUSINESS, "Number, unique.", size=CODE, index=True, searched=Searched("tn", 4))
    type: Mapped[TicketType] = choice(TicketType, BUSINESS, "What is asked for.", server_default="REQUEST")
    status: Mapped[TicketStatus] = choice(TicketStatus, BUSINESS, "Where it stands.", server_default="NEW")
    priority: Mapped[Priority] = choice(Priority, BUSINESS, "How soon it is needed.", server_default="NORMAL")
    severity: Mapped[TicketSeverity | None] = choice(TicketSeverity, BUSINESS, "How much harm there is.")
    channel: Mapped[Channel | None] = choice(Channel, BUSINESS, "How it came in.")
    subject: Mapped[str] = text(BUSINESS, "What it is about, in a line.", size=LINE, searched=Searched("ts", 2))
    description: Mapped[str | None] = text(BUSINESS, "What it is about.", size=None)
    contact_id: Mapped[UUID | None] = reference("contacts", BUSINESS, "Who asked.", back="tickets", owned=True)
    order_id: Mapped[UUID | None] = reference("orders", BUSINESS, "The order it is about.", back="tickets", owned=True)
    opened_at: Mapped[dt.datetime] = time(BUSINESS, "When it came in.")
    first_responded_at: Mapped[dt.datetime | None] = time(
        BUSINESS, "When we first answered.", sums=("messages.sent_at",)
    )
    first_response_due_at: Mapped[dt.datetime | None] = time(BUSINESS, "When a first answer is due.")
    resolved_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was solved.")
    resolution_due_at: Mapped[dt.datetime | None] = time(BUSINESS, "When a solution is due.")
    closed_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was closed.")
    reopened_count: Mapped[int] = integer(
        BUSINESS, "How often it was reopened.", check="{} >= 0", server_default=sa.text("0")
    )
    sla_policy: Mapped[dict[str, Any] | None] = document(BUSINESS, "The promise that applied when it came in.")
    root_cause: Mapped[str | None] = text(BUSINESS, "Why it happened.", size=None)
    resolution: Mapped[str | None] = text(BUSINESS, "What was done.", size=None)
    compensation: Mapped[Decimal | None] = money(FINANCIAL, "What we paid for it.", base="base_compensation")
    base_compensation: Mapped[Decimal | None] = base_of("compensation")
    duplicate_of_id: Mapped[UUID | None] = reference(
        "tickets", BUSINESS, "The ticket that tells the same.", back="duplicates", owned=True, sort_order=96
    )


class TicketMessage(Following, CustomerOwned):
    """A message about a ticket."""

    __tablename__ = "ticket_messages"
    __table_args__ = (newest_first("sent_at"),)

    ticket_id: Mapped[UUID] = reference("tickets", BUSINESS, "The ticket.", back="messages", owned=True)
    direction: Mapped[MessageDirection] = choice(MessageDirection, BUSINESS, "Who wrote to whom.")
    channel: Mapped[Channel | None] = choice(Channel, BUSINESS, "How it was sent.")
    author_user_id: Mapped[UUID | None] = reference("users", BUSINESS, "Which of us wrote it.", back="authoredMessages")
    contact_id: Mapped[UUID | None] = reference(
        "contacts", BUSINESS, "Which contact wrote or received it.", back="ticketMessages", owned=True
    )
    body: Mapped[str] = text(BUSINESS, "The text.", size=None)
    sent_at: Mapped[dt.datetime] = time(BUSINESS, "When it was sent.")
    external_message_id: Mapped[str | None] = text(SECRET, "Id in the system that carried it.", size=LINE)


class Survey(Record):
    """A questionnaire."""

    __tablename__ = "surveys"
    __table_args__ = (sa.CheckConstraint("scale_max > scale_min", name="scale"),)

    code: Mapped[str] = text(PUBLIC, "Short name, unique.", size=CODE, unique=True, searched=Searched("vc", 3))
    name: Mapped[str] = text(PUBLIC, "Name.", searched=Searched("vn", 4))
    kind: Mapped[SurveyKind] = choice(SurveyKind, PUBLIC, "What it measures.")
    scale_min: Mapped[int] = integer(PUBLIC, "Lowest score.")
    scale_max: Mapped[int] = integer(PUBLIC, "Highest score.")
    questions: Mapped[list[Any] | None] = document(PUBLIC, "The questions.")
    status: Mapped[SurveyStatus] = choice(SurveyStatus, PUBLIC, "Where it stands.", server_default="DRAFT")


class SurveyResponse(Following, CustomerOwned):
    """A questionnaire sent to a customer, and the answer."""

    __tablename__ = "survey_responses"
    __table_args__ = (
        newest_first("responded_at"),
        ordered("sent_at", "responded_at"),
        sa.CheckConstraint("scale_max > scale_min", name="scale"),
        sa.CheckConstraint("score BETWEEN scale_min AND scale_max", name="score"),
    )

    survey_id: Mapped[UUID] = reference("surveys", BUSINESS, "The survey.", back="responses")
    ticket_id: Mapped[UUID | None] = reference(
        "tickets", BUSINESS, "The ticket it is about.", back="surveyResponses", owned=True
    )
    order_id: Mapped[UUID | None] = reference(
        "orders", BUSINESS, "The order it is about.", back="surveyResponses", owned=True
    )
    campaign_id: Mapped[UUID | None] = reference(
        "campaigns", BUSINESS, "The campaign it is about.", back="surveyResponses"
    )
    score: Mapped[int | None] = integer(BUSINESS, "The score, within the scale.")
    scale_min: Mapped[int] = integer(BUSINESS, "Lowest score of the survey when it was sent.")
    scale_max: Mapped[int] = integer(BUSINESS, "Highest score of the survey when it was sent.")
    comment: Mapped[str | None] = text(BUSINESS, "What the customer wrote.", size=None)
    answers: Mapped[dict[str, Any] | None] = document(BUSINESS, "Answers by question.")
    sent_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was sent.")
    responded_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was answered.")
    agent_user_id: Mapped[UUID | None] = reference("users", BUSINESS, "Whose work it is about.", back="surveyResponses")
