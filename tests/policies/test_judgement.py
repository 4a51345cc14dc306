"""Views against the oracle: random policies, holders and rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.access import access
from policies.catalogue import Resource
from policies.principal import Assignment, Principal
from tests.conftest import TemporaryDatabase
from tests.oracle import Cell, Oracle
from tests.oracle.bridge import described, principal
from tests.policies.conftest import changing, rolled_back
from tests.policies.documents import ME, Written, policy
from tests.policies.model import CATALOGUE, CUSTOMER, ORDER
from tests.policies.rows import ask, key, put

EAST, WEST, SALES, SERVICE, OTHER = key(11), key(12), key(21), key(22), key(2)
GONE = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
FIELDS: dict[str, tuple[str, ...]] = {
    "Customer": ("id", "owner", "name", "street", "taxId", "level", "currency", "revenue", "tier", "secret"),
    "Order": ("id", "customer", "owner", "title", "flag"),
}
CLASSES = ("PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL", "SECRET")

truth = st.sampled_from([True, False, None])
owner = st.sampled_from([ME, OTHER, None])
region = st.sampled_from([EAST, WEST, None])
text = st.sampled_from(["Long Lane 12", "Lane", "", None])
gone = st.sampled_from([None, None, None, None, GONE])

customers = st.lists(
    st.fixed_dictionaries(
        {
            "owner_id": owner,
            "region_id": region,
            "department_id": st.sampled_from([SALES, SERVICE, None]),
            "name": text,
            "street": text,
            "tax_id": text,
            "secret": text,
            "currency": st.sampled_from(["EUR", None]),
            "revenue": st.sampled_from([12, None]),
            "level": st.sampled_from([0, 1, None]),
            "tier": st.sampled_from(["GOLD", None]),
            "open": truth,
            "shaded": truth,
            "barred": truth,
            "deleted_at": gone,
            "erased_at": gone,
        }
    ),
    min_size=1,
    max_size=3,
)
orders = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from([key(100), key(101)]),
            "owner_id": owner,
            "region_id": region,
            "title": text,
            "flag": truth,
            "deleted_at": gone,
        }
    ),
    max_size=3,
)
users = st.lists(
    st.fixed_dictionaries({"flag": truth, "region_id": region, "deleted_at": gone}), min_size=2, max_size=2
)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        "Customer": draw(customers),
        "Order": draw(orders),
        "User": draw(users),
    }
    first = {"Customer": 100, "Order": 200, "User": 1}
    return {name: [row | {"id": key(first[name] + n)} for n, row in enumerate(rows)] for name, rows in found.items()}


def is_true(name: str) -> Written:
    return {name: {"eq": True}}


SHARED: list[Written] = [
    {"owner": {"eq": "$me"}},
    {"owner": {"in": "$reports"}},
    {"owner": {"isNull": True}},
    {"region": {"in": "$assignment.regions"}},
    {"owner": is_true("flag")},
    {"owner": {"region": {"in": "$assignment.regions"}}},
]
LEAVES: dict[str, list[Written]] = {
    "Customer": [
        *SHARED,
        *map(is_true, ("open", "shaded", "barred")),
        {"department": {"in": "$assignment.departments"}},
        {"level": {"gt": 0}},
        {"name": {"neq": "Lane"}},
        {"orders": {"some": is_true("flag")}},
        {"orders": {"none": is_true("flag")}},
        {"orders": {"every": {"region": {"in": "$assignment.regions"}}}},
        {"orders": {"none": {"owner": is_true("flag")}}},
        {"orders": {"none": {"customer": {"orders": {"some": is_true("flag")}}}}},
    ],
    "Order": [
        *SHARED,
        is_true("flag"),
        {"customer": is_true("open")},
        {"customer": {"orders": {"none": is_true("flag")}}},
    ],
}


def conditions(resource: str) -> st.SearchStrategy[Written]:
    leaf = st.sampled_from(LEAVES[resource])
    several = st.lists(leaf, min_size=1, max_size=3)
    return st.one_of(leaf, leaf, several.map(lambda parts: {"OR": parts}), several.map(lambda parts: {"AND": parts}))


def fields(resource: str, *, without: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Fields as a rule writes them, by name or by class."""
    named = st.sampled_from([name for name in FIELDS[resource] if name not in without])
    by_name = st.lists(named, min_size=1, max_size=3, unique=True).map(lambda found: {"names": found})
    by_class = st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3, unique=True)
    return st.one_of(by_name, by_class.map(lambda found: {"classes": found}))


MASKS: dict[str, list[Written]] = {
    "Customer": [{"street": "initial"}, {"CONTACT": "last4"}, {"FINANCIAL": "redact"}, {"BUSINESS": "initial"}],
    "Order": [{"title": "initial"}, {"BUSINESS": "redact"}],
}


@st.composite
def rules(draw: st.DrawFn) -> Written:
    resource = draw(st.sampled_from(["Customer", "Customer", "Order"]))
    rule: Written = {"on": [resource]}
    when = draw(st.none() | conditions(resource))
    if when is not None:
        rule["when"] = when
    if draw(st.integers(0, 3)) == 0:
        denied = draw(st.none() | fields(resource, without=("id", "customer")))
        return rule | {"deny": ["read"]} | ({"fields": denied} if denied else {})
    rule |= {"allow": ["read"], "fields": draw(st.just("all") | fields(resource))}
    masked = draw(st.none() | st.none() | st.sampled_from(MASKS[resource]))
    return rule | {"fields": "all", "mask": masked} if masked else rule


@st.composite
def roles(draw: st.DrawFn) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for code in ("c", "b", "a"):
        includes = draw(st.lists(st.sampled_from(list(found)), unique=True)) if found else []
        found[code] = {"role": code, "includes": includes, "rules": draw(st.lists(rules(), max_size=4))}
    return found


held = st.lists(
    st.builds(
        Assignment,
        st.sampled_from(["a", "a", "b", "c", "nobody"]),
        departments=st.sampled_from([(), (SALES,), (SALES, SERVICE)]),
        regions=st.sampled_from([(), (EAST,), (WEST,), (EAST, WEST)]),
    ),
    max_size=3,
).map(tuple)


@pytest.fixture(scope="module")
async def open_connection(small: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    async with changing(small) as connection:
        yield connection


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=roles(), assignments=held, rows=worlds())
async def test_views_are_what_the_policy_says(
    open_connection: asyncpg.Connection,
    written: dict[str, Written],
    assignments: tuple[Assignment, ...],
    rows: dict[str, list[dict[str, Any]]],
) -> None:
    who = Principal(ME, assignments, reports=(ME, OTHER))
    rights = access(policy(*map(yaml.safe_dump, written.values())), who.shape)
    oracle = Oracle(described(CATALOGUE), list(written.values()), rows, dt.datetime.now(dt.UTC))
    async with rolled_back(open_connection):
        for name, each in rows.items():
            if each:
                await put(open_connection, CATALOGUE[name].table, *each)
        for resource in (CUSTOMER, ORDER):
            names = FIELDS[resource.name]
            expected = oracle.view(principal(who), resource.name, names)
            found = await ask(open_connection, rights.view(resource, names, names), who)
            assert {tuple(row[column] for column in resource.key): _cells(resource, row) for row in found} == expected
            _check_what_is_known(rights.on(resource), expected, rows[resource.name])


def _cells(resource: Resource, row: asyncpg.Record) -> dict[str, Cell]:
    columns = {name: resource.fields[name].column.name for name in FIELDS[resource.name]}
    return {
        name: Cell(
            row[column],
            row[f"{column}__state"],
            tuple(row[f"{column}__{each}"] for each in resource.fields[name].spec.companions),
        )
        for name, column in columns.items()
    }


def _check_what_is_known(on: Any, visible: dict[Any, dict[str, Cell]], rows: list[dict[str, Any]]) -> None:
    """What is told without asking the database is so in the database."""
    for name in FIELDS[on.resource.name]:
        states = {cells[name].state for cells in visible.values()}
        assert on.state(name) is None or states <= {on.state(name)}
        assert name in on.readable or states <= {"withheld"}
    present = [row for row in rows if row["deleted_at"] is None and row.get("erased_at") is None]
    assert not on.every_row or len(visible) == len(present)
