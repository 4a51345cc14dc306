"""Who asks, and who changes rights meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from graphql_schema.engine import ROUNDS
from tests.concurrency.changes import ASKED, Change
from tests.concurrency.judging import Answer, Enough, Mark, Told, is_right, phases
from tests.concurrency.process import Asker
from tests.graphql_schema.company import Company


@dataclass(frozen=True)
class Played:
    """What came of a change."""

    answers: Sequence[Answer]
    marks: Sequence[Mark]
    wrong: Sequence[Answer]


@dataclass(frozen=True)
class Scene:
    """A company, a process that asks about it, and a connection on which its rights are changed."""

    process: Asker
    revoker: asyncpg.Connection
    company: Company

    async def play(
        self,
        change: Change,
        times: int,
        asked: Sequence[tuple[str, str]] = ASKED,
        *,
        hole: str | None = None,
        until_wrong: bool = False,
        exactly: bool = False,
    ) -> Played:
        """Makes a change step by step; before it and after each, every question is answered so often.

        With `times` 0 the next step follows the next answer. `until_wrong` asks no more once an answer was wrong.
        `exactly` has answers judged by the moment of their statement, else by those before and after the request.
        """
        marks: list[Mark] = []
        told = change.expected(asked)
        wrong: list[Answer] = []
        judged = 0
        keys = [(str(getattr(self.company, user).key), query) for user, query in asked]
        async with self.process.asking(keys, hole, exactly=exactly) as answers:
            for step in (None, *change.steps):
                if step is not None:
                    marks.append(await step(self.revoker, self.company))
                wrong += _wrong(answers[judged:], marks, told)
                judged = len(answers)
                if not (until_wrong and wrong):
                    await answers.until(Enough(len(asked), times, tuple(marks), told if until_wrong else None))
        return Played(answers, marks, _wrong(answers, marks, told))


def _wrong(answers: Sequence[Answer], marks: Sequence[Mark], told: Told) -> Sequence[Answer]:
    """Those that show other rights than they may. The marks are all that can have passed."""
    return [answer for answer in answers if not (is_right(answer, marks, told) or _unsettled(answer, marks))]


def _unsettled(answer: Answer, marks: Sequence[Mark]) -> bool:
    """Whether none could be made: rights had changed before the first attempt, and did so during each other."""
    return answer.told == "503" and len(phases(answer, marks)) >= ROUNDS
