"""Writes: fields, the row before and the row after, by plain SQL under the policy's predicates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from policies.access import Access, access
from policies.conditions import Attribute, Constant
from policies.document import Action
from policies.permits import Permit
from policies.principal import Assignment, Party, Principal
from tests.policies.documents import ME, Written, allow, classes, deny, names, policy, role
from tests.policies.model import CUSTOMER, CUSTOMERS, ORDER, ORDERS, USERS
from tests.policies.rows import ask, key, put, text

OTHER, CLIENT, EAST, WEST = key(2), key(99), key(11), key(12)
OWN: Written = {"owner": {"eq": "$me"}}


def update(on: str = "Customer", *, fields: Any, when: Any = None, **parts: Any) -> Written:
    return allow(on, fields=fields, when=when) | {"allow": ["update"], **parts}


def may(action: str, on: str = "Customer", *, fields: Any = "all", when: Any = None, **parts: Any) -> Written:
    return allow(on, fields=fields, when=when) | {"allow": [action], **parts}


def someone(*assignments: Assignment, ceilings: tuple[Party, ...] = ()) -> Principal:
    return Principal(ME, assignments or (Assignment("writer"),), (ME,), ceilings=ceilings)


def rights(*rules: Written, who: Principal | None = None) -> Access:
    return access(policy(role("writer", *rules)), (who or someone()).shape)


async def stored(connection: asyncpg.Connection) -> list[Any]:
    """All rows of customers and orders, as they are."""
    return [
        tuple(row)
        for table in (CUSTOMERS, ORDERS)
        for row in await connection.fetch(f"SELECT t::text FROM {table.fullname} t ORDER BY id")
    ]


async def change(
    connection: asyncpg.Connection, permit: Permit, values: dict[str, Any], who: Principal | None = None
) -> set[int]:
    """Updates every row that may be updated so, and may be left so. The numbers of those that were."""
    table, who = permit.resource.table, who or someone()
    done = set()
    for row in await connection.fetch(f"SELECT id FROM {table.fullname}"):
        one: sa.ColumnElement[bool] = table.c.id == row["id"]
        transaction = connection.transaction()
        await transaction.start()
        statement = sa.update(table).where(one, permit.before(table)).values(values).returning(table.c.id)
        changed = await ask(connection, statement, who)
        left = await ask(connection, sa.select(table.c.id).where(one, permit.after(table)), who)
        if changed and left:
            await transaction.commit()
            done.add(row["id"].int)
        else:
            await transaction.rollback()
    return done


@pytest.fixture
async def rows(connection: asyncpg.Connection) -> asyncpg.Connection:
    await put(connection, USERS, {"id": ME, "name": "Me"}, {"id": OTHER, "name": "Other"})
    owners = [(1, ME, None), (2, OTHER, None), (3, None, None), (4, ME, True)]
    await put(
        connection,
        CUSTOMERS,
        *(
            {"id": key(n), "owner_id": owner, "region_id": EAST, "name": "A", "email": "a@x.io", "barred": barred}
            for n, owner, barred in owners
        ),
    )
    return connection


async def test_a_write_needs_the_row_before_visible_and_granted(rows: asyncpg.Connection) -> None:
    permit = rights(allow(), update(fields=names("name"), when=OWN)).permits(Action.UPDATE, CUSTOMER, ["name"])
    assert await change(rows, permit, {"name": "B"}) == {1, 4}


@pytest.mark.parametrize(
    "rules",
    [
        [allow()],
        [update(fields=names("name"))],
        [allow(when={"name": {"eq": "Z"}}), update(fields=names("name"))],
        [allow(), update(fields=names("email"))],
        [allow(), update(fields=names("name")), deny() | {"deny": ["update"]}],
        [allow(), update(fields=names("name")), deny(fields=names("name")) | {"deny": ["update"]}],
        [allow(), update(fields=names("name"), preset={"name": "Preset"})],
        [allow(), update(fields=names("name"), when={"region": {"in": "$assignment.regions"}})],
        [allow(), may("create", fields=names("name")), may("delete", fields=names("name"))],
        [allow(), deny(), update(fields=names("name"))],
    ],
    ids=[
        "no rule",
        "unseen",
        "unseen row",
        "another field",
        "row denied",
        "field denied",
        "preset",
        "operand lacking",
        "other actions",
        "read denied",
    ],
)
async def test_what_is_not_permitted_leaves_the_database_as_it_was(
    rows: asyncpg.Connection, rules: list[Written]
) -> None:
    before = await stored(rows)
    permit = rights(*rules).permits(Action.UPDATE, CUSTOMER, ["name"])
    assert await change(rows, permit, {"name": "B"}) == set()
    assert await stored(rows) == before


async def test_every_field_that_is_set_must_be_granted_on_that_row(rows: asyncpg.Connection) -> None:
    granted = rights(allow(), update(fields=names("name")), update(fields=names("email"), when=OWN))
    both = {"name": "B", "email": "b@x.io"}
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, both), both) == {1, 4}
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["name"]), {"name": "C"}) == {1, 2, 3, 4}
    assert not granted.permits(Action.UPDATE, CUSTOMER, ["name", "phone"]).possible


async def test_the_row_after_must_be_granted_too(rows: asyncpg.Connection) -> None:
    permit = rights(allow(), update(fields=names("owner"), when=OWN)).permits(Action.UPDATE, CUSTOMER, ["owner"])
    before = await stored(rows)
    assert await change(rows, permit, {"owner_id": OTHER}) == set()
    assert await stored(rows) == before
    assert await change(rows, permit, {"owner_id": ME}) == {1, 4}


async def test_a_field_may_be_denied_on_some_rows(rows: asyncpg.Connection) -> None:
    barred = {"barred": {"eq": True}}
    granted = rights(
        allow(), update(fields=names("name")), deny(fields=names("name"), when=barred) | {"deny": ["update"]}
    )
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["name"]), {"name": "B"}) == set()
    await rows.execute(f"UPDATE {CUSTOMERS.fullname} SET barred = false WHERE id = $1", key(2))
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["name"]), {"name": "B"}) == {2}


@pytest.mark.parametrize("column", ["deleted_at", "erased_at"])
async def test_a_row_that_is_gone_is_not_written(rows: asyncpg.Connection, column: str) -> None:
    await rows.execute(f"UPDATE {CUSTOMERS.fullname} SET {column} = now() WHERE id = $1", key(1))
    permit = rights(allow(), update(fields=names("name"))).permits(Action.UPDATE, CUSTOMER, ["name"])
    assert await change(rows, permit, {"name": "B"}) == {2, 3, 4}


async def test_a_ceiling_bounds_writes(rows: asyncpg.Connection) -> None:
    rules = policy(
        role("writer", allow(), update(fields=names("name", "email"), when=OWN)),
        role("client", allow(), update(fields=names("name"))),
        role("reader", allow()),
    )
    for client, fields, expected in (
        ("client", ["name"], {1, 4}),
        ("client", ["name", "email"], set()),
        ("reader", ["name"], set()),
    ):
        who = someone(Assignment("writer"), ceilings=(Party(CLIENT, (Assignment(client),)),))
        permit = access(rules, who.shape).permits(Action.UPDATE, CUSTOMER, fields)
        assert await change(rows, permit, {"name": "B"}, who) == expected
        assert permit.possible is bool(expected)
        assert permit.settled is (None if expected else False)


async def test_two_assignments_never_mix(rows: asyncpg.Connection) -> None:
    here: Written = {"region": {"in": "$assignment.regions"}, "owner": {"eq": "$me"}}
    rules = policy(
        role("writer", allow(), update(fields=names("name"), when=here)),
        role("other", allow(), update(fields=names("email"), when=here)),
    )
    who = someone(Assignment("writer", regions=(EAST,)), Assignment("other", regions=(WEST,)))
    granted = access(rules, who.shape)
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["name"]), {"name": "B"}, who) == {1, 4}
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["email"]), {"email": "b@x.io"}, who) == set()


@pytest.mark.parametrize(("owner", "made"), [(ME, True), (OTHER, False), (None, False)], ids=["own", "other", "none"])
async def test_a_new_row_is_made_where_it_is_granted(
    rows: asyncpg.Connection, owner: UUID | None, *, made: bool
) -> None:
    permit = rights(may("create", fields=names("owner", "name"), when=OWN)).permits(
        Action.CREATE, CUSTOMER, ["owner", "name"]
    )
    before = await stored(rows)
    transaction = rows.transaction()
    await transaction.start()
    await put(rows, CUSTOMERS, {"id": key(7), "owner_id": owner, "name": "New"})
    left = await ask(
        rows, sa.select(CUSTOMERS.c.id).where(CUSTOMERS.c.id == key(7), permit.after(CUSTOMERS)), someone()
    )
    await (transaction.commit() if left else transaction.rollback())
    assert bool(left) is made
    assert (await stored(rows) == before) is not made


def test_what_a_new_row_needs() -> None:
    granted = rights(may("create", "Order", fields=classes("BUSINESS")))
    assert granted.permits(Action.CREATE, ORDER, ["customer", "title"]).possible
    assert not granted.permits(Action.CREATE, ORDER, ["customer", "id"]).possible
    assert not granted.permits(Action.CREATE, CUSTOMER, ["name"]).possible


def test_a_key_is_never_changed() -> None:
    granted = rights(allow("Order"), update("Order", fields="all"))
    assert granted.permits(Action.UPDATE, ORDER, ["title"]).possible
    for name in ("id", "customer"):
        assert not granted.permits(Action.UPDATE, ORDER, [name]).possible


def test_what_is_made_from_other_columns_is_set_by_nobody() -> None:
    granted = rights(allow(), update(fields=classes("CONTACT")), may("create", fields=classes("CONTACT")))
    for action in (Action.UPDATE, Action.CREATE):
        assert granted.permits(action, CUSTOMER, ["email"]).possible
        assert not granted.permits(action, CUSTOMER, ["derived"]).possible


async def test_a_row_is_deleted_where_it_is_visible_and_granted(rows: asyncpg.Connection) -> None:
    permit = rights(allow(), may("delete", fields="all", when=OWN)).permits(Action.DELETE, CUSTOMER, ())
    statement = sa.delete(CUSTOMERS).where(permit.before(CUSTOMERS)).returning(CUSTOMERS.c.id)
    assert {row["id"].int for row in await ask(rows, statement, someone())} == {1, 4}


@pytest.mark.parametrize(
    ("rules", "settled"),
    [
        ([allow(), update(fields=names("name"))], True),
        ([allow(when=OWN), update(fields=names("name"), when=OWN)], True),
        ([allow(), update(fields=names("name"), when=OWN)], None),
        ([allow(), update(fields=names("name")), deny(when=OWN) | {"deny": ["update"]}], None),
        ([allow(), update(fields=names("name")), deny(fields=names("name"), when=OWN) | {"deny": ["update"]}], None),
        ([allow(), update(fields=names("email"))], False),
        ([allow(), update(fields=names("name"), preset={"name": "Preset"})], False),
        ([update(fields=names("name"))], False),
        ([], False),
    ],
)
def test_a_permit_tells_what_holds_on_every_visible_row(rules: list[Written], *, settled: bool | None) -> None:
    assert rights(*rules).permits(Action.UPDATE, CUSTOMER, ["name"]).settled is settled


@pytest.mark.parametrize(
    ("rules", "settled"),
    [
        ([update(fields=names("name", "email"))], True),
        ([update(fields=names("name"), when=OWN), update(fields=names("email"))], None),
        ([update(fields="all"), deny(fields=names("email"), when=OWN) | {"deny": ["update"]}], None),
        ([update(fields=names("name"))], False),
    ],
    ids=str,
)
def test_a_permit_of_several_fields_is_settled_where_each_is(rules: list[Written], *, settled: bool | None) -> None:
    assert rights(allow(), *rules).permits(Action.UPDATE, CUSTOMER, ["name", "email"]).settled is settled


@pytest.mark.parametrize(
    ("own", "client", "settled"), [("any", "any", True), ("any", "own", None), ("own", "any", None)]
)
def test_a_permit_of_several_parties_is_settled_where_it_is_to_each(
    own: str, client: str, *, settled: bool | None
) -> None:
    rules = policy(
        role("any", allow(), update(fields=names("name"))), role("own", allow(), update(fields=names("name"), when=OWN))
    )
    who = someone(Assignment(own), ceilings=(Party(CLIENT, (Assignment(client),)),))
    assert access(rules, who.shape).permits(Action.UPDATE, CUSTOMER, ["name"]).settled is settled


# Presets


def test_presets_are_bound_to_the_caller() -> None:
    rules = [
        may("create", fields=names("name"), preset={"tier": "GOLD", "owner": "$me", "level": None}),
        may("create", fields=names("email"), preset={"tier": "GOLD"}),
    ]
    assert rights(*rules).presets(Action.CREATE, CUSTOMER) == {
        "tier": Constant("GOLD"),
        "owner": Attribute("me"),
        "level": Constant(None),
    }
    assert rights(*rules).presets(Action.UPDATE, CUSTOMER) == {}


def test_what_is_preset_cannot_be_sent() -> None:
    granted = rights(may("create", fields=names("name", "tier"), preset={"tier": "GOLD"}))
    assert granted.permits(Action.CREATE, CUSTOMER, ["name"]).possible
    assert not granted.permits(Action.CREATE, CUSTOMER, ["name", "tier"]).possible


def test_where_roles_preset_one_field_differently_nothing_is_written() -> None:
    rules = policy(
        role("writer", may("create", fields=names("name"), preset={"tier": "GOLD"})),
        role("other", may("create", fields=names("name"), preset={"tier": "IRON"})),
    )
    for held, possible in ((("writer",), True), (("other",), True), (("writer", "other"), False)):
        who = someone(*map(Assignment, held))
        assert access(rules, who.shape).permits(Action.CREATE, CUSTOMER, ["name"]).possible is possible


async def test_what_is_unknown_of_a_row_is_not_offered(rows: asyncpg.Connection) -> None:
    own = [allow(), update(fields=names("email"), when=OWN), may("delete", when=OWN)]
    view = rights(*own).view(CUSTOMER, [], updatable=["email"], permitted=[Action.UPDATE, Action.DELETE])
    offered = {row["id"].int: tuple(row)[1:] for row in await ask(rows, view, someone())}
    assert offered == {1: (True,) * 3, 2: (False,) * 3, 3: (False,) * 3, 4: (True,) * 3}


async def test_what_nothing_permits_is_not_offered(rows: asyncpg.Connection) -> None:
    view = rights(allow()).view(CUSTOMER, [], updatable=["name"], permitted=[Action.UPDATE, Action.DELETE])
    assert {tuple(row)[1:] for row in await ask(rows, view, someone())} == {(False,) * 3}


async def test_what_denies_a_row_is_still_asked_of_what_allows_a_field(rows: asyncpg.Connection) -> None:
    barred: Written = {"barred": {"eq": True}}
    denying = deny(when=barred) | {"deny": ["update"]}
    granted = rights(allow(), update(fields=names("email")), update(fields=names("name"), when=barred), denying)
    await rows.execute(f"UPDATE {CUSTOMERS.fullname} SET barred = false WHERE barred IS NULL")
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["name"]), {"name": "B"}) == set()
    assert await change(rows, granted.permits(Action.UPDATE, CUSTOMER, ["email"]), {"email": "b@x.io"}) == {1, 2, 3}


def test_where_nothing_is_denied_no_deny_is_asked() -> None:
    granted = rights(allow(), update(fields=names("name"), when=OWN))
    asked = sa.select(CUSTOMERS.c.id).where(granted.permits(Action.UPDATE, CUSTOMER, ["name"]).before(CUSTOMERS))
    assert "IS false" not in text(asked)
