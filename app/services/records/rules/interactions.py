"""Interactions: the customer was in touch with us."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

_TOUCH = """
    UPDATE customers c SET last_interaction_at = found.latest FROM (
        SELECT k.customer_id, (
            SELECT max(i.occurred_at) FROM interactions i
            WHERE i.customer_id = k.customer_id AND i.deleted_at IS NULL AND i.occurred_at <= statement_timestamp()
        ) AS latest FROM unnest($1::uuid[]) AS k(customer_id)
    ) found WHERE c.id = found.customer_id AND c.last_interaction_at IS DISTINCT FROM found.latest"""


async def touch(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Keeps when customers were last in touch."""
    await (await unit.driver).execute(_TOUCH, list({draft.row["customer_id"] for draft in drafts}))
