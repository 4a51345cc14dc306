from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from app.postgres import embedded
from tests.postgres.conftest import Client, ask, is_down, postmaster


def test_the_last_of_several_processes_stops_the_server(tmp_path: Path, client: Callable[..., Client]) -> None:
    first, second = client(tmp_path), client(tmp_path)
    dsn = first.ready()
    assert second.ready() == dsn
    running = postmaster(tmp_path)

    assert first.leave() == 0
    assert postmaster(tmp_path) == running
    assert ask(dsn, "SELECT 1") == 1

    assert second.leave() == 0
    assert is_down(tmp_path)


def test_one_process_may_use_it_twice(tmp_path: Path) -> None:
    with embedded(tmp_path) as outer:
        with embedded(tmp_path) as inner:
            assert inner == outer
        assert ask(outer.dsn, "SELECT 1") == 1
    assert is_down(tmp_path)


def test_many_that_begin_at_once_on_an_empty_folder_share_one_server(
    tmp_path: Path, client: Callable[..., Client]
) -> None:
    clients = [client(tmp_path) for _ in range(4)]
    assert len({each.ready() for each in clients}) == 1
    assert [each.leave() for each in clients] == [0, 0, 0, 0]
    assert is_down(tmp_path)


def test_a_server_that_a_killed_process_left_running_is_used_and_then_stopped(
    tmp_path: Path, client: Callable[..., Client]
) -> None:
    killed = client(tmp_path)
    killed.ready()
    running = postmaster(tmp_path)
    killed.send(signal.SIGKILL)
    killed.process.wait()

    with embedded(tmp_path):
        assert postmaster(tmp_path) == running
    assert is_down(tmp_path)
