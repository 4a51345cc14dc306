"""The algebra: what of allow and deny opens which rows, and how their fields are shown."""

from __future__ import annotations

from itertools import product
from typing import Any

import asyncpg
import pytest

from policies.access import State, access
from policies.document import Action
from policies.masks import MASKS
from policies.principal import Assignment, Principal
from policies.rules import Policy
from tests.policies.documents import Written, allow, classes, deny, names, of, policy, principal, rights, role
from tests.policies.model import CUSTOMER, CUSTOMERS, ORDER
from tests.policies.rows import ask, key, put

EAST, WEST, SALES, SERVICE = key(11), key(12), key(21), key(22)
TRUTH = {"true": True, "false": False, "unknown": None}
PLAIN, MASKED, WITHHELD = State.PLAIN, State.MASKED, State.WITHHELD

IN_REGIONS: Written = {"region": {"in": "$assignment.regions"}}
IN_DEPARTMENTS: Written = {"department": {"in": "$assignment.departments"}}


def is_true(flag: str) -> Written:
    return {flag: {"eq": True}}


async def ids(connection: asyncpg.Connection, rules: Policy, who: Principal) -> set[Any]:
    view = access(rules, who.shape).view(CUSTOMER, [])
    return {row["id"] for row in await ask(connection, view, who)}


async def cell(connection: asyncpg.Connection, field: str, *rules: Written) -> tuple[Any, Any]:
    """Value and state of a field of the only row."""
    view = rights(*rules).view(CUSTOMER, [field], [field])
    [row] = await ask(connection, view, principal())
    column = CUSTOMER.fields[field].column.name
    return row[column], row[f"{column}__state"]


# Rows


@pytest.mark.parametrize(("allowed", "denied"), list(product(TRUTH, repeat=2)))
async def test_only_a_certain_allow_without_any_possible_deny_opens_a_row(
    connection: asyncpg.Connection, allowed: str, denied: str
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "open": TRUTH[allowed], "barred": TRUTH[denied]})
    rules = of(allow(when=is_true("open")), deny(when=is_true("barred")))
    assert len(await ids(connection, rules, principal())) == (allowed == "true" and denied == "false")


@pytest.mark.parametrize("fields", [None, "all"])
async def test_a_deny_of_no_field_and_of_all_is_a_deny_of_the_row(connection: asyncpg.Connection, fields: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow(), deny(fields=fields)), principal()) == set()


@pytest.mark.parametrize("fields", [names("name"), names("id"), classes("FINANCIAL"), "all"])
async def test_any_allow_however_narrow_opens_the_row(connection: asyncpg.Connection, fields: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow(fields=fields)), principal()) == {key(1)}


async def test_a_deny_of_fields_leaves_the_row(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    everything = classes("PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL")
    assert await ids(connection, of(allow(), deny(fields=everything)), principal()) == {key(1)}


@pytest.mark.parametrize("action", ["create", "update", "delete", "merge", "export", "unmask", "aggregate"])
async def test_only_reading_opens_a_view(connection: asyncpg.Connection, action: str) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow() | {"allow": [action]}), principal()) == set()
    assert await ids(connection, of(allow(), deny() | {"deny": [action]}), principal()) == {key(1)}
    assert await ids(connection, of(allow(), deny() | {"deny": [action, "read"]}), principal()) == set()


async def test_a_rule_of_one_resource_says_nothing_of_another(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow("Order")), principal()) == set()
    assert await ids(connection, of(allow(), deny("Order")), principal()) == {key(1)}


# Fields


@pytest.mark.parametrize(("plain", "masked", "denied"), list(product(TRUTH, repeat=3)))
async def test_a_field_is_plain_before_it_is_masked_and_any_possible_deny_withholds_it(
    connection: asyncpg.Connection, plain: str, masked: str, denied: str
) -> None:
    flags = {"open": TRUTH[plain], "shaded": TRUTH[masked], "barred": TRUTH[denied]}
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", **flags})
    found = await cell(
        connection,
        "street",
        allow(fields=names("name")),
        allow(fields=names("street"), when=is_true("open")),
        allow(fields=names("street"), when=is_true("shaded"), mask={"street": "initial"}),
        deny(fields=names("street"), when=is_true("barred")),
    )
    if denied != "false":
        assert found == (None, WITHHELD)
    elif plain == "true":
        assert found == ("Long Lane", PLAIN)
    elif masked == "true":
        assert found == ("L•••", MASKED)
    else:
        assert found == (None, WITHHELD)


@pytest.mark.parametrize("mask", [None, {"email": "domain"}])
@pytest.mark.parametrize("when", [None, is_true("open")])
@pytest.mark.parametrize("barred", TRUTH.values())
async def test_what_is_shown_on_every_visible_row_is_withheld_where_it_is_possibly_denied(
    connection: asyncpg.Connection, mask: Any, when: Any, barred: Any
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": True, "barred": barred})
    denying = deny(fields=names("email"), when=is_true("barred"))
    found = await cell(connection, "email", allow(fields=names("email"), mask=mask, when=when), denying)
    shown = ("example.com", MASKED) if mask else (EMAIL, PLAIN)
    assert found == (shown if barred is False else (None, WITHHELD))


@pytest.mark.parametrize("denying", [names("street"), classes("CONTACT"), names("name", "street")])
@pytest.mark.parametrize("allowing", [names("street"), classes("CONTACT"), "all"])
@pytest.mark.parametrize("mask", [None, {"street": "redact"}])
async def test_a_field_is_denied_by_name_or_by_class(
    connection: asyncpg.Connection, denying: Any, allowing: Any, mask: Any
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane"})
    assert await cell(connection, "street", allow(fields=allowing, mask=mask), deny(fields=denying)) == (None, WITHHELD)


@pytest.mark.parametrize("denying", [names("email"), classes("FINANCIAL")])
async def test_a_deny_of_other_fields_says_nothing(connection: asyncpg.Connection, denying: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane"})
    assert await cell(connection, "street", allow(), deny(fields=denying)) == ("Long Lane", PLAIN)


async def test_what_a_masking_rule_grants_but_does_not_list_is_withheld(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", "phone": "+4930123456"})
    rule = allow(fields=classes("CONTACT"), mask={"phone": "phone"})
    assert await cell(connection, "phone", rule) == ("+49•••56", MASKED)
    assert await cell(connection, "street", rule) == (None, WITHHELD)


async def test_a_mask_of_a_field_goes_before_that_of_its_class(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", "phone": "+4930123456"})
    rule = allow(fields=classes("CONTACT"), mask={"CONTACT": "redact", "phone": "phone"})
    assert await cell(connection, "phone", rule) == ("+49•••56", MASKED)
    assert await cell(connection, "street", rule) == ("•••", MASKED)


async def test_by_class_a_mask_that_does_not_fit_becomes_redact(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", "phone": "+4930123456"})
    rule = allow(fields=classes("CONTACT"), mask={"CONTACT": "phone"})
    assert await cell(connection, "phone", rule) == ("+49•••56", MASKED)
    assert await cell(connection, "street", rule) == ("•••", MASKED)


EMAIL = "someone@example.com"
SHOWN = {"email": "s•••@example.com", "domain": "example.com", "last4": "•••.com", "initial": "s•••", "redact": "•••"}


def test_masks_are_chosen_in_a_fixed_order() -> None:
    texts = ["email", "phone", "domain", "city_only", "last4", "initial"]
    assert list(MASKS) == [*texts, "month", "year", "round2", "bucket", "hash", "redact"]


@pytest.mark.parametrize("first", SHOWN)
@pytest.mark.parametrize("second", SHOWN)
@pytest.mark.parametrize("written", ["in order", "turned round"])
async def test_of_several_masks_that_hold_the_first_in_order_is_chosen(
    connection: asyncpg.Connection, first: str, second: str, written: str
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": True, "shaded": True})
    rules = [
        allow(fields=names("email"), mask={"email": first}, when=is_true("open")),
        allow(fields=names("email"), mask={"email": second}, when=is_true("shaded")),
    ]
    chosen = min(first, second, key=list(MASKS).index)
    found = await cell(connection, "email", allow(fields=names("name")), *rules[:: 1 if written == "in order" else -1])
    assert found == (SHOWN[chosen], MASKED)


async def test_a_mask_that_does_not_hold_leaves_the_choice_to_the_next(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": False})
    found = await cell(
        connection,
        "email",
        allow(fields=names("email"), mask={"email": "email"}, when=is_true("open")),
        allow(fields=names("email"), mask={"email": "domain"}),
    )
    assert found == ("example.com", MASKED)


@pytest.mark.parametrize("open_", TRUTH.values())
async def test_plain_under_a_condition_beside_a_mask_on_every_row(connection: asyncpg.Connection, open_: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": open_})
    found = await cell(
        connection,
        "email",
        allow(fields=names("email"), mask={"email": "domain"}),
        allow(fields=names("email"), when=is_true("open")),
    )
    assert found == ((EMAIL, PLAIN) if open_ else ("example.com", MASKED))


async def test_all_fields_are_the_classified_ones_but_secrets(connection: asyncpg.Connection) -> None:
    on = rights(allow()).on(CUSTOMER)
    assert set(CUSTOMER.fields) - on.readable == {"secret", "unclassified"}
    assert rights(allow(fields=names("secret"))).on(CUSTOMER).readable == {"id", "secret"}
    assert rights(allow(fields=classes("SECRET"))).on(CUSTOMER).readable == {"id", "secret"}


# Roles and assignments


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
