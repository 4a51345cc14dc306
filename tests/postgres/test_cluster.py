from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from app.postgres import PostgresError, embedded
from tests.postgres.conftest import Client, ask, is_down


def test_what_a_crash_left_half_made_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "data.new-crashed"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded(tmp_path) as server:
        assert ask(server.dsn, "SELECT 1") == 1
    assert not half.exists()
    assert is_down(tmp_path)


def test_a_process_killed_while_it_makes_the_cluster_does_no_harm(
    tmp_path: Path, client: Callable[..., Client]
) -> None:
    killed = client(tmp_path)
    assert killed.heard() == "begun"
    while not list((tmp_path / "postgres").glob("data.new-*/PG_VERSION")):
        assert killed.process.poll() is None
    killed.send(signal.SIGKILL)
    killed.process.wait()

    with embedded(tmp_path) as server:
        assert ask(server.dsn, "SELECT 1") == 1
    assert not list((tmp_path / "postgres").glob("data.new-*"))


def test_data_of_another_major_version_are_refused_untouched(tmp_path: Path) -> None:
    with embedded(tmp_path):
        pass
    version = tmp_path / "postgres/data/PG_VERSION"
    version.write_text("16\n")
    with (
        pytest.raises(PostgresError, match=r"made by PostgreSQL 16, and this release runs PostgreSQL 18"),
        embedded(tmp_path),
    ):
        pytest.fail("started")
    assert version.read_text() == "16\n"
    assert is_down(tmp_path)


def test_a_folder_that_holds_something_else_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "postgres/data").mkdir(parents=True)
    (tmp_path / "postgres/data/letter.txt").write_text("dear")
    with pytest.raises(PostgresError), embedded(tmp_path):
        pytest.fail("started")
    assert [path.name for path in (tmp_path / "postgres/data").iterdir()] == ["letter.txt"]
