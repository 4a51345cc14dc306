"""A case: what is asked of two databases, by whom and after what, and how the answers differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from tests.leaks.generous import under_generous_policy
from tests.leaks.operations.operation import Operation
from tests.leaks.served import Answer, Served

PASSING = (503, 504)
"""Answers that say nothing of the databases: away, or too slow."""


class Outcome(StrEnum):
    """What a case showed."""

    ALIKE = "alike"
    TOLD_APART = "the answers differ"
    BROKEN = "something went wrong inside"
    VOID = "one of them took too long"


@dataclass(frozen=True)
class Case:
    """An operation of one user, as it is asked once wishes are fulfilled."""

    user: UUID
    operation: Operation
    before: tuple[UUID, ...] = ()
    """Users who ask the same first; their answers are not compared."""
    generous: bool = False
    """Whether the user asks the same first under a policy that hides nothing."""


@dataclass(frozen=True)
class Shown:
    """What a case came to."""

    outcome: Outcome
    one: Answer
    other: Answer

    @property
    def by_statements(self) -> bool:
        """Whether only the statements differ that the answers took."""
        return replace(self.one, statements=()) == replace(self.other, statements=())


async def answer(side: Served, case: Case) -> Answer:
    """The answer that is compared, after all that comes before it."""
    if case.generous:
        async with under_generous_policy(side.database.dsn):
            await side.ask(case.user, case.operation)
        for user in (case.user, *case.before):
            await side.ask(user, HELLO)  # what the policy's return costs is not compared
    for user in case.before:
        await side.ask(user, case.operation)
    return await side.ask(case.user, case.operation)


HELLO = Operation("{ __typename }")


async def show(sides: Sequence[Served], case: Case) -> Shown:
    """Asks both databases the same."""
    one, other = [await answer(side, case) for side in sides]
    return Shown(_outcome(one, other), one, other)


def _outcome(one: Answer, other: Answer) -> Outcome:
    if one.status in PASSING or other.status in PASSING:
        return Outcome.VOID
    if one != other:
        return Outcome.TOLD_APART
    return Outcome.BROKEN if one.status >= 500 or "INTERNAL" in one.codes else Outcome.ALIKE
