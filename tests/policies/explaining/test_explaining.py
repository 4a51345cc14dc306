"""What is told of a row: each rule, its comparisons as PostgreSQL found them, and what would grant more."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from policies.explaining import Change, Explanation
from policies.principal import Assignment, Party, Principal
from policies.states import State
from tests.policies.documents import ME, Written, allow, classes, deny, names, of, policy, principal, role
from tests.policies.explaining.asking import ANN, EAST, OTHER, WEST, explained, told
from tests.policies.model import CUSTOMER, CUSTOMERS, LINES, ORDER, ORDERS, USERS
from tests.policies.rows import key, put

# The row and its fields


async def test_a_visible_row_is_told_with_the_state_of_each_field(ann: asyncpg.Connection) -> None:
    rules = of(allow(fields=classes("BUSINESS")), allow(fields=names("email"), mask={"email": "email"}))
    found = await explained(ann, rules)
    assert (found.found, found.visible, found.gone) == (True, True, None)
    states = {"id": State.PLAIN, "name": State.PLAIN, "email": State.MASKED, "taxId": State.WITHHELD}
    assert {name: found.states[name] for name in states} == states
    assert set(found.states) == set(CUSTOMER.fields)


@pytest.mark.parametrize(
    ("rules", "state", "shown"),
    [
        ([allow(fields=names("email"))], State.PLAIN, "ann.smith@example.com"),
        ([allow(fields=names("email"), mask={"email": "email"})], State.MASKED, "a•••@example.com"),
        ([allow(fields=names("name"))], State.WITHHELD, None),
    ],
)
async def test_a_field_is_told_as_the_principal_sees_it(
    ann: asyncpg.Connection, rules: list[Written], state: State, shown: str | None
) -> None:
    found = await explained(ann, of(*rules), "email")
    assert (found.states, found.shown) == ({"email": state}, shown)


async def test_a_hidden_row_has_no_states(ann: asyncpg.Connection) -> None:
    found = await explained(ann, of(allow(), deny()))
    assert (found.found, found.visible, found.states) == (True, False, {})


async def test_of_a_row_that_is_not_there_nothing_is_told(ann: asyncpg.Connection) -> None:
    found = await explained(ann, of(allow()), "email", row=(key(999),))
    assert found == Explanation("Customer", "the id", field="email")


@pytest.mark.parametrize("column", ["deleted_at", "erased_at"])
async def test_an_operator_is_told_that_a_row_is_gone(ann: asyncpg.Connection, column: str) -> None:
    await ann.execute(f"UPDATE {CUSTOMERS.fullname} SET {column} = now()")
    found = await explained(ann, of(allow()))
    assert (found.found, found.visible, found.gone) == (True, False, column.removesuffix("_at"))
    assert (found.changes, found.roles) == ((), ())


async def test_a_row_of_a_customer_is_found_by_both_its_keys(ann: asyncpg.Connection) -> None:
    found = await explained(ann, of(allow("Order")), on=ORDER, row=(ANN, key(200)))
    assert (found.found, found.visible) == (True, True)
    assert not (await explained(ann, of(allow("Order")), on=ORDER, row=(key(101), key(200)))).found


# The rules


async def test_each_rule_that_speaks_is_told_with_what_it_does(ann: asyncpg.Connection) -> None:
    rules = of(
        allow(fields=names("name", "email")),
        allow(fields=names("email"), mask={"email": "domain"}, when={"owner": {"eq": "$me"}}),
        allow(fields=names("taxId")),
        deny(fields=names("email"), when={"open": {"eq": False}}),
        deny(when={"barred": {"eq": True}}),
        deny(fields=names("taxId")),
    )
    found = await explained(ann, rules, "email")
    spoken = [(each.rule.origin.line, each.gives, each.holds) for each in found.rules]
    lines = [each.rule.origin.line for each in (await explained(ann, rules)).rules]
    assert [(lines.index(line), gives, holds) for line, gives, holds in spoken] == [
        (0, "plain", True), (1, "domain", False), (3, "deny", False), (4, "deny", True),
    ]  # fmt: skip
    assert len(lines) == 6
    assert found.states == {}  # barred is empty: a deny is possible


CONDITIONS: list[tuple[Written, list[Any]]] = [
    ({"level": {"gt": 3}}, ["level gt 3", "true", "plain", 5, None]),
    ({"level": {"gt": 7}}, ["level gt 7", "false", "plain", 5, None]),
    ({"score": {"gt": 7}}, ["score gt 7", "unknown", "plain", None, None]),
    ({"level": {"between": {"from": 1, "to": 5}}}, ["level between 1 to 5", "true", "plain", 5, None]),
    ({"region": {"in": "$assignment.regions"}}, ["region in $assignment.regions", "true", "plain", EAST, (EAST,)]),
    ({"department": {"in": "$assignment.departments"}},
     ["department in $assignment.departments", "unknown", "plain", None, None]),
    ({"owner": {"eq": "$me"}}, ["owner eq $me", "false", "plain", OTHER, ME]),
    ({"owner": {"in": "$reports"}}, ["owner in $reports", "true", "plain", OTHER, (ME, OTHER)]),
    ({"level": {"gt": 3}, "open": {"eq": False}},
     ["level gt 3 and open eq false", "false", ["level gt 3", "true", "plain", 5, None],
      ["open eq false", "false", "plain", True, None]]),
    ({"OR": [{"level": {"gt": 7}}, {"score": {"gt": 7}}]},
     ["(level gt 7 or score gt 7)", "unknown", ["level gt 7", "false", "plain", 5, None],
      ["score gt 7", "unknown", "plain", None, None]]),
    ({"owner": {"flag": {"eq": True}}},
     ["owner (flag eq true)", "true", ["flag eq true", "true", "plain", True, None]]),
    ({"owner": {"region": {"flag": {"eq": True}}}},
     ["owner (region (flag eq true))", "unknown",
      ["region (flag eq true)", "unknown", ["flag eq true", "unknown", None, None, None]]]),
    ({"orders": {"some": {"flag": {"eq": True}}}}, ["some orders (flag eq true)", "true", "1 of 2"]),
    ({"orders": {"none": {"flag": {"eq": True}}}}, ["none orders (flag eq true)", "false", "1 of 2"]),
    ({"orders": {"every": {"owner": {"eq": "$me"}}}}, ["every orders (owner eq $me)", "true", "2 of 2"]),
    ({"orders": {"some": {"lines": {"some": {"flag": {"eq": True}}}}}},
     ["some orders (some lines (flag eq true))", "false", "0 of 2"]),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), CONDITIONS, ids=str)
async def test_each_part_of_a_condition_is_told_with_what_was_compared(
    ann: asyncpg.Connection, written: Written, expected: list[Any]
) -> None:
    [found] = (await explained(ann, of(allow(when=written)))).rules
    assert told(found.condition) == expected
    assert found.holds is (expected[1] == "true")
    [found] = (await explained(ann, of(deny(when=written)))).rules
    assert found.holds is (expected[1] != "false")


async def test_what_holds_is_what_opens_the_view(ann: asyncpg.Connection) -> None:
    for written, _ in CONDITIONS:
        found = await explained(ann, of(allow(when=written)))
        assert found.visible is found.rules[0].holds


async def test_deleted_related_rows_do_not_count(ann: asyncpg.Connection) -> None:
    await ann.execute(f"UPDATE {ORDERS.fullname} SET deleted_at = now() WHERE flag")
    [found] = (await explained(ann, of(allow(when={"orders": {"some": {"flag": {"eq": True}}}})))).rules
    assert told(found.condition) == ["some orders (flag eq true)", "false", "0 of 1"]
    await ann.execute(f"UPDATE {USERS.fullname} SET deleted_at = now()")
    [found] = (await explained(ann, of(allow(when={"owner": {"flag": {"eq": True}}})))).rules
    assert told(found.condition)[:2] == ["owner (flag eq true)", "unknown"]


async def test_a_list_below_a_relation_is_counted_there(ann: asyncpg.Connection) -> None:
    await put(ann, LINES, {"id": key(300), "customer_id": ANN, "order_id": key(200), "flag": True})
    written = {"customer": {"orders": {"some": {"flag": {"eq": True}}}}}
    [found] = (await explained(ann, of(allow("Order", when=written)), on=ORDER, row=(ANN, key(200)))).rules
    assert told(found.condition)[2] == ["some orders (flag eq true)", "true", "1 of 2"]


async def test_money_is_told_as_it_is_compared(ann: asyncpg.Connection) -> None:
    await ann.execute(f"UPDATE {CUSTOMERS.fullname} SET revenue = 10, base_revenue = 20, currency = 'USD'")
    [found] = (await explained(ann, of(allow(when={"revenue": {"gt": 15}})))).rules
    assert told(found.condition) == ["revenue gt 15", "true", "plain", 20, None]
    [found] = (await explained(ann, of(allow(when={"revenue": {"gt": 15, "currency": "USD"}})))).rules
    assert told(found.condition) == ["revenue gt 15 USD", "false", "plain", 10, None]


async def test_each_assignment_has_its_own_copy_of_a_rule(ann: asyncpg.Connection) -> None:
    who = principal(Assignment("reader", regions=(EAST,)), Assignment("reader", regions=(WEST,)), Assignment("reader"))
    found = await explained(ann, of(allow(when={"region": {"in": "$assignment.regions"}})), who=who)
    compared = [(each.position, each.holds, told(each.condition)[-1]) for each in found.rules]
    assert compared == [(0, False, None), (1, True, (EAST,)), (2, False, (WEST,))]


async def test_rules_of_included_roles_speak_for_the_role_that_is_held(ann: asyncpg.Connection) -> None:
    rules = policy(role("reader", includes=("base",)), role("base", allow()))
    [found] = (await explained(ann, rules)).rules
    assert (found.role, found.rule.origin.file) == ("reader", "1.yaml")


# What would grant more


def wishes(change: Change) -> tuple[str, list[tuple[str, bool]]]:
    return change.gives, [(wish.text, wish.becomes) for wish in change.wishes]


MINE, HIGH, SHUT, BARRED = {"owner": {"eq": "$me"}}, {"level": {"gt": 7}}, {"open": {"eq": False}}, {"level": {"eq": 5}}
CHANGES: list[tuple[list[Written], str | None, list[tuple[str, list[tuple[str, bool]]]]]] = [
    ([allow(when=MINE)], None, [("row", [("owner eq $me", True)])]),
    ([allow(when={**MINE, **HIGH})], None, [("row", [("owner eq $me", True), ("level gt 7", True)])]),
    ([allow(when={**HIGH, "open": {"eq": True}})], None, [("row", [("level gt 7", True)])]),
    ([allow(when={"OR": [{**MINE, **HIGH}, SHUT]})], None, [("row", [("open eq false", True)])]),
    ([allow(when={**MINE, **HIGH}), allow(when=SHUT)], None, [("row", [("open eq false", True)])]),
    ([allow(when=MINE), allow(when=SHUT)], None, [("row", [("owner eq $me", True)]), ("row", [("open eq false", True)])]),
    ([allow(when=MINE), allow(when=MINE, fields=names("name"))], None, [("row", [("owner eq $me", True)])]),
    ([allow(), deny(when=BARRED)], None, [("row", [("level eq 5", False)])]),
    ([allow(), deny(when={**BARRED, "open": {"eq": True}})], None, [("row", [("level eq 5", False)])]),
    ([allow(), deny(when={"OR": [BARRED, {"open": {"eq": True}}]})], None,
     [("row", [("level eq 5", False), ("open eq true", False)])]),
    ([allow(), deny(when={"score": {"gt": 1}})], None, [("row", [("score gt 1", False)])]),
    ([allow(when=MINE), deny(when=BARRED)], None, [("row", [("owner eq $me", True), ("level eq 5", False)])]),
    ([allow(), deny()], None, []),
    ([allow()], None, []),
    ([allow(fields=names("name"))], "email", []),
    ([allow(fields=names("name")), allow(fields=names("email"), when=MINE)], "email", [("plain", [("owner eq $me", True)])]),
    ([allow(fields=names("name")), allow(fields=names("email"), when=MINE, mask={"email": "email"})], "email",
     [("email", [("owner eq $me", True)])]),
    ([allow(fields=names("email"), mask={"email": "email"}), allow(fields=names("email"), when=MINE)], "email",
     [("plain", [("owner eq $me", True)])]),
    ([allow(fields=names("email"), mask={"email": "email"}),
      allow(fields=names("email"), when=MINE, mask={"email": "domain"})], "email", []),
    ([allow(fields=names("email")), deny(fields=names("email"), when=BARRED)], "email",
     [("plain", [("level eq 5", False)])]),
    ([allow(fields=names("email"))], "email", []),
    ([allow(when={"owner": {"flag": {"eq": False}}})], None, [("row", [("owner.flag eq false", True)])]),
    ([allow(when={"owner": {"region": {"flag": {"eq": True}}}})], None, [("row", [("owner.region.flag eq true", True)])]),
    ([allow(when={"orders": {"none": {"flag": {"eq": True}}}})], None, [("row", [("none orders (flag eq true)", True)])]),
    ([allow(when={"department": {"in": "$assignment.departments"}})], None,
     [("row", [("department in $assignment.departments", True)])]),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "field", "changes"), CHANGES)
async def test_the_smallest_change_that_would_grant_is_told(
    ann: asyncpg.Connection, rules: list[Written], field: str | None, changes: list[Any]
) -> None:
    found = await explained(ann, of(*rules), field)
    assert [wishes(change) for change in found.changes] == changes


async def test_a_change_tells_what_the_value_would_have_to_be(ann: asyncpg.Connection) -> None:
    rules = of(allow(when={"region": {"in": "$assignment.regions"}}))
    who = principal(Assignment("reader", regions=(WEST,)))
    [change] = (await explained(ann, rules, who=who)).changes
    [wish] = change.wishes
    assert wish.compared is not None
    assert (wish.wanted, wish.compared.value, wish.compared.operand) == ("region", EAST, (WEST,))


async def test_a_change_that_is_made_grants(ann: asyncpg.Connection) -> None:
    rules = of(allow(when={**MINE, **HIGH, "region": {"in": "$assignment.regions"}}), deny(when=BARRED))
    [change] = (await explained(ann, rules)).changes
    assert wishes(change)[1] == [("owner eq $me", True), ("level gt 7", True), ("level eq 5", False)]
    await ann.execute(f"UPDATE {CUSTOMERS.fullname} SET owner_id = $1, level = 8", ME)
    assert (await explained(ann, rules)).visible


IN_REGION = {"region": {"in": "$assignment.regions"}}


async def test_roles_that_would_grant_are_told_with_what_they_would_be_held_for(ann: asyncpg.Connection) -> None:
    rules = policy(
        role("reader", allow(fields=names("name"))),
        role("everyone", allow(fields=names("email"))),
        role("region", allow(fields=names("email"), when=IN_REGION)),
        role("masked", allow(fields=names("email"), mask={"email": "domain"})),
        role("mine", allow(fields=names("email"), when=MINE)),
        role("neither", allow(fields=names("taxId"))),
        role("denied", allow(fields=names("email")), deny(when=BARRED)),
        role("shut", allow(fields=names("email")), deny(when=IN_REGION)),
        role("department", allow(fields=names("email"), when={"department": {"in": "$assignment.departments"}})),
    )
    found = (await explained(ann, rules, "email")).roles
    assert [(each.role, each.gives, [wish.compared and wish.compared.value for wish in each.wishes]) for each in found] == [
        ("everyone", "plain", []), ("region", "plain", [EAST]), ("masked", "domain", []),
    ]  # fmt: skip


async def test_no_role_helps_against_a_deny(ann: asyncpg.Connection) -> None:
    rules = policy(role("reader", allow(fields=names("name")), deny(fields=names("email"))), role("everyone", allow()))
    assert (await explained(ann, rules, "email")).roles == ()


# Ceilings


async def test_each_party_that_does_not_grant_is_told(ann: asyncpg.Connection) -> None:
    rules = policy(
        role("reader", allow(when=MINE)), role("client", allow(when=IN_REGION)), "scope: narrow\nrules: []\n"
    )
    client = Party(key(9), (Assignment("client", regions=(WEST,)),))
    who = Principal(ME, (Assignment("reader"),), (ME,), ceilings=(client, Party(ME, (Assignment("scope:narrow"),))))
    found = await explained(ann, rules, who=who)
    assert [(each.party, each.role, each.holds) for each in found.rules] == [(0, "reader", False), (1, "client", False)]
    assert [(each.party, wishes(each)[1]) for each in found.changes] == [
        (0, [("owner eq $me", True)]), (1, [("region in $assignment.regions", True)]),
    ]  # fmt: skip
    assert found.roles == ()
