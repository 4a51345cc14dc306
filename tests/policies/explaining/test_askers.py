"""An asker is told no more than the asker's own views show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import pytest
import sqlalchemy as sa

from policies.access import access
from policies.explaining import Explaining, Explanation
from policies.explaining.telling import Telling
from policies.principal import Assignment, Principal
from policies.rules import Policy
from policies.statements import Statement, statement
from tests.policies.conftest import rolled_back
from tests.policies.documents import ME, Written, allow, deny, names, policy, principal, role
from tests.policies.explaining.asking import ANN, EAST, OTHER, READER, WEST, explained, put_ann, told
from tests.policies.model import CATALOGUE, CUSTOMER, CUSTOMERS, LINES, ORDER, ORDERS, REGIONS, USERS
from tests.policies.rows import key, put

ASKER = Principal(key(3), (Assignment("asker", regions=(EAST,)),), (key(3),))


def both(reader: list[Written], *asker: Written) -> Policy:
    """The policy of the role that is explained and of the asker's."""
    return policy(role("reader", *reader), role("asker", *asker))


def lines(explanation: Explanation) -> str:
    return "\n".join(Telling({}).lines(explanation))


def data(explanation: Explanation) -> bytes:
    return orjson.dumps(Telling({}).data(explanation))


# A row that is hidden


@pytest.mark.parametrize("field", [None, "email"])
@pytest.mark.parametrize(
    "asker",
    [
        [],
        [allow(when={"level": {"gt": 99}})],
        [allow(), deny(when={"barred": {"eq": True}})],
        [allow("User")],
    ],
    ids=["no rule", "another's", "denied", "another resource"],
)
async def test_a_hidden_row_is_told_as_one_that_is_not_there(
    ann: asyncpg.Connection, asker: list[Written], field: str | None
) -> None:
    rules = both([allow()], *asker)
    hidden = await explained(ann, rules, field, by=ASKER)
    missing = await explained(ann, rules, field, by=ASKER, row=(key(999),))
    assert hidden == missing == Explanation("Customer", "the id", field=field)
    assert (lines(hidden), data(hidden)) == (lines(missing), data(missing))
    assert (await explained(ann, rules, field)).found


@pytest.mark.parametrize("column", ["deleted_at", "erased_at"])
async def test_an_asker_is_not_told_of_a_row_that_is_gone(ann: asyncpg.Connection, column: str) -> None:
    await ann.execute(f"UPDATE {CUSTOMERS.fullname} SET {column} = now()")
    assert not (await explained(ann, both([allow()], allow()), by=ASKER)).found


async def test_a_row_that_the_asker_sees_and_the_principal_does_not_is_told(ann: asyncpg.Connection) -> None:
    found = await explained(ann, both([allow(when={"level": {"gt": 7}})], allow()), by=ASKER)
    assert (found.found, found.visible) == (True, False)
    assert told(found.rules[0].condition) == ["level gt 7", "false", "plain", 5, None]


async def test_the_principals_operands_are_not_the_askers(ann: asyncpg.Connection) -> None:
    rules = both([allow(when={"owner": {"eq": "$me"}})], allow(when={"region": {"in": "$assignment.regions"}}))
    found = await explained(ann, rules, by=ASKER, who=principal(Assignment("reader", regions=(WEST,))))
    assert (found.found, found.visible) == (True, False)
    assert told(found.rules[0].condition)[-1] == ME


# A value that is not read plain

TAX = {"taxId": {"eq": "DE123456789"}}


@pytest.mark.parametrize(
    ("asker", "state"),
    [
        ([allow(fields=names("name"))], "withheld"),
        ([allow(fields=names("name")), allow(fields=names("taxId"), mask={"taxId": "last4"})], "masked"),
        ([allow(fields=names("name", "taxId")), deny(fields=names("taxId"), when={"level": {"eq": 5}})], "withheld"),
    ],
)
async def test_a_value_that_is_not_read_plain_shows_its_state_only(
    ann: asyncpg.Connection, asker: list[Written], state: str
) -> None:
    found = await explained(ann, both([allow(when=TAX)], *asker), by=ASKER)
    assert told(found.rules[0].condition) == ["taxId eq DE123456789", "withheld", state, None, None]
    assert (found.rules[0].holds, found.visible) == (None, True)


async def test_the_truth_of_what_rests_on_such_a_value_is_withheld(ann: asyncpg.Connection) -> None:
    mixed = {"OR": [{"AND": [TAX, {"level": {"eq": 5}}]}, {"open": {"eq": False}}]}
    found = await explained(ann, both([allow(when=mixed)], allow(fields=names("level", "open"))), by=ASKER)
    condition = told(found.rules[0].condition)
    assert condition[1] == condition[2][1] == "withheld"
    assert [part[1] for part in condition[2][2:]] == ["withheld", "true"]
    assert condition[3][1] == "false"


async def test_a_cell_that_is_not_read_plain_shows_its_state_only(ann: asyncpg.Connection) -> None:
    reader = [allow(fields=names("email"), mask={"email": "email"})]
    for asker, shown in (
        ([allow(fields=names("email"))], "a•••@example.com"),
        ([allow(fields=names("email"), mask={"email": "domain"})], None),
        ([allow(fields=names("name"))], None),
    ):
        found = await explained(ann, both(reader, *asker), "email", by=ASKER)
        assert ({name: state.value for name, state in found.states.items()}, found.shown) == (
            {"email": "masked"},
            shown,
        )


async def test_no_change_is_told_that_rests_on_such_a_value(ann: asyncpg.Connection) -> None:
    reader = [
        allow(when={"taxId": {"eq": "x"}}),
        allow(when={"level": {"eq": 7}}),
        allow(fields=names("name"), when=TAX),
    ]
    for truth in ("x", "y"):
        await ann.execute(f"UPDATE {CUSTOMERS.fullname} SET tax_id = $1", truth)
        rules = both([reader[1], deny(when={"taxId": {"eq": "y"}})], allow(fields=names("level")))
        found = await explained(ann, rules, by=ASKER)
        assert found.changes == ()
    found = await explained(ann, both(reader, allow(fields=names("level"))), by=ASKER)
    assert [wish.text for change in found.changes for wish in change.wishes] == ["level eq 7"]


async def test_no_role_is_told_that_rests_on_such_a_value(ann: asyncpg.Connection) -> None:
    helpful = role("helpful", allow(fields=names("email"), when=TAX))
    rules = policy(role("reader", allow(fields=names("name"))), role("asker", allow(fields=names("name"))), helpful)
    assert [each.role for each in (await explained(ann, rules, "email")).roles] == ["helpful"]
    assert (await explained(ann, rules, "email", by=ASKER)).roles == ()


async def test_operands_are_told_where_they_may_be(ann: asyncpg.Connection) -> None:
    rules = both([allow(when={"region": {"in": "$assignment.regions"}})], allow(["Customer", "Region"]))
    for may, operand in ((True, (EAST,)), (False, None)):
        found = await explained(ann, rules, by=ASKER, tells_operands=may)
        assert told(found.rules[0].condition) == ["region in $assignment.regions", "true", "plain", EAST, operand]


# Rows behind relations

OWNER = {"owner": {"flag": {"eq": True}}}


@pytest.mark.parametrize(
    ("asker", "told_of"),
    [
        ([allow(["Customer", "User"])], ["true", "plain", True]),
        ([allow(["Customer", "User"]), deny("User", when={"flag": {"eq": True}})], ["withheld", None, None]),
        ([allow()], ["withheld", None, None]),
        ([allow(fields=names("name")), allow("User")], ["withheld", None, None]),
        ([allow(["Customer", "User"]), deny(fields=names("owner"))], ["withheld", None, None]),
        ([allow(), allow("User", fields=names("name"))], ["withheld", "withheld", None]),
    ],
)
async def test_a_related_row_is_told_where_the_asker_is_led_to_it(
    ann: asyncpg.Connection, asker: list[Written], told_of: list[Any]
) -> None:
    found = await explained(ann, both([allow(when=OWNER)], *asker), by=ASKER)
    condition = told(found.rules[0].condition)
    assert condition[2][1:4] == told_of
    assert condition[1] == told_of[0]


async def test_a_key_is_told_where_its_target_is_seen(ann: asyncpg.Connection) -> None:
    mine = {"owner": {"eq": "$me"}}
    for asker, told_of in (
        ([allow(["Customer", "User"])], ["false", "plain", OTHER]),
        ([allow(), allow("User", when={"flag": {"eq": True}})], ["false", "plain", OTHER]),
        ([allow(), allow("User", when={"flag": {"eq": False}})], ["withheld", None, None]),
        ([allow()], ["withheld", None, None]),
    ):
        found = await explained(ann, both([allow(when=mine)], *asker), by=ASKER)
        assert told(found.rules[0].condition)[1:4] == told_of


SOME = {"orders": {"some": {"flag": {"eq": True}}}}


@pytest.mark.parametrize(
    ("asker", "told_of"),
    [
        ([allow(["Customer", "Order"])], ["true", "1 of 2"]),
        ([allow(), allow("Order", when={"flag": {"eq": False}})], ["withheld", "0 of 1"]),
        ([allow(), allow("Order", fields=names("title"))], ["withheld"]),
        (
            [allow(["Customer", "Order"]), deny("Order", fields=names("flag"), when={"title": {"eq": "x"}})],
            ["withheld"],
        ),
        ([allow(["Customer", "Order"]), deny("Order")], ["withheld"]),
        ([allow()], ["withheld"]),
    ],
)
async def test_of_a_list_the_rows_that_the_asker_sees_are_counted(
    ann: asyncpg.Connection, asker: list[Written], told_of: list[Any]
) -> None:
    found = await explained(ann, both([allow(when=SOME)], *asker), by=ASKER)
    assert told(found.rules[0].condition)[1:] == told_of


async def test_a_list_within_a_list_is_counted_where_all_of_it_is_seen(ann: asyncpg.Connection) -> None:
    await put(ann, LINES, {"id": key(300), "customer_id": ANN, "order_id": key(200), "flag": True})
    nested = {"orders": {"some": {"lines": {"some": {"flag": {"eq": True}}}}}}
    for asker, told_of in (
        ([allow(["Customer", "Order", "Line"])], ["true", "1 of 2"]),
        ([allow(["Customer", "Order"]), allow("Line", when={"flag": {"eq": True}})], ["withheld"]),
    ):
        found = await explained(ann, both([allow(when=nested)], *asker), by=ASKER)
        assert told(found.rules[0].condition)[1:] == told_of


async def test_a_list_of_a_row_that_is_not_seen_is_not_counted(ann: asyncpg.Connection) -> None:
    siblings = {"customer": {"orders": {"some": {"flag": {"eq": True}}}}}
    for asker, part in (
        ([allow(["Customer", "Order"])], ["true", "1 of 2"]),
        ([allow("Order")], ["withheld"]),
    ):
        rules = both([allow("Order", when=siblings)], *asker)
        found = await explained(ann, rules, by=ASKER, on=ORDER, row=(ANN, key(200)))
        assert told(found.rules[0].condition)[2][1:] == part


# The law

FIELDS = {
    "Customer": ("name", "email", "taxId", "level", "open", "owner", "region"),
    "Order": ("flag", "owner"),
    "User": ("flag", "region"),
    "Region": ("flag",),
}
CELLS: list[tuple[sa.Table, str, Any]] = [
    *((CUSTOMERS, "level", value) for value in (9, None)),
    *((CUSTOMERS, "open", value) for value in (False, None)),
    *((CUSTOMERS, "tax_id", value) for value in ("DE999999999", None)),
    *((CUSTOMERS, "owner_id", value) for value in (ME, None)),
    *((CUSTOMERS, "region_id", value) for value in (WEST, None)),
    *((ORDERS, "flag", value) for value in (True, False, None)),
    *((ORDERS, "owner_id", value) for value in (OTHER, None)),
    *((USERS, "flag", value) for value in (True, False, None)),
    *((USERS, "region_id", value) for value in (EAST, WEST, None)),
    *((REGIONS, "flag", value) for value in (True, False)),
]
"""Changes of one column in all rows of a table."""

WEST_ALONE = {"flag": {"eq": False}}
ASKERS: list[list[Written]] = [
    [allow(fields=names("name"))],
    [allow()],
    [allow(), allow(["User", "Region"])],
    [allow(["Customer", "User", "Region"]), allow("Order", fields=names("owner"))],
    [allow(fields=names("level", "owner")), allow(["User", "Order"], fields=names("flag"))],
    [allow(), allow("User", when={"flag": {"eq": True}}), allow("Order", when=WEST_ALONE), allow("Region")],
    [allow(["Customer", "User", "Order"]), deny(fields=names("owner", "level")), deny("Order", fields=names("flag"))],
    [allow(["Customer", "User", "Order"]), allow("Region", when=WEST_ALONE), deny("User", fields=names("region"))],
    [allow(fields=names("name")), allow(fields=names("taxId"), mask={"taxId": "last4"}), allow("Order")],
]
HIGH, MINE, LED = {"level": {"gt": 7}}, {"owner": {"eq": "$me"}}, {"owner": {"region": {"flag": {"eq": True}}}}
READERS: list[list[Written]] = [
    [allow(when=TAX), allow(when=HIGH)],
    [allow(), deny(when={"OR": [TAX, MINE]}), deny(fields=names("email"), when=HIGH)],
    [allow(when={"AND": [OWNER, {"open": {"eq": True}}]}), allow(when={"AND": [LED, MINE]})],
    [allow(when=SOME), allow(when={"orders": {"none": MINE}}), allow(when={"orders": {"every": OWNER}})],
    [allow(when={"region": {"in": "$assignment.regions"}}), deny(when={"orders": {"some": OWNER}})],
    [allow(fields=names("email"), mask={"email": "email"}, when={"OR": [HIGH, SOME]}), deny(when=LED)],
]
OTHERS = role("other", allow(fields=names("email"), when={"AND": [{"region": {"in": "$assignment.regions"}}, TAX]}))


@pytest.fixture
async def world(connection: asyncpg.Connection) -> asyncpg.Connection:
    """A customer, its owner and orders, and where they are."""
    await put_ann(connection)
    await put(connection, USERS, {"id": ME, "flag": False, "region_id": WEST})
    await connection.execute(f"UPDATE {REGIONS.fullname} SET flag = id = $1", EAST)
    await connection.execute(f"UPDATE {USERS.fullname} SET region_id = $1 WHERE id = $2", EAST, OTHER)
    return connection


@dataclass(frozen=True)
class Asked:
    """A question that is asked again and again."""

    question: Explaining
    sql: str
    values: list[Any]

    async def answer(self, connection: asyncpg.Connection) -> Explanation:
        return self.question.read(await connection.fetchrow(self.sql, *self.values))


def asked(rules: Policy, field: str | None, by: Principal | None) -> Asked:
    question = Explaining(rules, READER, CUSTOMER, (ANN,), "the id", field, by)
    found, values = question.statement()
    return Asked(question, found.sql, values)


async def seen(connection: asyncpg.Connection, views: dict[str, Statement]) -> dict[str, list[dict[str, Any]]]:
    """Everything that the asker sees; what points to a row that is not seen is empty."""
    rows = {
        name: [dict(row) for row in await connection.fetch(view.sql, *view.values(ASKER.values))]
        for name, view in views.items()
    }
    keys = {row["id"] for each in rows.values() for row in each}
    for row in (row for each in rows.values() for row in each):
        row |= {name: None for name in ("owner_id", "region_id") if name in row and row[name] not in keys}
    return {name: sorted(each, key=repr) for name, each in rows.items()}


@pytest.mark.parametrize("asker", ASKERS, ids=range(len(ASKERS)))
async def test_what_is_told_depends_on_what_the_asker_sees_and_on_the_principals_states(
    world: asyncpg.Connection, asker: list[Written]
) -> None:
    policies = [policy(role("reader", *reader), role("asker", *asker), OTHERS) for reader in READERS]
    rights = access(policies[0], ASKER.shape)
    views = {name: statement(rights.view(CATALOGUE[name], fields, fields)) for name, fields in FIELDS.items()}
    questions = [
        (asked(rules, field, ASKER), asked(rules, field, None)) for rules in policies for field in (None, "email")
    ]
    before = await seen(world, views)
    first = [(await told.answer(world), await known.answer(world)) for told, known in questions]
    compared = 0
    for table, column, value in CELLS:
        async with rolled_back(world):
            await world.execute(f"UPDATE {table.fullname} SET {column} = $1", value)
            same = await seen(world, views) == before
            for (told_, known_), (told, known) in zip(questions, first, strict=True) if same else ():
                now = await known_.answer(world)
                if (now.visible, now.states) == (known.visible, known.states):
                    compared += 1
                    assert data(await told_.answer(world)) == data(told), (table.name, column, value)
    assert compared > 10
