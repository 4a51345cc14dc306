"""Scores and doubts about a customer."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

from app.models.enums import IssueKind, IssueStatus, ScoreKind
from app.services.demo.account import PROFILES, Account
from app.services.demo.money import rate
from app.services.demo.source import NOW, TODAY
from app.services.demo.writer import Writer

BANDS = ("LOW", "MEDIUM", "HIGH")
ALWAYS = (ScoreKind.RFM, ScoreKind.CLV, ScoreKind.CHURN)
OTHERS = tuple(kind for kind in ScoreKind if kind not in ALWAYS)
LIKELY = {ScoreKind.CHURN, ScoreKind.RISK, ScoreKind.NEXT_BEST, ScoreKind.REPEAT_PURCHASE}
"""Scores that are probabilities."""
FACTORS = (
    ["Orders are getting rarer", "Two complaints this year"],
    ["Answers mails quickly", "Orders each month"],
    ["Few contacts known"],
)
FIELDS = ("phone", "email", "taxId", "industryCode")


def scores(writer: Writer, account: Account) -> None:
    """Last quarter's and today's scores of three kinds, and one of another."""
    if not account.full:
        return
    last_quarter = TODAY - dt.timedelta(days=90)
    for day in (last_quarter, TODAY):
        for kind in (*ALWAYS, OTHERS[account.number % len(OTHERS)]):
            _score(writer, account, kind, day)


def _score(writer: Writer, account: Account, kind: ScoreKind, day: dt.date) -> None:
    source = writer.source
    percent = source.between(0, 100)
    worth = Decimal(account.spent).scaleb(-2) * rate(account.area.currency, TODAY.year, TODAY.month)
    at = dt.datetime.combine(day, dt.time(5), dt.UTC)
    writer.add(
        "customer_scores",
        account,
        at,
        kind=kind,
        value=round(worth, 2) if kind is ScoreKind.CLV else Decimal(percent),
        band=BANDS[min(percent // 34, 2)],
        probability=Decimal(percent) if kind in LIKELY else None,
        factors=json.dumps(source.pick(FACTORS)),
        model_version="2026.3",
        as_of=day,
        expires_at=at + dt.timedelta(days=100),
    )


def issues(writer: Writer, account: Account, earlier: list[Account]) -> None:
    """What may be wrong with the record of every other customer."""
    source = writer.source
    if not account.full or account.number % 2 or len(earlier) < len(PROFILES):
        return
    kind = tuple(IssueKind)[account.number // 2 % len(IssueKind)]
    twin = earlier[-len(PROFILES)] if kind is IssueKind.DUPLICATE else None
    needs_field = kind not in {IssueKind.DUPLICATE, IssueKind.INACTIVE}
    writer.add(
        "data_quality_issues",
        account,
        source.moment(account.since, NOW),
        kind=kind,
        field=source.pick(FIELDS) if needs_field else None,
        other_customer_id=twin.id if twin else None,
        score=Decimal(source.between(40, 99)),
        evidence=json.dumps({"rule": f"{kind.lower()}-2", "checked": TODAY.isoformat()}),
        status=source.pick(tuple(IssueStatus)),
    )
