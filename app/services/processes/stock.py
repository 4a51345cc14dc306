"""What is in stock: taken when an order is confirmed, back when it is cancelled or returned; never less than nothing.

Products are locked in order of their keys, after the customers: no two orders wait for each other in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.services.records import consequences
from app.services.records.drafts import Row
from app.services.records.locking import row_of
from app.services.writing import UnitOfWork

PRODUCT = CATALOGUE["Product"]
_LOCK = "SELECT * FROM products WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"


async def take(unit: UnitOfWork, lines: Iterable[tuple[Row, Decimal]]) -> frozenset[UUID]:
    """Takes quantities of lines' products. Gives the products of which there is too little; then nothing is taken."""
    return await _move(unit, ((line, -quantity) for line, quantity in lines))


async def put_back(unit: UnitOfWork, lines: Iterable[tuple[Row, Decimal]]) -> None:
    """Puts quantities of lines' products back."""
    await _move(unit, lines)


async def _move(unit: UnitOfWork, lines: Iterable[tuple[Row, Decimal]]) -> frozenset[UUID]:
    amounts = _by_product(lines)
    found = await (await unit.driver).fetch(_LOCK, sorted(amounts)) if amounts else []
    counted = [row_of(PRODUCT, row) for row in found if row["available_quantity"] is not None]
    after = {row["id"]: row["available_quantity"] + amounts[row["id"]] for row in counted}
    lacking = frozenset(key for key, quantity in after.items() if quantity < 0)
    if not lacking:
        drafts = [consequences.changed(PRODUCT, row, {"available_quantity": after[row["id"]]}) for row in counted]
        await consequences.change(unit, drafts)
    return lacking


def _by_product(lines: Iterable[tuple[Row, Decimal]]) -> Mapping[UUID, Decimal]:
    amounts: dict[UUID, Decimal] = defaultdict(Decimal)
    for line, quantity in lines:
        if line["product_id"] is not None and quantity:
            amounts[line["product_id"]] += quantity
    return amounts
