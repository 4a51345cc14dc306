"""Quotes: sent, accepted as orders, expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.models.catalogue import CATALOGUE
from app.models.enums import OrderStatus
from app.services.errors import InvalidState
from app.services.processes.moving import move
from app.services.records import consequences, rules
from app.services.records.drafts import Draft, Row
from app.services.records.rules import numbers, rates
from app.services.records.rules.documents import lines_of
from app.services.records.statements import SCOPE
from app.services.transitions import QUOTES
from app.services.writing import UnitOfWork

QUOTE, ORDER, LINE = CATALOGUE["Quote"], CATALOGUE["Order"], CATALOGUE["OrderLine"]

_TAKEN = ("customer_id", *SCOPE, "opportunity_id", "currency", "subtotal", "discount", "tax", "shipping", "total")
_OF_LINE = (
    *("customer_id", *SCOPE, "product_id", "position", "description", "quantity"),
    *("unit_price", "discount_pct", "tax_rate_pct", "line_total", "currency"),
)
_CATEGORIES = "SELECT id, category_path FROM products WHERE id = ANY($1)"


async def send(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Sends quotes that have lines."""
    for draft in drafts:
        if move(draft, QUOTES, "send"):
            await _lines(unit, draft)


async def accept(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Accepts quotes that are valid: an order of the same lines follows each."""
    for draft in drafts:
        is_possible = move(draft, QUOTES, "accept")
        if _is_past(unit, draft):
            draft.tell(InvalidState("no_longer_valid"), "validUntil")
        lines = await _lines(unit, draft) if is_possible else []
        if lines and not draft.errors:
            await _order(unit, draft, lines)


async def expire(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Lets quotes expire whose last day is past."""
    for draft in drafts:
        if move(draft, QUOTES, "expire") and not _is_past(unit, draft):
            draft.tell(InvalidState("still_valid"), "validUntil")


def _is_past(unit: UnitOfWork, draft: Draft) -> bool:
    until = draft.row["valid_until"]
    return until is not None and until < unit.now.astimezone(dt.UTC).date()


async def _lines(unit: UnitOfWork, draft: Draft) -> Sequence[Row]:
    """A quote's lines. Notes where there are none."""
    lines = (await lines_of(unit, QUOTE, [draft.key])).get(draft.key, [])
    if not lines:
        draft.note(InvalidState("no_lines"))
    return lines


async def _order(unit: UnitOfWork, draft: Draft, lines: Sequence[Row]) -> None:
    taken = {name: draft.row[name] for name in _TAKEN}
    new = {"quote_id": draft.row["id"], "status": str(OrderStatus.UNCONFIRMED), "ordered_at": unit.now}
    order = consequences.new(unit, ORDER, {**taken, **new})
    await numbers.draw(unit, [order])
    await rates.fix(unit, [order])
    copies = await _copies(unit, order, lines)
    if any(each.errors for each in (order, *copies)):
        draft.note(InvalidState("no_total"))
        return
    await consequences.make(unit, [order])
    await consequences.make(unit, copies)
    await rules.follow(unit, [order])
    draft.brought["order"] = order


async def _copies(unit: UnitOfWork, order: Draft, lines: Sequence[Row]) -> Sequence[Draft]:
    """An order's lines, as those of the quote."""
    keys = [line["product_id"] for line in lines if line["product_id"] is not None]
    found = await (await unit.driver).fetch(_CATEGORIES, keys)
    places = {row["id"]: row["category_path"] for row in found}
    rate = {name: order.row[name] for name in ("fx_rate", "fx_date")}
    of = {"order_id": order.row["id"], **rate}
    made = [
        consequences.new(
            unit,
            LINE,
            {
                **{name: line[name] for name in _OF_LINE},
                **of,
                "product_category_path": places.get(line["product_id"]),
            },
        )
        for line in lines
    ]
    for draft in made:
        rates.fit(draft)
    return made
