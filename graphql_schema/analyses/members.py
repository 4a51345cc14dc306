"""How far campaigns get with their members.

A member has one status, the furthest that it came to. Each step holds those who went further:

    targeted   all
    sent       SENT and further, bounced, opted out
    delivered  DELIVERED and further, opted out
    opened     OPENED and further
    clicked    CLICKED and further
    responded  RESPONDED and further
    converted  CONVERTED

Rates are the usual ones of direct marketing (Data & Marketing Association, "Response Rate Report"): delivered and bounced
of those sent, everything else of those delivered.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.models.enums import CampaignMemberStatus as Status
from graphql_schema.analyses.figures import Tally, counted
from graphql_schema.analyses.joined import Column, Joined
from policies.predicates import literal

BOUGHT = (Status.CONVERTED,)
ANSWERED = (Status.RESPONDED, *BOUGHT)
CLICKED = (Status.CLICKED, *ANSWERED)
OPENED = (Status.OPENED, *CLICKED)
REACHED = (Status.DELIVERED, Status.OPTED_OUT, *OPENED)
SENT = (Status.SENT, Status.BOUNCED, *REACHED)


def members_in(source: str, those: Iterable[Status]) -> Tally:
    """One for each member whose status is one of these."""

    def is_one(row: Joined) -> Column:
        return sa.or_(*(row["status"] == literal(each.value) for each in those))

    return counted(source, "status", is_one)
