"""`$purpose`: what a request says that it is for, known to those assignments alone that list it."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import asyncpg
import pytest

from policies.access import access
from policies.conditions import Attribute
from policies.faults import PolicyError
from policies.principal import Assignment, Held, Party, Principal
from policies.rules import Policy
from tests.policies.documents import ME, allow, deny, of, policy, role
from tests.policies.model import CUSTOMER, CUSTOMERS
from tests.policies.rows import ask, key, put

CLIENT, EAST, WEST = key(3), key(11), key(12)
NAMED = {"name": {"eq": "$purpose"}}


def asking(*purposes: tuple[str, ...], declares: str | None, ceilings: tuple[Party, ...] = ()) -> Principal:
    """Who holds the role `reader` once for each of some lists of purposes."""
    held = tuple(Assignment("reader", purposes=each) for each in purposes)
    return Principal(ME, held, (ME,), ceilings=ceilings).declaring(declares)


async def seen(connection: asyncpg.Connection, rules: Policy, who: Principal) -> set[str]:
    """The names of the customers that are visible."""
    return {row["name"] for row in await ask(connection, access(rules, who.shape).view(CUSTOMER, ["name"]), who)}


@pytest.fixture
async def named(connection: asyncpg.Connection) -> asyncpg.Connection:
    rows = [
        {"id": key(n), "name": name, "tier": tier}
        for n, (name, tier) in enumerate((("gold", "GOLD"), ("iron", "IRON")))
    ]
    await put(connection, CUSTOMERS, *rows)
    return connection


@pytest.mark.parametrize(
    ("purposes", "declares", "allowed", "undenied"),
    [
        ([()], None, set(), set()),
        ([()], "gold", set(), set()),
        ([("gold",)], None, set(), set()),
        ([("gold",)], "iron", set(), set()),
        ([("gold",)], "gold", {"gold"}, {"iron"}),
        ([("gold", "iron")], "iron", {"iron"}, {"gold"}),
        ([("gold",), ("iron",)], "iron", {"iron"}, set()),
        ([("gold",), ()], "gold", {"gold"}, set()),
    ],
)
async def test_it_is_known_where_it_is_declared_and_listed(
    named: asyncpg.Connection,
    purposes: list[tuple[str, ...]],
    declares: str | None,
    allowed: set[str],
    undenied: set[str],
) -> None:
    who = asking(*purposes, declares=declares)
    assert await seen(named, of(allow(when=NAMED)), who) == allowed
    assert await seen(named, of(allow(), deny(when=NAMED)), who) == undenied


@pytest.mark.parametrize("operator", ["eq", "neq"])
async def test_of_a_list_it_is_compared_in_capital_letters(named: asyncpg.Connection, operator: str) -> None:
    rules = of(allow(when={"tier": {operator: "$purpose"}}))
    expected = {"gold"} if operator == "eq" else {"iron"}
    assert await seen(named, rules, asking(("gold",), declares="gold")) == expected


@pytest.mark.parametrize(
    ("client", "declares", "expected"),
    [(("gold",), "gold", {"gold"}), (("iron",), "gold", set()), ((), "gold", set()), (("gold",), None, set())],
)
async def test_to_a_ceiling_it_is_known_by_the_ceilings_own_list(
    named: asyncpg.Connection, client: tuple[str, ...], declares: str | None, expected: set[str]
) -> None:
    rules = policy(role("reader", allow()), role("client", allow(when=NAMED)))
    ceiling = Party(CLIENT, (Assignment("client", purposes=client),))
    assert await seen(named, rules, asking((), declares=declares, ceilings=(ceiling,))) == expected


def test_the_shape_tells_whether_it_is_known_and_not_which_it_is() -> None:
    gold, iron = asking(("gold",), declares="gold"), asking(("iron", "gold"), declares="iron")
    assert gold.shape == iron.shape == ((Held("reader", departments=False, regions=False, purpose=True),),)
    assert asking(("gold",), declares=None).shape == asking((), declares="gold").shape != gold.shape


def test_who_is_listed_by_nobody_stays_as_he_is() -> None:
    who = asking(("gold",), ("iron",), declares=None)
    assert who.declaring(None) is who.declaring("tin") is who
    assert who.purpose is None
    assert who.declaring("iron").purpose == "iron"


PLACED = [
    Assignment("reader", regions=(EAST,), purposes=("gold",)),
    Assignment("reader", regions=(WEST,)),
    Assignment("reader", purposes=("gold",)),
]


@pytest.mark.parametrize("assignments", list(permutations(PLACED)))
def test_its_value_stands_at_the_assignments_that_list_it(assignments: Any) -> None:
    who = Principal(ME, assignments, (ME,)).declaring("gold")
    [shape] = who.shape
    assert [held.purpose for held in shape] == [False, True, True]
    for position in (1, 2):
        assert (who.values[Attribute("purpose", position)], who.values[Attribute("PURPOSE", position)]) == (
            "gold",
            "GOLD",
        )
    with pytest.raises(KeyError):
        who.values[Attribute("purpose", 0)]


def test_the_shape_does_not_depend_on_which_region_is_whose() -> None:
    one, other = (
        Principal(
            ME, (Assignment("reader", regions=(a,), purposes=("gold",)), Assignment("reader", regions=(b,))), (ME,)
        )
        for a, b in ((EAST, WEST), (WEST, EAST))
    )
    assert one.declaring("gold").shape == other.declaring("gold").shape


@pytest.mark.parametrize(
    ("field", "operator"),
    [
        ("name", "in"),
        ("owner", "eq"),
        ("level", "eq"),
        ("seenAt", "lt"),
        ("tier", "in"),
        ("path", "eq"),
        ("name", "isNull"),
    ],
)
def test_it_fits_texts_and_what_is_one_of_a_list(field: str, operator: str) -> None:
    with pytest.raises(PolicyError):
        of(allow(when={field: {operator: "$purpose"}}))


@pytest.mark.parametrize("field", ["name", "tier"])
def test_it_is_no_preset(field: str) -> None:
    with pytest.raises(PolicyError, match="no preset"):
        of({"allow": ["update"], "on": "Customer", "fields": "all", "preset": {field: "$purpose"}})
