"""c360 duplicates find, over the demo company's kind of database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from tests.command_line import Line, forget_settings, line_over
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row, customer, store


@pytest.fixture
def pair(fresh_database: TemporaryDatabase) -> tuple[Row, Row]:
    """Two rows of one customer."""
    both = (
        customer("Fernhollow", email="a@f.example"),
        customer("Fernhollow Ltd", email="a@f.example", phone="+441132345678"),
    )

    async def put() -> None:
        connection = await asyncpg.connect(fresh_database.dsn)
        await store(connection, *both)
        await connection.close()

    asyncio.run(put())
    return both


@pytest.fixture
def line(fresh_database: TemporaryDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    forget_settings(monkeypatch)
    return line_over(fresh_database, tmp_path)


def test_it_tells_what_it_found_and_wrote(line: Line, pair: tuple[Row, Row]) -> None:
    first, second = pair
    dry = json.loads(line.run("duplicates", "find", "--dry-run", "--json").out)
    assert dry["pairs"] == [
        {
            "customer": str(second.key),
            "other": str(first.key),
            "score": 98,
            "evidence": [{"field": "displayName", "likeness": 100}, {"field": "email", "likeness": 100}],
        }
    ]
    assert (dry["dryRun"], dry["threshold"], dry["customers"], dry["found"]) == (True, 70, 2, 1)
    issues = {"created": 1, "updated": 0, "unchanged": 0, "settled": 0, "fixed": 0}
    assert dry["issues"] == issues
    told = line.run("duplicates", "find").err
    assert "1 pairs among 2 customers score 70 or more" in told
    assert "1 opened, 0 updated, 0 unchanged, 0 closed" in told
    again = json.loads(line.run("duplicates", "find", "--threshold", "100", "--json").out)
    assert again["issues"] == {**issues, "created": 0, "fixed": 1}


@pytest.mark.parametrize("threshold", ["0", "101", "x"])
def test_a_threshold_is_a_score(line: Line, threshold: str) -> None:
    assert line.run("duplicates", "find", "--threshold", threshold).code == 2
