"""`serviceQuality`: how fast and how well tickets were answered.

    percentiles   by nearest rank, over whole seconds of calendar time: the least time that is not exceeded
                  in 50 % or 90 % of the tickets that have one
    reopen rate   tickets reopened at least once / tickets resolved at least once
    CSAT          answers in the upper quarter of the scale (4 and 5 of 1 to 5, the "top two boxes") / answers with a score
    SLA breach    a first answer or a solution that came after it was due, or is due and did not come yet

A ticket counts on the day it came in; so does a survey's answer about it.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.models.enums import SurveyKind
from graphql_schema.analyses.analysis import Analysis
from graphql_schema.analyses.dimensions import (
    CHANNEL,
    CUSTOMER_KIND,
    CUSTOMER_TIER,
    DEPARTMENT,
    MONTH,
    OWNER,
    PRIORITY,
    QUARTER,
    REGION,
    TICKET_SEVERITY,
    TICKET_TYPE,
)
from graphql_schema.analyses.figures import (
    Figure,
    How,
    Tally,
    count_of,
    counted,
    median,
    ninetieth,
    seconds_between,
    share_of,
    valued,
)
from graphql_schema.analyses.joined import Column, Joined
from graphql_schema.analyses.sales import OF_CUSTOMERS, through
from graphql_schema.analyses.source import Source
from graphql_schema.making import maybe
from policies.predicates import literal

TICKETS, ANSWERS = "tickets", "answers"

KEYS = {"CHANNEL": "channel", "PRIORITY": "priority", "TYPE": "type", "SEVERITY": "severity"}


def _times(end: str) -> Tally:
    return valued(TICKETS, f"openedAt {end}", lambda row: seconds_between(row["openedAt"], row[end]), sa.BigInteger())


def _late(row: Joined, due: str, *done: str) -> Column:
    """Whether something came after it was due, or is due and did not come."""
    return sa.func.coalesce(*(row[each] for each in done), sa.func.now()) > row[due]


def _answered_late(row: Joined) -> Column:
    return _late(row, "firstResponseDueAt", "firstRespondedAt")


def _solved_late(row: Joined) -> Column:
    return _late(row, "resolutionDueAt", "resolvedAt", "closedAt")


def _breached(row: Joined) -> Column:
    return sa.or_(_answered_late(row), _solved_late(row))


def _promised(row: Joined) -> Column:
    return sa.or_(row["firstResponseDueAt"].is_not(None), row["resolutionDueAt"].is_not(None))


def _reopened(row: Joined) -> Column:
    return row["reopenedCount"] > sa.literal_column("0")


def _satisfied(row: Joined) -> Column:
    """Whether a score lies in the upper quarter of its scale."""
    score, least, most = (sa.cast(row[name], sa.BigInteger()) for name in ("score", "scaleMin", "scaleMax"))
    return (score - least) * sa.literal_column("4") >= (most - least) * sa.literal_column("3")


def _seconds(name: str, tally: Tally, how: How, description: str) -> Figure:
    return Figure(name, description, ((tally, how),), lambda found: found, maybe(int))


FIRST, SECOND = "firstResponseDueAt firstRespondedAt", "resolutionDueAt resolvedAt closedAt"
_all, _resolved = counted(TICKETS), counted(TICKETS, "resolvedAt", lambda row: row["resolvedAt"].is_not(None))
_done = counted(TICKETS, "resolvedAt reopenedCount", lambda row: sa.or_(row["resolvedAt"].is_not(None), _reopened(row)))
_again = counted(TICKETS, "reopenedCount", _reopened)
_response, _resolution = _times("firstRespondedAt"), _times("resolvedAt")
_breaches = counted(TICKETS, f"{FIRST} {SECOND}", _breached)
_scores = counted(ANSWERS)
_happy = counted(ANSWERS, "score scaleMin scaleMax", _satisfied)

SERVICE_QUALITY = Analysis(
    "serviceQuality",
    "How fast and how well the tickets that came in in a period were answered. Durations are whole seconds of calendar"
    " time; a median and a 90th percentile are times of a ticket (nearest rank). A figure is null for a caller who never"
    " sees what it is made of.",
    {
        TICKETS: Source("Ticket", at="openedAt", reads="", when=lambda _: sa.true(), keys={**OF_CUSTOMERS, **KEYS}),
        ANSWERS: Source(
            "SurveyResponse",
            at="ticket.openedAt",
            reads="survey.kind score",
            when=lambda row: sa.and_(row["survey.kind"] == literal(SurveyKind.CSAT.value), row["score"].is_not(None)),
            keys={**through("ticket"), **{name: f"ticket.{path}" for name, path in KEYS.items()}},
            filtered="ticket",
        ),
    },
    (
        OWNER,
        REGION,
        DEPARTMENT,
        CUSTOMER_KIND,
        CUSTOMER_TIER,
        CHANNEL,
        PRIORITY,
        TICKET_TYPE,
        TICKET_SEVERITY,
        MONTH,
        QUARTER,
    ),
    (
        count_of("tickets", _all, "Tickets that came in."),
        count_of("resolved", _resolved, "Of these, how many are resolved."),
        _seconds(
            "firstResponseMedian", _response, median, "Seconds to our first answer that half of them did not exceed."
        ),
        _seconds(
            "firstResponseP90", _response, ninetieth, "Seconds to our first answer that nine in ten did not exceed."
        ),
        _seconds("resolutionMedian", _resolution, median, "Seconds to the solution that half of them did not exceed."),
        _seconds("resolutionP90", _resolution, ninetieth, "Seconds to the solution that nine in ten did not exceed."),
        share_of("reopenRate", _again, (_done,), "Tickets reopened / tickets ever resolved: 0 to 1, four decimals."),
        count_of("csatResponses", _scores, "Answers to satisfaction surveys about them that have a score."),
        share_of(
            "csat", _happy, (_scores,), "Answers in the upper quarter of the scale / answers: 0 to 1, four decimals."
        ),
        count_of(
            "firstResponseBreaches",
            counted(TICKETS, FIRST, _answered_late),
            "Tickets first answered after it was due, or due and not answered.",
        ),
        count_of(
            "resolutionBreaches",
            counted(TICKETS, SECOND, _solved_late),
            "Tickets solved or closed after it was due, or due and neither.",
        ),
        count_of("slaBreaches", _breaches, "Tickets for which one promise or the other was broken."),
        share_of(
            "slaBreachRate",
            _breaches,
            (counted(TICKETS, "firstResponseDueAt resolutionDueAt", _promised),),
            "Tickets for which a promise was broken / tickets with a promise: 0 to 1, four decimals.",
        ),
    ),
    filtered="Ticket",
)
