"""`salesPerformance`: what was won and lost, and what was ordered.

    win rate          deals won / deals decided (won or lost)
    average deal      value of the deals won / number of deals won that have a value
    days to close     mean of (closed at - opened at) of the deals won, in days
    ordered revenue   sum of the orders' subtotals, or by product category of their lines' totals:
                      after discounts of lines, before any on the whole, tax and shipping

A deal counts on the day it was decided, an order on the day it was placed (the definitions of win rate, deal size and
length of the sales cycle in F. V. Cespedes, "Aligning Strategy and Sales", 2014, are the same).
"""

from __future__ import annotations

import sqlalchemy as sa

from app.models.enums import StageOutcome
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
from graphql_schema.analyses.figures import (
    Amounts,
    count_of,
    counted,
    mean_of,
    seconds_between,
    share_of,
    summed,
    valued,
)
from graphql_schema.analyses.sales import OF_CUSTOMERS, is_deal, lost, outcome, placed, through, won
from graphql_schema.analyses.source import Source

DEALS, ORDERS, LINES = "deals", "orders", "lines"
SECONDS_OF_A_DAY = 86_400

_won, _lost = counted(DEALS, "stage.outcome", won), counted(DEALS, "stage.outcome", lost)
_value = summed(DEALS, "amount", "stage.outcome", won)
_ordered = summed(ORDERS, "subtotal") | summed(LINES, "lineTotal")
_time = valued(
    DEALS,
    "stage.outcome openedAt closedAt",
    lambda row: sa.case((won(row), seconds_between(row["openedAt"], row["closedAt"]))),
    sa.BigInteger(),
)

SALES_PERFORMANCE = Analysis(
    "salesPerformance",
    "What was won, lost and ordered in a period: deals by the day of their decision, orders by the day they were placed."
    " Leads, drafts and orders that were canceled or expired count nothing. Amounts whose value the caller does not see"
    " are in no sum; a figure is null for a caller who never sees what it is made of.",
    {
        DEALS: Source(
            "Opportunity",
            at="closedAt",
            reads="type stage.outcome",
            when=lambda row: sa.and_(is_deal(row), outcome(row, StageOutcome.WON, StageOutcome.LOST)),
            keys={**OF_CUSTOMERS, PRODUCT_CATEGORY.name: "product.categoryPath"},
            filtered="customer",
        ),
        ORDERS: Source(
            "Order",
            at="orderedAt",
            reads="status",
            when=lambda row: placed(row["status"]),
            keys=OF_CUSTOMERS,
            filtered="customer",
            serves=lambda names: PRODUCT_CATEGORY.name not in names,
        ),
        LINES: Source(
            "OrderLine",
            at="order.orderedAt",
            reads="order.status",
            when=lambda row: placed(row["order.status"]),
            keys={**through("order"), PRODUCT_CATEGORY.name: "productCategoryPath"},
            filtered="customer",
            serves=lambda names: PRODUCT_CATEGORY.name in names,
        ),
    },
    (OWNER, REGION, DEPARTMENT, CUSTOMER_KIND, CUSTOMER_TIER, PRODUCT_CATEGORY, MONTH, QUARTER),
    (
        count_of("wonCount", _won, "Deals won."),
        count_of("lostCount", _lost, "Deals lost."),
        share_of("winRate", _won, (_won, _lost), "Deals won / deals won or lost: 0 to 1, four decimals; null of none."),
        Amounts("wonValue", "The sum of the amounts of the deals won.", _value),
        Amounts("averageDeal", "The mean amount of the deals won that have one.", _value, mean=True),
        mean_of(
            "averageDaysToClose",
            _time,
            2,
            "Mean time from opening to decision of the deals won, in days, two decimals; null of none.",
            per=SECONDS_OF_A_DAY,
        ),
        Amounts(
            "orderedRevenue",
            "The value of what was ordered: after discounts of lines, before any on the whole, tax and shipping.",
            _ordered,
        ),
    ),
    filtered="Customer",
)
