"""Masks in PostgreSQL against their Python form: hundreds of adversarial texts, numbers, days and moments at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import TestServer
from tests.oracle.answers import Database, database
from tests.oracle.comparing import Comparison
from tests.oracle.masked import ONE, case

storable = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.one_of(
    st.text(storable, max_size=20),
    st.text("ab1@. \n\t\u00a0\u2003é😀", max_size=14),
    st.from_regex(r"[^\0\s@]{3,7}@[a-z.]{0,9}", fullmatch=True),
    st.from_regex(r"[+]?[0-9]{8,17}\n?", fullmatch=True),
)
part = st.text("ab1  \u00a0é", max_size=6)
addresses = st.lists(
    st.sampled_from(["1 Long Street", "10115 Berlin", "Berlin", "Germany", " ", ""]) | part, max_size=4
).flatmap(lambda parts: st.sampled_from([", ", ",", "\n", "\n ", ",,"]).map(lambda between: between.join(parts)))
days = st.dates(dt.date(1, 1, 2), dt.date(9999, 12, 30))
zones = st.integers(-14, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
moments = st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29), timezones=zones)  # noqa: DTZ001


def numbers(digits: int, places: int) -> st.SearchStrategy[Decimal]:
    """What a column of so many digits can hold, small and round ones among them."""
    most = 10 ** (digits - places)
    small = st.decimals(-200, 200, places=places)
    return st.one_of(small, st.decimals(-most + 1, most - 1, places=places), st.sampled_from([Decimal(0), Decimal(1)]))


row = st.fixed_dictionaries(
    {
        "word": st.none() | texts,
        "email": st.none() | texts,
        "phone": st.none() | texts,
        "note": st.none() | texts,
        "street": st.none() | texts | addresses,
        "level": st.none() | st.integers(-(2**31), 2**31 - 1) | st.integers(-120, 120),
        "score": st.none() | numbers(18, 3),
        "price": st.none() | numbers(19, 4),
        "currency": st.sampled_from(["EUR", None]),
        "base_price": st.none() | numbers(19, 4),
        "born": st.none() | days,
        "seen": st.none() | moments,
    }
)


@pytest.fixture(scope="module")
def asked(server: TestServer) -> Iterator[Database]:
    with server.database("template0") as bare, database(bare.dsn) as found:
        yield found


@settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink]
)
@given(st.lists(row, min_size=1, max_size=30))
def test_each_mask_shows_what_its_python_form_shows(asked: Database, rows: list[dict[str, Any]]) -> None:
    Comparison(asked.answers(case(rows, ONE))).check()
