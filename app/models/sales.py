"""From the first chance to the delivered order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr

from app.models.base import CustomerOwned, Following, Priced, Scoped
from app.models.columns import (
    BUSINESS,
    CODE,
    FINANCIAL,
    base_of,
    boolean,
    choice,
    currency,
    day,
    decimal,
    integer,
    money,
    path,
    percentage,
    reference,
    text,
    time,
)
from app.models.constraints import newest_first, ordered
from app.models.enums import (
    ApprovalStatus,
    Channel,
    ContractStatus,
    ContractType,
    ForecastCategory,
    FulfillmentStatus,
    LeadSource,
    OpportunityType,
    OrderStatus,
    PaymentStatus,
    QuoteStatus,
)
from policies.catalogue import Searched, camel


class Invoiced(Priced):
    """The amounts of a quote or an order: total = subtotal - discount + tax + shipping."""

    __abstract__ = True

    currency: Mapped[str] = currency(BUSINESS, "Currency of the amounts.", sort_order=70)
    subtotal: Mapped[Decimal] = money(
        FINANCIAL,
        "Sum of the lines.",
        base="base_subtotal",
        server_default=sa.text("0"),
        sort_order=50,
        sums=("lines.line_total",),
    )
    base_subtotal: Mapped[Decimal | None] = base_of("subtotal", sort_order=51)
    discount: Mapped[Decimal] = money(
        FINANCIAL, "Discount on the whole.", base="base_discount", server_default=sa.text("0"), sort_order=52
    )
    base_discount: Mapped[Decimal | None] = base_of("discount", sort_order=53)
    tax: Mapped[Decimal] = money(FINANCIAL, "Tax.", base="base_tax", server_default=sa.text("0"), sort_order=54)
    base_tax: Mapped[Decimal | None] = base_of("tax", sort_order=55)
    shipping: Mapped[Decimal] = money(
        FINANCIAL, "Cost of delivery.", base="base_shipping", server_default=sa.text("0"), sort_order=56
    )
    base_shipping: Mapped[Decimal | None] = base_of("shipping", sort_order=57)
    total: Mapped[Decimal] = money(
        FINANCIAL,
        "What is to be paid.",
        base="base_total",
        server_default=sa.text("0"),
        sort_order=58,
        sums=("lines.line_total",),
    )
    base_total: Mapped[Decimal | None] = base_of("total", sort_order=59)


class Line(Priced):
    """An item of a quote or an order."""

    __abstract__ = True

    currency: Mapped[str] = currency(BUSINESS, "Currency of the amounts.", sort_order=70)
    position: Mapped[int] = integer(
        BUSINESS, "Place among the lines, lowest first.", check="{} >= 0", server_default=sa.text("0"), sort_order=40
    )
    description: Mapped[str | None] = text(BUSINESS, "What it is.", size=None, sort_order=41)
    quantity: Mapped[Decimal] = decimal(BUSINESS, "How many units.", check="{} >= 0", sort_order=42)
    unit_price: Mapped[Decimal] = money(
        FINANCIAL, "Price of one unit before discount and tax.", base="base_unit_price", sort_order=45
    )
    base_unit_price: Mapped[Decimal | None] = base_of("unit_price", sort_order=46)
    discount_pct: Mapped[Decimal] = percentage(
        FINANCIAL, "Discount in per cent.", server_default=sa.text("0"), sort_order=47
    )
    tax_rate_pct: Mapped[Decimal] = percentage(
        BUSINESS, "Tax rate in per cent.", server_default=sa.text("0"), sort_order=48
    )
    line_total: Mapped[Decimal] = money(
        FINANCIAL, "Quantity times price, less discount, before tax.", base="base_line_total", sort_order=49
    )
    base_line_total: Mapped[Decimal | None] = base_of("line_total", sort_order=50)

    @declared_attr
    def product_id(cls) -> Mapped[UUID | None]:
        back = camel(cls.__tablename__)
        return reference("products", BUSINESS, "The product; absent: free text.", back=back, sort_order=30)


class Opportunity(Scoped, Priced, CustomerOwned):
    """A chance to sell, from first sign to decision."""

    __tablename__ = "opportunities"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["stage_id", "pipeline_code", "stage_code"],
            ["pipeline_stages.id", "pipeline_stages.pipeline_code", "pipeline_stages.code"],
            name="fk_opportunities_stage",
        ),
        newest_first("created_at"),
        newest_first("expected_close_date"),
        sa.Index(None, "expected_close_date", "id"),
        ordered("opened_at", "closed_at"),
    )

    type: Mapped[OpportunityType] = choice(OpportunityType, BUSINESS, "How ripe it is.", server_default="OPPORTUNITY")
    name: Mapped[str] = text(BUSINESS, "What it is about.", searched=Searched("on", 3))
    pipeline_code: Mapped[str] = text(BUSINESS, "The sales process it goes through.", size=CODE)
    stage_code: Mapped[str] = text(BUSINESS, "Short name of the stage it is in.", size=CODE)
    stage_id: Mapped[UUID] = reference("pipeline_stages", BUSINESS, "The stage it is in.", back="opportunities")
    amount: Mapped[Decimal | None] = money(FINANCIAL, "What it is worth.", base="base_amount")
    base_amount: Mapped[Decimal | None] = base_of("amount")
    probability_pct: Mapped[Decimal | None] = percentage(BUSINESS, "Probability of winning in per cent.")
    forecast_category: Mapped[ForecastCategory | None] = choice(
        ForecastCategory, BUSINESS, "How it counts in the forecast."
    )
    opened_at: Mapped[dt.datetime | None] = time(BUSINESS, "When work on it began.")
    expected_close_date: Mapped[dt.date | None] = day(BUSINESS, "When a decision is expected.")
    closed_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was decided.")
    lost_reason: Mapped[str | None] = text(BUSINESS, "Why it was lost.", size=None)
    lead_source: Mapped[LeadSource | None] = choice(LeadSource, BUSINESS, "Where it came from.")
    campaign_id: Mapped[UUID | None] = reference(
        "campaigns", BUSINESS, "The campaign that brought it.", back="opportunities"
    )
    primary_contact_id: Mapped[UUID | None] = reference(
        "contacts", BUSINESS, "Whom we talk to.", back="opportunities", owned=True
    )
    product_id: Mapped[UUID | None] = reference(
        "products", BUSINESS, "The product it is mainly about.", back="opportunities"
    )
    next_step: Mapped[str | None] = text(BUSINESS, "What is to be done next.", size=None)
    converted_at: Mapped[dt.datetime | None] = time(BUSINESS, "When the lead became an opportunity.")


class Quote(Scoped, Invoiced, CustomerOwned):
    """An offer with prices."""

    __tablename__ = "quotes"
    __table_args__ = (newest_first("created_at"),)

    number: Mapped[str] = text(BUSINESS, "Number, unique.", size=CODE, index=True, searched=Searched("qn", 4))
    opportunity_id: Mapped[UUID | None] = reference(
        "opportunities", BUSINESS, "The opportunity it is for.", back="quotes", owned=True
    )
    status: Mapped[QuoteStatus] = choice(QuoteStatus, BUSINESS, "Where it stands.", server_default="DRAFT")
    valid_until: Mapped[dt.date | None] = day(BUSINESS, "Last day of validity.")
    approval_status: Mapped[ApprovalStatus] = choice(
        ApprovalStatus, BUSINESS, "Whether it was approved inside.", server_default="NOT_REQUIRED"
    )
    terms: Mapped[str | None] = text(BUSINESS, "Terms of payment and delivery.", size=None)


class QuoteLine(Following, Line, CustomerOwned):
    """An item of a quote."""

    __tablename__ = "quote_lines"

    quote_id: Mapped[UUID] = reference("quotes", BUSINESS, "The quote.", back="lines", owned=True)


class Contract(Scoped, Priced, CustomerOwned):
    """A signed agreement, or one on its way."""

    __tablename__ = "contracts"
    __table_args__ = (newest_first("start_date"), sa.Index(None, "end_date", "id"), ordered("start_date", "end_date"))

    number: Mapped[str] = text(BUSINESS, "Number, unique.", size=CODE, index=True, searched=Searched("kn", 4))
    opportunity_id: Mapped[UUID | None] = reference(
        "opportunities", BUSINESS, "The opportunity it came from.", back="contracts", owned=True
    )
    type: Mapped[ContractType] = choice(ContractType, BUSINESS, "What it agrees.", server_default="PURCHASE")
    status: Mapped[ContractStatus] = choice(ContractStatus, BUSINESS, "Where it stands.", server_default="DRAFT")
    start_date: Mapped[dt.date | None] = day(BUSINESS, "First day.")
    end_date: Mapped[dt.date | None] = day(BUSINESS, "Last day; absent: until ended.")
    customer_signed_on: Mapped[dt.date | None] = day(BUSINESS, "When the customer signed.")
    company_signed_on: Mapped[dt.date | None] = day(BUSINESS, "When we signed.")
    renewal_notice_date: Mapped[dt.date | None] = day(BUSINESS, "Last day to give notice.")
    auto_renew: Mapped[bool] = boolean(BUSINESS, "Renews unless notice is given.", server_default=sa.false())
    total: Mapped[Decimal | None] = money(FINANCIAL, "Value over its whole term.", base="base_total")
    base_total: Mapped[Decimal | None] = base_of("total")


class Order(Scoped, Invoiced, CustomerOwned):
    """A purchase."""

    __tablename__ = "orders"
    __table_args__ = (
        newest_first("ordered_at"),
        sa.Index(None, "ordered_at", "id"),
        ordered("refunded", "total"),
    )

    number: Mapped[str] = text(BUSINESS, "Number, unique.", size=CODE, index=True, searched=Searched("rn", 4))
    quote_id: Mapped[UUID | None] = reference("quotes", BUSINESS, "The quote it follows.", back="orders", owned=True)
    contract_id: Mapped[UUID | None] = reference(
        "contracts", BUSINESS, "The contract it falls under.", back="orders", owned=True
    )
    opportunity_id: Mapped[UUID | None] = reference(
        "opportunities", BUSINESS, "The opportunity it came from.", back="orders", owned=True
    )
    campaign_id: Mapped[UUID | None] = reference("campaigns", BUSINESS, "The campaign that brought it.", back="orders")
    status: Mapped[OrderStatus] = choice(OrderStatus, BUSINESS, "Where it stands.", server_default="DRAFT")
    payment_status: Mapped[PaymentStatus] = choice(
        PaymentStatus, BUSINESS, "How far it is paid.", server_default="NOT_CHARGED"
    )
    fulfillment_status: Mapped[FulfillmentStatus] = choice(
        FulfillmentStatus, BUSINESS, "How far it is delivered.", server_default="UNFULFILLED"
    )
    ordered_at: Mapped[dt.datetime] = time(BUSINESS, "When it was placed.")
    channel: Mapped[Channel | None] = choice(Channel, BUSINESS, "How it was placed.")
    refunded: Mapped[Decimal] = money(
        FINANCIAL, "What was paid back.", base="base_refunded", server_default=sa.text("0"), sort_order=60
    )
    base_refunded: Mapped[Decimal | None] = base_of("refunded", sort_order=61)
    billing_address_id: Mapped[UUID | None] = reference(
        "addresses", BUSINESS, "Where the invoice goes.", back="billedOrders", owned=True
    )
    shipping_address_id: Mapped[UUID | None] = reference(
        "addresses", BUSINESS, "Where the goods go.", back="shippedOrders", owned=True
    )


class OrderLine(Following, Line, CustomerOwned):
    """An item of an order."""

    __tablename__ = "order_lines"
    __table_args__ = (ordered("returned_quantity", "fulfilled_quantity", "quantity"),)

    order_id: Mapped[UUID] = reference("orders", BUSINESS, "The order.", back="lines", owned=True)
    product_category_path: Mapped[str | None] = path(
        BUSINESS, "The product's place in the catalogue when it was ordered.", index=True
    )
    fulfilled_quantity: Mapped[Decimal] = decimal(
        BUSINESS, "How many were delivered.", check="{} >= 0", server_default=sa.text("0"), sort_order=43
    )
    returned_quantity: Mapped[Decimal] = decimal(
        BUSINESS, "How many came back.", check="{} >= 0", server_default=sa.text("0"), sort_order=44
    )
