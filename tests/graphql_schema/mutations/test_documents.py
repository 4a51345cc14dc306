"""Quotes and orders: numbers, rates, lines and what they add up to."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
import pytest

from app import models
from app.services.numbering import SERIES, number
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.selling import done, sums, write
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, product, row, store
from tests.http.asking import Asking


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany, currency="EUR")
    await store(writer, made)
    return made


@pytest.fixture(scope="module")
async def rates(writer: asyncpg.Connection, company: Company) -> None:
    """Rates of the euro in dollars: 1.1 from 2026, 1.2 from February on."""
    for month, rate in ((1, "1.1"), (2, "1.2")):
        known = {"base_currency": "USD", "currency": "EUR", "rate_date": dt.date(2026, month, 1), "rate": Decimal(rate)}
        await store(writer, row(models.CurrencyRate, **known))


@pytest.fixture
async def quote(graph: Asking, company: Company, theirs: Row) -> Any:
    """A quote of the representative's, a draft."""
    return await done(graph, company.rep, "quoteCreate", customer=theirs.node)


ONE = {"quantity": "1", "unitPrice": {"amount": "10"}}


KINDS = [
    ("quote", "Q", {}),
    ("order", "SO", {"orderedAt": "2025-07-01T00:00:00Z"}),
    ("contract", "C", {}),
    ("ticket", "T", {"type": "QUESTION", "channel": "EMAIL", "subject": "How?", "openedAt": "2025-07-01T00:00:00Z"}),
]


@pytest.mark.parametrize(("kind", "letters", "given"), KINDS, ids=[kind for kind, *_ in KINDS])
async def test_a_document_without_a_number_is_numbered(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection, kind: str, letters: str, given: Any
) -> None:
    year = dt.datetime.now(dt.UTC).year if "At" not in "".join(given) else 2025
    series, key = SERIES[f"{kind}s"], await writer.fetchval("SELECT key FROM numbering")
    last = await writer.fetchval(f"SELECT nextval('{series.sequence}')")
    taken, expected = (number(series, year, last + i, key) for i in (1, 2))
    currency = {"currency": "EUR"} if kind in ("quote", "order") else {}
    first = await done(graph, company.admin, f"{kind}Create", customer=theirs.node, number=taken, **currency, **given)
    second = await done(graph, company.admin, f"{kind}Create", customer=theirs.node, **currency, **given)
    assert (first["number"], second["number"]) == (taken, expected)
    assert expected.startswith(f"{letters}-{year}-")


async def test_a_mistake_elsewhere_asks_for_nothing_that_is_filled_in(
    graph: Asking, company: Company, theirs: Row, quote: Any, writer: asyncpg.Connection
) -> None:
    asked = [
        ("quoteCreate", {"owner": theirs.node}, [("NOT_FOUND", ["owner"])]),
        ("quoteLineCreate", {"quote": quote["id"], "quantity": "1"}, [("REQUIRED", ["unitPrice"])]),
        ("quoteLineCreate", {"quote": quote["id"], **ONE, "product": theirs.node}, [("NOT_FOUND", ["product"])]),
    ]
    async with watched(writer) as change:
        for name, given, wrong in asked:
            assert codes(await write(graph, company.rep, name, customer=theirs.node, **given)) == wrong
    assert change.tables == []


RATED = "SELECT fx_rate::text, fx_date::text, base_total::text FROM {} WHERE number = $1"


@pytest.mark.parametrize(
    ("currency", "at", "expected"),
    [
        ("EUR", "2026-01-31", ("1.10000000", "2026-01-01", "0.0000")),
        ("EUR", "2026-02-01", ("1.20000000", "2026-02-01", "0.0000")),
        ("EUR", "2025-12-31", (None, None, None)),
        ("USD", "2026-01-31", ("1.00000000", "2026-01-31", "0.0000")),
        ("CHF", "2026-01-31", (None, None, None)),
    ],
    ids=["first", "latest", "before-any", "base", "unknown"],
)
async def test_the_rate_is_that_of_the_business_date(
    graph: Asking,
    company: Company,
    theirs: Row,
    rates: None,
    writer: asyncpg.Connection,
    currency: str,
    at: str,
    expected: tuple[str | None, ...],
) -> None:
    given = {"customer": theirs.node, "currency": currency, "orderedAt": f"{at}T12:00:00Z"}
    made = await done(graph, company.rep, "orderCreate", **given)
    assert tuple(await writer.fetchrow(RATED.format("orders"), made["number"])) == expected


async def test_rates_follow_currency_and_day_and_lines_their_document(
    graph: Asking, company: Company, theirs: Row, rates: None, writer: asyncpg.Connection
) -> None:
    given = {"customer": theirs.node, "orderedAt": "2026-01-31T12:00:00Z"}
    order = await done(graph, company.rep, "orderCreate", **given)
    await done(graph, company.rep, "orderLineCreate", customer=theirs.node, order=order["id"], **ONE)
    lines = "SELECT l.fx_rate::text, l.base_line_total::text, l.version FROM order_lines l"
    of_it = f"{lines} JOIN orders o ON o.id = l.order_id WHERE o.number = $1"
    assert tuple(await writer.fetchrow(of_it, order["number"])) == ("1.10000000", "11.0000", 1)
    await done(graph, company.rep, "orderUpdate", id=order["id"], orderedAt="2026-02-02T12:00:00Z")
    assert tuple(await writer.fetchrow(of_it, order["number"])) == ("1.20000000", "12.0000", 2)
    assert (await writer.fetchrow(RATED.format("orders"), order["number"]))["base_total"] == "12.0000"


async def test_lines_add_up_and_the_document_has_an_event(
    graph: Asking, company: Company, theirs: Row, quote: Any, writer: asyncpg.Connection
) -> None:
    given = {"customer": theirs.node, "quote": quote["id"]}
    first = await done(
        graph, company.rep, "quoteLineCreate", **given, quantity="2.5", unitPrice={"amount": "9.99"}, discountPct="10",
        taxRatePct="19",
    )  # fmt: skip
    assert (first["position"], first["lineTotal"]["amount"]) == (1, "22.4800")
    second = await done(graph, company.rep, "quoteLineCreate", **given, **ONE)
    assert second["position"] == 2
    changed = await done(
        graph, company.rep, "quoteUpdate", id=quote["id"], discount={"amount": "2.48"}, shipping={"amount": "5"}
    )
    assert sums(changed) == ("32.4800", "2.4800", "3.9500", "5.0000", "38.9500")
    deleting = "mutation ($i: QuoteLineDeleteInput!) { quoteLineDelete(input: $i) { userErrors { code field } } }"
    gone = await graph.data(company.rep, deleting, {"i": {"id": second["id"]}})
    assert gone["quoteLineDelete"]["userErrors"] == []
    last = await writer.fetchrow(
        "SELECT e.op, e.changed, e.actor FROM change_events e JOIN quotes q ON q.id = e.entity_id"
        " WHERE q.number = $1 ORDER BY e.seq DESC LIMIT 1",
        quote["number"],
    )
    found = {"tax": ["3.9500", "3.8000"], "total": ["38.9500", "28.8000"], "subtotal": ["32.4800", "22.4800"]}
    assert (last["op"], json.loads(last["changed"]), last["actor"]) == ("UPDATE", found, company.rep.key)
    back = await write(graph, company.rep, "quoteLineRestore", id=second["id"])
    assert (back["quoteLine"]["position"], codes(back)) == (2, [])
    assert await writer.fetchval("SELECT total::text FROM quotes WHERE number = $1", quote["number"]) == "38.9500"


async def test_price_and_tax_are_the_products_where_the_caller_sees_them(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    known = {"list_price": Decimal(12), "currency": "EUR", "tax_rate_pct": Decimal(7), "category_path": "/pens/"}
    pen = product(f"PEN-{theirs.key}", **known)
    await store(writer, pen)
    order = await done(graph, company.rep, "orderCreate", customer=theirs.node)
    given = {"customer": theirs.node, "order": order["id"], "product": pen.node, "quantity": "3"}
    made = await done(graph, company.admin, "orderLineCreate", **given)
    made |= {name: made[name]["amount"] for name in ("unitPrice", "lineTotal")}
    expected = ("12.0000", "36.0000", "7.00", "/pens/")
    assert tuple(made[name] for name in ("unitPrice", "lineTotal", "taxRatePct", "productCategoryPath")) == expected
    hidden = await write(graph, company.rep, "orderLineCreate", **given)
    assert codes(hidden) == [("REQUIRED", ["unitPrice"])]


async def test_a_line_is_in_the_currency_of_its_document(
    graph: Asking, company: Company, theirs: Row, quote: Any, writer: asyncpg.Connection
) -> None:
    given = {"customer": theirs.node, "quote": quote["id"], "quantity": "1"}
    wrong = await write(graph, company.rep, "quoteLineCreate", **given, unitPrice={"amount": "1", "currency": "USD"})
    assert codes(wrong) == [("INVALID", ["unitPrice"])]
    right = await done(graph, company.rep, "quoteLineCreate", **given, unitPrice={"amount": "1", "currency": "EUR"})
    other = await done(graph, company.rep, "quoteCreate", customer=theirs.node, currency="USD")
    asked: list[tuple[str, Any, Any]] = [
        ("quoteLineUpdate", {"id": right["id"], "quote": other["id"]}, [("INVALID_STATE", ["quote"])]),
        ("quoteUpdate", {"id": quote["id"], "currency": "USD"}, [("INVALID_STATE", ["currency"])]),
    ]
    async with watched(writer) as change:
        for name, changes, expected in asked:
            assert codes(await write(graph, company.rep, name, **changes)) == expected
    assert change.tables == []


@pytest.mark.parametrize(
    ("discount", "wrong"), [("15", []), ("15.01", [("INVALID", ["discountPct"])])], ids=["allowed", "more"]
)
async def test_a_discount_stays_within_what_the_region_allows(
    graph: Asking, company: Company, quote: Any, theirs: Row, writer: asyncpg.Connection, discount: str, wrong: Any
) -> None:
    set_to = "UPDATE regions SET sales_policy = $1 WHERE id = $2"
    await writer.execute(set_to, '{"max_discount_pct": 15}', company.europe.key)
    given = {"customer": theirs.node, "quote": quote["id"], **ONE, "discountPct": discount}
    made = await write(graph, company.rep, "quoteLineCreate", **given)
    await writer.execute(set_to, None, company.europe.key)
    assert codes(made) == wrong


async def test_amounts_change_only_in_a_draft(
    graph: Asking, company: Company, theirs: Row, quote: Any, writer: asyncpg.Connection
) -> None:
    given = {"customer": theirs.node, "quote": quote["id"], **ONE}
    made = await done(graph, company.rep, "quoteLineCreate", **given)
    gone = await done(graph, company.rep, "quoteLineCreate", **given)
    assert codes(await write_away(graph, company.rep, gone["id"])) == []
    await writer.execute("UPDATE quotes SET status = 'DELIVERED' WHERE number = $1", quote["number"])
    refused = [("INVALID_STATE", ["quote"])]
    async with watched(writer) as change:
        assert codes(await write(graph, company.rep, "quoteLineCreate", **given)) == refused
        assert codes(await write(graph, company.rep, "quoteLineUpdate", id=made["id"], quantity="2")) == refused
        assert codes(await write(graph, company.rep, "quoteLineRestore", id=gone["id"])) == refused
        assert codes(await write_away(graph, company.rep, made["id"])) == refused
        amounts = {"discount": {"amount": "1"}, "shipping": {"amount": "1"}}
        assert codes(await write(graph, company.rep, "quoteUpdate", id=quote["id"], **amounts)) == [
            ("INVALID_STATE", ["discount"]),
            ("INVALID_STATE", ["shipping"]),
        ]
    assert change.tables == []
    assert (await done(graph, company.rep, "quoteUpdate", id=quote["id"], terms="Net 30"))["version"] > 1


async def write_away(graph: Asking, who: Row, id_: str) -> Any:
    """What came of deleting a line."""
    query = "mutation ($i: QuoteLineDeleteInput!) { quoteLineDelete(input: $i) { userErrors { code field } } }"
    return (await graph.data(who, query, {"i": {"id": id_}}))["quoteLineDelete"]


async def test_a_discount_is_not_more_than_there_is(
    graph: Asking, company: Company, theirs: Row, quote: Any, writer: asyncpg.Connection
) -> None:
    made = await done(graph, company.rep, "quoteLineCreate", customer=theirs.node, quote=quote["id"], **ONE)
    async with watched(writer) as change:
        wrong = await write(graph, company.rep, "quoteUpdate", id=quote["id"], discount={"amount": "10.01"})
        assert codes(wrong) == [("INVALID", ["discount"])]
        odd = await write(graph, company.rep, "quoteUpdate", id=quote["id"], discount={"amount": "0.001"})
        assert codes(odd) == [("INVALID", ["discount"])]
    assert change.tables == []
    await done(graph, company.rep, "quoteUpdate", id=quote["id"], discount={"amount": "10"})
    async with watched(writer) as change:
        assert codes(await write_away(graph, company.rep, made["id"])) == [("INVALID_STATE", None)]
    assert change.tables == []


WRONG = """
    SELECT count(*) FROM {documents} d WHERE d.total <> d.subtotal - d.discount + d.tax + d.shipping OR d.subtotal <> (
        SELECT coalesce(sum(l.line_total), 0) FROM {lines} l WHERE l.{of} = d.id AND l.deleted_at IS NULL
    ) OR d.tax <> (
        SELECT coalesce(sum(t.tax), 0) FROM (
            SELECT round(sum(l.line_total) * (1 - d.discount / d.subtotal) * l.tax_rate_pct / 100, 2) AS tax
            FROM {lines} l WHERE l.{of} = d.id AND l.deleted_at IS NULL AND d.subtotal > 0 GROUP BY l.tax_rate_pct
        ) t
    )"""
PLACES = {"quote": ("quotes", "quote_lines", "quote_id"), "order": ("orders", "order_lines", "order_id")}


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("seed", range(2))
async def test_totals_are_the_sums_of_lines_whatever_is_written(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection, kind: str, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 a walk that can be repeated
    lines: list[str] = []
    wrong = WRONG.format(**dict(zip(("documents", "lines", "of"), PLACES[kind], strict=True)))
    documents = [(await done(graph, company.rep, f"{kind}Create", customer=theirs.node))["id"] for _ in range(2)]
    counts = {True: 0, False: 0}
    for _ in range(30):
        drawn = {
            "quantity": f"{random.randrange(5_000)}e-3",
            "unitPrice": {"amount": f"{random.randrange(100_000)}e-4"},
            "discountPct": str(random.choice([0, 5, "33.33"])),
            "taxRatePct": str(random.choice([0, 7, 19])),
        }
        way = random.choice(["make", "make", "change", "move", "delete", "restore", "amounts"])
        if way == "amounts":
            amounts = {name: {"amount": f"{random.randrange(2_000)}e-2"} for name in ("discount", "shipping")}
            made = await write(graph, company.rep, f"{kind}Update", id=random.choice(documents), **amounts)
        elif way == "make" or not lines:
            given = {"customer": theirs.node, kind: random.choice(documents), **drawn}
            made = await write(graph, company.rep, f"{kind}LineCreate", **given)
            lines += [made[f"{kind}Line"]["id"]] if made[f"{kind}Line"] else []
        else:
            verb, given = {
                "change": ("Update", drawn),
                "move": ("Update", {kind: random.choice(documents)}),
                "delete": ("Delete", {}),
                "restore": ("Restore", {}),
            }[way]
            asked = {"id": random.choice(lines), **given}
            name = f"{kind}Line{verb}"
            title = name[:1].upper() + name[1:]
            query = f"mutation ($i: {title}Input!) {{ {name}(input: $i) {{ userErrors {{ code field }} }} }}"
            made = (await graph.data(company.rep, query, {"i": asked}))[name]
        counts[not made["userErrors"]] += 1
        assert await writer.fetchval(wrong) == 0
    assert min(counts.values()) > 0 and counts[True] > 10
