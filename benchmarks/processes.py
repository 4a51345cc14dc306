"""Servers under test: started, waited for, and stopped however the benchmark ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from benchmarks.asking import status_of
from benchmarks.errors import BenchmarkError

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds in which a server must answer for the first time."""
STOPPING = 15.0
"""Seconds that a server may take to stop."""
PAUSE = 0.1


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
    return port


@dataclass(frozen=True, slots=True)
class Program:
    """What to start: the command, what its environment has besides ours, and where its output goes."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path = ROOT

    def said(self) -> str:
        """The end of its output."""
        return self.log.read_text(errors="replace")[-2000:]


@contextmanager
def running(program: Program, ready: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that runs as long as the block, from when the address `ready` answers. Raises BenchmarkError."""
    with program.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 the programs are known ones
            program.command,
            cwd=program.folder,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _await(program, process, ready)
            yield process
        finally:
            _stop(process)


def _await(program: Program, process: subprocess.Popen[bytes], ready: str) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if process.poll() is not None:
            raise BenchmarkError(f"{program.command[0]} ended before it served:\n{program.said()}")
        status = status_of(ready)
        if status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        time.sleep(PAUSE)
    raise BenchmarkError(f"{program.command[0]} did not answer at {ready} in {PATIENCE:.0f} s:\n{program.said()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    _signal(process, signal.SIGTERM)
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To the process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def output_of(program: Program) -> str:
    """Run a program to its end. Its output; raises BenchmarkError with its complaint."""
    done = subprocess.run(  # noqa: S603 the programs are known ones
        program.command,
        cwd=program.folder,
        env={**os.environ, **program.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    program.log.write_text(done.stderr)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(program.command)} failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout
