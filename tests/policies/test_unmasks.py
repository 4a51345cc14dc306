"""Unmask: what is masked is plain on one row, for a time, and under every deny and every ceiling."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import asyncpg
import pytest

from policies.access import State, access
from policies.conditions import UnmaskedKeys
from policies.document import Action
from policies.principal import Assignment, Party, Principal, Unmask
from policies.rules import Policy
from tests.policies.documents import Written, allow, deny, names, of, policy, principal, rights, role
from tests.policies.model import CUSTOMER, CUSTOMERS, ORDER, ORDERS
from tests.policies.rows import ask, key, put, text

EMAIL, DOTTED = "ada.lovelace@example.com", "a•••@example.com"
PLAIN, MASKED, WITHHELD = State.PLAIN, State.MASKED, State.WITHHELD
TRUTH = {"true": True, "false": False, "unknown": None}

MASK = allow(fields=names("email"), mask={"email": "email"})


def may(fields: Any = "all", **parts: Any) -> Written:
    """A rule that lets fields be unmasked."""
    return {"allow": ["unmask"], "on": "Customer", "fields": fields, **parts}


def may_not(**parts: Any) -> Written:
    return {"deny": ["unmask"], "on": "Customer", **parts}


def opened(*rows: int, field: str = "email", who: Principal | None = None) -> Principal:
    """Who asks, with a field of some customers opened."""
    unmasks = tuple(Unmask("Customer", field, None, key(row)) for row in rows)
    return replace(who or principal(), unmasks=unmasks)


async def shown(connection: asyncpg.Connection, rules: Policy, who: Principal, action: Action = Action.READ) -> Any:
    """By number of the row, e-mail address and its state."""
    view = access(rules, who.shape).view(CUSTOMER, ["email"], ["email"], action=action)
    return {row["id"].int: (row["email"], row["email__state"]) for row in await ask(connection, view, who)}


@pytest.fixture
async def two(connection: asyncpg.Connection) -> asyncpg.Connection:
    await put(connection, CUSTOMERS, *({"id": key(n), "email": EMAIL, "open": n == 1} for n in (1, 2)))
    return connection


async def test_a_masked_field_is_plain_on_the_row_that_is_opened(two: asyncpg.Connection) -> None:
    found = await shown(two, of(MASK, may()), opened(1))
    assert found == {1: (EMAIL, PLAIN), 2: (DOTTED, MASKED)}


@pytest.mark.parametrize(
    "unmask",
    [
        Unmask("Customer", "phone", None, key(1)),
        Unmask("Order", "email", None, key(1)),
        Unmask("Customer", "email", None, key(3)),
        Unmask("Customer", "email", key(1), key(3)),
    ],
    ids=["another field", "another type", "another row", "another customer's row"],
)
async def test_an_unmask_opens_what_it_names_and_nothing_else(two: asyncpg.Connection, unmask: Unmask) -> None:
    who = replace(principal(), unmasks=(unmask,))
    assert set((await shown(two, of(MASK, may()), who)).values()) == {(DOTTED, MASKED)}


@pytest.mark.parametrize(("granted", "denied"), list(product(TRUTH, repeat=2)))
@pytest.mark.parametrize("fields", [{}, {"fields": names("email")}], ids=["of the row", "of the field"])
async def test_it_counts_where_unmask_is_certainly_allowed_and_not_possibly_denied(
    connection: asyncpg.Connection, granted: str, denied: str, fields: Written
) -> None:
    row = {"id": key(1), "email": EMAIL, "open": TRUTH[granted], "barred": TRUTH[denied]}
    await put(connection, CUSTOMERS, row)
    rules = of(MASK, may(when={"open": {"eq": True}}), may_not(when={"barred": {"eq": True}}, **fields))
    is_open = granted == "true" and denied == "false"
    assert await shown(connection, rules, opened(1)) == {1: (EMAIL, PLAIN) if is_open else (DOTTED, MASKED)}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((MASK,), (DOTTED, MASKED)),
        ((MASK, may(names("phone"))), (DOTTED, MASKED)),
        ((MASK, may(), may_not()), (DOTTED, MASKED)),
        ((MASK, may(), may_not(fields=names("email"))), (DOTTED, MASKED)),
        ((MASK, may(), may_not(fields=names("phone"))), (EMAIL, PLAIN)),
        ((allow(fields=names("name")), may()), (None, WITHHELD)),
        ((MASK, may(), deny(fields=names("email"))), (None, WITHHELD)),
        ((MASK, may(), allow(fields=names("email"), when={"open": {"eq": True}})), (EMAIL, PLAIN)),
    ],
    ids=["no grant", "of another field", "denied on every row", "denied of it", "denied of another", "withheld",
         "denied to be read", "plain anyway"],
)  # fmt: skip
async def test_what_an_unmask_comes_to(two: asyncpg.Connection, rules: Any, expected: Any) -> None:
    assert (await shown(two, of(*rules), opened(1)))[1] == expected


async def test_it_counts_only_where_the_field_is_masked(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, *({"id": key(n), "email": EMAIL, "open": n == 1} for n in (1, 2)))
    rules = of(allow(fields=names("name")), {**MASK, "when": {"open": {"eq": True}}}, may())
    assert await shown(connection, rules, opened(1, 2)) == {1: (EMAIL, PLAIN), 2: (None, WITHHELD)}


async def test_a_row_that_is_hidden_stays_hidden(two: asyncpg.Connection) -> None:
    rules = of(MASK, may(), deny(when={"open": {"eq": True}}))
    assert set(await shown(two, rules, opened(1))) == {2}
    assert await shown(two, of(may()), opened(1, 2)) == {}


async def test_of_two_assignments_each_is_judged_by_itself(two: asyncpg.Connection) -> None:
    rules = policy(role("masker", MASK), role("opener", may(when={"region": {"in": "$assignment.regions"}})))
    await two.execute("UPDATE small.customers SET region_id = $1", key(11))
    for regions, expected in (((key(11),), (EMAIL, PLAIN)), ((key(12),), (DOTTED, MASKED)), ((), (DOTTED, MASKED))):
        who = principal(Assignment("masker", regions=(key(11),)), Assignment("opener", regions=regions))
        assert (await shown(two, rules, opened(1, who=who)))[1] == expected


async def test_a_deny_of_each_assignment_speaks_of_its_own_regions(two: asyncpg.Connection) -> None:
    barred = may_not(when={"region": {"in": "$assignment.regions"}})
    rules = policy(role("masker", MASK, may()), role("barred", barred))
    await two.execute(
        "UPDATE small.customers SET region_id = CASE WHEN open THEN $1::uuid ELSE $2 END", key(11), key(12)
    )
    for regions, plain in (((11, 12), set()), ((11, 13), {2}), ((13, 12), {1}), ((13, 14), {1, 2})):
        held = (Assignment("barred", regions=(key(region),)) for region in regions)
        found = await shown(two, rules, opened(1, 2, who=principal(Assignment("masker"), *held)))
        assert {row for row, (_, state) in found.items() if state == PLAIN} == plain


@pytest.mark.parametrize(
    ("client", "expected"),
    [("masker", (DOTTED, MASKED)), ("reader", (EMAIL, PLAIN)), ("domain", ("example.com", MASKED))],
)
async def test_a_ceiling_bounds_it_and_has_none_itself(two: asyncpg.Connection, client: str, expected: Any) -> None:
    domain = allow(fields=names("email"), mask={"email": "domain"})
    rules = policy(
        role("own", MASK, may()), role("masker", MASK, may()), role("reader", allow(), may()), role("domain", domain)
    )
    who = Principal(key(1), (Assignment("own"),), (), ceilings=(Party(key(2), (Assignment(client),)),))
    assert (await shown(two, rules, opened(1, who=who)))[1] == expected


EXPORT = {**MASK, "allow": ["export"]}


@pytest.mark.parametrize(
    ("export", "expected"),
    [(EXPORT, (EMAIL, PLAIN)), ({"allow": ["export"], "on": "Customer", "fields": "all"}, (EMAIL, PLAIN))],
    ids=["masked", "plain"],
)
async def test_what_is_opened_is_exported_where_exporting_is_granted(
    two: asyncpg.Connection, export: Written, expected: Any
) -> None:
    found = await shown(two, of(MASK, export, may()), opened(1), Action.EXPORT)
    assert found == {1: expected, 2: (DOTTED, MASKED)}


async def test_of_two_customers_rows_with_one_id_one_is_opened(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)}, {"id": key(2)})
    rows = [(customer, order) for customer in (1, 2) for order in (5, 6)]
    await put(connection, ORDERS, *({"customer_id": key(c), "id": key(o), "title": "Lamp"} for c, o in rows))
    mask = allow("Order", fields=names("title"), mask={"title": "redact"})
    unmasks = (Unmask("Order", "title", key(1), key(5)), Unmask("Order", "title", key(2), key(6)))
    who = replace(principal(), unmasks=(*unmasks, Unmask("Order", "title", None, key(5))))
    view = rights(mask, {"allow": ["unmask"], "on": "Order", "fields": "all"}).view(ORDER, ["title"])
    found = {(row["customer_id"].int, row["id"].int): row["title"] for row in await ask(connection, view, who)}
    assert found == {(1, 5): "Lamp", (1, 6): "•••", (2, 5): "•••", (2, 6): "Lamp"}


def test_plans_do_not_depend_on_unmasks_and_without_the_right_know_nothing_of_them() -> None:
    assert opened(1, 2).shape == principal().shape
    with_right, without = (text(rights(MASK, *more).view(CUSTOMER, ["email"], ["email"])) for more in ([may()], []))
    assert "ANY" in with_right
    assert "ANY" not in without


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        ((MASK,), MASKED),
        ((MASK, may()), None),
        ((MASK, may(), may_not()), MASKED),
        ((MASK, may(), may_not(fields=names("email"))), MASKED),
        ((MASK, may(names("phone"))), MASKED),
        ((allow(), may()), PLAIN),
        ((MASK, may(), deny(fields=names("email"))), WITHHELD),
    ],
)
def test_what_is_told_without_asking(rules: Any, state: State | None) -> None:
    assert rights(*rules).on(CUSTOMER).state("email") is state


def test_the_values_are_the_keys_of_what_is_opened() -> None:
    who = replace(opened(1, 2), unmasks=(*opened(1, 2).unmasks, Unmask("Customer", "phone", None, key(3))))
    assert who.values[_keys("email")] == [key(1), key(2)]
    assert who.values[_keys("phone")] == [key(3)]
    assert who.values[_keys("street")] == []


def _keys(field: str) -> UnmaskedKeys:
    return UnmaskedKeys("Customer", field, "id")


def test_an_unmask_of_an_owned_row_names_its_customer() -> None:
    unmask = Unmask("Order", "title", key(1), key(5))
    assert [unmask.part(name) for name in ORDER.key] == [key(1), key(5)]
