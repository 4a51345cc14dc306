"""Quotes sent, accepted and expired; contracts signed, renewed and terminated."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app import models
from app.models.enums import ContractStatus, QuoteStatus
from app.services.transitions import CONTRACTS, QUOTES
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.selling import done, sums, write
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, owned, product, store
from tests.http.asking import Asking

PAST, TO_COME = dt.date(2020, 1, 31), dt.date(9000, 1, 1)
OPEN_ORDER = '{ orderLines(where: {order: {number: {eq: "%s"}}}, first: 5) { nodes { position description quantity productCategoryPath product { sku } unitPrice { amount } lineTotal { amount } } } }'


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany, currency="EUR")
    await store(writer, made)
    return made


def quote(of: Row, **values: Any) -> tuple[Row, Row]:
    """A quote and its line."""
    amounts = {"currency": "EUR", "subtotal": Decimal(20), "tax": Decimal("3.80"), "total": Decimal("23.80")}
    made = owned(models.Quote, of, number=f"Q {of.key} {values}"[:64], **{**amounts, **values})
    priced = {"unit_price": Decimal(10), "tax_rate_pct": Decimal(19), "line_total": Decimal(20), "currency": "EUR"}
    return made, owned(models.QuoteLine, of, quote=made, position=1, quantity=Decimal(2), description="Pen", **priced)


def contract(of: Row, **values: Any) -> Row:
    """A contract of a year."""
    given = {"start_date": dt.date(2026, 1, 1), "end_date": dt.date(2026, 12, 31), "currency": "EUR", **values}
    return owned(models.Contract, of, number=f"C {of.key} {values}"[:64], **given)


async def test_an_accepted_quote_becomes_an_order_of_the_same_lines(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row
) -> None:
    pen = product(f"PEN-{theirs.key}", category_path="/pens/")
    made, line = quote(theirs, valid_until=TO_COME)
    line = Row(line.model, {**line.values, "product_id": pen.key})
    await store(writer, pen, made, line)
    assert (await done(graph, company.rep, "quoteSend", id=made.node))["status"] == "DELIVERED"
    came = await write(graph, company.rep, "quoteAccept", "order", id=made.node)
    assert codes(came) == []
    assert came["quote"]["status"] == "CLOSED_ACCEPTED"
    order = came["order"]
    assert (order["status"], sums(order)) == ("UNCONFIRMED", ("20.0000", "0.0000", "3.8000", "0.0000", "23.8000"))
    [found] = (await graph.data(company.rep, OPEN_ORDER % order["number"]))["orderLines"]["nodes"]
    assert found == {
        "position": 1,
        "description": "Pen",
        "quantity": "2.000",
        "productCategoryPath": "/pens/",
        "product": {"sku": pen.values["sku"]},
        "unitPrice": {"amount": "10.0000"},
        "lineTotal": {"amount": "20.0000"},
    }
    events = "SELECT entity, op FROM change_events WHERE customer_id = $1 ORDER BY seq"
    assert [tuple(row) for row in await writer.fetch(events, theirs.key)] == [
        ("quotes", "UPDATE"),
        ("orders", "CREATE"),
        ("order_lines", "CREATE"),
        ("quotes", "UPDATE"),
    ]
    assert (await done(graph, company.rep, "orderConfirm", id=order["id"]))["status"] == "UNFULFILLED"


NAMES = {"send": "Send", "accept": "Accept", "expire": "Expire"}


@pytest.mark.parametrize("status", QuoteStatus)
@pytest.mark.parametrize("name", NAMES)
async def test_a_quote_takes_a_step_just_where_the_table_says(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, status: QuoteStatus, name: str
) -> None:
    made = quote(theirs, status=status, valid_until=PAST if name == "expire" else TO_COME)
    await store(writer, *made)
    async with watched(writer) as change:
        came = await write(graph, company.rep, f"quote{NAMES[name]}", id=made[0].node)
    if name in QUOTES.table[status]:
        assert (codes(came), came["quote"]["status"]) == ([], str(QUOTES.table[status][name]))
    else:
        assert codes(came) == [("INVALID_STATE", None)]
        assert change.tables == []


@pytest.mark.parametrize(
    ("name", "until"),
    [("Accept", PAST), ("Expire", None), ("Expire", dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1))],
    ids=["accepted-late", "never", "still-valid"],
)
async def test_validity_decides(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, name: str, until: dt.date | None
) -> None:
    made = quote(theirs, status="DELIVERED", valid_until=until)
    await store(writer, *made)
    async with watched(writer) as change:
        came = await write(graph, company.rep, f"quote{name}", id=made[0].node)
    assert (codes(came), change.tables) == ([("INVALID_STATE", None)], [])


async def test_a_quote_without_lines_is_not_sent(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row
) -> None:
    made, _ = quote(theirs)
    await store(writer, made)
    assert codes(await write(graph, company.rep, "quoteSend", id=made.node)) == [("INVALID_STATE", None)]


STEPS: list[tuple[str, dict[str, Any], str]] = [
    ("Sign", {"customerSignedOn": "2026-01-01", "companySignedOn": "2026-01-02"}, "sign"),
    ("Renew", {}, "renew"),
    ("Terminate", {}, "terminate"),
]


@pytest.mark.parametrize("status", ContractStatus)
@pytest.mark.parametrize(("name", "given", "step"), STEPS, ids=[step for *_, step in STEPS])
async def test_a_contract_takes_a_step_just_where_the_table_says(
    graph: Asking,
    company: Company,
    writer: asyncpg.Connection,
    theirs: Row,
    status: ContractStatus,
    name: str,
    given: dict[str, Any],
    step: str,
) -> None:
    made = contract(theirs, status=status)
    await store(writer, made)
    async with watched(writer) as change:
        came = await write(graph, company.rep, f"contract{name}", id=made.node, **given)
    if step in CONTRACTS.table[status]:
        assert (codes(came), came["contract"]["status"]) == ([], str(CONTRACTS.table[status][step]))
    else:
        assert codes(came) == [("INVALID_STATE", None)]
        assert change.tables == []


async def test_a_contract_is_signed_when_both_sides_have_signed(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row
) -> None:
    made = contract(theirs)
    await store(writer, made)
    assert codes(await write(graph, company.rep, "contractSign", id=made.node)) == [("REQUIRED", ["customerSignedOn"])]
    first = await done(graph, company.rep, "contractSign", id=made.node, companySignedOn="2026-01-01")
    assert (first["status"], first["companySignedOn"]) == ("DRAFT", "2026-01-01")
    both = await done(graph, company.rep, "contractSign", id=made.node, customerSignedOn="2026-01-02")
    assert (both["status"], both["companySignedOn"]) == ("SIGNED", "2026-01-01")


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (("2026-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31")),
        (("2027-02-15", "2028-02-14"), ("2028-02-15", "2029-02-14")),
        (("2026-01-31", "2026-02-27"), ("2026-02-28", "2026-03-27")),
        ((None, "2026-12-31"), ("2027-01-01", None)),
        (("9000-01-01", "9999-12-30"), (str(dt.datetime.now(dt.UTC).date()), None)),
        (("2026-01-01", "8999-12-31"), ("9000-01-01", None)),
    ],
    ids=["year", "leap-year", "days", "no-start", "end-of-days", "too-long"],
)
async def test_another_contract_follows_for_as_long(
    graph: Asking,
    company: Company,
    writer: asyncpg.Connection,
    theirs: Row,
    term: tuple[str | None, str],
    expected: tuple[str, str | None],
) -> None:
    days = {
        name: day and dt.date.fromisoformat(day) for name, day in zip(("start_date", "end_date"), term, strict=True)
    }
    made = contract(theirs, status="ACTIVE", **days)
    await store(writer, made)
    came = await write(graph, company.rep, "contractRenew", "following", id=made.node)
    assert (codes(came), came["contract"]["status"]) == ([], "RENEWED")
    following = came["following"]
    assert (following["status"], following["startDate"], following["endDate"]) == ("DRAFT", *expected)
    assert following["number"].startswith("C-")


async def test_a_contract_ends_on_the_day_given_or_today(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row
) -> None:
    today = str(dt.datetime.now(dt.UTC).date())
    for given, expected in (({"endDate": "2026-06-30"}, "2026-06-30"), ({}, today)):
        made = contract(theirs, status="ACTIVE", end_date=TO_COME, auto_renew=not given)
        await store(writer, made)
        assert (await done(graph, company.rep, "contractTerminate", id=made.node, **given))["endDate"] == expected


@pytest.mark.parametrize(("who", "code"), [("colleague", "NOT_FOUND"), ("auditor", "FORBIDDEN")])
async def test_who_may_not_change_the_status_takes_no_step(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, who: str, code: str
) -> None:
    made, agreed = quote(theirs, status="DELIVERED"), contract(theirs, status="ACTIVE")
    await store(writer, *made, agreed)
    asked = [("quoteSend", made[0]), ("quoteAccept", made[0]), ("quoteExpire", made[0])]
    asked += [("contractRenew", agreed), ("contractTerminate", agreed)]
    async with watched(writer) as change:
        for name, of in asked:
            assert codes(await write(graph, getattr(company, who), name, id=of.node)) == [(code, ["id"])]
    assert change.tables == []
