"""Opportunities, quotes, contracts and orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.baseline.parts import (
    DAY,
    FLAG,
    ID,
    INT,
    MONEY,
    PERCENT,
    QUANTITY,
    RATE,
    TEXT,
    TIME,
    base_of,
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
    refers,
    scope,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _opportunities()
    _quotes()
    _quote_lines()
    _contracts()
    _orders()
    _order_lines()


def downgrade() -> None:
    """Drop them."""
    drop("opportunities", "quotes", "quote_lines", "contracts", "orders", "order_lines")


def _stage(table: str) -> sa.Constraint:
    """Id and codes name the same stage."""
    codes = ["stage_id", "pipeline_code", "stage_code"]
    remote = [f"pipeline_stages.{column}" for column in ("id", "pipeline_code", "code")]
    return sa.ForeignKeyConstraint(codes, remote, name=op.f(f"fk_{table}_stage"))


def _opportunities() -> None:
    create(
        "opportunities",
        "A chance to sell, from first sign to decision.",
        *key(of_customer=True),
        given("type", text(64), "How ripe it is.", "'OPPORTUNITY'"),
        given("name", text(200), "What it is about."),
        given("pipeline_code", text(64), "The sales process it goes through."),
        given("stage_code", text(64), "Short name of the stage it is in."),
        given("stage_id", ID, "The stage it is in."),
        maybe("amount", MONEY, "What it is worth."),
        base_of("amount"),
        maybe("probability_pct", PERCENT, "Probability of winning in per cent."),
        maybe("forecast_category", text(64), "How it counts in the forecast."),
        maybe("opened_at", TIME, "When work on it began."),
        maybe("expected_close_date", DAY, "When a decision is expected."),
        maybe("closed_at", TIME, "When it was decided."),
        maybe("lost_reason", TEXT, "Why it was lost."),
        maybe("lead_source", text(64), "Where it came from."),
        maybe("campaign_id", ID, "The campaign that brought it."),
        maybe("primary_contact_id", ID, "Whom we talk to."),
        maybe("product_id", ID, "The product it is mainly about."),
        maybe("next_step", TEXT, "What is to be done next."),
        maybe("converted_at", TIME, "When the lead became an opportunity."),
        maybe("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of("type", "LEAD OPPORTUNITY"),
        check("amount", "amount >= 0"),
        check("probability_pct", "probability_pct BETWEEN 0 AND 100"),
        one_of("forecast_category", "PIPELINE BEST_CASE MOST_LIKELY FORECAST CLOSED OMITTED"),
        one_of(
            "lead_source",
            "WEBSITE COLD_CALL EXISTING_CUSTOMER REFERRAL PARTNER PUBLIC_RELATIONS DIRECT_MAIL TRADE_SHOW EMAIL CAMPAIGN WORD_OF_MOUTH OTHER",
        ),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check("has_currency", "currency IS NOT NULL OR num_nonnulls(amount) = 0"),
        check("opened_at_closed_at", "closed_at >= opened_at"),
        refers("stage_id", "pipeline_stages"),
        refers("campaign_id", "campaigns"),
        owned("primary_contact_id", "contacts"),
        refers("product_id", "products"),
        _stage,
    )
    indexes(
        "opportunities",
        ("customer_id", "created_at", "id"),
        ("customer_id", "expected_close_date", "id"),
        ("expected_close_date", "id"),
    )


def _quotes() -> None:
    create(
        "quotes",
        "An offer with prices.",
        *key(of_customer=True),
        given("number", text(64), "Number, unique."),
        maybe("opportunity_id", ID, "The opportunity it is for."),
        given("status", text(64), "Where it stands.", "'DRAFT'"),
        maybe("valid_until", DAY, "Last day of validity."),
        given("approval_status", text(64), "Whether it was approved inside.", "'NOT_REQUIRED'"),
        maybe("terms", TEXT, "Terms of payment and delivery."),
        given("subtotal", MONEY, "Sum of the lines.", "0"),
        base_of("subtotal"),
        given("discount", MONEY, "Discount on the whole.", "0"),
        base_of("discount"),
        given("tax", MONEY, "Tax.", "0"),
        base_of("tax"),
        given("shipping", MONEY, "Cost of delivery.", "0"),
        base_of("shipping"),
        given("total", MONEY, "What is to be paid.", "0"),
        base_of("total"),
        given("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of("status", "DRAFT NEGOTIATION DELIVERED ON_HOLD CONFIRMED CLOSED_ACCEPTED CLOSED_LOST EXPIRED"),
        one_of("approval_status", "NOT_REQUIRED PENDING APPROVED REJECTED"),
        check("subtotal", "subtotal >= 0"),
        check("discount", "discount >= 0"),
        check("tax", "tax >= 0"),
        check("shipping", "shipping >= 0"),
        check("total", "total >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        owned("opportunity_id", "opportunities"),
    )
    indexes("quotes", ("customer_id", "created_at", "id"), ("number",))


def _quote_lines() -> None:
    create(
        "quote_lines",
        "An item of a quote.",
        *key(of_customer=True),
        given("quote_id", ID, "The quote."),
        maybe("product_id", ID, "The product; absent: free text."),
        given("position", INT, "Place among the lines, lowest first.", "0"),
        maybe("description", TEXT, "What it is."),
        given("quantity", QUANTITY, "How many units."),
        given("unit_price", MONEY, "Price of one unit before discount and tax."),
        base_of("unit_price"),
        given("discount_pct", PERCENT, "Discount in per cent.", "0"),
        given("tax_rate_pct", PERCENT, "Tax rate in per cent.", "0"),
        given("line_total", MONEY, "Quantity times price, less discount, before tax."),
        base_of("line_total"),
        given("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        check("position", "position >= 0"),
        check("quantity", "quantity >= 0"),
        check("unit_price", "unit_price >= 0"),
        check("discount_pct", "discount_pct BETWEEN 0 AND 100"),
        check("tax_rate_pct", "tax_rate_pct BETWEEN 0 AND 100"),
        check("line_total", "line_total >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        owned("quote_id", "quotes"),
        refers("product_id", "products"),
    )


def _contracts() -> None:
    create(
        "contracts",
        "A signed agreement, or one on its way.",
        *key(of_customer=True),
        given("number", text(64), "Number, unique."),
        maybe("opportunity_id", ID, "The opportunity it came from."),
        given("type", text(64), "What it agrees.", "'PURCHASE'"),
        given("status", text(64), "Where it stands.", "'DRAFT'"),
        maybe("start_date", DAY, "First day."),
        maybe("end_date", DAY, "Last day; absent: until ended."),
        maybe("customer_signed_on", DAY, "When the customer signed."),
        maybe("company_signed_on", DAY, "When we signed."),
        maybe("renewal_notice_date", DAY, "Last day to give notice."),
        given("auto_renew", FLAG, "Renews unless notice is given.", "false"),
        maybe("total", MONEY, "Value over its whole term."),
        base_of("total"),
        maybe("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of("type", "PURCHASE FRAMEWORK SUBSCRIPTION MAINTENANCE SERVICE LICENSE CONFIDENTIALITY OTHER"),
        one_of("status", "DRAFT IN_REVIEW SIGNED ACTIVE EXPIRED TERMINATED RENEWED"),
        check("total", "total >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check("has_currency", "currency IS NOT NULL OR num_nonnulls(total) = 0"),
        check("start_date_end_date", "end_date >= start_date"),
        owned("opportunity_id", "opportunities"),
    )
    indexes("contracts", ("customer_id", "start_date", "id"), ("end_date", "id"), ("number",))


def _orders() -> None:
    create(
        "orders",
        "A purchase.",
        *key(of_customer=True),
        given("number", text(64), "Number, unique."),
        maybe("quote_id", ID, "The quote it follows."),
        maybe("contract_id", ID, "The contract it falls under."),
        maybe("opportunity_id", ID, "The opportunity it came from."),
        maybe("campaign_id", ID, "The campaign that brought it."),
        given("status", text(64), "Where it stands.", "'DRAFT'"),
        given("payment_status", text(64), "How far it is paid.", "'NOT_CHARGED'"),
        given("fulfillment_status", text(64), "How far it is delivered.", "'UNFULFILLED'"),
        given("ordered_at", TIME, "When it was placed."),
        maybe("channel", text(64), "How it was placed."),
        maybe("billing_address_id", ID, "Where the invoice goes."),
        maybe("shipping_address_id", ID, "Where the goods go."),
        given("subtotal", MONEY, "Sum of the lines.", "0"),
        base_of("subtotal"),
        given("discount", MONEY, "Discount on the whole.", "0"),
        base_of("discount"),
        given("tax", MONEY, "Tax.", "0"),
        base_of("tax"),
        given("shipping", MONEY, "Cost of delivery.", "0"),
        base_of("shipping"),
        given("total", MONEY, "What is to be paid.", "0"),
        base_of("total"),
        given("refunded", MONEY, "What was paid back.", "0"),
        base_of("refunded"),
        given("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of(
            "status",
            "DRAFT UNCONFIRMED UNFULFILLED PARTIALLY_FULFILLED FULFILLED PARTIALLY_RETURNED RETURNED CANCELED EXPIRED",
        ),
        one_of(
            "payment_status",
            "NOT_CHARGED PENDING PARTIALLY_CHARGED FULLY_CHARGED PARTIALLY_REFUNDED FULLY_REFUNDED REFUSED CANCELLED",
        ),
        one_of("fulfillment_status", "UNFULFILLED PARTIALLY_FULFILLED FULFILLED PARTIALLY_RETURNED RETURNED CANCELED"),
        one_of("channel", "PHONE EMAIL IN_PERSON VIDEO CHAT SMS SOCIAL WEB APP POST PARTNER SYSTEM"),
        check("subtotal", "subtotal >= 0"),
        check("discount", "discount >= 0"),
        check("tax", "tax >= 0"),
        check("shipping", "shipping >= 0"),
        check("total", "total >= 0"),
        check("refunded", "refunded >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check("refunded_total", "total >= refunded"),
        owned("quote_id", "quotes"),
        owned("contract_id", "contracts"),
        owned("opportunity_id", "opportunities"),
        refers("campaign_id", "campaigns"),
        owned("billing_address_id", "addresses"),
        owned("shipping_address_id", "addresses"),
    )
    indexes("orders", ("customer_id", "ordered_at", "id"), ("number",), ("ordered_at", "id"))


def _order_lines() -> None:
    create(
        "order_lines",
        "An item of an order.",
        *key(of_customer=True),
        given("order_id", ID, "The order."),
        maybe("product_category_path", text(1000), "The product's place in the catalogue when it was ordered."),
        maybe("product_id", ID, "The product; absent: free text."),
        given("position", INT, "Place among the lines, lowest first.", "0"),
        maybe("description", TEXT, "What it is."),
        given("quantity", QUANTITY, "How many units."),
        given("fulfilled_quantity", QUANTITY, "How many were delivered.", "0"),
        given("returned_quantity", QUANTITY, "How many came back.", "0"),
        given("unit_price", MONEY, "Price of one unit before discount and tax."),
        base_of("unit_price"),
        given("discount_pct", PERCENT, "Discount in per cent.", "0"),
        given("tax_rate_pct", PERCENT, "Tax rate in per cent.", "0"),
        given("line_total", MONEY, "Quantity times price, less discount, before tax."),
        base_of("line_total"),
        given("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        check("product_category_path", "product_category_path ~ '^/([^/]+/)*$'"),
        check("position", "position >= 0"),
        check("quantity", "quantity >= 0"),
        check("fulfilled_quantity", "fulfilled_quantity >= 0"),
        check("returned_quantity", "returned_quantity >= 0"),
        check("unit_price", "unit_price >= 0"),
        check("discount_pct", "discount_pct BETWEEN 0 AND 100"),
        check("tax_rate_pct", "tax_rate_pct BETWEEN 0 AND 100"),
        check("line_total", "line_total >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check(
            "returned_quantity_fulfilled_quantity_quantity",
            "fulfilled_quantity >= returned_quantity AND quantity >= fulfilled_quantity",
        ),
        owned("order_id", "orders"),
        refers("product_id", "products"),
    )
    indexes("order_lines", ("product_category_path",))
