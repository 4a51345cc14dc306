"""Conditions and what rests on them, sentence by sentence, as the oracle says it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.oracle import writing
from tests.oracle.asking import asked
from tests.oracle.company import CUSTOMER, EAST, ME, MODEL, NOW, OTHER, Row, key, oracle, rule, who
from tests.oracle.conditions import Conditions, Tables
from tests.oracle.judging import Oracle
from tests.oracle.principals import Assignment

T, F, U = True, False, None
OPEN: Row = {"open": {"eq": True}}
LACKING: Row = {"region": {"in": "$assignment.regions"}}


def says(condition: Row, rows: dict[str, list[Row]], on: str = "Customer", **operands: Any) -> bool | None:
    """What a condition says of the first row of a resource."""
    named = {f"${name}": value for name, value in operands.items()}
    return Conditions(MODEL, Tables(rows), named).holds(condition, MODEL[on], rows[on][0])


# Comparisons


@pytest.mark.parametrize(
    ("condition", "value", "truth"),
    [
        ({"name": {"eq": "a"}}, "a", T),
        ({"name": {"eq": "a"}}, None, U),
        ({"name": {"neq": "a"}}, None, U),
        ({"name": {"in": ["a", "b"]}}, "b", T),
        ({"name": {"notIn": ["a", "b"]}}, "c", T),
        ({"name": {"notIn": ["a", "b"]}}, None, U),
        ({"name": {"startsWith": "Äb"}}, "äBc", T),
        ({"name": {"contains": "%"}}, "abc", F),
        ({"name": {"isNull": True}}, None, T),
        ({"name": {"isNull": False}}, None, F),
        ({"name": {"startsWith": "a", "contains": "z"}}, "ab", F),
        ({"OR": [{"name": {"eq": "a"}}, {"barred": {"eq": True}}]}, "b", U),
        ({"OR": [{"name": {"eq": "a"}}, {"barred": {"eq": True}}]}, "a", T),
        ({"AND": [{"name": {"eq": "a"}}, {"barred": {"eq": True}}]}, "b", F),
        ({"AND": [{"name": {"eq": "a"}}, {"barred": {"eq": True}}]}, "a", U),
    ],
    ids=str,
)
def test_a_comparison_with_null_is_unknown_and_unknown_is_carried(condition: Row, value: Any, truth: Any) -> None:
    assert says(condition, {"Customer": [{"name": value}]}) is truth


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({"level": {"gt": 1, "lte": 2}}, T),
        ({"level": {"between": {"from": 2, "to": 2}}}, T),
        ({"level": {"lt": 2}}, F),
        ({"level": {"gte": 3}}, F),
        ({"revenue": {"gt": "100"}}, T),
        ({"revenue": {"gt": "100", "currency": "EUR"}}, F),
        ({"revenue": {"lt": "100", "currency": "EUR"}}, T),
        ({"revenue": {"lt": "100", "currency": "USD"}}, F),
        ({"revenue": {"isNull": False}}, T),
    ],
    ids=str,
)
def test_money_is_compared_in_a_currency_or_in_base_amounts(condition: Row, truth: Any) -> None:
    assert says(condition, {"Customer": [{"level": 2, "revenue": 99, "currency": "EUR", "base_revenue": 110}]}) is truth


@pytest.mark.parametrize("operator", ["eq", "neq", "in", "notIn"])
@pytest.mark.parametrize("value", [ME, None])
def test_an_operand_that_the_principal_lacks_is_unknown_in_every_operator(operator: str, value: Any) -> None:
    assert says({"owner": {operator: "$me"}}, {"Customer": [{"owner_id": value}]}) is U


def test_operands_are_those_of_who_asks() -> None:
    asks = who(Assignment("reader", (), (EAST,)), reports=(OTHER,))
    assert asks.operands(asks.assignments[0], NOW) == {
        "$me": ME,
        "$reports": [ME, OTHER],
        "$now": NOW,
        "$assignment.departments": None,
        "$assignment.regions": [EAST],
        "$purpose": None,
    }


# Relations

QUANTIFIED = [
    ([], F, T, T),
    ([T], T, F, T),
    ([F], F, T, F),
    ([U], U, U, U),
    ([T, F], T, F, F),
    ([T, U], T, F, U),
    ([F, U], U, U, F),
    ([T, F, U], T, F, F),
]


@pytest.mark.parametrize(("truths", "some", "none", "every"), QUANTIFIED, ids=str)
def test_some_none_and_every_of_a_list(truths: list[Any], some: Any, none: Any, every: Any) -> None:
    orders = [{"customer_id": CUSTOMER["id"], "id": key(n), "open": truth} for n, truth in enumerate(truths)]
    gone = {"customer_id": CUSTOMER["id"], "id": key(90), "open": True, "deleted_at": NOW}
    elsewhere = {"customer_id": key(7), "id": key(91), "open": True}
    rows = {"Customer": [CUSTOMER], "Order": [*orders, gone, elsewhere]}
    found = {quantifier: says({"orders": {quantifier: OPEN}}, rows) for quantifier in ("some", "none", "every")}
    assert found == {"some": some, "none": none, "every": every}


@pytest.mark.parametrize("quantifier", ["some", "none", "every"])
def test_a_lacking_operand_in_a_list_opens_no_row_and_closes_all_that_have_one(quantifier: str) -> None:
    condition: Row = {"customer": {"orders": {quantifier: {"owner": {"eq": "$me"}}}}}
    order: Row = {"customer_id": CUSTOMER["id"], "id": key(1), "owner_id": ME}
    assert says(condition, {"Customer": [CUSTOMER], "Order": [order]}, "Order") is U


@pytest.mark.parametrize(
    ("owner", "user", "truth"),
    [
        (OTHER, {"open": True}, T),
        (OTHER, {"open": False}, F),
        (OTHER, {"open": None}, U),
        (OTHER, {"open": True, "deleted_at": NOW}, U),
        (OTHER, {"open": True, "erased_at": NOW}, T),
        (ME, {"open": True}, U),
        (None, {"open": True}, U),
    ],
    ids=str,
)
def test_a_missing_row_is_unknown_and_policies_read_what_was_erased(owner: Any, user: Row, truth: Any) -> None:
    rows = {"Customer": [{"owner_id": owner}], "User": [{"id": OTHER, **user}]}
    assert says({"owner": OPEN}, rows) is truth
    assert says({"owner": {"isNull": True}}, rows) is (owner is None)


# References and callers' filters

ROWS: dict[str, list[Row]] = {
    "Customer": [CUSTOMER | {"owner_id": ME}, {"id": key(101), "owner_id": OTHER, "open": False}],
    "Order": [
        {"customer_id": CUSTOMER["id"], "id": key(1), "owner_id": OTHER, "open": True},
        {"customer_id": key(101), "id": key(2), "owner_id": ME, "open": None},
    ],
    "User": [{"id": ME, "open": True}, {"id": OTHER, "open": False}],
}
EVERYTHING = [rule("allow", on="all")]


def test_a_foreign_key_is_shown_only_where_its_target_is_in_its_view() -> None:
    reads = oracle(rule("allow", on=["Customer", "Order"]), rule("allow", on="User", when=OPEN), rows=ROWS)
    stored = {key[-1].int: cells["owner"].value for key, cells in reads.view(who(), "Order").items()}
    by_target = reads.view(who(), "Order", references="by target")
    assert stored == {1: OTHER, 2: ME}
    assert {key[-1].int: cells["owner"].value for key, cells in by_target.items()} == {1: None, 2: ME}
    assert {cells["owner"].state for cells in by_target.values()} == {"plain"}


@pytest.mark.parametrize(
    ("where", "rules", "found"),
    [
        ({"open": {"eq": True}}, EVERYTHING, {1}),
        ({"NOT": OPEN}, EVERYTHING, set()),
        ({"NOT": {"customer": OPEN}}, EVERYTHING, {2}),
        ({"owner": {"eq": str(ME)}}, EVERYTHING, {2}),
        ({"customer": OPEN}, [rule("allow", on="Order")], set()),
        ({"customer": OPEN}, [*EVERYTHING, rule("deny", on="Customer", fields={"names": ["open"]})], set()),
        ({"NOT": {"customer": {}}}, [*EVERYTHING, rule("deny", when=OPEN)], {1}),
        ({"customer": {"orders": {"none": OPEN}}}, EVERYTHING, {2}),
        ({"customer": {"orders": {"every": OPEN}}}, EVERYTHING, {1}),
        (
            {"customer": {"orders": {"every": OPEN}}},
            [*EVERYTHING, rule("deny", on="Order", fields={"names": ["open"]})],
            set(),
        ),
    ],
    ids=str,
)
def test_a_callers_filter_reads_views(where: Row, rules: list[Row], found: set[int]) -> None:
    says = oracle(*rules, rows=ROWS)
    assert {key[-1].int for key in asked(says, who(), "Order", where)} == found


# Writes


def update(**parts: Any) -> Row:
    return rule("allow", action="update", **parts)


OWN: Row = {"owner": {"eq": "$me"}}
MINE, THEIRS = CUSTOMER | {"owner_id": ME}, CUSTOMER | {"owner_id": OTHER}
NAMED: Row = {"names": ["name"]}


@pytest.mark.parametrize(
    ("rules", "row", "fields", "granted"),
    [
        ([rule("allow"), update(when=OWN)], MINE, ["name"], True),
        ([rule("allow"), update(when=OWN)], THEIRS, ["name"], False),
        ([rule("allow"), update(fields=NAMED)], MINE, ["name", "street"], False),
        ([rule("allow"), update(fields=NAMED)], MINE, [], True),
        ([update()], MINE, ["name"], False),
        ([rule("allow")], MINE, ["name"], False),
        ([rule("allow"), update(), rule("deny", action="update", fields=NAMED)], MINE, ["name"], False),
        ([rule("allow"), update(), rule("deny", action="update", when={"barred": {"eq": True}})], MINE, ["name"], True),
        ([rule("allow"), update()], MINE, ["id"], False),
        ([rule("allow"), update(preset={"name": "x"})], MINE, ["name"], False),
        ([rule("allow"), update(preset={"name": "x"})], MINE, ["street"], True),
        ([rule("allow"), update(preset={"name": "x"}), update(preset={"name": "y"})], MINE, ["street"], False),
    ],
    ids=str,
)
def test_the_row_before_is_visible_and_granted_with_every_field(
    rules: list[Row], row: Row, fields: list[str], *, granted: bool
) -> None:
    says = oracle(*rules, rows={"Customer": [row]})
    assert writing.before(says, who(), "update", "Customer", row, fields) is granted


def test_the_row_after_is_granted_too() -> None:
    rules = [rule("allow"), update(when=OWN), rule("allow", action="create", when=OWN)]
    before, after = (oracle(*rules, rows={"Customer": [row]}) for row in (MINE, THEIRS))
    assert writing.before(before, who(), "update", "Customer", MINE, ["owner"])
    assert not writing.granted(after, who(), "update", "Customer", THEIRS, ["owner"])
    assert writing.granted(before, who(), "create", "Customer", MINE, ["owner"])
    assert not writing.granted(after, who(), "create", "Customer", THEIRS, ["owner"])


def test_what_may_be_done_with_a_row_is_bounded_by_ceilings() -> None:
    client = {"role": "client", "rules": [rule("allow"), update(fields=NAMED), rule("deny", action="delete")]}
    rules = [rule("allow"), update(fields={"classes": ["BUSINESS"]}), rule("allow", action="delete")]
    says: Oracle = oracle(*rules, rows={"Customer": [MINE]}, documents=(client,))
    alone, acting = who(), who(ceilings=("client",))
    business = {name for name, field in MODEL["Customer"].fields.items() if field.data_class == "BUSINESS"}
    assert writing.updatable(says, alone, "Customer", MINE) == business
    assert writing.updatable(says, acting, "Customer", MINE) == {"name"}
    assert [writing.can_delete(says, asks, "Customer", MINE) for asks in (alone, acting)] == [True, False]
    assert [writing.can_update(says, asks, "Customer", MINE) for asks in (alone, who("client"))] == [True, True]


@pytest.mark.parametrize(
    ("theirs", "granted"), [({"name": "x"}, True), ({"name": "y"}, False), ({"name": None}, False)]
)
def test_parties_preset_a_field_alike_or_nothing_is_written(theirs: Row, *, granted: bool) -> None:
    client = {"role": "client", "rules": [rule("allow"), update(preset=theirs)]}
    says = oracle(rule("allow"), update(preset={"name": "x"}), rows={"Customer": [MINE]}, documents=(client,))
    assert writing.before(says, who(ceilings=("client",)), "update", "Customer", MINE, ["street"]) is granted


def test_now_is_the_moment_of_the_oracle() -> None:
    born: Row = {"born": {"eq": "$now"}}
    assert says(born, {"Customer": [{"born": NOW}]}, now=NOW) is True
    assert says(born, {"Customer": [{"born": NOW}]}, now=NOW + dt.timedelta(seconds=1)) is False
