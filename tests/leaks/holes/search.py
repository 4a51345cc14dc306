"""Whether a run finds what is planted: each hole in turn, in a process of its own over a copy of the source."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.leaks.holes.adding_up import ADDING_UP
from tests.leaks.holes.caches import CACHES
from tests.leaks.holes.custom import CUSTOM
from tests.leaks.holes.hole import Hole, copy_source, planted
from tests.leaks.holes.looking import LOOKING
from tests.leaks.holes.policy import POLICY
from tests.leaks.holes.reading import READING
from tests.leaks.holes.searching import SEARCHING
from tests.leaks.holes.story import STORY
from tests.leaks.prepared import Prepared

HOLES: tuple[Hole, ...] = (*READING, *STORY, *SEARCHING, *ADDING_UP, *CUSTOM, *POLICY, *LOOKING, *CACHES)
TOLD_APART = "the answers differ"


@dataclass(frozen=True)
class Search:
    """Searches for holes in databases that were prepared over the source without any."""

    ready: Prepared
    directory: Path
    most: int
    """Operations after which a hole counts as not found."""
    shrink: bool = False

    @property
    def source(self) -> Path:
        """Where the copy is."""
        return self.directory / "source"

    def begin(self) -> None:
        """Copies the source and writes down what was prepared."""
        copy_source(self.source)
        (self.directory / "prepared").write_bytes(pickle.dumps(self.ready))

    def run(self, mistake: Hole | None) -> dict[str, Any]:
        """What a process over the source with a hole prints; without one, where none is given."""
        if mistake is None:
            return self._run(())
        with planted(mistake, self.source):
            return self._run(sorted(mistake.near))

    def _run(self, near: Sequence[str]) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.leaks.holes.asked", str(self.directory / "prepared"), str(self.most)]
        environment = {**os.environ, "PYTHONPATH": str(self.source), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [*command, *(["--shrink"] if self.shrink else []), *(["--near", *near] if near else [])],
            cwd=self.source,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3_000:])
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
