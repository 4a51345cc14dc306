"""`channelPerformance`: what each way of talking to customers brings.

An interaction counts where it took place, on its day; an order where it is no draft and was neither canceled nor did it
expire, on the day it was placed; a ticket on the day it came in; a member of a campaign, by the campaign's channel, since
the day of its status. Rates are those of campaigns: of those reached (delivered and what comes after), how many answered
or bought.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.models.enums import InteractionStatus
from graphql_schema.analyses.analysis import Analysis
from graphql_schema.analyses.dimensions import (
    CHANNEL,
    CUSTOMER_KIND,
    CUSTOMER_TIER,
    DEPARTMENT,
    MONTH,
    OWNER,
    QUARTER,
    REGION,
)
from graphql_schema.analyses.figures import Amounts, count_of, counted, customers_of, different_of, share_of, summed
from graphql_schema.analyses.members import ANSWERED, BOUGHT, REACHED, members_in
from graphql_schema.analyses.sales import OF_CUSTOMERS, placed
from graphql_schema.analyses.source import Source
from policies.predicates import literal

INTERACTIONS, ORDERS, TICKETS, MEMBERS = "interactions", "orders", "tickets", "members"

BY_CHANNEL = {**OF_CUSTOMERS, CHANNEL.name: "channel"}

TOOK_PLACE = Source(
    "Interaction",
    at="occurredAt",
    reads="status",
    when=lambda row: row["status"] == literal(InteractionStatus.HELD.value),
    keys=BY_CHANNEL,
    filtered="customer",
)
PLACED = Source(
    "Order",
    at="orderedAt",
    reads="status",
    when=lambda row: placed(row["status"]),
    keys=BY_CHANNEL,
    filtered="customer",
)
CAME_IN = Source("Ticket", at="openedAt", reads="", when=lambda _: sa.true(), keys=BY_CHANNEL, filtered="customer")


_customers = customers_of(INTERACTIONS, ORDERS, TICKETS)
_orders, _value = counted(ORDERS), summed(ORDERS, "subtotal")
_reached, _answered, _bought = (members_in(MEMBERS, those) for those in (REACHED, ANSWERED, BOUGHT))

CHANNEL_PERFORMANCE = Analysis(
    "channelPerformance",
    "What each way of talking to customers brings in a period: interactions that took place, orders placed, tickets that"
    " came in, and members of campaigns by the campaign's channel. Amounts whose value the caller does not see are in no"
    " sum; a figure is null for a caller who never sees what it is made of.",
    {
        INTERACTIONS: TOOK_PLACE,
        ORDERS: PLACED,
        TICKETS: CAME_IN,
        MEMBERS: Source(
            "CampaignMember",
            at="statusAt",
            reads="",
            when=lambda _: sa.true(),
            keys={**OF_CUSTOMERS, CHANNEL.name: "campaign.channel"},
            filtered="customer",
        ),
    },
    (CHANNEL, OWNER, REGION, DEPARTMENT, CUSTOMER_KIND, CUSTOMER_TIER, MONTH, QUARTER),
    (
        count_of("interactions", counted(INTERACTIONS), "Interactions that took place."),
        count_of("tickets", counted(TICKETS), "Tickets that came in."),
        count_of("orders", _orders, "Orders placed, without drafts and those canceled or expired."),
        Amounts("orderedRevenue", "The sum of these orders' subtotals.", _value),
        Amounts("averageOrder", "The mean of these orders' subtotals.", _value, mean=True),
        different_of(
            "customers",
            _customers,
            "Different customers who were talked to, ordered or asked.",
        ),
        count_of("reached", _reached, "Members of campaigns whom the campaign reached."),
        count_of("responded", _answered, "Of these, how many answered or bought."),
        count_of("converted", _bought, "Of these, how many bought."),
        share_of("responseRate", _answered, (_reached,), "Answered or bought / reached: 0 to 1, four decimals."),
        share_of("conversionRate", _bought, (_reached,), "Bought / reached: 0 to 1, four decimals."),
    ),
    filtered="Customer",
)
