"""Amounts of money in several currencies: one row for each, in the order of their codes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.selection import Selected
from policies.predicates import literal

Column = sa.ColumnElement[Any]

BASE, CURRENCY, AMOUNT = "base", "currency", "amount"
NONE: Column = sa.literal_column("'[]'::json", sa.JSON())


def amounts(selected: Selected, base: Column, currency: Column, amount: Column, among: Column) -> Column:
    """JSON of `Amounts` as it is selected; each of the rows for which `among` holds has the amount of one currency."""
    return few([(item, _part(item, base, currency, amount, among)) for item in selected.children()])


def _part(item: Selected, base: Column, currency: Column, amount: Column, among: Column) -> Column:
    if item.name == BASE:
        return base
    if item.name == TYPENAME:
        return literal(item.parent.name)
    values = {CURRENCY: currency, AMOUNT: amount}
    pair = few([(part, values.get(part.name, literal(part.parent.name))) for part in item.children()])
    return _listed(pair, currency, among)


def _listed(pair: Column, currency: Column, among: Column) -> Column:
    rows = sa.func.json_agg(aggregate_order_by(pair, currency)).filter(among)
    return sa.func.coalesce(rows, NONE, type_=sa.JSON())


def collected(currency: Column, amount: Column, among: Column) -> Column:
    """JSON of `{currency, amount}` for each row that has an amount, is told of, and is one of those meant."""
    pair = sa.func.json_build_object(
        sa.literal_column(f"'{CURRENCY}'"), currency, sa.literal_column(f"'{AMOUNT}'"), sa.cast(amount, sa.Text())
    )
    return _listed(pair, currency, sa.and_(among, currency.is_not(None), amount.is_not(None)))
