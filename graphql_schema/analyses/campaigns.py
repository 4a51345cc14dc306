"""`Campaign.metrics` and `Campaign.roi`: how far a campaign got, and what it brought for what it cost.

ratio      (revenue - cost) / cost, both in the base currency (P. Kotler, K. L. Keller, "Marketing Management", ch. 22)
revenue    subtotals of the orders that name the campaign, but drafts and those canceled or expired
cost       the campaign's actual cost
leads      leads and deals that name the campaign
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.models.enums import CampaignMemberStatus as Status
from graphql_schema.analyses.figures import (
    CENTS,
    SHARE,
    Amounts,
    Figure,
    as_text,
    count_of,
    counted,
    in_base,
    number,
    ratio,
    share_of,
    sum_in_base,
    summed,
)
from graphql_schema.analyses.joined import Column
from graphql_schema.analyses.member import Member, Own, Shown
from graphql_schema.analyses.members import ANSWERED, BOUGHT, CLICKED, OPENED, REACHED, SENT, members_in
from graphql_schema.analyses.sales import placed
from graphql_schema.analyses.source import Source
from graphql_schema.common import Money
from graphql_schema.making import maybe
from graphql_schema.scalars import Exact
from policies.predicates import Row, companion

MEMBERS, LEADS, ORDERS = "members", "leads", "orders"

SOURCES: Mapping[str, Source] = {
    MEMBERS: Source("CampaignMember", "", "", lambda _: sa.true(), {}, of="campaign"),
    LEADS: Source("Opportunity", "", "", lambda _: sa.true(), {}, of="campaign"),
    ORDERS: Source("Order", "", "status", lambda row: placed(row["status"]), {}, of="campaign"),
}
COST = "actualCost"


def _cost(here: Row) -> Column:
    """The campaign's actual cost in the base currency."""
    return here[companion("actual_cost", "base_actual_cost")]


_targeted = counted(MEMBERS)
_sent, _delivered, _opened, _clicked, _responded, _converted, _bounced, _left, _suppressed = (
    members_in(MEMBERS, those)
    for those in (
        SENT,
        REACHED,
        OPENED,
        CLICKED,
        ANSWERED,
        BOUGHT,
        (Status.BOUNCED,),
        (Status.OPTED_OUT,),
        (Status.SUPPRESSED,),
    )
)
_leads = counted(LEADS)

_COUNTS: Sequence[Figure] = (
    count_of("targeted", _targeted, "All members."),
    count_of("suppressed", _suppressed, "Members left out, for want of consent."),
    count_of("sent", _sent, "Members to whom it was sent."),
    count_of("bounced", _bounced, "Of these, those to whom it could not be delivered."),
    count_of("delivered", _delivered, "Members whom it reached."),
    count_of("optedOut", _left, "Of these, those who want no more."),
    count_of("opened", _opened, "Of these, those who opened it or went further."),
    count_of("clicked", _clicked, "Of these, those who followed a link or went further."),
    count_of("responded", _responded, "Of these, those who answered or bought."),
    count_of("converted", _converted, "Of these, those who bought."),
    share_of("deliveryRate", _delivered, (_sent,), "`delivered / sent`: 0 to 1, four decimals."),
    share_of("bounceRate", _bounced, (_sent,), "`bounced / sent`: 0 to 1, four decimals."),
    share_of("optOutRate", _left, (_delivered,), "`optedOut / delivered`: 0 to 1, four decimals."),
    share_of("openRate", _opened, (_delivered,), "`opened / delivered`: 0 to 1, four decimals."),
    share_of("clickRate", _clicked, (_delivered,), "`clicked / delivered`: 0 to 1, four decimals."),
    share_of("responseRate", _responded, (_delivered,), "`responded / delivered`: 0 to 1, four decimals."),
    share_of("conversionRate", _converted, (_delivered,), "`converted / delivered`: 0 to 1, four decimals."),
    count_of("leads", _leads, "Leads and deals that it brought."),
)


def _metrics(here: Row | None) -> Sequence[Shown]:
    """The figures of a campaign."""

    def per(count: Column) -> Column:
        assert here is not None
        return as_text(ratio(_cost(here), count, CENTS))

    return (
        *_COUNTS,
        Figure("costPerLead", "Actual cost / leads, in the base currency.", ((_leads, number),), per, maybe(Exact)),
        Figure(
            "costPerConversion",
            "Actual cost / converted, in the base currency.",
            ((_converted, number),),
            per,
            maybe(Exact),
        ),
    )


def _returns(here: Row | None) -> Sequence[Shown]:
    def gained(found: Column, rated: Column, rows: Column) -> Column:
        assert here is not None
        revenue = sum_in_base(found, rated, rows)
        return as_text(ratio(revenue - _cost(here), _cost(here), SHARE))

    return (
        Amounts("revenue", "The subtotals of orders that it brought.", summed(ORDERS, "subtotal")),
        Own("cost", "What it has cost.", COST, maybe(Money)),
        Figure(
            "ratio",
            "`(revenue - cost) / cost` in the base currency, four decimals; null if it cost nothing, or a rate is missing.",
            in_base(ORDERS, "subtotal"),
            gained,
            maybe(Exact),
        ),
    )


METRICS = Member(
    "metrics",
    "CampaignMetrics",
    "How far it got with those of its members who are in view, and what that cost.",
    "Campaign",
    SOURCES,
    _metrics,
    {"costPerLead": COST, "costPerConversion": COST},
)
ROI = Member(
    "roi",
    "CampaignRoi",
    "What it brought for what it cost, as far as orders and amounts are in view.",
    "Campaign",
    SOURCES,
    _returns,
    {"ratio": COST, "cost": COST},
)
CAMPAIGN = (METRICS.computed(), ROI.computed())
"""Members of campaigns."""
