"""Aggregates are of what is read; where nothing is, of what `aggregate` grants."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from policies.access import State, access
from policies.document import Action
from policies.principal import Assignment, Party, Principal
from tests.policies.documents import ME, Written, allow, classes, deny, names, policy, role
from tests.policies.model import CUSTOMER, CUSTOMERS
from tests.policies.rows import ask, key, put

EAST, WEST = key(11), key(12)
IN_EAST: Written = {"region": {"eq": str(EAST)}}
FIELDS = ["email", "name", "tier"]
PLAIN, MASKED, WITHHELD = State.PLAIN, State.MASKED, State.WITHHELD


def counts(rule: Written) -> Written:
    """The same rule for `aggregate`."""
    return {name: ["aggregate"] if name in ("allow", "deny") else part for name, part in rule.items()}


RULES = policy(
    role("reader", allow(fields=names("name"))),
    role("none"),
    role("counter", counts(allow(fields=names("tier", "email")))),
    role("eastern", counts(allow(when=IN_EAST, fields=names("tier")))),
    role("barred", counts(allow(fields=names("tier"))), counts(deny(when=IN_EAST))),
    role("unread", counts(allow(fields=names("tier"))), deny()),
    role("denied", allow(fields=names("name")), counts(allow(fields=names("tier"))), deny()),
    role("silent", counts(allow(fields=names("tier", "email"))), counts(deny(fields=classes("CONTACT")))),
    role("nowhere", counts(allow(fields=names("tier"))), allow(when={"region": {"in": "$assignment.regions"}})),
    role("masker", counts(allow(fields=names("email"), mask={"email": "domain"}))),
    role("everything", allow()),
)
A, B = ("someone.a@example.com", PLAIN), ("someone.b@example.com", PLAIN)
NOTHING = (None, WITHHELD)
TOLD: list[tuple[tuple[str, ...], tuple[str, ...], dict[int, Any]]] = [
    (("none",), (), {}),
    (("counter",), (), {1: (A, NOTHING, ("X", PLAIN)), 2: (B, NOTHING, ("Y", PLAIN))}),
    (("eastern",), (), {1: (NOTHING, NOTHING, ("X", PLAIN))}),
    (("barred",), (), {2: (NOTHING, NOTHING, ("Y", PLAIN))}),
    (("eastern", "barred"), (), {2: (NOTHING, NOTHING, ("Y", PLAIN))}),
    (("unread",), (), {n: (NOTHING, NOTHING, (tier, PLAIN)) for n, tier in ((1, "X"), (2, "Y"))}),
    (("denied",), (), {}),
    (("nowhere",), (), {n: (NOTHING, NOTHING, (tier, PLAIN)) for n, tier in ((1, "X"), (2, "Y"))}),
    (("silent",), (), {n: (NOTHING, NOTHING, (tier, PLAIN)) for n, tier in ((1, "X"), (2, "Y"))}),
    (("masker",), (), dict.fromkeys((1, 2), (("example.com", MASKED), NOTHING, NOTHING))),
    (("counter", "reader"), (), {n: (NOTHING, (name, PLAIN), NOTHING) for n, name in ((1, "A"), (2, "B"))}),
    (("counter",), ("none",), {}),
    (("counter",), ("eastern",), {1: (NOTHING, NOTHING, ("X", PLAIN))}),
    (("counter",), ("masker",), dict.fromkeys((1, 2), (("example.com", MASKED), NOTHING, NOTHING))),
    (("counter",), ("everything",), {1: (A, NOTHING, ("X", PLAIN)), 2: (B, NOTHING, ("Y", PLAIN))}),
    (("everything",), ("counter",), {1: (A, NOTHING, ("X", PLAIN)), 2: (B, NOTHING, ("Y", PLAIN))}),
    (("reader", "counter"), ("counter",), {1: (NOTHING,) * 3, 2: (NOTHING,) * 3}),
    (("reader",), ("denied",), {}),
]


def _who(roles: tuple[str, ...], client: tuple[str, ...]) -> Principal:
    ceilings = (Party(key(99), tuple(map(Assignment, client))),) if client else ()
    return Principal(ME, tuple(map(Assignment, roles)), (ME,), ceilings=ceilings)


@pytest.mark.parametrize(("roles", "client", "told"), TOLD, ids=[f"{'+'.join(a)} by {'+'.join(b)}" for a, b, _ in TOLD])
async def test_what_aggregates_are_of(
    connection: asyncpg.Connection, roles: tuple[str, ...], client: tuple[str, ...], told: dict[int, Any]
) -> None:
    rows = [(1, EAST, "someone.a@example.com", "A", "X"), (2, WEST, "someone.b@example.com", "B", "Y")]
    columns = ("id", "region_id", "email", "name", "tier")
    await put(connection, CUSTOMERS, *(dict(zip(columns, (key(n), *rest), strict=True)) for n, *rest in rows))
    who = _who(roles, client)
    rights = access(RULES, who.shape)
    view = rights.view(CUSTOMER, FIELDS, FIELDS, action=Action.AGGREGATE)
    found = {
        row["id"].int: tuple((row[name], row[f"{name}__state"]) for name in FIELDS)
        for row in await ask(connection, view, who)
    }
    assert found == told
    on = rights.on(CUSTOMER, Action.AGGREGATE)
    assert on.visible or not found
    states = {name: {cells[i][1] for cells in found.values()} for i, name in enumerate(FIELDS)}
    assert on.unmasked.intersection(FIELDS) >= {name for name, seen in states.items() if seen == {PLAIN}}
    assert not on.unmasked.intersection(name for name, seen in states.items() if MASKED in seen)


def test_no_key_is_granted_with_what_is_counted() -> None:
    on = access(RULES, _who(("counter",), ()).shape).on(CUSTOMER, Action.AGGREGATE)
    assert on.readable == {"tier", "email"}
