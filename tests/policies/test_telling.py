"""Conditions as fragments: compiled once for all assignments, and each with the parameters of its own."""

from __future__ import annotations

import pytest

from policies.conditions import Attribute, Compare, Condition, Operator, Or
from policies.document import Action
from policies.fragments import Fragment, fragments
from policies.grants import Grants
from policies.standing import BaseRow, Standing
from policies.telling import Told
from tests.policies.model import CATALOGUE, CUSTOMER


def _in_regions(of: int) -> Condition:
    return Compare("region", Operator.IN, Attribute("regions", of))


def _told() -> Told:
    rows = CUSTOMER.table.alias("own")
    return Told(Standing(CATALOGUE, Grants(CUSTOMER, Action.READ, ()), BaseRow(rows)), fragments(rows))


def _text(fragment: Fragment | None) -> str:
    assert fragment is not None
    return "".join(part if isinstance(part, str) else "$" for part in fragment.parts)


def _operands(fragment: Fragment | None) -> list[object]:
    assert fragment is not None
    return [bind.value for bind in fragment.binds.values()]


@pytest.mark.parametrize("of", [0, 1, 7])
def test_a_condition_has_the_parameters_of_its_assignment(of: int) -> None:
    told = _told()
    first, found = (told.undenied((frozenset({_in_regions(each)}),)) for each in (3, of))
    assert _text(first) == _text(found)
    assert (_operands(first), _operands(found)) == ([Attribute("regions", 3)], [Attribute("regions", of)])


def test_a_condition_of_several_assignments_has_the_parameters_of_each() -> None:
    both = Or((_in_regions(0), _in_regions(1)))
    found = _told().undenied((frozenset({both}),))
    assert _operands(found) == [Attribute("regions", 0), Attribute("regions", 1)]
