"""Orders: the customer's first, and those that hold stock."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.enums import OrderStatus
from app.services.errors import InvalidState
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

_HOLDING = (OrderStatus.UNFULFILLED, OrderStatus.PARTIALLY_FULFILLED, OrderStatus.PARTIALLY_RETURNED)
_TOUCH = """
    UPDATE customers c SET first_ordered_at = found.earliest FROM (
        SELECT k.customer_id, (
            SELECT min(o.ordered_at) FROM orders o
            WHERE o.customer_id = k.customer_id AND o.deleted_at IS NULL AND o.status NOT IN ('DRAFT', 'CANCELED', 'EXPIRED')
        ) AS earliest FROM unnest($1::uuid[]) AS k(customer_id)
    ) found WHERE c.id = found.customer_id AND c.first_ordered_at IS DISTINCT FROM found.earliest"""


async def touch(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Keeps when customers first ordered."""
    await (await unit.driver).execute(_TOUCH, list({draft.row["customer_id"] for draft in drafts}))


async def check_free(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes orders that cannot be deleted, since what they took from stock would be lost with them."""
    for draft in drafts:
        if draft.old and draft.old["deleted_at"] is None and draft.old["status"] in _HOLDING:
            draft.note(InvalidState("holds_stock", ("id",)))
