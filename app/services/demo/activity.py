"""What took place with a customer, and what is to be done."""

from __future__ import annotations

import datetime as dt
import json

from app.models.enums import (
    Channel,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
    Priority,
    TaskStatus,
)
from app.services.demo.account import Account
from app.services.demo.source import NOW, Weighted
from app.services.demo.writer import Writer

DAY = dt.timedelta(days=1)
_Kind, _Way = InteractionKind, InteractionDirection

KINDS = Weighted(
    {
        _Kind.CALL: 22,
        _Kind.EMAIL: 26,
        _Kind.MEETING: 10,
        _Kind.VISIT: 5,
        _Kind.CHAT: 8,
        _Kind.SMS: 4,
        _Kind.SOCIAL: 3,
        _Kind.NOTE: 10,
        _Kind.WEB_VISIT: 8,
        _Kind.SYSTEM: 4,
    }
)
CHANNELS: dict[InteractionKind, tuple[Channel | None, ...]] = {
    _Kind.CALL: (Channel.PHONE,),
    _Kind.EMAIL: (Channel.EMAIL,),
    _Kind.MEETING: (Channel.VIDEO, Channel.IN_PERSON),
    _Kind.VISIT: (Channel.IN_PERSON,),
    _Kind.CHAT: (Channel.CHAT,),
    _Kind.SMS: (Channel.SMS,),
    _Kind.SOCIAL: (Channel.SOCIAL,),
    _Kind.NOTE: (None,),
    _Kind.WEB_VISIT: (Channel.WEB, Channel.APP),
    _Kind.SYSTEM: (Channel.SYSTEM, Channel.POST, Channel.PARTNER),
}
LASTING = {_Kind.CALL: 30, _Kind.MEETING: 120, _Kind.VISIT: 240, _Kind.CHAT: 20}
"""At most so many minutes."""
AGREED = {_Kind.CALL, _Kind.MEETING, _Kind.VISIT}
INWARD = {_Kind.NOTE, _Kind.SYSTEM}
FROM_THEM = {_Kind.WEB_VISIT, _Kind.SOCIAL}

PRIORITIES, STATES = tuple(Priority), (TaskStatus.NOT_STARTED, TaskStatus.STARTED, TaskStatus.DEFERRED)
REMINDERS = json.dumps([{"minutes_before": 60}])


def interactions(writer: Writer, account: Account) -> None:
    """Calls, mails, meetings and the rest; a few are still to come."""
    source = writer.source
    horizon = NOW + 20 * DAY
    for at in sorted(source.moment(account.since, horizon) for _ in range(account.profile.interactions)):
        _interaction(writer, account, at, source.weigh(KINDS))


def _interaction(writer: Writer, account: Account, at: dt.datetime, kind: InteractionKind) -> None:
    source = writer.source
    if at > NOW and kind not in AGREED:
        at -= 20 * DAY
    status = _status(writer, at, kind)
    lasted = 60 * source.between(2, LASTING[kind]) if kind in LASTING and status is InteractionStatus.HELD else None
    subject = source.pick(account.subjects) if source.chance(0.5) else None
    known = subject if subject and subject.at <= at else None
    writer.add(
        "interactions",
        account,
        at,
        kind=kind,
        channel=source.pick(CHANNELS[kind]),
        direction=_direction(writer, kind),
        subject=writer.say(account, kind),
        body=writer.say(account, "body") if source.chance(0.4 if account.full else 0.1) else None,
        occurred_at=at,
        ends_at=at + dt.timedelta(seconds=lasted) if lasted else None,
        duration_seconds=lasted,
        status=status,
        contact_id=source.pick(account.contacts) if kind not in INWARD else None,
        subject_type=known and known.type,
        subject_id=known and known.id,
        recording_url=f"https://recordings.example/{account.number}/{int(at.timestamp())}"
        if kind is _Kind.CALL and lasted and source.chance(0.2)
        else None,
        mentions=json.dumps([str(account.area.seller)]) if kind is _Kind.NOTE and source.chance(0.3) else None,
        external_id=f"<{account.number}.{int(at.timestamp())}@mail.example>" if kind is _Kind.EMAIL else None,
    )
    if status is InteractionStatus.HELD and kind not in INWARD:
        account.last_contact = max(account.last_contact or at, at)


def _status(writer: Writer, at: dt.datetime, kind: InteractionKind) -> InteractionStatus:
    if at > NOW:
        return InteractionStatus.PLANNED
    missed = kind in AGREED and writer.source.chance(0.06)
    return InteractionStatus.NOT_HELD if missed else InteractionStatus.HELD


def _direction(writer: Writer, kind: InteractionKind) -> InteractionDirection:
    if kind in INWARD:
        return _Way.INTERNAL
    return _Way.INBOUND if kind in FROM_THEM else writer.source.pick((_Way.INBOUND, _Way.OUTBOUND))


def tasks(writer: Writer, account: Account) -> None:
    """What is to be done, and what was."""
    source = writer.source
    for place in range(source.between(1, 3) if account.full else 0):
        at = source.moment(account.since, NOW)
        due = source.moment(NOW - 3 * DAY, NOW + 30 * DAY) if place == 0 else min(at + 10 * DAY, NOW)
        done = place > 0 and source.chance(0.85)
        over = TaskStatus.COMPLETED if done else TaskStatus.CANCELED
        subject = source.pick(account.subjects[-4:])
        writer.add(
            "tasks",
            account,
            at,
            title=writer.say(account, "task"),
            status=source.pick(STATES) if place == 0 else over,
            priority=source.pick(PRIORITIES),
            due_at=due,
            all_day=source.chance(0.2),
            completed_at=due if done else None,
            recurrence="FREQ=MONTHLY;INTERVAL=3" if source.chance(0.1) else None,
            reminders=REMINDERS if place == 0 else None,
            subject_type=subject.type,
            subject_id=subject.id,
        )
