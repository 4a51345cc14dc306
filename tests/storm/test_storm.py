"""A short storm, in which the server and PostgreSQL are killed."""

from __future__ import annotations

from pathlib import Path

from tests.storm.running import Storm, run


async def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    found = await run(Storm(clients=16, seconds=6, kills=2), tmp_path)
    assert found.is_right, str(found)
    assert found.acknowledged > 50
    assert found.retries > 0
