"""What follows by form follows in fact: against the evaluator of three values, over every row of a small world."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.conditions import Condition, conjuncts
from policies.linting.entailment import Entailment
from policies.parsing import Parser
from policies.predicates import Reading
from tests.oracle.bridge import described
from tests.oracle.conditions import Conditions, Tables
from tests.oracle.description import Row
from tests.policies.documents import Written
from tests.policies.model import CATALOGUE, CUSTOMER
from tests.policies.rows import key

ME, REPORT, OTHER, REGION, ELSEWHERE = map(key, (1, 2, 3, 11, 12))
FLAGS: list[tuple[bool | None, ...]] = [(), (True,), (False,), (None,), (True, False), (True, None), (False, None)]


def _world() -> dict[str, list[Row]]:
    owners, levels, tiers = (ME, REPORT, OTHER, None), (None, 0, 1, 2, 3), ("GOLD", "IRON", None)
    customers: list[Row] = []
    orders: list[Row] = []
    for number, (owner, level, tier, flags) in enumerate(product(owners, levels, tiers, FLAGS)):
        customer = {"id": key(1000 + number), "owner_id": owner, "level": level, "tier": tier, "name": tier}
        place = {"region_id": (REGION, ELSEWHERE, None)[number % 3], "path": ("/a/", "/a/b/", "/c/", None)[number % 4]}
        customers.append(customer | place)
        for n, flag in enumerate(flags):
            order = {"customer_id": customer["id"], "id": key(9000 + 10 * number + n), "flag": flag}
            orders.append(order | {"title": (None, "GOLD")[number % 2], "owner_id": owner})
    users: list[Row] = [{"id": ME, "flag": True}, {"id": REPORT, "flag": False}, {"id": OTHER, "flag": None}]
    return {"Customer": customers, "Order": orders, "User": users}


WORLD = _world()
OPERANDS = {"$me": ME, "$reports": [ME, REPORT], "$assignment.regions": [REGION]}
SAYS = Conditions(described(CATALOGUE), Tables(WORLD), OPERANDS)


def truths(written: Written) -> list[bool | None]:
    """What a condition says of each customer."""
    on = SAYS.model["Customer"]
    return [SAYS.holds(written, on, row) for row in WORLD["Customer"]]


def parsed(written: Written) -> Condition:
    parser = Parser(CATALOGUE)
    found = parser.condition(written, CUSTOMER, ())
    assert parser.faults == []
    return found


def entails(given: Written, wanted: Written, reading: Reading = Reading.CERTAIN) -> bool:
    return Entailment(CATALOGUE, CUSTOMER, reading).entails(conjuncts(parsed(given)), parsed(wanted))


def can_hold(written: Written) -> bool:
    return Entailment(CATALOGUE, CUSTOMER).can_hold(conjuncts(parsed(written)))


NUMBERS = st.integers(0, 3)
level = st.one_of(
    st.tuples(st.sampled_from(["eq", "gt", "gte", "lt", "lte"]), NUMBERS).map(lambda pair: {pair[0]: pair[1]}),
    st.lists(NUMBERS, min_size=1, max_size=3).map(lambda found: {"in": found}),
    st.tuples(NUMBERS, NUMBERS).map(lambda ends: {"between": {"from": ends[0], "to": ends[1]}}),
    st.booleans().map(lambda null: {"isNull": null}),
)
tiers = st.lists(st.sampled_from(["GOLD", "IRON"]), min_size=1, max_size=2)
tier = st.one_of(
    st.tuples(st.sampled_from(["eq", "neq"]), st.sampled_from(["GOLD", "IRON"])).map(lambda p: {p[0]: p[1]}),
    st.tuples(st.sampled_from(["in", "notIn"]), tiers).map(lambda pair: {pair[0]: pair[1]}),
    st.booleans().map(lambda null: {"isNull": null}),
)
owner = st.sampled_from([{"eq": "$me"}, {"in": "$reports"}, {"isNull": True}, {"isNull": False}, {"eq": str(ME)}])
flag = st.booleans().map(lambda value: {"flag": {"eq": value}})
title = st.sampled_from([{"title": {"eq": "GOLD"}}, {"title": {"isNull": False}}, {"title": {"startsWith": "gold"}}])
path = st.sampled_from([{"within": "/a/"}, {"within": "/a/b/"}, {"eq": "/a/b/"}, {"within": "/c/"}])


def entry(name: str, part: st.SearchStrategy[Any]) -> st.SearchStrategy[Written]:
    return part.map(lambda found: {name: found})


def combined(parts: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(entry("AND", several), entry("OR", several))


ordered = st.recursive(st.one_of(flag, title), combined, max_leaves=3)
quantified = st.sampled_from(["some", "none", "every"]).flatmap(lambda q: entry(q, ordered))
leaf = st.one_of(
    entry("level", level),
    entry("level", level),
    entry("tier", tier),
    entry("name", tier),
    entry("owner", owner),
    entry("owner", flag),
    entry("path", path),
    entry("orders", quantified),
)
condition = st.recursive(leaf, combined, max_leaves=4)


@given(condition, condition)
@settings(max_examples=400, deadline=None)
def test_what_follows_by_form_follows_in_fact(given: Written, wanted: Written) -> None:
    certain = entails(given, wanted)
    possible = entails(given, wanted, Reading.POSSIBLE)
    if certain or possible:
        pairs = list(zip(truths(given), truths(wanted), strict=True))
        assert not certain or not [pair for pair in pairs if pair[0] is True and pair[1] is not True]
        assert not possible or not [pair for pair in pairs if pair[0] is not False and pair[1] is False]


LEVELS: list[Any] = [
    *({operator: number} for operator in ("eq", "gt", "gte", "lt", "lte") for number in range(4)),
    *({"in": list(numbers)} for size in (1, 2) for numbers in combinations(range(4), size)),
    *({"between": {"from": low, "to": high}} for low, high in product(range(4), repeat=2)),
    *({"isNull": null} for null in (True, False)),
]
TIERS: list[Any] = [
    *({operator: value} for operator in ("eq", "neq") for value in ("GOLD", "IRON")),
    *({operator: ["GOLD", "IRON"]} for operator in ("in", "notIn")),
    *({"isNull": null} for null in (True, False)),
]


@pytest.mark.parametrize(
    ("name", "parts", "values"),
    [("level", LEVELS, [None, *range(-1, 5)]), ("tier", TIERS, [None, "GOLD", "IRON"])],
    ids=["level", "tier"],
)
def test_what_follows_of_a_comparison_follows_in_fact(name: str, parts: list[Any], values: list[Any]) -> None:
    says = {
        str(part): [SAYS.holds({name: part}, SAYS.model["Customer"], {name: value}) for value in values]
        for part in parts
    }
    for one, other in product(parts, repeat=2):
        pairs = list(zip(says[str(one)], says[str(other)], strict=True))
        if entails({name: one}, {name: other}):
            assert not [pair for pair in pairs if pair[0] is True and pair[1] is not True], (one, other)
        if entails({name: one}, {name: other}, Reading.POSSIBLE):
            assert not [pair for pair in pairs if pair[0] is not False and pair[1] is False], (one, other)
        if not can_hold({"AND": [{name: one}, {name: other}]}):
            assert (True, True) not in pairs, (one, other)


@given(condition)
@settings(max_examples=300, deadline=None)
def test_what_cannot_hold_by_form_is_true_of_no_row(written: Written) -> None:
    if not can_hold(written):
        assert True not in truths(written)


@given(condition, condition)
@settings(max_examples=100, deadline=None)
def test_a_condition_follows_from_itself_and_from_more(one: Written, other: Written) -> None:
    for reading in (Reading.CERTAIN, Reading.POSSIBLE):
        assert entails(one, one, reading)
        assert entails({"AND": [one, other]}, one, reading)
        assert entails(one, {"OR": [other, one]}, reading)


SOME: Written = {"orders": {"some": {"flag": {"eq": True}, "title": {"eq": "x"}}}}
FOLLOWS: list[tuple[Written, Written, bool, bool]] = [
    # given, wanted, where certain, where possible
    ({"level": {"eq": 1}}, {"level": {"in": [1, 2]}}, True, True),
    ({"level": {"in": [1, 2]}}, {"level": {"eq": 1}}, False, False),
    ({"level": {"gt": 5}}, {"level": {"gt": 3}}, True, True),
    ({"level": {"gt": 3}}, {"level": {"gte": 3}}, True, True),
    ({"level": {"gte": 3}}, {"level": {"gt": 3}}, False, False),
    ({"level": {"between": {"from": 2, "to": 3}}}, {"level": {"lte": 3}}, True, True),
    ({"level": {"eq": 1}}, {"level": {"between": {"from": 0, "to": 1}}}, True, True),
    ({"level": {"eq": 1}}, {"level": {"isNull": False}}, True, False),
    ({"tier": {"eq": "GOLD"}}, {"tier": {"neq": "IRON"}}, True, True),
    ({"tier": {"notIn": ["GOLD", "IRON"]}}, {"tier": {"neq": "IRON"}}, True, True),
    ({"path": {"eq": "/a/b/"}}, {"path": {"within": "/a/"}}, True, True),
    ({"path": {"within": "/a/b/"}}, {"path": {"within": "/a/"}}, True, True),
    ({"path": {"within": "/a/"}}, {"path": {"within": "/a/b/"}}, False, False),
    ({"owner": {"eq": "$me"}}, {"owner": {"in": "$reports"}}, True, True),
    ({"owner": {"in": "$reports"}}, {"owner": {"eq": "$me"}}, False, False),
    ({"owner": {"eq": "$me"}}, {"region": {"in": "$assignment.regions"}}, False, False),
    ({"name": {"startsWith": "ab"}}, {"name": {"startsWith": "a"}}, False, False),
    ({"OR": [{"level": {"eq": 1}}, {"level": {"eq": 2}}]}, {"level": {"in": [1, 2]}}, True, True),
    ({"OR": [{"level": {"eq": 1}}, {"open": {"eq": True}}]}, {"level": {"in": [1, 2]}}, False, False),
    ({"owner": {"flag": {"eq": True}, "name": {"eq": "x"}}}, {"owner": {"flag": {"eq": True}}}, True, True),
    ({"AND": [{"owner": {"flag": {"eq": True}}}, {"owner": {"name": {"eq": "x"}}}]},
     {"owner": {"flag": {"eq": True}, "name": {"eq": "x"}}}, True, True),
    (SOME, {"orders": {"some": {"flag": {"eq": True}}}}, True, True),
    ({"orders": {"none": {"flag": {"eq": True}}}}, {"orders": {"none": SOME["orders"]["some"]}}, True, True),
    ({"orders": {"none": SOME["orders"]["some"]}}, {"orders": {"none": {"flag": {"eq": True}}}}, False, False),
    ({"orders": {"none": {"title": {"isNull": False}}}}, {"orders": {"none": {"title": {"eq": "x"}}}}, False, True),
    ({"orders": {"every": {"title": {"eq": "x"}}}}, {"orders": {"every": {"title": {"isNull": False}}}}, True, False),
    ({"orders": {"some": {"flag": {"eq": True}}}}, {"orders": {"every": {"flag": {"eq": True}}}}, False, False),
    ({"level": {"eq": 1, "gt": 2}}, {"open": {"eq": True}}, True, False),
    ({"revenue": {"gt": 5, "currency": "EUR"}}, {"revenue": {"gt": 3, "currency": "EUR"}}, True, True),
    ({"revenue": {"gt": 5, "currency": "EUR"}}, {"revenue": {"gt": 3}}, False, False),
    ({"revenue": {"gt": 5}}, {"revenue": {"isNull": False}}, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted", "certain", "possible"), FOLLOWS)
def test_what_is_seen_to_follow(given: Written, wanted: Written, *, certain: bool, possible: bool) -> None:
    assert entails(given, wanted) is certain
    assert entails(given, wanted, Reading.POSSIBLE) is possible


CONTRADICTIONS: list[tuple[Written, bool]] = [
    ({"level": {"eq": 1, "gt": 2}}, False),
    ({"level": {"gt": 2, "lt": 2}}, False),
    ({"level": {"gte": 2, "lte": 2}}, True),
    ({"level": {"gt": 2, "lt": 1}}, False),
    ({"level": {"between": {"from": 3, "to": 1}}}, False),
    ({"level": {"in": [1, 2], "eq": 3}}, False),
    ({"level": {"isNull": True, "eq": 3}}, False),
    ({"level": {"isNull": True}}, True),
    ({"id": {"isNull": True}}, False),
    ({"tier": {"eq": "GOLD", "neq": "GOLD"}}, False),
    ({"tier": {"in": ["GOLD"], "notIn": ["IRON", "GOLD"]}}, False),
    ({"tier": {"eq": "GOLD"}, "name": {"eq": "IRON"}}, True),
    ({"AND": [{"path": {"within": "/a/"}}, {"path": {"within": "/b/"}}]}, False),
    ({"AND": [{"path": {"within": "/a/"}}, {"path": {"within": "/a/b/"}}]}, True),
    ({"AND": [{"owner": {"in": "$reports"}}, {"owner": {"isNull": True}}]}, False),
    ({"AND": [{"region": {"in": "$assignment.regions"}}, {"region": {"eq": str(ME)}}]}, True),
    ({"AND": [{"owner": {"flag": {"eq": True}}}, {"owner": {"flag": {"eq": False}}}]}, False),
    ({"AND": [{"orders": {"some": {"flag": {"eq": True}}}}, {"orders": {"some": {"flag": {"eq": False}}}}]}, True),
    ({"orders": {"some": {"flag": {"eq": True}, "AND": [{"flag": {"eq": False}}]}}}, False),
    ({"orders": {"every": {"flag": {"eq": True}, "AND": [{"flag": {"eq": False}}]}}}, True),
    ({"OR": [{"level": {"gt": 2}}, {"tier": {"eq": "GOLD"}}], "level": {"lt": 1}}, True),
    ({"OR": [{"level": {"gt": 2}}, {"level": {"lt": 0}}], "AND": [{"level": {"eq": 1}}]}, False),
    ({"revenue": {"isNull": True, "gt": 1}}, True),
]


@pytest.mark.parametrize(("written", "holds"), CONTRADICTIONS)
def test_what_is_seen_to_contradict_itself(written: Written, *, holds: bool) -> None:
    assert can_hold(written) is holds


def test_too_many_alternatives_are_left_alone() -> None:
    choice = {"OR": [{"level": {"eq": 1}}, {"level": {"eq": 2}}]}
    many = {"AND": [{"OR": [{"level": {"eq": 1}}, {"level": {"gt": n}}]} for n in range(10)]}
    assert entails({"AND": [many, choice]}, choice)
    assert can_hold(many)
