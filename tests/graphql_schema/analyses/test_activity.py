"""Activity, channels and trends of a small company, in exact numbers: also of months in which nothing happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from tests.graphql_schema.analyses.activity import CUSTOMERS, EVENTS, Event, money, of, store_events
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, order, store
from tests.http.asking import Asking

UTC = ZoneInfo("UTC")
QUARTER = 'bucket: MONTH, period: {from: "2026-01-01", to: "2026-03-31"}'
MONTHS = ("2026-01-01", "2026-02-01", "2026-03-01")
ACTIVITY = "start interactions orders orderedRevenue { base byCurrency { currency amount } } tickets activeCustomers newCustomers"


@pytest.fixture(scope="module", autouse=True)
async def events(writer: asyncpg.Connection, company: Company) -> None:
    """The events in the database."""
    await store_events(writer, company)


def month(moment: dt.datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m}-01"


def in_month(start: str, zone: ZoneInfo, whose: Iterable[str]) -> list[Event]:
    return [event for event in EVENTS if month(event.moment, zone) == start and event.of in whose]


def activity(start: str, zone: ZoneInfo = UTC, whose: Iterable[str] = CUSTOMERS) -> dict[str, Any]:
    """What a month should come to."""
    events = in_month(start, zone, whose)
    firsts = [
        month(dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC), zone)
        for name, (_, _, first) in CUSTOMERS.items()
        if name in whose and first
    ]
    active = [event for kind in ("interaction", "order", "ticket") for event in of(kind, events)]
    return {
        "start": start,
        "interactions": len(of("interaction", events)),
        "orders": len(of("order", events)),
        "orderedRevenue": money(of("order", events)),
        "tickets": len(of("ticket", events)),
        "activeCustomers": len({event.of for event in active}),
        "newCustomers": firsts.count(start),
    }


async def test_a_quarter_with_an_empty_month(graph: Asking, company: Company) -> None:
    found = await graph.data(company.admin, f"{{ customerActivity({QUARTER}) {{ {ACTIVITY} }} }}")
    assert found == {"customerActivity": [activity(start) for start in MONTHS]}
    assert found["customerActivity"][1] == activity("2026-02-01") == {
        "start": "2026-02-01", "interactions": 0, "orders": 0, "orderedRevenue": {"base": None, "byCurrency": []}, "tickets": 0, "activeCustomers": 0, "newCustomers": 0
    }  # fmt: skip


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
async def test_months_begin_where_the_caller_is(graph: Asking, company: Company, zone: str) -> None:
    found = await graph.data(company.admin, f'{{ customerActivity({QUARTER}, timeZone: "{zone}") {{ {ACTIVITY} }} }}')
    assert found == {"customerActivity": [activity(start, ZoneInfo(zone)) for start in MONTHS]}
    assert found["customerActivity"] != [activity(start) for start in MONTHS]


async def test_only_the_days_of_the_period_count(graph: Asking, company: Company) -> None:
    query = '{ customerActivity(bucket: YEAR, period: {from: "2026-01-06", to: "2026-01-31"}) { start orders tickets interactions } }'
    assert await graph.data(company.admin, query) == {
        "customerActivity": [{"start": "2026-01-01", "orders": 2, "tickets": 0, "interactions": 0}]
    }


async def test_of_some_customers(graph: Asking, company: Company) -> None:
    where = 'where: {displayName: {in: ["ada", "cy"]}}'
    found = await graph.data(company.admin, f"{{ customerActivity({QUARTER}, {where}) {{ {ACTIVITY} }} }}")
    assert found == {"customerActivity": [activity(start, whose=("ada", "cy")) for start in MONTHS]}


async def test_what_is_never_seen_is_null(graph: Asking, company: Company) -> None:
    """Finance sees orders and customers, and neither interactions nor tickets."""
    found = await graph.data(company.finance, f"{{ customerActivity({QUARTER}) {{ {ACTIVITY} }} }}")
    closed = {"interactions": None, "tickets": None}
    for start, row in zip(MONTHS, found["customerActivity"], strict=True):
        active = {event.of for event in of("order", in_month(start, UTC, CUSTOMERS))}
        assert row == activity(start) | closed | {"activeCustomers": len(active)}


async def test_amounts_that_are_withheld_are_in_no_sum(graph: Asking, company: Company) -> None:
    found = await graph.data(company.rep, f"{{ customerActivity({QUARTER}) {{ {ACTIVITY} }} }}")
    mine = [activity(start, whose=("ada", "bo")) for start in MONTHS]
    for row, start in zip(mine, MONTHS, strict=True):
        row["orderedRevenue"] = money(of("order", in_month(start, UTC, ["ada"])))
    assert found == {"customerActivity": mine}


# Channels


def channels(events: Iterable[Event]) -> dict[str, Any]:
    """What a channel should come to."""
    found = [event for event in events if event.counts and event.moment.year == 2026]
    orders, members = of("order", found), of("member", found)
    reached = [event for event in members if event.status != "SENT"]
    answered = [event for event in members if event.status in ("RESPONDED", "CONVERTED")]
    bought = [event for event in members if event.status == "CONVERTED"]

    def share(part: list[Event]) -> str | None:
        rate = Decimal(len(part)) / len(reached) if reached else None
        return None if rate is None else str(rate.quantize(Decimal("0.0001"), ROUND_HALF_UP))

    return {
        "interactions": len(of("interaction", found)),
        "tickets": len(of("ticket", found)),
        "orders": len(orders),
        "orderedRevenue": money(orders),
        "customers": len({event.of for event in found if event.kind != "member"}),
        "reached": len(reached),
        "responded": len(answered),
        "converted": len(bought),
        "responseRate": share(answered),
        "conversionRate": share(bought),
    }


async def test_channels(graph: Asking, company: Company) -> None:
    figures = " ".join(channels([])).replace("orderedRevenue", "orderedRevenue { base byCurrency { currency amount } }")
    period = 'period: {from: "2026-01-01", to: "2026-12-31"}'
    rows = await graph.data(company.admin, f"{{ channelPerformance({period}, groupBy: CHANNEL) {{ keys {{ channel }} {figures} }} }}")  # fmt: skip
    found = [(row.pop("keys")["channel"], row) for row in rows["channelPerformance"]]
    names = ["EMAIL", "PHONE", "WEB", None]
    assert found == [(name, channels(event for event in EVENTS if event.channel == name)) for name in names]
    whole = await graph.data(company.admin, f"{{ channelPerformance({period}) {{ {figures} }} }}")
    assert whole == {"channelPerformance": [channels(EVENTS)]}


# Trends


def trend(values: list[Any], before: list[Any] | None = None, starts: Iterable[str] = MONTHS) -> Any:
    def number(value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def change(value: Any, previous: Any) -> str | None:
        now, then = number(value), number(previous)
        if now is None or not then:
            return None
        return str(((now - then) / then).quantize(Decimal("0.0001"), ROUND_HALF_UP))

    previous = before or [None] * len(values)
    return [
        {"start": start, "value": value, "previous": then, "change": change(value, then)}
        for start, value, then in zip(starts, values, previous, strict=True)
    ]


METRICS: list[tuple[str, list[Any]]] = [
    ("ORDERED_REVENUE", ["150.0000", "0", None]),
    ("AVERAGE_ORDER", ["75.0000", None, None]),
    ("ORDERS", ["2", "0", "2"]),
    ("INTERACTIONS", ["1", "0", "2"]),
    ("TICKETS", ["1", "0", "1"]),
    ("ACTIVE_CUSTOMERS", ["2", "0", "3"]),
    ("NEW_CUSTOMERS", ["1", "0", "1"]),
    ("WON_DEALS", ["0", "0", "0"]),
    ("WON_VALUE", ["0", "0", "0"]),
    ("WIN_RATE", [None, None, None]),
    ("RESOLUTION_SECONDS", [None, None, None]),
    ("LOST_DEALS", ["0", "0", "0"]),
]


@pytest.mark.parametrize(("metric", "values"), METRICS, ids=[name for name, _ in METRICS])
async def test_a_metric_by_month(graph: Asking, company: Company, metric: str, values: list[Any]) -> None:
    query = f"{{ metricTrend(metric: {metric}, {QUARTER}) {{ start value previous change }} }}"
    assert await graph.data(company.admin, query) == {"metricTrend": trend(values)}


COMPARED: list[tuple[str, str, Callable[[], Any]]] = [
    ("bucket: MONTH, compareTo: PREVIOUS_PERIOD", "2026-01-01 2026-03-31", lambda: trend(["2", "0", "2"], ["0", "0", "1"])),
    ("bucket: MONTH, compareTo: PREVIOUS_YEAR", "2026-01-01 2026-03-31", lambda: trend(["2", "0", "2"], ["0", "0", "1"])),
    ("bucket: QUARTER, compareTo: PREVIOUS_PERIOD", "2026-01-01 2026-03-31", lambda: trend(["4"], ["1"], ["2026-01-01"])),
    ("bucket: MONTH, compareTo: PREVIOUS_PERIOD", "2026-01-21 2026-02-28", lambda: trend(["1", "0"], ["0", "1"], MONTHS[:2])),
    ("bucket: MONTH, compareTo: PREVIOUS_PERIOD", "2026-03-01 2026-03-31", lambda: trend(["2"], ["0"], MONTHS[2:])),
    ("bucket: MONTH, compareTo: PREVIOUS_PERIOD", "2026-02-01 2026-02-28", lambda: trend(["0"], ["2"], MONTHS[1:2])),
    ("bucket: WEEK, compareTo: PREVIOUS_YEAR", "2026-03-16 2026-03-25", lambda: trend(["0", "0"], ["1", "0"], ["2026-03-16", "2026-03-23"])),
    ("bucket: DAY, compareTo: PREVIOUS_YEAR", "2026-03-19 2026-03-21", lambda: trend(["0", "0", "0"], ["0", "1", "0"], ["2026-03-19", "2026-03-20", "2026-03-21"])),
    ("bucket: DAY, compareTo: PREVIOUS_PERIOD", "2026-03-02 2026-03-03", lambda: trend(["1", "0"], ["0", "1"], ["2026-03-02", "2026-03-03"])),
    ("bucket: YEAR, compareTo: PREVIOUS_YEAR", "2025-01-01 2026-12-31", lambda: trend(["2", "4"], ["0", "2"], ["2025-01-01", "2026-01-01"])),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "days", "points"), COMPARED, ids=[f"{asked} {days}" for asked, days, _ in COMPARED])
async def test_what_it_was_before(
    graph: Asking, company: Company, asked: str, days: str, points: Callable[[], Any]
) -> None:
    first, last = days.split()
    query = f'{{ metricTrend(metric: ORDERS, period: {{from: "{first}", to: "{last}"}}, {asked}) {{ start value previous change }} }}'
    assert await graph.data(company.admin, query) == {"metricTrend": points()}


async def test_sums_are_compared(graph: Asking, company: Company) -> None:
    query = """{ metricTrend(metric: ORDERED_REVENUE, bucket: QUARTER, compareTo: PREVIOUS_YEAR,
               period: {from: "2025-10-01", to: "2026-03-31"}) { value previous change } }"""
    assert await graph.data(company.admin, query) == {
        "metricTrend": [
            {"value": "7.0000", "previous": "0", "change": None},
            {"value": None, "previous": "40.0000", "change": None},
        ]
    }
    of_ada = 'where: {displayName: {eq: "ada"}}'
    query = query.replace("compareTo: PREVIOUS_YEAR", f"compareTo: PREVIOUS_YEAR, {of_ada}")
    assert await graph.data(company.admin, query) == {
        "metricTrend": [
            {"value": "0", "previous": "0", "change": None},
            {"value": "150.0000", "previous": "40.0000", "change": "2.7500"},
        ]
    }


FAULTS = [
    ('customerActivity(bucket: DAY, period: {from: "2024-01-01", to: "2026-01-01"}) { start }', "period"),
    ('customerActivity(bucket: DAY, period: {from: "2026-01-02", to: "2026-01-01"}) { start }', "period"),
    (f'customerActivity({QUARTER}, timeZone: "Mars") {{ orders }}', "timeZone"),
    ('metricTrend(metric: ORDERS, bucket: YEAR, period: {from: "0001-01-01", to: "9999-12-31"}) { value }', "period"),
    (f'metricTrend(metric: ORDERS, {QUARTER}, timeZone: "Mars") {{ value }}', "timeZone"),
    (f"metricTrend(metric: ORDERS, {QUARTER}, where: {{displayName: {{eq: null}}}}) {{ value }}", "where.displayName.eq"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "place"), FAULTS, ids=[f"{field.split('(')[0]}-{i}" for i, (field, _) in enumerate(FAULTS)])  # fmt: skip
async def test_what_cannot_be_is_refused(graph: Asking, company: Company, field: str, place: str) -> None:
    assert await graph.faults(company.admin, f"{{ {field} }}") == [("BAD_USER_INPUT", place)]


async def test_at_the_ends_of_time(graph: Asking, company: Company) -> None:
    for first, last in (("0001-01-01", "0001-03-01"), ("9999-11-01", "9999-12-31")):
        for bucket in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR"):
            for compare in ("PREVIOUS_YEAR", "PREVIOUS_PERIOD"):
                found = await graph.data(
                    company.admin,
                    f'{{ metricTrend(metric: ORDERS, bucket: {bucket}, period: {{from: "{first}", to: "{last}"}},'
                    f' compareTo: {compare}, timeZone: "Pacific/Kiritimati") {{ value previous }} }}',
                )
                assert {(row["value"], row["previous"]) for row in found["metricTrend"]} == {("0", "0")}


async def test_a_metric_that_is_never_seen_is_refused(graph: Asking, company: Company) -> None:
    for metric in ("TICKETS", "WON_VALUE", "INTERACTIONS"):
        query = f"{{ metricTrend(metric: {metric}, {QUARTER}) {{ value }} }}"
        assert await graph.faults(company.finance, query) == [("FIELD_NOT_READABLE", "metric")]
    assert await graph.faults(company.nobody, f"{{ customerActivity({QUARTER}) {{ orders }} }}") == [
        ("FIELD_NOT_READABLE", "")
    ]


async def test_a_customer_who_is_hidden_is_not_counted(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    hidden = customer("hidden", region=company.china)
    at = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    await store(writer, hidden, order(hidden, region=company.germany, ordered_at=at, status="FULFILLED"))
    query = (
        '{ customerActivity(bucket: MONTH, period: {from: "2027-02-01", to: "2027-02-28"}) { orders activeCustomers } }'
    )
    for who, customers in ((company.rep, 0), (company.admin, 1)):
        assert await graph.data(who, query) == {"customerActivity": [{"orders": 1, "activeCustomers": customers}]}
