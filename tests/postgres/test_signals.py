from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from app.postgres.signals import deferred_signals, exiting_on_termination
from tests.postgres.conftest import SECONDS, Client, is_down

ENDS = {signal.SIGINT: -signal.SIGINT, signal.SIGTERM: 128 + signal.SIGTERM, signal.SIGHUP: 128 + signal.SIGHUP}


@pytest.mark.parametrize(("number", "status"), ENDS.items())
def test_a_signal_that_ends_the_process_stops_the_server_cleanly(
    tmp_path: Path, client: Callable[..., Client], number: signal.Signals, status: int
) -> None:
    user = client(tmp_path)
    user.ready()
    user.send(number)
    assert user.process.wait(SECONDS) == status
    assert is_down(tmp_path)


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_while_a_statement_runs_stops_the_server_cleanly(
    tmp_path: Path, client: Callable[..., Client], number: signal.Signals
) -> None:
    user = client(tmp_path, "--count")
    user.ready()
    assert user.heard() == "0"
    user.send(number)
    user.process.communicate(timeout=SECONDS)
    assert is_down(tmp_path)


def test_a_signal_before_the_server_is_up_leaves_none_behind(tmp_path: Path, client: Callable[..., Client]) -> None:
    user = client(tmp_path)
    assert user.heard() == "begun"
    user.send(signal.SIGTERM)
    user.process.communicate(timeout=SECONDS)
    assert not (tmp_path / "postgres/data").exists() or is_down(tmp_path)


def test_impatience_does_not_interrupt_the_stop(tmp_path: Path, client: Callable[..., Client]) -> None:
    user = client(tmp_path)
    user.ready()
    user.send(signal.SIGTERM)
    log = tmp_path / "postgres/data/server.log"
    while "received fast shutdown request" not in log.read_text():
        assert user.process.poll() is None
    while user.process.poll() is None:
        user.send(signal.SIGINT)
    assert is_down(tmp_path)


@pytest.fixture
def arrivals() -> Iterator[list[int]]:
    """The numbers of the SIGTERMs delivered."""
    numbers: list[int] = []

    def arrive(number: int, _frame: FrameType | None) -> None:
        numbers.append(number)

    former = signal.signal(signal.SIGTERM, arrive)
    yield numbers
    signal.signal(signal.SIGTERM, former)


def test_a_deferred_signal_is_delivered_once_the_block_is_done(arrivals: list[int]) -> None:
    with deferred_signals():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert arrivals == []
    assert arrivals == [signal.SIGTERM]


def test_a_handler_that_someone_set_stays_in_force(arrivals: list[int]) -> None:
    with exiting_on_termination():
        signal.raise_signal(signal.SIGTERM)
    assert arrivals == [signal.SIGTERM]


def test_termination_unwinds_the_stack_where_nobody_handles_it() -> None:
    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with pytest.raises(SystemExit) as exit_, exiting_on_termination():
            signal.raise_signal(signal.SIGTERM)
        assert exit_.value.code == 143
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, former)
