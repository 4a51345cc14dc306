"""Quotes, orders, contracts, campaigns, segments and targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.models.catalogue import CATALOGUE
from app.models.enums import SegmentKind, TargetMetric
from app.services.checks.check import Check, Test, check
from app.services.checks.declared import in_order
from app.services.errors import BudgetExceeded, Invalid, Required, UserError


def _within_budget(committed: Decimal | None, budget: Decimal | None, overridden: bool | None) -> Iterator[UserError]:  # noqa: FBT001 a column's value
    if committed is not None and budget is not None and committed > budget and not overridden:
        yield BudgetExceeded("over_budget", ("committed",))


def _chosen(kind: str | None, rule: object) -> Iterator[UserError]:
    """A segment has a rule just where it is chosen by one."""
    if kind == SegmentKind.DYNAMIC and rule is None:
        yield Required("required", ("rule",))
    if kind == SegmentKind.STATIC and rule is not None:
        yield Invalid("only_dynamic", ("rule",))


def _measured(name: str, *, revenue: bool) -> Test:
    """A target of revenue is an amount, any other a number."""

    def test(metric: str | None, value: object) -> Iterator[UserError]:
        if metric is None:
            return
        fits = (metric == TargetMetric.REVENUE) is revenue
        if fits and value is None:
            yield Required("required", (name,))
        if not fits and value is not None:
            yield Invalid("not_measured", (name,), metric=metric)

    return test


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "Campaign": (check("Campaign", ("committed", "budget", "budget_overridden"), _within_budget),),
    "Contract": (in_order(CATALOGUE["Contract"], "renewal_notice_date", "end_date"),),
    "Order": (in_order(CATALOGUE["Order"], "discount", "subtotal"),),
    "Quote": (in_order(CATALOGUE["Quote"], "discount", "subtotal"),),
    "SalesTarget": (
        check("SalesTarget", ("metric", "target_amount"), _measured("targetAmount", revenue=True)),
        check("SalesTarget", ("metric", "target_quantity"), _measured("targetQuantity", revenue=False)),
    ),
    "Segment": (check("Segment", ("kind", "rule"), _chosen),),
}
