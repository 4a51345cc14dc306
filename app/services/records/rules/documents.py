"""Quotes and orders: what their lines add up to, while they are drafts.

    subtotal = Σ line totals;  total = subtotal − discount + tax + shipping   (app.services.amounts)

A line or an amount that changes has the sums written anew in the same transaction, with an event of the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.models.catalogue import CATALOGUE
from app.models.enums import OrderStatus
from app.services.amounts import Line, Totals, totals
from app.services.errors import InvalidState, Refused
from app.services.records import consequences
from app.services.records.drafts import Draft, Key, Row
from app.services.records.locking import row_of
from app.services.records.rules import rates
from app.services.writing import UnitOfWork
from policies.catalogue import Resource

LINES: Mapping[str, tuple[Resource, str]] = {
    "Quote": (CATALOGUE["QuoteLine"], "quote_id"),
    "Order": (CATALOGUE["OrderLine"], "order_id"),
}
"""By document, its lines, and their column that names it."""
DOCUMENTS: Mapping[str, Resource] = {lines.name: CATALOGUE[name] for name, (lines, _) in LINES.items()}
"""By line, its document."""

DRAFT = OrderStatus.DRAFT
"""The status, of quotes and orders alike, in which lines and amounts can change."""

_AMOUNTS = ("discount", "shipping", "currency")
_ROWS = """
    SELECT t.* FROM {table} t JOIN unnest($1::uuid[], $2::uuid[]) AS k(customer_id, id)
    ON t.customer_id = k.customer_id AND t.{parent} = k.id
    WHERE t.deleted_at IS NULL ORDER BY {order} FOR NO KEY UPDATE OF t"""


async def locked(unit: UnitOfWork, document: Resource, keys: Iterable[Key]) -> Mapping[Key, Row]:
    """Locks documents, in order of key. Those that are deleted are not among them."""
    found = await _rows(unit, document, "id", "t.customer_id, t.id", keys)
    return {(row["customer_id"], row["id"]): row for row in found}


async def lines_of(unit: UnitOfWork, document: Resource, keys: Iterable[Key]) -> Mapping[Key, list[Row]]:
    """Locks the lines of documents, and gives them in their order."""
    resource, parent = LINES[document.name]
    found = await _rows(unit, resource, parent, "t.customer_id, t.id", keys)
    lines: dict[Key, list[Row]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (row["position"], row["id"])):
        lines[row["customer_id"], row[parent]].append(row)
    return lines


async def _rows(unit: UnitOfWork, resource: Resource, parent: str, order: str, keys: Iterable[Key]) -> list[Row]:
    wanted = sorted(set(keys))
    if not wanted:
        return []
    sql = _ROWS.format(table=resource.table.name, parent=parent, order=order)
    found = await (await unit.driver).fetch(sql, *map(list, zip(*wanted, strict=True)))
    return [row_of(resource, row) for row in found]


async def reckon(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Adds up documents of which an amount is given. Notes those that are no drafts any more."""
    given = [draft for draft in drafts if draft.old is None or set(_AMOUNTS) & set(draft.set)]
    lines = await lines_of(unit, drafts[0].resource, (draft.key for draft in given if draft.old))
    for draft in given:
        own = lines.get(draft.key, []) if draft.old else []
        if draft.old is not None:
            _check_open(draft, own)
        _sum(draft, own)


def _check_open(draft: Draft, lines: Sequence[Row]) -> None:
    assert draft.old is not None
    for name in _AMOUNTS:
        if name in draft.changing and draft.old["status"] != DRAFT:
            draft.note(InvalidState("only_draft", (name,)))
    if lines and draft.row["currency"] != draft.old["currency"]:
        draft.note(InvalidState("has_lines", ("currency",)))


def _sum(draft: Draft, lines: Sequence[Row]) -> None:
    try:
        draft.row |= _columns(added(draft.row, lines))
    except Refused as refused:
        for error in refused.errors:
            if error.reason != "exceeds":
                draft.note(error if error.field[0] in draft.set else InvalidState("no_total"))


def added(document: Row, lines: Iterable[Row]) -> Totals:
    """The sums of a document. Raises Refused."""
    found = [as_line(row) for row in lines]
    discount, shipping = (document.get(name) or Decimal(0) for name in ("discount", "shipping"))
    return totals(found, discount, shipping, document["currency"])


def as_line(row: Row) -> Line:
    """A line as it is reckoned with."""
    percentages = (row.get(name) or Decimal(0) for name in ("discount_pct", "tax_rate_pct"))
    return Line(row["quantity"], row["unit_price"], *percentages)


def _columns(found: Totals) -> dict[str, Any]:
    return {"subtotal": found.subtotal, "tax": found.tax, "total": found.total}


async def add_up(unit: UnitOfWork, document: Resource, keys: Iterable[Key]) -> None:
    """Writes the sums of documents anew. Raises Refused where they cannot be stored."""
    rows = await locked(unit, document, keys)
    lines = await lines_of(unit, document, rows)
    try:
        sums = {key: _columns(added(row, lines.get(key, []))) for key, row in rows.items()}
    except Refused:
        raise Refused([InvalidState("no_total")]) from None
    drafts = [consequences.changed(document, row, sums[key]) for key, row in rows.items()]
    for draft in drafts:
        rates.fit(draft)
    if any(draft.errors for draft in drafts):
        raise Refused([InvalidState("no_total")])
    await consequences.change(unit, drafts)


async def carry_rate(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has lines keep the rate of their document."""
    moved = {draft.key: draft.row for draft in drafts if draft.old and draft.old["fx_rate"] != draft.row["fx_rate"]}
    document = drafts[0].resource
    lines = await lines_of(unit, document, moved)
    resource, _ = LINES[document.name]
    found = [
        consequences.changed(resource, line, {name: moved[key][name] for name in ("fx_rate", "fx_date")})
        for key, own in lines.items()
        for line in own
    ]
    await consequences.change(unit, found)
