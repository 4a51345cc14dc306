"""Scores and data quality."""

from __future__ import annotations

from migrations.baseline.parts import (
    DAY,
    ID,
    JSON,
    MONEY,
    PERCENT,
    TIME,
    check,
    create,
    drop,
    given,
    key,
    maybe,
    one_of,
    one_per,
    record,
    refers,
    scope,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _customer_scores()
    _data_quality_issues()


def downgrade() -> None:
    """Drop them."""
    drop("customer_scores", "data_quality_issues")


def _customer_scores() -> None:
    create(
        "customer_scores",
        "A score of a customer on a day.",
        *key(of_customer=True),
        given("kind", text(64), "What it tells."),
        given("value", MONEY, "The score; for CLV an amount in the base currency."),
        maybe("band", text(64), "The score in words."),
        maybe("probability", PERCENT, "Probability of what it warns of, in per cent."),
        maybe("factors", JSON, "What it rests on; without amounts."),
        maybe("model_version", text(64), "The model that computed it."),
        given("as_of", DAY, "The day it holds for."),
        maybe("expires_at", TIME, "When it is out of date."),
        *scope(),
        *record(),
        one_of("kind", "RFM CLV CHURN HEALTH RISK NEXT_BEST REPEAT_PURCHASE ENGAGEMENT"),
        check("probability", "probability BETWEEN 0 AND 100"),
    )
    one_per("customer_scores", "customer_id", "kind", "as_of")


def _data_quality_issues() -> None:
    create(
        "data_quality_issues",
        "Something that may be wrong with a customer's record.",
        *key(of_customer=True),
        given("kind", text(64), "What is wrong."),
        maybe("field", text(64), "The field concerned."),
        maybe("other_customer_id", ID, "The customer it may be the same as."),
        maybe("score", PERCENT, "How sure, in per cent."),
        maybe("evidence", JSON, "What it rests on."),
        given("status", text(64), "What became of it.", "'OPEN'"),
        *scope(),
        *record(),
        one_of("kind", "DUPLICATE MISSING INVALID STALE_FIELD INACTIVE CONFLICT"),
        check("score", "score BETWEEN 0 AND 100"),
        one_of("status", "OPEN ACCEPTED DISMISSED FIXED"),
        check("other_is_another", "other_customer_id <> customer_id"),
        refers("other_customer_id", "customers"),
    )
    one_per(
        "data_quality_issues",
        "customer_id",
        "kind",
        "field",
        "other_customer_id",
        among="status = 'OPEN' AND deleted_at IS NULL",
    )
