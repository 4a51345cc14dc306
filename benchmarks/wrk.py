"""Load by wrk, https://github.com/wg/wrk."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.contenders import Contender
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run

SCRIPT = Path(__file__).with_name("load.lua")
GRACE = 30
"""Seconds that wrk may take beyond the load itself."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much."""

    connections: int = 8
    seconds: int = 5


def find_wrk() -> str:
    """The program. Raises BenchmarkError where it is missing."""
    found = shutil.which("wrk")
    if found is None:
        raise BenchmarkError("wrk makes the load, and is missing here: apt-get install wrk, or brew install wrk.")
    return found


def parse(output: str) -> Run:
    """What a run measured: the one line of JSON that the script writes last. Raises BenchmarkError."""
    last = output.rstrip().rpartition("\n")[2]
    try:
        run = Run(**orjson.loads(last))
    except (orjson.JSONDecodeError, TypeError):
        raise BenchmarkError(f"wrk did not say what it measured:\n{output}") from None
    if run.failed or not run.requests:
        raise BenchmarkError(f"{run.failed} of {run.requests} requests failed under load.")
    return run


def press(contender: Contender, selection: str, load: Load) -> Run:
    """One run of load on one contender."""
    command = [find_wrk(), "--threads", "1", "--connections", str(load.connections)]
    command += ["--duration", f"{load.seconds}s", "--latency", "--script", str(SCRIPT), contender.urls[selection]]
    headers = [f"{name}: {value}" for name, value in contender.headers.items()]
    given = ["--", str(contender.bodies[selection]), *headers]
    done = subprocess.run([*command, *given], capture_output=True, text=True, timeout=load.seconds + GRACE)  # noqa: S603
    if done.returncode:
        raise BenchmarkError(f"wrk failed: {done.stderr or done.stdout}")
    return parse(done.stdout)
