"""A warm process, and what it is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.settings import FOR_TESTS
from tests.mutants.jobs import Job, Report


@dataclass(frozen=True)
class Place:
    """A copy of the tree, and a server with a migrated template that the tests join as workers of one run."""

    folder: Path
    dsn: str
    run: str

    @property
    def tree(self) -> Path:
        """Where the copy lies."""
        return self.folder / "tree"

    @property
    def environment(self) -> dict[str, str]:
        """That of the tests."""
        return {
            f"{FOR_TESTS}DATABASE_URL": self.dsn,
            f"{FOR_TESTS}ORACLE_SEED": "1",
            "PYTEST_XDIST_TESTRUNUID": self.run,
            "PYTEST_XDIST_WORKER": "mutants",
        }


@dataclass(frozen=True)
class Warm:
    """A warm process."""

    process: subprocess.Popen[str]
    folder: Path
    place: Place = field(repr=False)

    def ask(
        self,
        planted: dict[str, str],
        paths: list[str],
        limit: float,
        *,
        order: list[str] | None = None,
        whole: bool = False,
        traced: tuple[str, ...] = (),
    ) -> Report:
        """What comes of some tests with modules planted; of the whole, with no test left out."""
        alone = order is not None and not whole
        job = Job(planted, paths, order or [], alone, limit, str(self.folder), self.place.environment, traced)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asdict(job)) + "\n")
        self.process.stdin.flush()
        return Report(**json.loads(self.process.stdout.readline()))


@contextmanager
def warm(place: Place, number: int) -> Iterator[Warm]:
    """A warm process over a place."""
    folder = place.folder / f"warm{number}"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.mutants.warm"]
    environment = {**os.environ, "PYTHONPATH": str(place.tree)}
    with subprocess.Popen(
        command, cwd=place.tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Warm(process, folder, place)
