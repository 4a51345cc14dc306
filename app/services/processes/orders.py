"""Orders: confirmed, delivered, returned, cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.models.enums import OrderStatus
from app.services.amounts import refund
from app.services.errors import InsufficientStock, InvalidState
from app.services.processes import stock
from app.services.processes.choosing import LINE, chosen
from app.services.processes.moving import move
from app.services.records import consequences, statements
from app.services.records.drafts import Draft, Row
from app.services.records.rules.documents import as_line, lines_of
from app.services.transitions import (
    FULFILLMENTS,
    ORDERS,
    PAYMENTS,
    Quantities,
    fulfilling_step,
    possible,
    returning_step,
    step,
)
from app.services.writing import UnitOfWork

ORDER = CATALOGUE["Order"]


async def confirm(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Confirms orders, and takes what they need from stock."""
    for draft in drafts:
        lines = await _lines(unit, draft)
        if not lines:
            draft.note(InvalidState("no_lines"))
        if move(draft, ORDERS, "confirm") and lines:
            lacking = await stock.take(unit, [(line, line["quantity"]) for line in lines])
            await _note_lacking(unit, draft, [line for line in lines if line["product_id"] in lacking], lines)


async def fulfill(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Delivers lines of orders; where none is named, all that is left."""
    for draft in drafts:
        lines = await _lines(unit, draft)
        is_possible = _move(draft, "fulfillPart")
        delivered = await chosen(unit, draft, lines, lambda row: row["quantity"] - row["fulfilled_quantity"])
        if is_possible and not draft.errors:
            changed = _counted(lines, "fulfilled_quantity", delivered)
            _move(draft, fulfilling_step(map(_quantities, changed)))
            await consequences.change(unit, changed)


async def give_back(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Takes lines of orders back, into stock; where none is named, all that was delivered."""
    for draft in drafts:
        lines = await _lines(unit, draft)
        is_possible = _move(draft, "returnPart")
        returned = await chosen(unit, draft, lines, lambda row: row["fulfilled_quantity"] - row["returned_quantity"])
        if is_possible and not draft.errors:
            changed = _counted(lines, "returned_quantity", returned)
            _move(draft, returning_step(map(_quantities, changed)))
            await stock.put_back(unit, [(line, returned.get(line["id"], Decimal(0))) for line in lines])
            await consequences.change(unit, changed)
            _refund(draft, [each.row for each in changed])


async def cancel(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Cancels orders of which nothing was delivered; what they took comes back into stock."""
    for draft in drafts:
        assert draft.old is not None
        if not _move(draft, "cancel"):
            continue
        _pay(draft, "cancel")
        if draft.old["status"] == OrderStatus.UNFULFILLED:
            await stock.put_back(unit, [(line, line["quantity"]) for line in await _lines(unit, draft)])


async def _lines(unit: UnitOfWork, draft: Draft) -> Sequence[Row]:
    return (await lines_of(unit, ORDER, [draft.key])).get(draft.key, [])


def _move(draft: Draft, name: str) -> bool:
    """Takes a step of an order and of its delivery."""
    return move(draft, ORDERS, name) and move(draft, FULFILLMENTS, name, "fulfillmentStatus")


def _pay(draft: Draft, name: str) -> None:
    """Takes a step of the payment where it can be taken."""
    status = draft.row["payment_status"]
    if name in possible(PAYMENTS, status):
        draft.row["payment_status"] = step(PAYMENTS, name, status)


def _counted(lines: Sequence[Row], column: str, more: Mapping[UUID, Decimal]) -> list[Draft]:
    return [
        consequences.changed(LINE, line, {column: line[column] + more.get(line["id"], Decimal(0))}) for line in lines
    ]


def _quantities(draft: Draft) -> Quantities:
    return Quantities(*(draft.row[name] for name in ("quantity", "fulfilled_quantity", "returned_quantity")))


def _refund(draft: Draft, lines: Sequence[Row]) -> None:
    kept = [line["quantity"] - line["returned_quantity"] for line in lines]
    row: Mapping[str, Any] = draft.row
    back = min(refund([as_line(line) for line in lines], kept, row["discount"], row["currency"]), row["total"])
    draft.row["refunded"] = max(back, row["refunded"])
    _pay(draft, "refund" if draft.row["refunded"] == row["total"] else "refundPart")


async def _note_lacking(unit: UnitOfWork, draft: Draft, lacking: Sequence[Row], lines: Sequence[Row]) -> None:
    """Notes at which of the lines, as the caller sees them, there is too little in stock."""
    if not lacking:
        return
    keys = [(line["customer_id"], line["id"]) for line in lines]
    found = await unit.fetch(statements.in_view(unit.access, LINE), statements.values_of(LINE, keys))
    seen = {row["id"] for row in found}
    places = [str(i) for i, line in enumerate(line for line in lines if line["id"] in seen) if line in lacking]
    for place in places:
        draft.note(InsufficientStock("too_little_stock", ("lines", place)))
    if not places:
        draft.note(InsufficientStock("too_little_stock"))
