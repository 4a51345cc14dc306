"""Views: what stands in them, and in what words they are sent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from policies.access import State
from policies.catalogue import Resource
from policies.principal import Assignment
from tests.conftest import TemporaryDatabase
from tests.policies.documents import Written, allow, classes, deny, names, principal, rights
from tests.policies.model import CATALOGUE, CUSTOMER, CUSTOMERS, LINE, ORDER, ORDERS, REGIONS, USERS
from tests.policies.rows import ask, key, put, text

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
OPEN: Written = {"open": {"eq": True}}
BARRED: Written = {"barred": {"eq": True}}
IN_REGIONS: Written = {"region": {"in": "$assignment.regions"}}
MINE: Written = {"owner": {"eq": "$me"}}
SOMEWHERE = principal(Assignment("reader", regions=(key(2),)))


async def rows(connection: asyncpg.Connection, resource: Resource, fields: list[str], *rules: Written) -> list[Any]:
    return [tuple(row) for row in await ask(connection, rights(*rules).view(resource, fields), principal())]


# Rows


async def test_deleted_and_erased_rows_are_in_no_view(connection: asyncpg.Connection) -> None:
    gone: list[dict[str, Any]] = [{"deleted_at": None, "erased_at": None}, {"deleted_at": NOW, "erased_at": None}]
    gone += [{"deleted_at": None, "erased_at": NOW}, {"deleted_at": NOW, "erased_at": NOW}]
    await put(connection, CUSTOMERS, *({"id": key(n), **row} for n, row in enumerate(gone)))
    assert await rows(connection, CUSTOMER, [], allow()) == [(key(0),)]


async def test_deleted_rows_of_a_table_that_erases_none_are_in_no_view(connection: asyncpg.Connection) -> None:
    orders = [{"customer_id": key(1), "id": key(n), "deleted_at": NOW if n else None} for n in range(2)]
    await put(connection, ORDERS, *orders)
    assert await rows(connection, ORDER, [], allow("Order")) == [(key(1), key(0))]


@pytest.mark.parametrize("rules", [[], [allow("Order")], [deny()], [allow() | {"allow": ["update"]}]])
async def test_a_table_without_a_rule_is_an_empty_view_of_the_same_columns(
    connection: asyncpg.Connection, rules: list[Written]
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "name": "One"})
    view = rights(*rules).view(CUSTOMER, ["name", "revenue"], ["name"])
    assert await ask(connection, view, principal()) == []
    columns = ["id", "name", "revenue", "revenue__currency", "revenue__base_revenue", "name__state"]
    assert view.selected_columns.keys() == columns
    assert "WHERE false AND" in text(view)


async def test_each_row_stands_in_a_view_once(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "open": True, "region_id": key(2)})
    await put(connection, ORDERS, *({"customer_id": key(1), "id": key(n), "flag": True} for n in range(3)))
    rules = [allow(), allow(when=OPEN), allow(when={"orders": {"some": {"flag": {"eq": True}}}})]
    assert await rows(connection, CUSTOMER, [], *rules) == [(key(1),)]


# Columns


async def test_an_unclassified_column_is_invisible(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "unclassified": "new", "undeclared": "newer"})
    every_class = ["PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL", "SENSITIVE", "SECRET"]
    rules = [allow(), allow(fields=classes(*every_class))]
    assert await rows(connection, CUSTOMER, ["unclassified"], *rules) == [(key(1), None)]
    assert "undeclared" not in CUSTOMER.fields


async def test_the_keys_are_plain_on_every_visible_row(connection: asyncpg.Connection) -> None:
    await put(connection, ORDERS, {"customer_id": key(1), "id": key(2), "title": "Chairs"})
    rules = [
        allow("Order", fields=names("title"), when={"title": {"eq": "Chairs"}}),
        deny("Order", fields=classes("PUBLIC")),
    ]
    view = rights(*rules).view(ORDER, ["customer", "id", "title"], ["customer", "id"])
    [row] = await ask(connection, view, principal())
    assert dict(row) == {
        "customer_id": key(1),
        "id": key(2),
        "title": "Chairs",
        "customer_id__state": "plain",
        "id__state": "plain",
    }


async def test_a_withheld_column_keeps_its_type(connection: asyncpg.Connection) -> None:
    for rules in ([allow(fields=names("id"))], [allow()], [allow(), deny(fields="all", when=OPEN)]):
        statement = await connection.prepare(_without_parameters(rights(*rules).view(CUSTOMER, CUSTOMER.fields)))
        types = {attribute.name: attribute.type.name for attribute in statement.get_attributes()}
        for field in CUSTOMER.fields.values():
            plain = await connection.prepare(f"SELECT {field.column.name} FROM {CUSTOMERS.fullname}")
            assert types[field.column.name] == plain.get_attributes()[0].type.name, field.name


def _without_parameters(view: Any) -> str:
    return text(view).replace("$1", "true")


COMPANIONS = {"revenue": Decimal("12.5000"), "currency": "EUR", "base_revenue": Decimal("13.7500"), "open": True}
HIDDEN = (None, None, None)
SHOWN = (Decimal("12.5000"), "EUR", Decimal("13.7500"))


@pytest.mark.parametrize(
    ("rules", "shown"),
    [
        ([allow()], SHOWN),
        ([allow(fields=names("revenue"))], SHOWN),
        ([allow(fields=classes("FINANCIAL"), when=OPEN)], SHOWN),
        ([allow(), deny(fields=names("currency"))], SHOWN),
        ([allow(fields=names("currency"))], HIDDEN),
        ([allow(), deny(fields=names("revenue"))], HIDDEN),
        ([allow(), deny(fields=names("revenue"), when=OPEN)], HIDDEN),
        ([allow(fields=classes("FINANCIAL"), mask={"FINANCIAL": "redact"})], HIDDEN),
    ],
    ids=str,
)
async def test_the_companions_of_money_stand_under_its_ground(
    connection: asyncpg.Connection, rules: list[Written], shown: tuple[Any, ...]
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), **COMPANIONS})
    assert await rows(connection, CUSTOMER, ["revenue"], *rules) == [(key(1), *shown)]


@pytest.mark.parametrize(
    ("mask", "shown"),
    [
        ("round2", (Decimal("12.0000"), "EUR", Decimal("13.0000"))),
        ("bucket", (Decimal("10.0000"), "EUR", Decimal("10.0000"))),
        ("redact", (None, None, None)),
    ],
)
async def test_an_amount_of_which_something_is_shown_keeps_its_currency(
    connection: asyncpg.Connection, mask: str, shown: tuple[Any, ...]
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), **COMPANIONS})
    rule = allow(fields=names("revenue"), mask={"revenue": mask})
    assert await rows(connection, CUSTOMER, ["revenue"], rule) == [(key(1), *shown)]


async def test_a_currency_withheld_as_a_field_still_names_what_an_amount_is_in(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), **COMPANIONS})
    rules = [allow(), deny(fields=names("currency"))]
    assert await rows(connection, CUSTOMER, ["currency", "price"], *rules) == [(key(1), None, None, "EUR")]


async def test_a_field_asked_twice_stands_once(connection: asyncpg.Connection) -> None:
    view = rights(allow()).view(CUSTOMER, ["name", "name", "id"], ["name", "name"])
    assert view.selected_columns.keys() == ["id", "name", "name__state"]


async def test_a_state_rests_on_grounds_and_never_on_values(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "name": None, "email": None, "street": None})
    rules = [allow(fields=names("name")), allow(fields=names("email"), mask={"email": "email"})]
    view = rights(*rules).view(CUSTOMER, ["name", "email", "street"], ["name", "email", "street"])
    [row] = await ask(connection, view, principal())
    assert tuple(row)[1:4] == (None, None, None)
    assert tuple(row)[4:] == (State.PLAIN, State.MASKED, State.WITHHELD)


# Words


EVERY_ROW = "FROM small.customers AS own \nWHERE own.deleted_at IS NULL AND own.erased_at IS NULL"


def sent(fields: list[str], *rules: Written) -> str:
    return text(rights(*rules, who=SOMEWHERE).view(CUSTOMER, fields))


def test_a_field_on_the_grounds_of_the_row_is_the_bare_column() -> None:
    assert sent(["email"], allow()) == f"SELECT own.id AS id, own.email AS email \n{EVERY_ROW}"
    with_condition = sent(["email", "revenue"], allow(when=OPEN))
    assert "own.revenue AS revenue" in with_condition
    assert "CASE" not in with_condition


@pytest.mark.parametrize(
    "rules",
    [
        [allow(when=OPEN), allow(when=BARRED)],
        [allow(when=OPEN), allow(fields=names("name"), when=OPEN | BARRED)],
        [allow(when=OPEN | BARRED), allow(fields=names("email"), when=OPEN)],
        [allow(fields=names("email"), when=OPEN), allow(fields=names("name"), when={"AND": [BARRED, OPEN]})],
        [allow(when=OPEN), deny(when=BARRED)],
        [allow(when=OPEN), deny(fields=names("name"), when=BARRED)],
    ],
    ids=str,
)
def test_a_field_that_is_plain_on_every_visible_row_is_the_bare_column(rules: list[Written]) -> None:
    assert "own.email AS email" in sent(["email"], *rules)
    assert "CASE" not in sent(["email"], *rules)


def test_a_field_that_is_never_shown_is_a_constant() -> None:
    nothing = f'SELECT own.id AS id, CAST(NULL AS TEXT) COLLATE "C" AS email \n{EVERY_ROW}'
    assert sent(["email"], allow(fields=names("name"))) == nothing
    assert sent(["email"], allow(), deny(fields=names("email"))) == nothing


def test_what_every_visible_row_meets_is_not_asked_again() -> None:
    rules = [allow(fields=names("name"), when=IN_REGIONS), allow(fields=names("email"), when=IN_REGIONS | MINE)]
    assert sent(["email"], *rules) == (
        "SELECT own.id AS id, CASE WHEN (own.owner_id = $1::UUID) THEN own.email"
        ' ELSE CAST(NULL AS TEXT) COLLATE "C" END AS email \n'
        "FROM small.customers AS own \n"
        "WHERE (own.region_id = ANY ($2::UUID[]))"
        " AND own.deleted_at IS NULL AND own.erased_at IS NULL"
    )


def test_what_all_grounds_of_the_rows_demand_is_not_asked_again() -> None:
    rules = [
        allow(fields=names("name"), when=IN_REGIONS | OPEN),
        allow(fields=names("name"), when=IN_REGIONS | BARRED),
        allow(fields=names("email"), when=IN_REGIONS | MINE | OPEN),
    ]
    case = "CASE WHEN ((own.open = $1::BOOLEAN) AND (own.owner_id = $2::UUID)) THEN own.email"
    assert case in sent(["email"], *rules)


def test_a_mask_on_every_visible_row_asks_nothing() -> None:
    rules = [
        allow(fields=names("name"), when=OPEN),
        allow(fields=names("street"), mask={"street": "redact"}, when=OPEN),
    ]
    assert "CASE WHEN (own.street IS NOT NULL) THEN '•••' END AS street" in sent(["street"], *rules)


def test_a_deny_enters_through_is_false() -> None:
    assert "(own.barred = $1::BOOLEAN) IS false" in sent([], allow(), deny(when=BARRED))
    several = sent([], allow(), deny(when=BARRED), deny(when={"orders": {"none": {"flag": {"eq": True}}}}))
    assert "((own.barred = $1::BOOLEAN) OR (NOT (EXISTS" in several
    assert several.count("IS false") == 1


def test_an_allow_asks_only_whether_a_related_row_is_there() -> None:
    of_ann: Written = {"owner": {"name": {"eq": "Ann"}}}
    assert "EXISTS (SELECT 1" in sent([], allow(when=of_ann))
    assert "EXISTS" not in sent([], allow(), deny(when=of_ann))


async def test_two_views_of_the_same_columns_are_two_statements(small: TemporaryDatabase) -> None:
    engine = create_async_engine(small.url)
    async with engine.connect() as rolled_back:
        await rolled_back.execute(sa.insert(CUSTOMERS).values(id=key(1), name="One", email="one@x.io"))
        views = [rights(allow(fields=fields)).view(CUSTOMER, ["email"]) for fields in ("all", names("name"))]
        found = [(await rolled_back.execute(view)).one().email for view in views]
    await engine.dispose()
    assert found == ["one@x.io", None]


# A deny cannot be blinded


RELATED: list[tuple[str, Written]] = [
    ("a withheld field", {"secret": {"eq": "x"}}),
    ("a row of another table", {"owner": {"name": {"eq": "Ann"}}}),
    ("a row two tables away", {"owner": {"region": {"path": {"within": "/east/"}}}}),
    ("a list", {"orders": {"some": {"title": {"eq": "Guns"}}}}),
]


@pytest.mark.parametrize("condition", [condition for _, condition in RELATED], ids=[name for name, _ in RELATED])
async def test_conditions_read_what_the_role_cannot(connection: asyncpg.Connection, condition: Written) -> None:
    await put(connection, REGIONS, {"id": key(2), "path": "/east/"})
    await put(connection, USERS, {"id": key(3), "name": "Ann", "region_id": key(2)})
    await put(
        connection,
        CUSTOMERS,
        {"id": key(4), "owner_id": key(3), "secret": "x"},
    )
    await put(connection, ORDERS, {"customer_id": key(4), "id": key(5), "title": "Guns"})
    narrow = allow(fields=names("name"))
    assert await rows(connection, CUSTOMER, [], narrow, deny(when=condition), *BLIND) == []
    assert await rows(connection, CUSTOMER, [], narrow | {"when": condition}, *BLIND) == [(key(4),)]


BLIND = [deny("User"), deny("Order"), deny("Region"), deny(fields=names("secret"))]


async def test_a_deleted_related_row_is_missing_to_a_condition_and_an_erased_one_is_not(
    connection: asyncpg.Connection,
) -> None:
    customers = [(1, None, None), (2, NOW, None), (3, None, NOW)]
    for n, deleted, erased in customers:
        await put(connection, CUSTOMERS, {"id": key(n), "open": True, "deleted_at": deleted, "erased_at": erased})
        await put(connection, ORDERS, {"customer_id": key(n), "id": key(n)})
    of_open: Written = {"customer": {"open": {"eq": True}}}
    of_closed: Written = {"customer": {"open": {"eq": False}}}
    assert await rows(connection, ORDER, [], allow("Order", when=of_open)) == [(key(1), key(1)), (key(3), key(3))]
    undenied = await rows(connection, ORDER, [], allow("Order"), deny("Order", when=of_closed))
    assert undenied == [(key(1), key(1)), (key(3), key(3))]


def test_every_resource_has_a_view_of_all_its_fields() -> None:
    everything = [resource.name for resource in CATALOGUE]
    for resource in (*CATALOGUE, LINE):
        view = rights(allow(everything)).view(resource, resource.fields, resource.fields)
        assert text(view).count("CASE") <= len(resource.fields)
