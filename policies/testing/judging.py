"""What is seen of a case's row, by the compiler's own view, against what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.access import access
from policies.predicates import companion
from policies.rules import Policy
from policies.statements import Statement, statement
from policies.states import STATE, State
from policies.testing.cases import Case


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that is not as expected; of the row itself where no field is named."""

    case: Case
    field: str
    expected: str
    got: str


def asking(case: Case, policy: Policy) -> tuple[Statement, list[Any]]:
    """The statement that shows the case's row as its principal sees it, and its parameters. No row is a hidden one."""
    fields = list(case.expected.states)
    view = access(policy, case.principal.shape).view(case.resource, fields, states=fields).subquery()
    keys = [view.c[name] == case.rows[0].values[name] for name in case.resource.key]
    found = statement(view.select().where(*keys))
    return found, found.values(case.principal.values)


def misses(case: Case, row: Mapping[str, Any] | None) -> Iterator[Miss]:
    """All that is not as expected of what was seen."""
    expected = case.expected
    if (row is not None) is not expected.visible:
        yield Miss(case, "", *(("visible", "hidden") if expected.visible else ("hidden", "visible")))
    elif row is not None:
        for name, state in expected.states.items():
            yield from _of_field(case, row, name, state)


def _of_field(case: Case, row: Mapping[str, Any], name: str, state: State) -> Iterator[Miss]:
    column, shown = case.resource.fields[name].column.name, case.expected.shown
    got, value = State(row[companion(column, STATE)]), row[column]
    if got is not state:
        yield Miss(case, name, state, got)
    elif name in shown and value != shown[name]:
        yield Miss(case, name, str(shown[name]), str(value))
