"""Groups that are too small to be shown, and those that would tell of them by difference (`minGroup`).

Of N rows, a group of fewer than k is left out. Where what is left out comes to fewer than k rows in all, whoever knows
N could tell it from what is shown; so the smallest group that would be shown is left out, too. A group of more than
N - k rows is therefore left out wherever there is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

Column = sa.ColumnElement[Any]


def number(value: int) -> Column:
    """A number of ours as an SQL literal."""
    return sa.literal_column(str(value), sa.Integer())


def smaller(count: Column, order: Sequence[Column], among: Sequence[Column] = ()) -> Column:
    """How many rows the groups have together that are smaller than a group; of equal ones the first in an order."""
    total = sa.func.sum(count).over(partition_by=list(among) or None, order_by=[count, *order], rows=(None, -1))
    return sa.func.coalesce(total, number(0))


def shown(count: Column, smaller: Column, least: int) -> Column:
    """Whether a group is shown, by its number of rows and that of all smaller ones."""
    return sa.and_(count >= number(least), ~between(smaller, least))


def between(count: Column, least: int) -> Column:
    """Whether there are some rows, but fewer than may be told of."""
    return sa.and_(count > number(0), count < number(least))


def told(count: Column, value: Column, least: int) -> Column:
    """A measure, where enough rows have a value."""
    return value if least <= 1 else sa.case((count >= number(least), value))
