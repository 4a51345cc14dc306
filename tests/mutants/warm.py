"""A process that has imported all libraries and nothing that is changed, and forks a child for each change that is to be tried.

Reads jobs from its input and writes reports to its output, a line of JSON each.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.mutants.jobs import DIED, DONE, HUNG, Job, Report
from tests.mutants.planting import plant
from tests.mutants.watching import Lines, Watch

LIBRARIES = (
    "_hypothesis_pytestplugin",
    "alembic.command",
    "alembic.autogenerate",
    "anyio.pytest_plugin",
    "asyncpg",
    "hypothesis.strategies",
    "hypothesis.internal.conjecture.engine",
    "orjson",
    "phonenumbers",
    "pydantic_settings",
    "pytest",
    "_pytest.terminal",
    "rich.console",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
    "uvloop",
    "yaml",
)
UNCHANGED = ("app.database", "app.models", "app.postgres", "migrations")
"""What of ours rests on nothing that is ever changed: planting refuses what is imported already."""
OPTIONS = (
    "-x",
    "-q",
    "--tb=no",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:xdist.looponfail",
    "--hypothesis-seed=1",
)


def tried(job: Job) -> Report:
    """Run the tests with the change, in this process, which can be used for nothing else afterwards."""
    # However busy the machine is, nothing is slow; and a failure need not be made small.
    settings.register_profile("mutants", deadline=None, phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutants")
    planted = [plant(module, source) for module, source in job.planted.items()]
    watch, lines = Watch(job.order, job.alone), Lines({str(Path(path).absolute()): path for path in job.traced})
    started = time.monotonic()
    code = int(
        pytest.main(
            [*OPTIONS, f"--basetemp={job.folder}-tests", *job.paths],
            plugins=[watch, lines] if job.traced else [watch],
        )
    )
    seconds, active = round(time.monotonic() - started, 2), all(each.active for each in planted)
    return Report(DONE, code, watch.by, watch.message, seconds, active, lines.notes)


def _child(job: Job, report: Path) -> None:
    os.setsid()
    log = os.open(f"{job.folder}/log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(job.environment)
    found = tried(job)
    if found.code and not found.by:
        found = replace(found, message=Path(f"{job.folder}/log").read_text("utf-8", "replace")[-1000:])
    report.write_text(json.dumps(asdict(found)), "utf-8")


def reported(job: Job) -> Report:
    """What a child reports of a job."""
    report = Path(job.folder) / "report"
    report.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        try:
            _child(job, report)
        except BaseException as error:
            report.write_text(json.dumps(asdict(Report(DIED, message=repr(error)))), "utf-8")
        finally:
            os._exit(0)
    ended = _ended(child, job.limit)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not ended:
        return Report(HUNG, seconds=job.limit)
    return Report(**json.loads(report.read_text("utf-8"))) if report.exists() else Report(DIED)


def _ended(child: int, limit: float) -> bool:
    handle = os.pidfd_open(child)
    try:
        return bool(select.select([handle], [], [], limit)[0])
    finally:
        os.close(handle)


def main() -> None:
    """Serve jobs until there are no more."""
    for library in LIBRARIES + UNCHANGED:
        import_module(library)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(asdict(reported(Job(**json.loads(line))))), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
