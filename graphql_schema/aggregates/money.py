"""Amounts of money in several currencies: one row for each, in the order of their codes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

Column = sa.ColumnElement[Any]

CURRENCY, AMOUNT = "currency", "amount"


def collected(currency: Column, amount: Column, among: Column) -> Column:
    """JSON of `{currency, amount}` for each row that has an amount, is told of, and is one of those meant."""
    pair = sa.func.json_build_object(
        sa.literal_column(f"'{CURRENCY}'"), currency, sa.literal_column(f"'{AMOUNT}'"), sa.cast(amount, sa.Text())
    )
    rows = sa.func.json_agg(aggregate_order_by(pair, currency)).filter(
        sa.and_(among, currency.is_not(None), amount.is_not(None))
    )
    return sa.func.coalesce(rows, sa.literal_column("'[]'::json"), type_=sa.JSON())
