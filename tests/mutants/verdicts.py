"""Verdicts, written to a file as they come: a line of JSON each, so that a run that was cut off goes on where it stopped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from tests.mutants.algebra import Change
from tests.mutants.jobs import DONE, HUNG, Report

FAILED = (1, 2, 4)
"""Codes of pytest: a test failed; a test file, or a conftest.py, could not be imported."""


class Outcome(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    HUNG = "hung"
    """The tests took longer than their limit."""
    PASSED = "passed"
    """The tests that run its lines pass; the others have not been asked."""
    SURVIVED = "survived"
    """All tests pass."""
    UNCLEAR = "unclear"
    """The change was not in force, or the tests did not come to an end."""


ALL = 2**31
KILLED = frozenset({Outcome.KILLED, Outcome.HUNG})


@dataclass(frozen=True)
class Verdict:
    """What became of a change, and by which test."""

    name: str
    digest: str
    outcome: Outcome
    by: str = ""
    message: str = ""
    seconds: float = 0
    tests: int = ALL
    """How many of those that run its lines were asked, at most."""


Verdicts: TypeAlias = dict[str, Verdict]
"""By the change's name; the last word of each."""


def verdict(change: Change, report: Report, *, whole: bool) -> Verdict:
    """What a report says of a change."""
    return Verdict(change.name, change.digest, _outcome(report, whole=whole), report.by, report.message, report.seconds)


def _outcome(report: Report, *, whole: bool) -> Outcome:
    if report.end == HUNG:
        return Outcome.HUNG
    if report.end != DONE or not report.active:
        return Outcome.UNCLEAR
    if report.code in FAILED:
        return Outcome.KILLED
    return (Outcome.SURVIVED if whole else Outcome.PASSED) if report.code == 0 else Outcome.UNCLEAR


def read(file: Path, changes: Iterable[Change]) -> Verdicts:
    """The verdicts in a file that are about these very changes."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    known = {change.name: change.digest for change in changes}
    found = (Verdict(**{**fields, "outcome": Outcome(fields["outcome"])}) for fields in map(json.loads, lines))
    return {each.name: each for each in found if known.get(each.name) == each.digest}


def append(file: Path, found: Verdict) -> None:
    """Write one verdict."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")


def told(verdicts: Verdicts, listed: Mapping[str, str]) -> str:
    """The sum of verdicts."""
    tried = [each for each in verdicts.values() if each.outcome in KILLED or each.name not in listed]
    counts = Counter(each.outcome for each in tried)
    parts = [f"{sum(counts[each] for each in KILLED)} of {len(tried)} mutants killed"]
    parts += [f"{count} {outcome}" for outcome, count in sorted(counts.items()) if outcome is not Outcome.KILLED]
    return f"{', '.join(parts)}; {len(verdicts) - len(tried)} more change nothing that can be seen"
