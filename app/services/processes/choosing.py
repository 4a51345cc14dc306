"""Lines of an order that a caller names, each with a quantity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.services.errors import Forbidden, Invalid, NotFound, Required
from app.services.records import statements
from app.services.records.drafts import Draft, Ref, Row
from app.services.values import stored
from app.services.writing import UnitOfWork

LINE = CATALOGUE["OrderLine"]
_COUNTED = ("quantity", "fulfilledQuantity", "returnedQuantity")


async def chosen(
    unit: UnitOfWork, draft: Draft, lines: Sequence[Row], left: Callable[[Row], Decimal]
) -> Mapping[UUID, Decimal]:
    """The quantities of lines that a step is about: those named in `lines`, each at most what is left; else all of that.

    How much is left is told only to one who sees plain what it is reckoned from.
    """
    asked = draft.asked.get("lines")
    if asked is None:
        found: Mapping[UUID, Decimal] = {line["id"]: left(line) for line in lines if left(line) > 0}
    else:
        found = await _named(unit, draft, asked, {line["id"]: line for line in lines}, left)
    if not found and not draft.errors:
        draft.note(Required("required", ("lines",)))
    return found


async def _named(
    unit: UnitOfWork,
    draft: Draft,
    asked: Sequence[Mapping[str, Any]],
    lines: Mapping[UUID, Row],
    left: Callable[[Row], Decimal],
) -> Mapping[UUID, Decimal]:
    seen = await _seen(unit, draft, [item["id"] for item in asked])
    found: dict[UUID, Decimal] = {}
    for number, item in enumerate(asked):
        place, key = ("lines", str(number)), item["id"].id
        if key not in seen or key not in lines:
            draft.note(NotFound("not_found", (*place, "id")))
        elif key in found:
            draft.note(Invalid("twice", (*place, "id")))
        elif any(seen[key][LINE.fields[name].column.name] is None for name in _COUNTED):
            draft.note(Forbidden("not_settable", (*place, "quantity")))
        else:
            found[key] = _quantity(draft, (*place, "quantity"), item["quantity"], left(lines[key]))
    return found


async def _seen(unit: UnitOfWork, draft: Draft, refs: Sequence[Ref]) -> Mapping[UUID, Mapping[str, Any]]:
    """The lines of the draft's customer that the caller sees, with their quantities as far as it sees them plain."""
    owner = draft.row["customer_id"]
    keys = sorted({(owner, ref.id) for ref in refs if ref.resource == LINE.name and ref.customer == owner})
    rows = await unit.fetch(statements.seen(unit.access, LINE, _COUNTED), statements.values_of(LINE, keys))
    return {row["id"]: row for row in rows}


def _quantity(draft: Draft, place: tuple[str, ...], given: object, most: Decimal) -> Decimal:
    try:
        quantity = stored(LINE.fields["quantity"], given)
    except Invalid as invalid:
        draft.note(invalid.at(place))
        return Decimal(0)
    assert isinstance(quantity, Decimal)
    if quantity <= 0:
        draft.note(Invalid("not_above", place, min=0))
    elif quantity > most:
        draft.note(Invalid("too_great", place, max=most))
    return quantity
