"""The algebra: what several roles and assignments come to, and what is known of that without asking the database."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from policies.access import State, access
from policies.document import Action
from policies.principal import Assignment, Principal
from tests.policies.documents import Written, allow, classes, deny, names, of, policy, principal, rights, role
from tests.policies.model import CUSTOMER, CUSTOMERS, ORDER
from tests.policies.rows import key, put
from tests.policies.seeing import (
    EAST,
    IN_DEPARTMENTS,
    IN_REGIONS,
    MASKED,
    PLAIN,
    SALES,
    SERVICE,
    WEST,
    WITHHELD,
    ids,
    is_true,
)


async def test_deny_wins_over_every_allow_whichever_role_it_comes_from(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "barred": True}, {"id": key(2), "barred": False})
    rules = policy(role("generous", allow()), role("strict", deny(when=is_true("barred"))))
    both = principal(Assignment("generous"), Assignment("strict"))
    assert await ids(connection, rules, principal(Assignment("generous"))) == {key(1), key(2)}
    assert await ids(connection, rules, both) == {key(2)}
    assert await ids(connection, rules, principal(Assignment("strict"))) == set()


async def test_parameters_of_two_assignments_never_mix(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, *PLACES)
    rules = of(allow(when=IN_REGIONS | IN_DEPARTMENTS))
    sales_in_the_east = Assignment("reader", departments=(SALES,), regions=(EAST,))
    service_in_the_west = Assignment("reader", departments=(SERVICE,), regions=(WEST,))
    assert await ids(connection, rules, principal(sales_in_the_east, service_in_the_west)) == {key(1), key(4)}
    assert await ids(connection, rules, principal(service_in_the_west)) == {key(4)}


PLACES: list[dict[str, Any]] = [
    {"id": key(1), "region_id": EAST, "department_id": SALES},
    {"id": key(2), "region_id": EAST, "department_id": SERVICE},
    {"id": key(3), "region_id": WEST, "department_id": SALES},
    {"id": key(4), "region_id": WEST, "department_id": SERVICE},
    {"id": key(5), "region_id": None, "department_id": SALES},
]


async def test_a_role_held_twice_opens_the_rows_of_each_assignment(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, *PLACES)
    who = principal(Assignment("reader", regions=(EAST,)), Assignment("reader", regions=(WEST,)))
    assert await ids(connection, of(allow(when=IN_REGIONS)), who) == {key(1), key(2), key(3), key(4)}


async def test_a_deny_of_one_assignment_limits_all(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, *PLACES)
    rules = policy(role("reader", allow()), role("kept_out", deny(when=IN_REGIONS)))
    who = principal(Assignment("reader", regions=(WEST,)), Assignment("kept_out", regions=(EAST,)))
    assert await ids(connection, rules, who) == {key(3), key(4)}


@pytest.mark.parametrize(
    ("condition", "opened", "left"),
    [
        (IN_REGIONS, set(), set()),
        (IN_REGIONS | IN_DEPARTMENTS, set(), {2, 4}),
        ({"OR": [IN_REGIONS, IN_DEPARTMENTS]}, {1, 3, 5}, set()),
        ({"AND": [IN_REGIONS, {"OR": [IN_REGIONS, IN_DEPARTMENTS]}]}, set(), set()),
        ({"OR": [IN_REGIONS, IN_REGIONS | IN_DEPARTMENTS]}, set(), set()),
        ({"region": {"in": "$assignment.regions", "eq": str(EAST)}}, set(), {3, 4}),
        ({"orders": {"some": IN_REGIONS}}, set(), {1, 2, 3, 4, 5}),
        ({"orders": {"none": IN_REGIONS}}, {1, 2, 3, 4, 5}, set()),
        ({"orders": {"every": IN_REGIONS}}, {1, 2, 3, 4, 5}, set()),
    ],
    ids=str,
)
async def test_an_assignment_without_a_region_closes_both_ways(
    connection: asyncpg.Connection, condition: Written, opened: set[int], left: set[int]
) -> None:
    await put(connection, CUSTOMERS, *PLACES)
    nowhere = principal(Assignment("reader", departments=(SALES,)))
    assert await ids(connection, of(allow(when=condition)), nowhere) == {key(n) for n in opened}
    assert await ids(connection, of(allow(), deny(when=condition)), nowhere) == {key(n) for n in left}


@pytest.mark.parametrize(
    ("condition", "readable"),
    [
        (IN_REGIONS, False),
        ({"OR": [IN_REGIONS, IN_REGIONS]}, False),
        ({"owner": {"region": {"in": "$assignment.regions"}}}, False),
        ({"orders": {"some": IN_REGIONS}}, False),
        ({"OR": [IN_REGIONS, IN_DEPARTMENTS]}, True),
        ({"orders": {"every": IN_REGIONS}}, True),
    ],
    ids=str,
)
def test_what_an_unknown_operand_closes_for_good_is_not_readable(condition: Written, *, readable: bool) -> None:
    nowhere = principal(Assignment("reader", departments=(SALES,)))
    on = rights(allow(when=condition), who=nowhere).on(CUSTOMER)
    assert on.visible is readable
    assert ("email" in on.readable) is readable


async def test_included_rules_count_as_the_roles_own(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "barred": True}, {"id": key(2), "barred": False})
    rules = policy(
        role("top", includes=("left", "right")),
        role("left", includes=("bottom",)),
        role("right", deny(when=is_true("barred")), includes=("bottom",)),
        role("bottom", allow(when=IN_REGIONS | {"region": {"isNull": True}}), allow(fields=names("name"))),
    )
    assert await ids(connection, rules, principal(Assignment("top"))) == {key(2)}
    assert await ids(connection, rules, principal(Assignment("left"))) == {key(1), key(2)}
    assert await ids(connection, rules, principal(Assignment("bottom"))) == {key(1), key(2)}
    assert await ids(connection, rules, principal(Assignment("right"))) == {key(2)}


async def test_an_included_rule_speaks_of_the_assignment_of_the_role_that_includes_it(
    connection: asyncpg.Connection,
) -> None:
    await put(connection, CUSTOMERS, *PLACES)
    rules = policy(role("outer", includes=("inner",)), role("inner", allow(when=IN_REGIONS)))
    assert await ids(connection, rules, principal(Assignment("outer", regions=(WEST,)))) == {key(3), key(4)}


@pytest.mark.parametrize("held", [(), (Assignment("unknown"),), (Assignment("empty"),)])
async def test_who_holds_nothing_sees_nothing(connection: asyncpg.Connection, held: tuple[Assignment, ...]) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    rules = policy(role("reader", allow()), role("empty"))
    who = Principal(key(1), held, reports=(key(1),))
    assert await ids(connection, rules, who) == set()
    on = access(rules, who.shape).on(CUSTOMER)
    assert on.state("name") is WITHHELD
    assert "name" not in on.readable


async def test_the_principal_and_its_reports(connection: asyncpg.Connection) -> None:
    me, below, other = key(1), key(31), key(32)
    owners = zip((1, 2, 3, 4), (me, below, other, None), strict=True)
    await put(connection, CUSTOMERS, *({"id": key(n), "owner_id": owner} for n, owner in owners))
    who = principal(reports=(below,))
    assert await ids(connection, of(allow(when={"owner": {"eq": "$me"}})), who) == {key(1)}
    assert await ids(connection, of(allow(when={"owner": {"in": "$reports"}})), who) == {key(1), key(2)}
    assert await ids(connection, of(allow(), deny(when={"owner": {"in": "$reports"}})), who) == {key(3)}


# What is known without asking the database


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        ([allow()], PLAIN),
        ([allow(), allow(fields=names("name"), when=is_true("open"))], PLAIN),
        ([allow(when=is_true("open"))], PLAIN),
        ([allow(fields=names("name"))], WITHHELD),
        ([allow(), deny(fields=names("email"))], WITHHELD),
        ([allow(), deny()], WITHHELD),
        ([allow(fields=names("email"), mask={"email": "email"})], MASKED),
        ([allow(fields=names("email"), mask={"email": "email"}), allow(when=is_true("open"))], None),
        ([allow(fields=names("email"), mask={"email": "email"}), allow()], PLAIN),
        ([allow(), deny(fields=names("email"), when=is_true("barred"))], None),
        ([allow(fields=names("name")), allow(when=is_true("open"))], None),
        ([allow(when=is_true("open")), allow(when=is_true("shaded"))], PLAIN),
        ([allow(when=is_true("open")), allow(fields=names("name"), when=is_true("shaded"))], None),
        (
            [
                allow(fields=names("email"), mask={"email": "email"}, when=is_true("open")),
                allow(fields=names("email"), mask={"email": "domain"}, when=is_true("shaded")),
            ],
            MASKED,
        ),
        (
            [
                allow(fields=names("email"), mask={"email": "email"}),
                deny(fields=names("email"), when=is_true("barred")),
            ],
            None,
        ),
    ],
    ids=str,
)
def test_a_state_is_known_where_it_is_the_same_on_every_visible_row(rules: list[Written], state: State | None) -> None:
    granted = rights(*rules)
    assert granted.on(CUSTOMER).state("email") is state
    assert granted.grants(CUSTOMER, Action.READ)[0].state("email") is state


@pytest.mark.parametrize(
    ("rules", "level"),
    [
        ([allow()], "plain"),
        ([allow(when=is_true("open"))], "plain"),
        ([allow(fields=names("email"), mask={"email": "email"})], "email"),
        ([allow(fields=names("email"), mask={"email": "email"}), allow()], "plain"),
        ([allow(fields=names("email"), mask={"email": "email"}), allow(when=is_true("open"))], None),
        ([allow(), deny(fields=names("email"), when=is_true("barred"))], None),
        ([allow(), deny(fields=names("email"))], None),
        ([allow(), deny(when=is_true("barred"))], "plain"),
        ([allow(fields=names("name")), allow(fields=names("email"), when=is_true("open"))], None),
        ([allow(fields=names("name"))], None),
    ],
    ids=str,
)
def test_a_level_is_settled_where_each_row_has_it(rules: list[Written], level: str | None) -> None:
    assert rights(*rules).grants(CUSTOMER, Action.READ)[0].settled("email") == level


@pytest.mark.parametrize(
    ("rules", "every"),
    [
        ([allow()], True),
        ([allow(), allow(when=is_true("open"))], True),
        ([allow(fields=names("name"))], True),
        ([allow(when=is_true("open"))], False),
        ([allow(), deny(when=is_true("barred"))], False),
        ([allow(), deny(fields=names("name"))], True),
        ([allow(), deny()], False),
        ([], False),
    ],
    ids=str,
)
def test_every_row_is_visible_where_an_allow_has_no_condition_and_no_row_is_denied(
    rules: list[Written], *, every: bool
) -> None:
    assert rights(*rules).on(CUSTOMER).every_row is every


def test_keys_are_plain_on_every_visible_row() -> None:
    on = rights(allow("Order", fields=names("title")), deny("Order", fields=classes("PUBLIC", "BUSINESS"))).on(ORDER)
    assert on.readable == {"id", "customer"}
    assert {on.state("id"), on.state("customer")} == {PLAIN}


def test_access_is_made_once_for_a_policy_and_a_shape() -> None:
    rules = of(allow())
    assert access(rules, principal().shape) is access(rules, principal().shape)
    assert access(rules, principal().shape) is not access(of(allow()), principal().shape)
    assert access(rules, ()).on(CUSTOMER) is access(rules, ()).on(CUSTOMER)
