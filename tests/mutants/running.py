"""A run: the tree as it is, then each change before the tests that run its lines, then what is left before all tests."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from uuid import uuid4

from tests.conftest import template_server
from tests.mutants.algebra import ALGEBRA, Change, module_of, path_of
from tests.mutants.asking import Place, Warm, warm
from tests.mutants.choosing import TESTS, Choice, file_of
from tests.mutants.jobs import DONE, Report
from tests.mutants.verdicts import Verdict, verdict

LEAST, TIMES = 120, 8
"""Seconds that a child has at least, and how many times as long as the same tests took without a change."""
ENTIRE = 1800
"""Seconds for all tests without any change."""


class Unfit(Exception):
    """The tests fail without any change."""


@dataclass(frozen=True)
class Run:
    """Tries changes, as many at once as there are warm processes."""

    warms: SimpleQueue[Warm]
    jobs: int
    root: Path

    def choice(self, kept: Path) -> Choice:
        """What each test runs, but those of the oracle, which run most; kept in a file. Raises Unfit where one fails."""
        digest = hashlib.sha256()
        for file in sorted(path for part in ("policies", TESTS[0]) for path in (self.root / part).rglob("*.py")):
            digest.update(file.read_bytes())
        known, notes = json.loads(kept.read_text("utf-8")) if kept.exists() else ("", {})
        if known != digest.hexdigest():
            with self._taken() as one:
                notes = _fit(one.ask({}, [TESTS[0]], ENTIRE, traced=tuple(map(path_of, ALGEBRA)))).notes
            kept.write_text(json.dumps((digest.hexdigest(), notes)), "utf-8")
        return Choice(notes)

    def unchanged(self) -> float:
        """The seconds of all tests with the algebra planted as it is. Raises Unfit where one fails."""
        paths = map(path_of, ALGEBRA)
        same = {module_of(path): ast.unparse(ast.parse((self.root / path).read_text("utf-8"))) for path in paths}
        with self._taken() as one:
            return _fit(one.ask(same, list(TESTS), ENTIRE, whole=True)).seconds

    def fast(self, changes: Sequence[Change], choice: Choice, most: int) -> Iterator[Verdict]:
        """Try changes before the most telling of the tests that run their lines."""

        def ask(change: Change) -> Verdict:
            order = choice.of(change)[:most]
            limit = LEAST + TIMES * sum(choice.notes[test][0] for test in order)
            files = list(dict.fromkeys(map(file_of, order)))
            with self._taken() as one:
                report = one.ask({change.module: change.source}, files, limit, order=order)
            choice.killed(change, report.by)
            return verdict(change, report, whole=False)

        yield from self._each(changes, ask)

    def whole(self, changes: Sequence[Change], choice: Choice, seconds: float) -> Iterator[Verdict]:
        """Try changes before all tests, which take so long without one."""

        def ask(change: Change) -> Verdict:
            with self._taken() as one:
                order, limit = choice.of(change), LEAST + TIMES * seconds
                report = one.ask({change.module: change.source}, list(TESTS), limit, order=order, whole=True)
            return verdict(change, report, whole=True)

        yield from self._each(changes, ask)

    def _each(self, changes: Sequence[Change], ask: Callable[[Change], Verdict]) -> Iterator[Verdict]:
        with ThreadPoolExecutor(self.jobs) as threads:
            try:
                for done in as_completed([threads.submit(ask, change) for change in changes]):
                    yield done.result()
            finally:
                threads.shutdown(cancel_futures=True)

    @contextmanager
    def _taken(self) -> Iterator[Warm]:
        one = self.warms.get()
        try:
            yield one
        finally:
            self.warms.put(one)


def _fit(report: Report) -> Report:
    if report.end != DONE or report.code or not report.active:
        raise Unfit(f"{report.end}, {report.code}: {report.by} {report.message}")
    return report


@contextmanager
def running(root: Path, jobs: int) -> Iterator[Run]:
    """A run over a copy of a tree."""
    name = uuid4().hex
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(root, folder / "tree", ignore=shutil.ignore_patterns(".*", "node_modules", "__pycache__"))
        (folder / "shared").mkdir()
        server = exits.enter_context(template_server(folder / "shared", name))
        place, warms = Place(folder, server.dsn, name), SimpleQueue[Warm]()
        for number in range(jobs):
            warms.put(exits.enter_context(warm(place, number)))
        yield Run(warms, jobs, folder / "tree")
