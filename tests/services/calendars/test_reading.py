"""A region's document: what it says, and everything that is wrong with it at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.calendars import read_calendar
from app.services.errors import Refused

NINE_TO_FIVE = ((dt.time(9), dt.time(17)),)


def wrong(document: object, time_zone: str | None = "Europe/Berlin") -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        read_calendar(document, time_zone)
    return [("/".join(error.field), error.reason) for error in caught.value.errors]


@pytest.mark.parametrize("document", [None, {}, {"holidays": []}])
def test_without_hours_a_region_is_open_from_monday_to_friday_nine_to_five(document: object) -> None:
    calendar = read_calendar(document, "Asia/Tokyo")
    assert calendar.zone.key == "Asia/Tokyo"
    assert calendar.hours == dict.fromkeys(range(5), NINE_TO_FIVE)
    assert calendar.holidays == frozenset()


def test_without_a_time_zone_it_is_in_utc() -> None:
    assert read_calendar(None, None).zone.key == "UTC"


def test_hours_are_read_by_weekday_in_order() -> None:
    document = {
        "hours": {
            "SUN": [["22:00", "06:00"]],
            "MON": [["13:30", "17:00"], ["09:00", "12:30"]],
            "WED": [["00:00", "24:00"]],
        },
        "holidays": ["2026-12-25", "2026-12-25", "2024-02-29"],
    }
    calendar = read_calendar(document, "Europe/Berlin")
    assert calendar.hours == {
        6: ((dt.time(22), dt.time(6)),),
        0: ((dt.time(9), dt.time(12, 30)), (dt.time(13, 30), dt.time(17))),
        2: ((dt.time(0), dt.time(0)),),
    }
    assert calendar.holidays == {dt.date(2026, 12, 25), dt.date(2024, 2, 29)}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], [("businessCalendar", "no_object")]),
        ("closed", [("businessCalendar", "no_object")]),
        ({"hour": {}}, [("businessCalendar/hour", "not_listed")]),
        ({"hours": []}, [("businessCalendar/hours", "no_object")]),
        ({"hours": None}, [("businessCalendar/hours", "no_object")]),
        ({"hours": {}}, [("businessCalendar/hours", "too_few_hours")]),
        ({"hours": {"MON": []}}, [("businessCalendar/hours", "too_few_hours")]),
        ({"hours": {"MON": [["09:00", "09:59"]]}}, [("businessCalendar/hours", "too_few_hours")]),
        ({"hours": {"MO": [["09:00", "17:00"]]}}, [("businessCalendar/hours/MO", "not_listed")]),
        ({"hours": {"MON": "09:00"}}, [("businessCalendar/hours/MON", "no_list")]),
        ({"hours": {"MON": [["00:00", "01:00"]] * 13}}, [("businessCalendar/hours/MON", "too_many")]),
        (
            {"hours": {"MON": [["09:00", "17:00"], ["16:59", "18:00"]]}},
            [("businessCalendar/hours/MON", "shifts_overlap")],
        ),
        (
            {"hours": {"MON": [["22:00", "06:00"]], "TUE": [["05:59", "12:00"]]}},
            [("businessCalendar/hours/TUE", "shifts_overlap")],
        ),
        (
            {"hours": {"SUN": [["22:00", "06:00"]], "MON": [["05:00", "12:00"]]}},
            [("businessCalendar/hours/MON", "shifts_overlap")],
        ),
        ({"holidays": {}}, [("businessCalendar/holidays", "no_list")]),
        ({"holidays": ["2026-01-01"] * 2_001}, [("businessCalendar/holidays", "too_many")]),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_at_its_place(document: object, expected: list[tuple[str, str]]) -> None:
    assert wrong(document) == expected


@pytest.mark.parametrize(
    "shift",
    [
        [], ["09:00"], ["09:00", "17:00", "18:00"], "09:00-17:00", ["9:00", "17:00"], ["09:00", "17:60"], ["09:00", "25:00"],
        ["09:00", "24:01"], ["24:00", "06:00"], ["09:00", "09:00"], ["00:00", "00:00"], [9, 17], None, ["09:00", None],
        ["０9:00", "17:00"], ["09:00\n", "17:00"],
    ],
    ids=str,
)  # fmt: skip
def test_a_shift_is_two_different_times_of_the_clock(shift: object) -> None:
    assert wrong({"hours": {"MON": [["00:00", "01:00"], shift]}}) == [("businessCalendar/hours/MON/1", "no_shift")]


@pytest.mark.parametrize(
    "day", ["2026-02-29", "2026-13-01", "20261225", "2026-W52-5", "25.12.2026", "", 20261225, None]
)
def test_a_holiday_is_a_day_of_the_calendar(day: object) -> None:
    assert wrong({"holidays": ["2026-01-01", day]}) == [("businessCalendar/holidays/1", "no_day")]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_holiday_is_a_day_that_can_be_stored(day: str) -> None:
    assert wrong({"holidays": [day]}) == [("businessCalendar/holidays/0", "beyond_calendar")]


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe", "europe\0", "x" * 500, "\ud800"])
def test_a_time_zone_is_one_of_iana(zone: str) -> None:
    assert wrong(None, zone) == [("timeZone", "no_time_zone")]


def test_all_faults_are_told_at_once_by_place() -> None:
    document = {
        "hours": {"MON": [["09:00", "17:0"], 3], "NEV": []},
        "holidays": ["x", "2026-05-01", "y"],
        "zone": "UTC",
    }
    assert wrong(document, "Nowhere") == [
        ("businessCalendar/holidays/0", "no_day"),
        ("businessCalendar/holidays/2", "no_day"),
        ("businessCalendar/hours/MON/0", "no_shift"),
        ("businessCalendar/hours/MON/1", "no_shift"),
        ("businessCalendar/hours/NEV", "not_listed"),
        ("businessCalendar/zone", "not_listed"),
        ("timeZone", "no_time_zone"),
    ]


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["09:00", "17:00", "2026-01-01"])
)
NAMES = st.sampled_from(["hours", "holidays", "MON", "SUN"]) | st.text(max_size=3)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(document=JSON, zone=st.none() | st.text(max_size=8) | st.just("UTC"))
def test_any_document_is_read_or_refused(document: Any, zone: str | None) -> None:
    try:
        calendar = read_calendar(document, zone)
    except Refused as refused:
        faults = refused.errors
    else:
        faults = ()
        assert calendar == read_calendar(document, zone)
        assert hash(calendar) == hash(read_calendar(document, zone))
    assert len({(fault.field, fault.reason) for fault in faults}) == len(faults)
