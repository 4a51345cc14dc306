"""The days that a trend is compared with."""

from __future__ import annotations

import datetime as dt

import asyncpg
import pytest
import sqlalchemy as sa

from graphql_schema.analyses.metric_trend import earlier
from graphql_schema.analyses.period import Window
from policies.fragments import DIALECT

BACK = [
    ("2026-03-01 2026-03-28", "1 month", "2026-02-01 2026-02-28"),
    ("2026-03-01 2026-03-31", "1 month", "2026-02-01 2026-02-28"),
    ("2026-03-01 2026-03-29", "1 month", "2026-02-01 2026-02-28"),
    ("2026-02-01 2026-02-28", "1 month", "2026-01-01 2026-01-31"),
    ("2026-05-01 2026-05-30", "1 month", "2026-04-01 2026-04-30"),
    ("2026-05-30 2026-05-30", "1 month", "2026-04-30 2026-04-30"),
    ("2026-05-31 2026-05-31", "1 month", "2026-04-30 2026-04-30"),
    ("2024-02-01 2024-02-28", "1 year", "2023-02-01 2023-02-28"),
    ("2024-02-01 2024-02-29", "1 year", "2023-02-01 2023-02-28"),
    ("2025-02-01 2025-02-28", "1 year", "2024-02-01 2024-02-29"),
    ("2026-03-16 2026-03-25", "52 weeks", "2025-03-17 2025-03-26"),
    ("2026-03-31 2026-03-31", "1 day", "2026-03-30 2026-03-30"),
    ("2026-01-01 2026-03-31", "3 months", "2025-10-01 2025-12-31"),
]


@pytest.mark.parametrize(("days", "back", "then"), BACK, ids=[f"{days} {back}" for days, back, _ in BACK])
async def test_a_period_moved_back(writer: asyncpg.Connection, days: str, back: str, then: str) -> None:
    first, last = (sa.cast(sa.literal_column(f"'{day}'"), sa.Date()) for day in days.split())
    found = earlier(Window(first, last, sa.literal_column("'UTC'")), sa.literal_column(f"interval '{back}'"))
    row = await writer.fetchrow(str(sa.select(found.first, found.last).compile(dialect=DIALECT)))
    assert tuple(row) == tuple(map(dt.date.fromisoformat, then.split()))
