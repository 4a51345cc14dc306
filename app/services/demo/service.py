"""Tickets, the messages about them, and what customers thought of it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from app.models.enums import (
    Channel,
    MessageDirection,
    Priority,
    SubjectType,
    TicketSeverity,
    TicketStatus,
    TicketType,
)
from app.services.demo.account import Account, Subject
from app.services.demo.money import amount, exchange, smallest
from app.services.demo.source import NOW, Weighted
from app.services.demo.world import Survey
from app.services.demo.writer import Writer

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR

TYPES = Weighted(dict(zip(TicketType, (24, 20, 4, 14, 16, 6, 16), strict=True)))
PRIORITIES = Weighted(dict(zip(Priority, (20, 50, 22, 8), strict=True)))
CHANNELS = (Channel.EMAIL, Channel.EMAIL, Channel.PHONE, Channel.WEB, Channel.CHAT, Channel.APP, Channel.SOCIAL)
SEVERITIES = tuple(TicketSeverity)
HARMFUL = {TicketType.INCIDENT, TicketType.PROBLEM, TicketType.COMPLAINT}
ABOUT_ORDERS = {TicketType.COMPLAINT, TicketType.AFTER_SALES}
OPEN = (
    TicketStatus.NEW,
    TicketStatus.ASSIGNED,
    TicketStatus.PENDING_CUSTOMER,
    TicketStatus.IN_PROGRESS,
    TicketStatus.RESOLVED,
)
DONE = Weighted({TicketStatus.CLOSED: 90, TicketStatus.REJECTED: 5, TicketStatus.DUPLICATE: 5})
PROMISES = {Priority.LOW: (24, 240), Priority.NORMAL: (8, 72), Priority.HIGH: (4, 24), Priority.URGENT: (1, 8)}
"""Hours to a first answer and to a solution."""
DESKS = ("SERVICE-DESK", "SERVICE-DESK", "SERVICE-FIELD")


@dataclass(frozen=True, slots=True)
class Course:
    """When what happened to a ticket."""

    status: TicketStatus
    answered: dt.datetime | None
    solved: dt.datetime | None
    closed: dt.datetime | None


def tickets(writer: Writer, account: Account) -> None:
    """Tickets, and for full customers their messages and the answers to a survey."""
    for at in sorted(writer.source.moment(account.since, NOW) for _ in range(account.profile.tickets)):
        course = _course(writer, at)
        key = _ticket(writer, account, at, course)
        account.subjects.append(Subject(SubjectType.TICKET, key, at))
        if account.full:
            _messages(writer, account, key, at, course)
            if course.status is TicketStatus.CLOSED and writer.source.chance(0.5):
                _satisfaction(writer, account, key, course)


def _course(writer: Writer, at: dt.datetime) -> Course:
    source = writer.source
    status = source.pick(OPEN) if NOW - at < 21 * DAY else source.weigh(DONE)
    answered = None if status is TicketStatus.NEW else min(at + HOUR * source.between(1, 20), NOW)
    over = status in {TicketStatus.RESOLVED, TicketStatus.CLOSED}
    solved = min(at + HOUR * source.between(20, 160), NOW) if over else None
    closed = None if status in OPEN else min((solved or at) + HOUR * source.between(24, 90), NOW)
    return Course(status, answered, solved, closed)


def _ticket(writer: Writer, account: Account, at: dt.datetime, course: Course) -> UUID:
    source, world = writer.source, writer.world
    type_, priority = source.weigh(TYPES), source.weigh(PRIORITIES)
    first, last = PROMISES[priority]
    earlier = [key for key, placed in account.orders if placed < at]
    paid = type_ is TicketType.COMPLAINT and course.closed is not None and source.chance(0.4)
    money = exchange(account.area.currency, at.date())
    number = writer.number("T", at)
    key = writer.add(
        "tickets",
        account,
        at,
        number=number,
        type=type_,
        status=course.status,
        priority=priority,
        severity=source.pick(SEVERITIES) if type_ in HARMFUL else None,
        channel=source.pick(CHANNELS),
        subject=writer.say(account, type_),
        description=writer.say(account, "detail"),
        contact_id=source.pick(account.contacts),
        order_id=source.pick(earlier) if earlier and type_ in ABOUT_ORDERS else None,
        opened_at=at,
        first_responded_at=course.answered,
        first_response_due_at=at + HOUR * first,
        resolved_at=course.solved,
        resolution_due_at=at + HOUR * last,
        closed_at=course.closed,
        reopened_count=1 if source.chance(0.06) else 0,
        sla_policy=json.dumps({"first_response_hours": first, "resolution_hours": last}),
        root_cause=writer.say(account, "cause") if course.solved and type_ in HARMFUL else None,
        resolution=writer.say(account, "solved") if course.solved else None,
        compensation=amount(100 * smallest(account.area.currency) * source.between(10, 120)) if paid else None,
        **(money if paid else dict.fromkeys(money)),
        owner_id=None if course.status is TicketStatus.NEW else account.area.agent,
        department_id=world.departments[source.pick(DESKS)],
    )
    writer.claim("tickets.number", number, account, key)
    return key


def _messages(writer: Writer, account: Account, ticket: UUID, at: dt.datetime, course: Course) -> None:
    source, ways = writer.source, MessageDirection
    contact, agent = source.pick(account.contacts), account.area.agent
    said: list[tuple[dt.datetime, MessageDirection, str, UUID | None, UUID | None]]
    said = [(at, ways.IN, "detail", contact, None)]
    if course.answered:
        said.append((course.answered, ways.OUT, "answer", contact, agent))
    if course.answered and source.chance(0.4):
        said.append((course.answered, ways.INTERNAL, "inside", None, agent))
    for sent, direction, kind, person, author in said:
        writer.add(
            "ticket_messages",
            account,
            sent,
            ticket_id=ticket,
            direction=direction,
            channel=None if direction is ways.INTERNAL else source.pick(CHANNELS),
            author_user_id=author,
            contact_id=person,
            body=writer.say(account, kind),
            sent_at=sent,
        )


def _satisfaction(writer: Writer, account: Account, ticket: UUID, course: Course) -> None:
    survey = writer.source.pick([one for one in writer.world.surveys if one.code in {"CSAT", "CES"}])
    sent = min((course.closed or NOW) + HOUR, NOW)
    answer(writer, account, survey, sent, ticket_id=ticket, agent_user_id=account.area.agent)


def loyalty(writer: Writer, account: Account) -> None:
    """What the customer thinks of us, asked now and then after an order or a campaign."""
    source, surveys = writer.source, {one.code: one for one in writer.world.surveys}
    if not account.full:
        return
    if account.orders:
        order, placed = source.pick(account.orders)
        answer(writer, account, surveys["NPS"], min(placed + 14 * DAY, NOW), order_id=order)
    if source.chance(0.2):
        sent = source.moment(account.since, NOW)
        answer(writer, account, surveys["FITTING"], sent, campaign_id=writer.campaign(sent))


def answer(writer: Writer, account: Account, survey: Survey, sent: dt.datetime, /, **about: UUID | None) -> None:
    """A survey sent to the customer; three of four are answered."""
    source = writer.source
    responded = min(sent + HOUR * source.between(1, 200), NOW) if source.chance(0.75) else None
    score = max(survey.low, survey.high - source.pick((0, 0, 0, 1, 1, 2, 3, 6))) if responded else None
    writer.add(
        "survey_responses",
        account,
        sent,
        survey_id=survey.id,
        score=score,
        scale_min=survey.low,
        scale_max=survey.high,
        comment=writer.say(account, "praise") if responded and source.chance(0.5) else None,
        answers=json.dumps({survey.questions[0]: score}) if responded else None,
        sent_at=sent,
        responded_at=responded,
        **{"ticket_id": None, "order_id": None, "campaign_id": None, "agent_user_id": None, **about},
    )
