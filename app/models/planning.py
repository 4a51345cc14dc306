"""What is sold, through which stages, at which rates and towards which targets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.models.base import Record, Scoped
from app.models.columns import (
    BUSINESS,
    CODE,
    FINANCIAL,
    PUBLIC,
    boolean,
    choice,
    currency,
    day,
    decimal,
    document,
    integer,
    money,
    path,
    percentage,
    text,
)
from app.models.constraints import one_per, ordered
from app.models.enums import ForecastCategory, StageOutcome, TargetMetric
from policies.catalogue import Searched


class Product(Record):
    """Something we sell."""

    __tablename__ = "products"
    __table_args__ = (sa.Index(None, "name", "id"),)

    sku: Mapped[str] = text(PUBLIC, "Article number, unique.", size=CODE, unique=True, searched=Searched("gs", 4))
    name: Mapped[str] = text(PUBLIC, "Name.", searched=Searched("gn", 3))
    category_path: Mapped[str | None] = path(PUBLIC, "Place in the catalogue.", index=True)
    unit: Mapped[str | None] = text(PUBLIC, "What one of it is: piece, box, hour.", size=CODE)
    list_price: Mapped[Decimal | None] = money(FINANCIAL, "Price of one unit before discount and tax.")
    currency: Mapped[str | None] = currency(BUSINESS, "Currency of the list price.")
    tax_rate_pct: Mapped[Decimal | None] = percentage(BUSINESS, "Usual tax rate in per cent.")
    available_quantity: Mapped[Decimal | None] = decimal(BUSINESS, "What can be sold now.", check="{} >= 0")
    active: Mapped[bool] = boolean(PUBLIC, "Offered at present.", server_default=sa.true())


class PipelineStage(Record):
    """A step of a sales process."""

    __tablename__ = "pipeline_stages"
    __table_args__ = (
        sa.UniqueConstraint("pipeline_code", "position"),
        sa.UniqueConstraint("pipeline_code", "code"),
        sa.UniqueConstraint("id", "pipeline_code", "code"),
    )

    pipeline_code: Mapped[str] = text(PUBLIC, "The process it is a step of.", size=CODE)
    position: Mapped[int] = integer(PUBLIC, "Place in the process, lowest first.", check="{} >= 0")
    code: Mapped[str] = text(PUBLIC, "Short name, unique in the process.", size=CODE)
    name: Mapped[str] = text(PUBLIC, "Name.")
    probability_pct: Mapped[Decimal] = percentage(PUBLIC, "Usual probability of winning in per cent.")
    outcome: Mapped[StageOutcome] = choice(StageOutcome, PUBLIC, "What the stage means for the deal.")
    forecast_category: Mapped[ForecastCategory] = choice(ForecastCategory, PUBLIC, "How it counts in the forecast.")
    entry_rules: Mapped[dict[str, Any] | None] = document(BUSINESS, "What must be given before a deal enters it.")


class CurrencyRate(Record):
    """An exchange rate of a day."""

    __tablename__ = "currency_rates"
    __table_args__ = (
        sa.UniqueConstraint("currency", "base_currency", "rate_date"),
        sa.CheckConstraint("currency <> base_currency", name="two_currencies"),
    )

    base_currency: Mapped[str] = currency(PUBLIC, "The currency it is priced in.")
    currency: Mapped[str] = currency(PUBLIC, "The currency that is priced.")
    rate_date: Mapped[dt.date] = day(PUBLIC, "The day.")
    rate: Mapped[Decimal] = decimal(PUBLIC, "Units of `baseCurrency` for one of `currency`.", 18, 8, check="{} > 0")


class SalesTarget(Scoped, Record):
    """What a user, a department or a region is to reach in a period."""

    __tablename__ = "sales_targets"
    __table_args__ = (
        one_per(
            "owner_id",
            "department_id",
            "region_id",
            "metric",
            "period_start",
            "period_end",
            "product_category_path",
            name="ix_sales_targets_holder_metric_period",
        ),
        ordered("period_start", "period_end"),
        sa.CheckConstraint(
            "(metric = 'REVENUE') = (target_amount IS NOT NULL) AND num_nonnulls(target_amount, target_quantity) = 1",
            name="measure",
        ),
        sa.Index(None, "period_start", "id"),
    )

    metric: Mapped[TargetMetric] = choice(TargetMetric, BUSINESS, "What is measured.")
    period_start: Mapped[dt.date] = day(BUSINESS, "First day.")
    period_end: Mapped[dt.date] = day(BUSINESS, "Last day.")
    product_category_path: Mapped[str | None] = path(BUSINESS, "Only products from here; absent: all.")
    target_amount: Mapped[Decimal | None] = money(FINANCIAL, "The amount to reach.")
    target_quantity: Mapped[Decimal | None] = decimal(BUSINESS, "The number to reach.", check="{} >= 0")
    currency: Mapped[str | None] = currency(BUSINESS, "Currency of the target amount.")
