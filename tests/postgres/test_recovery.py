from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.postgres import PostgresError, embedded, server
from tests.postgres.conftest import Client, ask, is_down, postmaster


@pytest.mark.parametrize("also_the_server", [True, False])
def test_no_acknowledged_row_is_lost_when_everything_is_killed(
    tmp_path: Path, client: Callable[..., Client], *, also_the_server: bool
) -> None:
    acknowledged: set[int] = set()
    for acknowledgements in (1, 50, 200):
        writer = client(tmp_path, "--count")
        writer.ready()
        acknowledged |= {int(writer.heard()) for _ in range(acknowledgements)}
        if also_the_server:
            os.kill(postmaster(tmp_path), signal.SIGKILL)
        writer.send(signal.SIGKILL)
        rest, _ = writer.process.communicate()
        acknowledged |= {int(line) for line in rest.splitlines() if line.isdecimal()}
    with embedded(tmp_path) as found:
        rows = set(ask(found.dsn, "SELECT array_agg(number) FROM numbers"))
    assert acknowledged <= rows
    assert rows == set(range(len(rows)))
    assert is_down(tmp_path)


@pytest.fixture
def bystander(tmp_path: Path) -> Iterator[int]:
    """A living process of the server's own user that is no server."""
    with embedded(tmp_path):
        owner = (tmp_path / "postgres/data").stat()
    user = owner.st_uid if os.geteuid() == 0 else None
    sleeper = subprocess.Popen(["sleep", "1000"], user=user)
    yield sleeper.pid
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


def test_the_pid_file_of_a_dead_server_may_name_a_living_process(tmp_path: Path, bystander: int) -> None:
    lie = f"{bystander}\n/nowhere\n1700000000\n5432\n/nowhere\n\n 1 1\nready\n"
    (tmp_path / "postgres/data/postmaster.pid").write_text(lie)
    with embedded(tmp_path) as found:
        assert ask(found.dsn, "SELECT 1") == 1
        assert postmaster(tmp_path) != bystander
    assert is_down(tmp_path)


@pytest.mark.parametrize("torn", ["", "\n", "garbage\n"])
def test_a_torn_pid_file_is_no_server(tmp_path: Path, torn: str) -> None:
    with embedded(tmp_path):
        pass
    (tmp_path / "postgres/data/postmaster.pid").write_text(torn)
    with embedded(tmp_path) as found:
        assert ask(found.dsn, "SELECT 1") == 1


def test_a_server_that_lost_its_socket_is_neither_doubled_nor_touched(
    tmp_path: Path, client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "UNREACHABLE", 0.0)
    user = client(tmp_path)
    user.ready()
    running = postmaster(tmp_path)
    for sockets in (tmp_path / "postgres").glob("run*"):
        shutil.rmtree(sockets.resolve())

    with pytest.raises(PostgresError, match="does not answer"), embedded(tmp_path):
        pytest.fail("a second server over the same data")

    assert postmaster(tmp_path) == running
    assert user.leave() == 0
    assert is_down(tmp_path)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(PostgresError, match=r'(?s)does not start: .*"shared_buffers".*"much"'),
        embedded(tmp_path, settings={"shared_buffers": "much"}),
    ):
        pytest.fail("started")
    with embedded(tmp_path) as found:
        assert ask(found.dsn, "SELECT 1") == 1
