"""Campaigns, segments and surveys."""

from __future__ import annotations

from migrations.baseline.parts import (
    DAY,
    FLAG,
    ID,
    INT,
    JSON,
    MONEY,
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
    record,
    refers,
    scope,
    text,
    unique,
)


def upgrade() -> None:
    """Create the tables."""
    _campaigns()
    _segments()
    _surveys()


def downgrade() -> None:
    """Drop them."""
    drop("campaigns", "segments", "surveys")


def _campaigns() -> None:
    create(
        "campaigns",
        "A marketing campaign.",
        *key(),
        given("code", text(64), "Short name, unique."),
        given("name", text(200), "Name."),
        given("type", text(64), "What it is."),
        maybe("channel", text(64), "How customers are reached."),
        given("status", text(64), "Where it stands.", "'PLANNING'"),
        maybe("objective", TEXT, "What it is to achieve."),
        maybe("starts_on", DAY, "First day."),
        maybe("ends_on", DAY, "Last day."),
        maybe("budget", MONEY, "What it may cost."),
        base_of("budget"),
        maybe("committed", MONEY, "What has been promised to others."),
        base_of("committed"),
        given("budget_overridden", FLAG, "May promise more than the budget.", "false"),
        maybe("actual_cost", MONEY, "What it has cost."),
        base_of("actual_cost"),
        maybe("expected_revenue", MONEY, "What it is to bring in."),
        base_of("expected_revenue"),
        maybe("parent_id", ID, "The campaign it is part of."),
        maybe("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of(
            "type",
            "EMAIL NEWSLETTER SMS SOCIAL WEB TELESALES DIRECT_MAIL PRINT RADIO TELEVISION EVENT PROMOTION ADVERTISING SURVEY MARKET_RESEARCH",
        ),
        one_of("channel", "PHONE EMAIL IN_PERSON VIDEO CHAT SMS SOCIAL WEB APP POST PARTNER SYSTEM"),
        one_of("status", "PLANNING ACTIVE INACTIVE COMPLETE CANCELED"),
        check("budget", "budget >= 0"),
        check("committed", "committed >= 0"),
        check("actual_cost", "actual_cost >= 0"),
        check("expected_revenue", "expected_revenue >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check(
            "has_currency", "currency IS NOT NULL OR num_nonnulls(budget, committed, actual_cost, expected_revenue) = 0"
        ),
        check("parent_is_another", "parent_id <> id"),
        check("starts_on_ends_on", "ends_on >= starts_on"),
        check("within_budget", "budget_overridden OR committed <= budget"),
        unique("code"),
        refers("parent_id", "campaigns"),
    )
    indexes("campaigns", ("name", "id"), ("starts_on", "id"))


def _segments() -> None:
    create(
        "segments",
        "A group of customers, chosen by a rule or by hand.",
        *key(),
        given("code", text(64), "Short name, unique."),
        given("name", text(200), "Name."),
        given("kind", text(64), "How members are chosen."),
        maybe("rule", JSON, "Who belongs, written as a customer filter."),
        maybe("refreshed_at", TIME, "When members were last chosen."),
        maybe("member_count", INT, "How many there were then."),
        *scope(),
        *record(),
        one_of("kind", "DYNAMIC STATIC"),
        check("member_count", "member_count >= 0"),
        check("kind_rule", "(kind = 'DYNAMIC') = (rule IS NOT NULL)"),
        unique("code"),
    )
    indexes("segments", ("name", "id"))


def _surveys() -> None:
    create(
        "surveys",
        "A questionnaire.",
        *key(),
        given("code", text(64), "Short name, unique."),
        given("name", text(200), "Name."),
        given("kind", text(64), "What it measures."),
        given("scale_min", INT, "Lowest score."),
        given("scale_max", INT, "Highest score."),
        maybe("questions", JSON, "The questions."),
        given("status", text(64), "Where it stands.", "'DRAFT'"),
        *record(),
        one_of("kind", "CSAT NPS CES CUSTOM"),
        one_of("status", "DRAFT ACTIVE CLOSED"),
        check("scale", "scale_max > scale_min"),
        unique("code"),
    )
