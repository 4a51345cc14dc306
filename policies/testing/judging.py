"""What is seen of a case's row, by the compiler's own view, against what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.access import access
from policies.predicates import companion
from policies.rules import Policy
from policies.statements import Statement, statement
from policies.states import ACCESS, STATE, State
from policies.testing.cases import Case

PERMITTED = "permitted", "refused"


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that is not as expected, of a field or an action; of the row itself where neither is named."""

    case: Case
    field: str
    expected: str
    got: str


def asking(case: Case, policy: Policy) -> tuple[Statement, list[Any]]:
    """The statement that shows the case's row as its principal sees it, and its parameters. No row is a hidden one."""
    fields, actions = list(case.expected.states), list(case.expected.permitted)
    rights = access(policy, case.principal.shape)
    view = rights.view(case.resource, fields, states=fields, permitted=actions).subquery()
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
        for action, permitted in case.expected.permitted.items():
            if row[companion(ACCESS, action)] is not permitted:
                yield Miss(case, action.value, *(PERMITTED if permitted else reversed(PERMITTED)))


def _of_field(case: Case, row: Mapping[str, Any], name: str, state: State) -> Iterator[Miss]:
    column, shown = case.resource.fields[name].column.name, case.expected.shown
    got, value = State(row[companion(column, STATE)]), row[column]
    if got is not state:
        yield Miss(case, name, state, got)
    elif name in shown and value != shown[name]:
        yield Miss(case, name, str(shown[name]), str(value))
