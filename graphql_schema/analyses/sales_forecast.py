"""`salesForecast`: what the open deals of a period will bring.

Cumulative categories, as sales forecasts have them (Salesforce Help, "Forecast Categories and Forecast Rollups"): each
holds what is surer than itself. A deal counts by its own category, else by its stage's; what it brings is expected with
its own probability, else with its stage's. Deals that are lost, or whose category is OMITTED, count nothing; nor do leads.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.models.enums import ForecastCategory, StageOutcome
from graphql_schema.analyses.analysis import Analysis
from graphql_schema.analyses.dimensions import (
    CUSTOMER_KIND,
    CUSTOMER_TIER,
    DEPARTMENT,
    MONTH,
    OWNER,
    PRODUCT_CATEGORY,
    QUARTER,
    REGION,
)
from graphql_schema.analyses.figures import Amounts, count_of, counted, summed
from graphql_schema.analyses.joined import Column, Joined
from graphql_schema.analyses.sales import OF_CUSTOMERS, is_deal, outcome, won
from graphql_schema.analyses.source import Source
from policies.predicates import literal

DEALS = "deals"

STANDING = "stage.outcome forecastCategory stage.forecastCategory"
"""What decides how surely a deal counts."""


def category(row: Joined) -> Column:
    """A deal's own forecast category, else its stage's."""
    return sa.func.coalesce(row["forecastCategory"], row["stage.forecastCategory"])


def _open(row: Joined, *categories: ForecastCategory) -> Column:
    """Whether a deal is open and in one of these categories."""
    found = [category(row) == literal(each.value) for each in categories]
    return sa.and_(outcome(row, StageOutcome.OPEN), sa.or_(*found))


COMMITTED = (ForecastCategory.FORECAST, ForecastCategory.CLOSED)
LIKELY = (*COMMITTED, ForecastCategory.MOST_LIKELY)
BEST = (*LIKELY, ForecastCategory.BEST_CASE)
EVERY = (*BEST, ForecastCategory.PIPELINE)


def _won_or(*categories: ForecastCategory) -> Callable[[Joined], Column]:
    return lambda row: sa.or_(won(row), _open(row, *categories))


def _chance(row: Joined) -> Column:
    """The probability of winning a deal, 0 to 1; of one that is won, 1."""
    percent = sa.func.coalesce(row["probabilityPct"], row["stage.probabilityPct"])
    return sa.case((won(row), sa.literal_column("1")), else_=percent * sa.literal_column("0.01"))


def _counts(row: Joined) -> Column:
    """Whether a row is a deal that is neither lost nor left out."""
    return sa.and_(
        is_deal(row),
        outcome(row, StageOutcome.OPEN, StageOutcome.WON),
        category(row) != literal(ForecastCategory.OMITTED.value),
    )


SALES_FORECAST = Analysis(
    "salesForecast",
    "What the deals expected to be decided in a period are worth, by how surely they count. Lost deals, leads and deals"
    " left out of the forecast count nothing. Amounts whose value the caller does not see are in no sum; a figure is null"
    " for a caller who never sees what it is made of.",
    {
        DEALS: Source(
            "Opportunity",
            at="expectedCloseDate",
            reads=f"type {STANDING}",
            when=_counts,
            keys={**OF_CUSTOMERS, "PRODUCT_CATEGORY": "product.categoryPath"},
        )
    },
    (OWNER, REGION, DEPARTMENT, CUSTOMER_KIND, CUSTOMER_TIER, PRODUCT_CATEGORY, MONTH, QUARTER),
    (
        count_of("openCount", counted(DEALS, STANDING, lambda row: outcome(row, StageOutcome.OPEN)), "Open deals."),
        count_of("wonCount", counted(DEALS, STANDING, won), "Deals won."),
        Amounts("closedWon", "Won: the sum of the amounts of the deals won.", summed(DEALS, "amount", STANDING, won)),
        Amounts(
            "committed",
            "Committed: won, and open in the category FORECAST.",
            summed(DEALS, "amount", STANDING, _won_or(*COMMITTED)),
        ),
        Amounts(
            "mostLikely",
            "Likely: committed, and open in the category MOST_LIKELY.",
            summed(DEALS, "amount", STANDING, _won_or(*LIKELY)),
        ),
        Amounts(
            "bestCase",
            "If all goes well: likely, and open in the category BEST_CASE.",
            summed(DEALS, "amount", STANDING, _won_or(*BEST)),
        ),
        Amounts(
            "pipeline",
            "All that is open, in whichever category; nothing of what is won.",
            summed(DEALS, "amount", STANDING, lambda row: _open(row, *EVERY)),
        ),
        Amounts(
            "weighted",
            "Amount × probability, summed: of what is won the whole amount, of what is open the amount times the deal's"
            " probability, or its stage's where it has none of its own.",
            summed(DEALS, "amount", f"{STANDING} probabilityPct stage.probabilityPct", times=_chance),
        ),
    ),
    filtered="Opportunity",
    zoned=False,
)
