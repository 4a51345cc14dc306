"""What is answered against what the oracle says: row by row, cell by cell, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pprint import pformat
from typing import Any

from tests.oracle.answers import Answer, Answers
from tests.oracle.bridge import principal
from tests.oracle.cells import View
from tests.oracle.drawn.values import SECRET
from tests.oracle.judging import Oracle


@dataclass(frozen=True)
class Comparison:
    """The answers of a case beside the oracle's."""

    answers: Answers

    @cached_property
    def oracle(self) -> Oracle:
        """The oracle of the case."""
        case = self.answers.case
        return Oracle(case.made.model, case.documents, case.rows, self.answers.now, SECRET)

    def expected(self, answer: Answer) -> View:
        """The view that the oracle sees."""
        case, on = self.answers.case, answer.on.resource
        return self.oracle.view(principal(answer.who), on.name, case.fields(on), action=case.action)

    @property
    def agrees(self) -> bool:
        """Whether every view is the oracle's."""
        return all(answer.view == self.expected(answer) for answer in self.answers.answers)

    def check(self) -> list[int]:
        """Fails where a view is not the oracle's, or what is told about it is not so; else how many cells each has."""
        sizes = []
        for answer in self.answers.answers:
            expected = self.expected(answer)
            assert answer.view == expected, self._told(answer, expected)
            wrong = list(self._untrue(answer))
            assert not wrong, f"{wrong}\n{self._told(answer, expected)}"
            sizes.append(sum(map(len, expected.values())))
        return sizes

    def _untrue(self, answer: Answer) -> Iterator[str]:
        """What is told without asking the database and is not so in the database."""
        on, view = answer.on, answer.view
        for name in self.answers.case.fields(on.resource):
            states = {cells[name].state for cells in view.values()}
            if on.state(name) is not None and not states <= {on.state(name)}:
                yield f"{name} is {on.state(name)}"
            if name in on.unmasked and "masked" in states:
                yield f"{name} is never masked"
            if name not in on.readable and not states <= {"withheld"}:
                yield f"{name} is not readable"
        rows = self.answers.case.rows[on.resource.name]
        if view and not on.visible:
            yield "no row is visible"
        if on.every_row and len(view) < sum(1 for row in rows if not (row["deleted_at"] or row.get("erased_at"))):
            yield "every row is visible"

    def _told(self, answer: Answer, expected: View) -> str:
        """What the differences are, with all that it takes to see them again."""
        case, on = self.answers.case, answer.on.resource
        parts = {
            "asked to": case.action,
            "asked by": answer.who,
            "rows": case.rows,
            "differences": dict(differences(expected, answer.view)),
        }
        said = "\n".join(f"{name}: {pformat(part, sort_dicts=False, width=140)}" for name, part in parts.items())
        return "\n".join([f"{on.name} of model {case.made.seed}", *case.texts.values(), said])


def differences(expected: View, found: View) -> Iterator[tuple[Any, Any]]:
    """By key and field, what the oracle says and what is found."""
    for key in expected | found:
        theirs, ours = expected.get(key, {}), found.get(key, {})
        for name in theirs | ours:
            if theirs.get(name) != ours.get(name):
                yield (*map(str, key), name), {"the oracle": theirs.get(name), "the view": ours.get(name)}
