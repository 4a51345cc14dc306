"""Principals: what their plans have in common, and what is bound to these."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

import pytest

from policies.conditions import Attribute
from policies.principal import NOBODY, Assignment, Held, Party, Principal
from tests.policies.rows import key

ME, BELOW = key(1), key(2)
EAST, WEST, SALES = key(11), key(12), key(21)


def who(*assignments: Assignment, reports: tuple[UUID, ...] = (ME,)) -> Principal:
    return Principal(ME, assignments, reports)


HELD = [
    Assignment("rep", departments=(SALES,), regions=(EAST,)),
    Assignment("rep", regions=(WEST,)),
    Assignment("rep"),
    Assignment("manager", regions=(EAST, WEST)),
]


@pytest.mark.parametrize("assignments", list(permutations(HELD)))
def test_the_shape_does_not_depend_on_the_order_of_assignments(assignments: tuple[Assignment, ...]) -> None:
    assert who(*assignments).shape == (
        (
            Held("manager", departments=False, regions=True),
            Held("rep", departments=False, regions=False),
            Held("rep", departments=False, regions=True),
            Held("rep", departments=True, regions=True),
        ),
    )


def test_the_shape_tells_who_lacks_what_and_nothing_of_where() -> None:
    assert who(Assignment("rep", regions=(EAST,))).shape == who(Assignment("rep", regions=(WEST, EAST))).shape
    assert who(Assignment("rep", regions=(EAST,))).shape != who(Assignment("rep", departments=(EAST,))).shape
    assert who(Assignment("rep")).shape != who(Assignment("rep"), Assignment("rep")).shape
    assert who().shape == NOBODY


@pytest.mark.parametrize("assignments", list(permutations(HELD)))
def test_values_stand_at_the_position_of_their_assignment(assignments: tuple[Assignment, ...]) -> None:
    values = who(*assignments).values
    assert [values[Attribute("regions", n)] for n in range(4)] == [[EAST, WEST], [], [WEST], [EAST]]
    assert [values[Attribute("departments", n)] for n in range(4)] == [[], [], [], [SALES]]
    with pytest.raises(KeyError):
        values[Attribute("regions", 4)]


def test_two_assignments_that_differ_in_values_alone_keep_theirs() -> None:
    east, west = (
        Assignment("rep", regions=(EAST,), departments=(SALES,)),
        Assignment("rep", regions=(WEST,), departments=(BELOW,)),
    )
    for values in (who(east, west).values, who(west, east).values):
        pairs = [(values[Attribute("regions", n)], values[Attribute("departments", n)]) for n in range(2)]
        assert pairs == [([EAST], [SALES]), ([WEST], [BELOW])]


def test_a_principal_is_among_its_own_reports() -> None:
    assert who(reports=()).values[Attribute("reports")] == [ME]
    assert who(reports=(BELOW,)).values[Attribute("reports")] == [ME, BELOW]
    assert who(reports=(ME, BELOW)).values[Attribute("reports")] == [ME, BELOW]
    assert who().values[Attribute("me")] == ME


CLIENT = key(3)


def test_each_ceiling_stands_in_the_shape_behind_the_principal_even_one_that_gives_nothing() -> None:
    rep, manager = Held("rep", departments=False, regions=True), Held("manager", departments=False, regions=True)
    ceilings = (Party(CLIENT, ()), Party(CLIENT, (Assignment("manager", regions=(WEST,)),)))
    bounded = Principal(ME, (Assignment("rep", regions=(EAST,)),), (ME,), ceilings=ceilings)
    assert bounded.shape == ((rep,), (), (manager,))


def test_the_rules_of_a_ceiling_speak_of_the_ceiling() -> None:
    ceilings = (
        Party(CLIENT, (Assignment("rep", regions=(WEST,)),)),
        Party(ME, (Assignment("scope:read"),), reports=(BELOW,)),
    )
    values = Principal(ME, (Assignment("rep", regions=(EAST,)),), (ME, BELOW), ceilings=ceilings).values
    assert [values[Attribute("me", of)] for of in (None, 1, 2)] == [ME, CLIENT, ME]
    assert [values[Attribute("reports", of)] for of in (None, 1, 2)] == [[ME, BELOW], [CLIENT], [ME, BELOW]]
    assert [values[Attribute("regions", position)] for position in range(3)] == [[EAST], [WEST], []]


def test_rights_are_those_of_the_principal_and_of_each_ceiling() -> None:
    principal = Principal(ME, (), (ME,), ceilings=(Party(WEST, ()), Party(EAST, ())))
    assert principal.subjects == principal.values[Attribute("subjects")] == [ME, WEST, EAST]
