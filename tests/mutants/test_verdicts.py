"""What a run says of a mutant: never killed but by a test that ran with it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants.algebra import Change
from tests.mutants.jobs import DIED, DONE, HUNG, Report
from tests.mutants.planting import plant
from tests.mutants.verdicts import Outcome, append, read, told, verdict

CHANGE = Change("policies/levels.py", "policies/levels.py f: a → b", range(1, 2), "x = 1")


@pytest.mark.parametrize(
    ("report", "whole", "outcome"),
    [
        (Report(DONE, 1, active=True), False, Outcome.KILLED),
        (Report(DONE, 2, active=True), True, Outcome.KILLED),
        (Report(DONE, 4, active=True), True, Outcome.KILLED),
        (Report(DONE, 0, active=True), False, Outcome.PASSED),
        (Report(DONE, 0, active=True), True, Outcome.SURVIVED),
        (Report(DONE, 1, active=False), True, Outcome.UNCLEAR),
        (Report(DONE, 0, active=False), True, Outcome.UNCLEAR),
        (Report(DONE, 3, active=True), True, Outcome.UNCLEAR),
        (Report(DONE, 5, active=True), False, Outcome.UNCLEAR),
        (Report(HUNG), False, Outcome.HUNG),
        (Report(DIED), False, Outcome.UNCLEAR),
    ],
    ids=str,
)
def test_a_mutant_is_killed_by_a_test_that_ran_with_it(report: Report, outcome: Outcome, *, whole: bool) -> None:
    assert verdict(CHANGE, report, whole=whole).outcome is outcome


def test_a_verdict_is_about_one_text(tmp_path: Path) -> None:
    file = tmp_path / "verdicts"
    passed, killed = (verdict(CHANGE, Report(DONE, code, "test", active=True), whole=False) for code in (0, 1))
    append(file, passed)
    append(file, killed)
    assert read(file, [CHANGE]) == {CHANGE.name: killed}
    assert read(file, [replace(CHANGE, source="x = 2")]) == {}
    assert told({"a": killed, "b": replace(passed, name="b")}, {"b": "why"}) == (
        "1 of 1 mutants killed; 1 more change nothing that can be seen"
    )


def test_what_is_planted_is_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    planted, broken = plant("tests.mutants.planted", "x = 1"), plant("tests.mutants.broken", "1 / 0")
    before = planted.active
    from tests.mutants import planted as module  # type: ignore[attr-defined]  # noqa: PLC0415

    assert (before, planted.active) == (False, True)
    assert module.x == 1
    with pytest.raises(ZeroDivisionError):
        __import__("tests.mutants.broken")
    assert broken.active
    with pytest.raises(ValueError, match="imported already"):
        plant("tests.mutants.planted", "x = 2")
    del sys.modules["tests.mutants.planted"]
