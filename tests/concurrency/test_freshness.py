"""A process asks without a pause while another changes rights: no statement begun after a commit shows the old ones."""

from __future__ import annotations

import logging

import pytest

from tests.concurrency.changes import ALL_SEE, ASKED, CHANGES, flapping
from tests.concurrency.judging import phases
from tests.concurrency.scene import Played, Scene

log = logging.getLogger("freshness")

FLIPS = 50
"""How often rights change in a row, for each time that a question is to be answered."""


def _note(name: str, played: Played) -> None:
    """How much was seen, for who runs it for long."""
    after = sum(phases(answer, played.marks).start > 0 for answer in played.answers)
    seconds = played.answers[-1].after.seconds - played.answers[0].before.seconds
    rate = len(played.answers) / seconds
    log.info("%s: %d answers, %d of them after the first change; %.0f a second", name, len(played.answers), after, rate)


@pytest.mark.parametrize("name", CHANGES)
async def test_no_answer_shows_rights_of_before_or_of_another(scene: Scene, times: int, name: str) -> None:
    change = CHANGES[name]
    played = await scene.play(change, times)
    assert played.wrong == []
    assert len(played.answers) >= len(ASKED) * times * (len(change.steps) + 1)
    _note(name, played)


async def test_an_answer_is_of_one_moment_while_rights_change_all_the_time(scene: Scene, times: int) -> None:
    """Never the rows of before under the rights of after; and it fails only where rights do not settle."""
    played = await scene.play(flapping(FLIPS * times), 0, ALL_SEE, exactly=True)
    assert played.wrong == []
    _note("rights that change all the time", played)
