"""Catalogue, stages, rates and targets."""

from __future__ import annotations

from migrations.baseline.parts import (
    DAY,
    FLAG,
    INT,
    JSON,
    MONEY,
    PERCENT,
    QUANTITY,
    RATE,
    check,
    create,
    drop,
    given,
    indexes,
    key,
    maybe,
    one_of,
    one_per,
    record,
    scope,
    text,
    unique,
)


def upgrade() -> None:
    """Create the tables."""
    _products()
    _pipeline_stages()
    _currency_rates()
    _sales_targets()


def downgrade() -> None:
    """Drop them."""
    drop("products", "pipeline_stages", "currency_rates", "sales_targets")


def _products() -> None:
    create(
        "products",
        "Something we sell.",
        *key(),
        given("sku", text(64), "Article number, unique."),
        given("name", text(200), "Name."),
        maybe("category_path", text(1000), "Place in the catalogue."),
        maybe("unit", text(64), "What one of it is: piece, box, hour."),
        maybe("list_price", MONEY, "Price of one unit before discount and tax."),
        maybe("currency", text(3), "Currency of the list price."),
        maybe("tax_rate_pct", PERCENT, "Usual tax rate in per cent."),
        maybe("available_quantity", QUANTITY, "What can be sold now."),
        given("active", FLAG, "Offered at present.", "true"),
        *record(),
        check("category_path", "category_path ~ '^/([^/]+/)*$'"),
        check("list_price", "list_price >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("tax_rate_pct", "tax_rate_pct BETWEEN 0 AND 100"),
        check("available_quantity", "available_quantity >= 0"),
        check("has_currency", "currency IS NOT NULL OR num_nonnulls(list_price) = 0"),
        unique("sku"),
    )
    indexes("products", ("category_path",), ("name", "id"))


def _pipeline_stages() -> None:
    create(
        "pipeline_stages",
        "A step of a sales process.",
        *key(),
        given("pipeline_code", text(64), "The process it is a step of."),
        given("position", INT, "Place in the process, lowest first."),
        given("code", text(64), "Short name, unique in the process."),
        given("name", text(200), "Name."),
        given("probability_pct", PERCENT, "Usual probability of winning in per cent."),
        given("outcome", text(64), "What the stage means for the deal."),
        given("forecast_category", text(64), "How it counts in the forecast."),
        maybe("entry_rules", JSON, "What must be given before a deal enters it."),
        *record(),
        check("position", "position >= 0"),
        check("probability_pct", "probability_pct BETWEEN 0 AND 100"),
        one_of("outcome", "OPEN WON LOST"),
        one_of("forecast_category", "PIPELINE BEST_CASE MOST_LIKELY FORECAST CLOSED OMITTED"),
        unique("id", "pipeline_code", "code"),
        unique("pipeline_code", "code"),
        unique("pipeline_code", "position"),
    )


def _currency_rates() -> None:
    create(
        "currency_rates",
        "An exchange rate of a day.",
        *key(),
        given("base_currency", text(3), "The currency it is priced in."),
        given("currency", text(3), "The currency that is priced."),
        given("rate_date", DAY, "The day."),
        given("rate", RATE, "Units of `baseCurrency` for one of `currency`."),
        *record(),
        check("base_currency", "base_currency ~ '^[A-Z]{3}$'"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("rate", "rate > 0"),
        check("two_currencies", "currency <> base_currency"),
        unique("currency", "base_currency", "rate_date"),
    )


def _sales_targets() -> None:
    create(
        "sales_targets",
        "What a user, a department or a region is to reach in a period.",
        *key(),
        given("metric", text(64), "What is measured."),
        given("period_start", DAY, "First day."),
        given("period_end", DAY, "Last day."),
        maybe("product_category_path", text(1000), "Only products from here; absent: all."),
        maybe("target_amount", MONEY, "The amount to reach."),
        maybe("target_quantity", QUANTITY, "The number to reach."),
        maybe("currency", text(3), "Currency of the target amount."),
        *scope(),
        *record(),
        one_of("metric", "REVENUE ORDER_COUNT NEW_CUSTOMERS"),
        check("product_category_path", "product_category_path ~ '^/([^/]+/)*$'"),
        check("target_amount", "target_amount >= 0"),
        check("target_quantity", "target_quantity >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("has_currency", "currency IS NOT NULL OR num_nonnulls(target_amount) = 0"),
        check(
            "measure",
            "(metric = 'REVENUE') = (target_amount IS NOT NULL) AND num_nonnulls(target_amount, target_quantity) = 1",
        ),
        check("period_start_period_end", "period_end >= period_start"),
    )
    one_per(
        "sales_targets",
        "owner_id",
        "department_id",
        "region_id",
        "metric",
        "period_start",
        "period_end",
        "product_category_path",
        name="ix_sales_targets_holder_metric_period",
    )
    indexes("sales_targets", ("period_start", "id"))
