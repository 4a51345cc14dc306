"""Several processes use one thing: the first to come sets it up, the last to leave puts it away.

Two files are locked with `flock`, which the kernel undoes when a process dies, however it dies:
`turn.lock` exclusively while a process comes or leaves, `use.lock` shared for as long as it stays.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from app.postgres.signals import deferred_signals

Thing = TypeVar("Thing")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _turn(directory: Path) -> Iterator[int]:
    with _opened(directory / "turn.lock") as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor


def _alone(use: int) -> bool:
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass
class Use(Generic[Thing]):
    """A thing in use by this process."""

    directory: Path
    join: Callable[[int], Thing]
    thing: Thing
    left: bool = False

    def rejoin(self) -> None:
        """Set the thing up again where it is gone, though it is in use. Nothing is done once this process has left."""
        with _turn(self.directory) as turn:
            if not self.left:
                self.thing = self.join(turn)


@contextmanager
def shared(directory: Path, join: Callable[[int], Thing], leave: Callable[[Thing], None]) -> Iterator[Use[Thing]]:
    """Use what `join` returns. Each process joins, one at a time; `leave` runs in the last one only.

    Neither is interrupted: a signal that comes meanwhile is delivered afterwards. `join` is given the descriptor of
    its turn: should the process be killed, its turn lasts as long as the programs that inherited the descriptor.
    """

    def depart(use: Use[Thing]) -> None:
        with deferred_signals(), _turn(directory):
            use.left = True
            if _alone(descriptor):
                leave(use.thing)

    with ExitStack() as exits:
        descriptor = exits.enter_context(_opened(directory / "use.lock"))
        with _turn(directory) as turn, deferred_signals():
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            use = Use(directory, join, join(turn))
            exits.callback(depart, use)
        yield use
