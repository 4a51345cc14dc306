"""The quality of a small company's service, in exact numbers, as several roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, owned, row, store, ticket
from tests.http.asking import Asking

MARCH = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PERIOD = 'period: {from: "2026-03-01", to: "2026-03-31"}'


def after(hours: float) -> dt.datetime:
    return MARCH + dt.timedelta(hours=hours)


@dataclass(frozen=True)
class Case:
    """A ticket in words; times are hours since the beginning of March."""

    opened: float
    answered: float | None = None
    solved: float | None = None
    answer_due: float | None = None
    solution_due: float | None = None
    reopened: int = 0
    channel: str = "EMAIL"
    region: str = "germany"
    department: str = "service"
    scores: tuple[tuple[int | None, int, int], ...] = ()
    kind: str = "CSAT"


CASES = (
    Case(0, 1, 10, answer_due=2, solution_due=9, scores=((5, 1, 5),)),
    Case(1, 1.5, 2, answer_due=1.25, channel="PHONE", scores=((4, 1, 5), (3, 1, 5))),
    Case(2, 2.0001, 30, reopened=2, scores=((None, 1, 5),)),
    Case(3, 100.5, None, answer_due=100.5, reopened=1, region="france", scores=((8, 1, 10), (7, 1, 10))),
    Case(700, None, None, answer_due=701, solution_due=710, channel="PHONE", region="china"),
    Case(743.9, 744, 800, solution_due=800, region="france", scores=((9, 0, 10),), kind="NPS"),
    Case(744, 745, 746),
    Case(-0.5, 0, 1),
    Case(5, 6, 7, department="sales", scores=((2_147_483_647, -2_147_483_648, 2_147_483_647),)),
)
"""The last but one came in in February, the one before in April."""


@pytest.fixture(scope="module", autouse=True)
async def tickets(writer: asyncpg.Connection, company: Company) -> None:
    """The tickets in the database, each of a customer of its own."""
    survey = {
        kind: row(models.Survey, code=kind, name=kind, kind=kind, scale_min=1, scale_max=5) for kind in ("CSAT", "NPS")
    }
    await store(writer, *survey.values())
    for case in CASES:
        of = customer(region=getattr(company, case.region), owner=company.rep)
        found = ticket(
            of,
            channel=case.channel,
            department=getattr(company, case.department),
            opened_at=after(case.opened),
            reopened_count=case.reopened,
            **{
                name: after(hours)
                for name, hours in (
                    ("first_responded_at", case.answered),
                    ("resolved_at", case.solved),
                    ("first_response_due_at", case.answer_due),
                    ("resolution_due_at", case.solution_due),
                )
                if hours is not None
            },
        )
        answers = [_answer(of, found, survey[case.kind], *score) for score in case.scores]
        await store(writer, of, found, *answers)


def _answer(of: Row, about: Row, survey: Row, score: int | None, least: int, most: int) -> Row:
    return owned(models.SurveyResponse, of, survey=survey, ticket=about, score=score, scale_min=least, scale_max=most)


def share(part: int, of: int) -> str | None:
    return str((Decimal(part) / of).quantize(Decimal("0.0001"), ROUND_HALF_UP)) if of else None


def nearest(seconds: list[int], percent: int) -> int | None:
    """The percentile by nearest rank."""
    return sorted(seconds)[ceil(len(seconds) * percent / 100) - 1] if seconds else None


def passed(start: float, end: float | None) -> int | None:
    return None if end is None else int((after(end) - after(start)).total_seconds())


def late(due: float | None, done: float | None) -> bool:
    return due is not None and (done is None or done > due)


def quality(cases: Iterable[Case]) -> dict[str, Any]:
    """What some tickets come to."""
    found = list(cases)
    first = [t for case in found if (t := passed(case.opened, case.answered)) is not None]
    solved = [t for case in found if (t := passed(case.opened, case.solved)) is not None]
    scores = [s for case in found if case.kind == "CSAT" for s in case.scores if s[0] is not None]
    answered_late = [late(case.answer_due, case.answered) for case in found]
    solved_late = [late(case.solution_due, case.solved) for case in found]
    breaches = sum(a or b for a, b in zip(answered_late, solved_late, strict=True))
    promised = sum(case.answer_due is not None or case.solution_due is not None for case in found)
    return {
        "tickets": len(found),
        "resolved": len(solved),
        "firstResponseMedian": nearest(first, 50),
        "firstResponseP90": nearest(first, 90),
        "resolutionMedian": nearest(solved, 50),
        "resolutionP90": nearest(solved, 90),
        "reopenRate": share(
            sum(case.reopened > 0 for case in found),
            sum(case.solved is not None or case.reopened > 0 for case in found),
        ),
        "csatResponses": len(scores),
        "csat": share(sum(4 * (s - low) >= 3 * (high - low) for s, low, high in scores if s is not None), len(scores)),
        "firstResponseBreaches": sum(answered_late),
        "resolutionBreaches": sum(solved_late),
        "slaBreaches": breaches,
        "slaBreachRate": share(breaches, promised),
    }


FIGURES = " ".join(quality([]))
IN_MARCH = [case for case in CASES if 0 <= case.opened < 744]


async def ask(graph: Asking, who: Row, arguments: str = PERIOD, selection: str = FIGURES) -> list[Any]:
    found: list[Any] = (await graph.data(who, f"{{ serviceQuality({arguments}) {{ {selection} }} }}"))["serviceQuality"]
    return found


async def test_all_of_it(graph: Asking, company: Company) -> None:
    (found,) = await ask(graph, company.admin)
    assert found == quality(IN_MARCH)
    assert (found["tickets"], found["csat"], found["slaBreaches"]) == (7, "0.6667", 3)
    assert (found["firstResponseMedian"], found["firstResponseP90"]) == (1800, 351000)


async def test_by_channel_and_region(graph: Asking, company: Company) -> None:
    keys = "keys { channel region { name } }"
    rows = await ask(graph, company.admin, f"{PERIOD} groupBy: [CHANNEL, REGION]", f"{keys} {FIGURES}")
    found = {(key["channel"], key["region"]["name"]): row for row in rows if (key := row.pop("keys"))}
    places = {"germany": "De", "france": "Fr", "china": "Cn"}
    assert found == {
        (channel, name): quality(case for case in IN_MARCH if (case.channel, case.region) == (channel, region))
        for channel, region, name in {(case.channel, case.region, places[case.region]) for case in IN_MARCH}
    }
    assert [row["channel"] for row in [r["keys"] for r in await ask(graph, company.admin, f"{PERIOD} groupBy: [CHANNEL]", "keys { channel }")]] == ["EMAIL", "PHONE"]  # fmt: skip


async def test_days_begin_where_the_caller_is(graph: Asking, company: Company) -> None:
    """In Berlin the ticket of half an hour before March came in in March, and the last of it in April."""
    (found,) = await ask(graph, company.admin, f'{PERIOD} timeZone: "Europe/Berlin"')
    berlin = [case for case in CASES if -1 <= case.opened < 742]
    assert found == quality(berlin)
    assert berlin != IN_MARCH


async def test_a_queue_sees_its_own_tickets(graph: Asking, company: Company) -> None:
    """A service agent sees the tickets of a region and a department, and no answers to surveys."""
    ours = [case for case in IN_MARCH if case.region in ("germany", "france") and case.department == "service"]
    closed = {"csat": None, "csatResponses": None}
    assert await ask(graph, company.agent) == [quality(ours) | closed]
    assert await ask(graph, company.rep, f"{PERIOD} where: {{channel: {{eq: PHONE}}}}") == [
        quality(case for case in IN_MARCH if case.region == "germany" and case.channel == "PHONE")
    ]


async def test_nothing_came_in(graph: Asking, company: Company) -> None:
    empty = 'period: {from: "2001-01-01", to: "2001-12-31"}'
    assert await ask(graph, company.admin, empty) == [quality([])]
    assert quality([]) | {"tickets": 0, "firstResponseP90": None, "reopenRate": None} == quality([])
    assert await ask(graph, company.admin, f"{empty} groupBy: [OWNER]") == []


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "utc", "UTC+3", "Europe/Berlin'"])
async def test_an_unknown_time_zone_is_refused(graph: Asking, company: Company, zone: str) -> None:
    query = f'{{ serviceQuality({PERIOD} timeZone: "{zone}") {{ tickets }} }}'
    assert await graph.faults(company.admin, query) == [("BAD_USER_INPUT", "timeZone")]
    variables = "query($zone: String!) { serviceQuality(" + PERIOD + " timeZone: $zone) { tickets } }"
    assert await graph.faults(company.admin, variables, {"zone": zone}) == [("BAD_USER_INPUT", "timeZone")]


async def test_one_who_never_sees_tickets_is_refused(graph: Asking, company: Company) -> None:
    for who in (company.marketer, company.nobody):
        assert await graph.faults(who, f"{{ serviceQuality({PERIOD}) {{ tickets }} }}") == [("FIELD_NOT_READABLE", "")]
