"""What is computed about a customer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.models.base import CustomerOwned, Following
from app.models.columns import (
    BUSINESS,
    CODE,
    FINANCIAL,
    IDENTITY,
    choice,
    day,
    decimal,
    document,
    percentage,
    reference,
    text,
    time,
)
from app.models.constraints import LIVE, one_per
from app.models.enums import IssueKind, IssueStatus, ScoreKind

JUDGED = tuple(f"customer.{name}" for name in ("email", "phone", "birth_date", "tax_id", "annual_revenue"))
"""What an issue may tell of: that such a value is missing, wrong or another's says something of the value."""


class CustomerScore(Following, CustomerOwned):
    """A score of a customer on a day."""

    __tablename__ = "customer_scores"
    __back__ = "scores"
    __table_args__ = (one_per("customer_id", "kind", "as_of"),)

    kind: Mapped[ScoreKind] = choice(ScoreKind, BUSINESS, "What it tells.")
    value: Mapped[Decimal] = decimal(FINANCIAL, "The score; for CLV an amount in the base currency.", 19, 4)
    band: Mapped[str | None] = text(FINANCIAL, "The score in words.", size=CODE, sources=("value",))
    probability: Mapped[Decimal | None] = percentage(BUSINESS, "Probability of what it warns of, in per cent.")
    factors: Mapped[list[Any] | None] = document(BUSINESS, "What it rests on; without amounts.")
    model_version: Mapped[str | None] = text(BUSINESS, "The model that computed it.", size=CODE)
    as_of: Mapped[dt.date] = day(BUSINESS, "The day it holds for.")
    expires_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it is out of date.")


class DataQualityIssue(Following, CustomerOwned):
    """Something that may be wrong with a customer's record."""

    __tablename__ = "data_quality_issues"
    __table_args__ = (
        one_per("customer_id", "kind", "field", "other_customer_id", among=f"status = 'OPEN' AND {LIVE}"),
        sa.CheckConstraint("other_customer_id <> customer_id", name="other_is_another"),
    )

    kind: Mapped[IssueKind] = choice(IssueKind, BUSINESS, "What is wrong.")
    field: Mapped[str | None] = text(IDENTITY, "The field concerned.", size=CODE, sources=JUDGED)
    other_customer_id: Mapped[UUID | None] = reference(
        "customers", BUSINESS, "The customer it may be the same as.", back="suspectedDuplicates"
    )
    score: Mapped[Decimal | None] = percentage(BUSINESS, "How sure, in per cent.")
    evidence: Mapped[dict[str, Any] | None] = document(IDENTITY, "What it rests on.")
    status: Mapped[IssueStatus] = choice(IssueStatus, BUSINESS, "What became of it.", server_default="OPEN")
