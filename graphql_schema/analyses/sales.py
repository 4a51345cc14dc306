"""What analyses of sales share: which deals and orders count, and the paths of what they are grouped by."""

from __future__ import annotations

import sqlalchemy as sa

from app.models.enums import OpportunityType, OrderStatus, StageOutcome
from graphql_schema.analyses.joined import Column, Joined
from policies.predicates import literal

OF_CUSTOMERS = {
    "OWNER": "owner",
    "REGION": "region",
    "DEPARTMENT": "department",
    "CUSTOMER_KIND": "customer.kind",
    "CUSTOMER_TIER": "customer.tier",
}
"""Paths of the dimensions that every business row of a customer has."""


def through(relation: str) -> dict[str, str]:
    """The same of a row that follows another: its owner, region and department."""
    return {name: path if "." in path else f"{relation}.{path}" for name, path in OF_CUSTOMERS.items()}


def outcome(row: Joined, *are: StageOutcome) -> Column:
    """Whether a deal stands at a stage that means one of these."""
    return sa.or_(*(row["stage.outcome"] == literal(each.value) for each in are))


def won(row: Joined) -> Column:
    """Whether a deal is won."""
    return outcome(row, StageOutcome.WON)


def lost(row: Joined) -> Column:
    """Whether a deal is lost."""
    return outcome(row, StageOutcome.LOST)


def is_deal(row: Joined) -> Column:
    """Whether it is a deal, not a lead."""
    return row["type"] == literal(OpportunityType.OPPORTUNITY.value)


NOT_PLACED = (OrderStatus.DRAFT, OrderStatus.CANCELED, OrderStatus.EXPIRED)
"""Orders that bring nothing."""


def placed(status: Column) -> Column:
    """Whether an order counts: it is no draft, and was neither canceled nor did it expire."""
    return sa.and_(*(status != literal(each.value) for each in NOT_PLACED))
