"""Which values only one record in the whole database may have."""

from __future__ import annotations

UNIQUE_EVERYWHERE = frozenset(
    {"customers.tax_id", "quotes.number", "contracts.number", "orders.number", "tickets.number"}
)
"""Columns whose values are unique across customers: kept in `unique_keys` under these names."""
