"""Exchange rates: that of the business date, fixed, so that what is past does not move with today's rate.

The base currency is that in which `currency_rates` price the others. Where no rate was known yet there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from app.services.amounts import MOST, Rate, rate_on
from app.services.errors import Invalid
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

BUSINESS_DATES: Mapping[str, str] = {
    "Campaign": "starts_on",
    "Contract": "start_date",
    "Customer": "created_at",
    "Opportunity": "opened_at",
    "Order": "ordered_at",
    "Quote": "created_at",
    "Ticket": "opened_at",
}
"""The column of the business date, by resource; where that is empty, or to come, it is the day on which the row is made or changed."""

_RATES = """
    WITH base AS (
        SELECT base_currency AS code FROM currency_rates WHERE deleted_at IS NULL ORDER BY currency, base_currency LIMIT 1
    )
    SELECT k.currency, k.day, base.code AS base, r.rate, r.rate_date
    FROM base CROSS JOIN unnest($1::text[], $2::date[]) AS k(currency, day) LEFT JOIN LATERAL (
        SELECT c.rate, c.rate_date FROM currency_rates c
        WHERE c.currency = k.currency AND c.base_currency = base.code AND c.rate_date <= k.day AND c.deleted_at IS NULL
        ORDER BY c.rate_date DESC LIMIT 1
    ) r ON true"""

_Priced: TypeAlias = tuple[str, dt.date]
"""A currency, and the day on which a rate is asked for."""


async def fix(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Fixes the rate where a row is made, or its currency or business date is another. Notes amounts that are beyond it."""
    due = [draft for draft in drafts if draft.old is None or _asked(unit, draft, draft.old) != _of(unit, draft)]
    rates = await on(unit, {asked for draft in due if (asked := _of(unit, draft))})
    for draft in due:
        asked = _of(unit, draft)
        draft.row |= columns(rates.get(asked) if asked else None)
    for draft in drafts:
        fit(draft)


async def on(unit: UnitOfWork, asked: Iterable[_Priced]) -> Mapping[_Priced, Rate]:
    """The rates of currencies on days; those that were not known yet are left out."""
    wanted = sorted(asked)
    if not wanted:
        return {}
    found = await (await unit.driver).fetch(_RATES, *map(list, zip(*wanted, strict=True)))
    return {(row["currency"], row["day"]): rate for row in found if (rate := _rate(row)) is not None}


def columns(rate: Rate | None) -> dict[str, Any]:
    """As a row holds it."""
    return {"fx_rate": rate and rate.rate, "fx_date": rate and rate.rate_date}


def fit(draft: Draft) -> None:
    """Notes amounts that cannot be expressed in the base currency."""
    rate = draft.row.get("fx_rate")
    for column in draft.resource.table.columns:
        amount = draft.row.get(column.info.get("part_of", ""))
        if rate is not None and amount is not None and amount * rate > MOST:
            draft.note(Invalid("beyond_base", (draft.resource.of_column(column.info["part_of"]) or "",)))


def _rate(row: Mapping[str, Any]) -> Rate | None:
    known = [Rate(row["currency"], row["base"], row["rate_date"], row["rate"])] if row["rate"] is not None else []
    return rate_on(known, row["currency"], row["base"], row["day"])


def _of(unit: UnitOfWork, draft: Draft) -> _Priced | None:
    return _asked(unit, draft, draft.row)


def _asked(unit: UnitOfWork, draft: Draft, row: Mapping[str, Any]) -> _Priced | None:
    if row.get("currency") is None:
        return None
    when, today = row.get(BUSINESS_DATES[draft.resource.name]), unit.now.astimezone(dt.UTC).date()
    if isinstance(when, dt.datetime):
        when = when.astimezone(dt.UTC).date()
    return row["currency"], min(when or today, today)
