"""How customers are reached: the customer's own address and number, and its primary contact points, kept in step.

`customers.email` is the customer's own primary point of kind EMAIL, `customers.phone` that of kind PHONE, or else MOBILE.
Whoever writes one of the two writes both: the other follows, done by the system, with an event of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.models.enums import ContactPointKind
from app.services.errors import Forbidden, Invalid, Required
from app.services.records import consequences, locking
from app.services.records.drafts import Draft, Row
from app.services.records.statements import SCOPE
from app.services.values.reach import contact_point
from app.services.writing import UnitOfWork

POINT, CUSTOMER = CATALOGUE["ContactPoint"], CATALOGUE["Customer"]

KINDS: Mapping[str, tuple[ContactPointKind, ...]] = {
    "email": (ContactPointKind.EMAIL,),
    "phone": (ContactPointKind.PHONE, ContactPointKind.MOBILE),
}
"""By column of the customer, the kinds of points that it shows; the first that there is."""
_DECIDING = ("contact_id", "kind", "value_normalized", "is_primary", "deleted_at")
SHOWN: Mapping[str, str] = {str(kind): column for column, kinds in KINDS.items() for kind in kinds}
"""By kind of point, the customer's column that shows it."""

_POINTS = """
    SELECT * FROM contact_points WHERE customer_id = ANY($1) AND contact_id IS NULL AND kind = ANY($2)
    AND deleted_at IS NULL ORDER BY customer_id, id FOR NO KEY UPDATE"""
_CUSTOMERS = "SELECT * FROM customers WHERE id = ANY($1) AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE"


async def form(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has points kept in one form for all, too. Notes values that are none of their kind."""
    for draft in drafts:
        kind, value = draft.row.get("kind"), draft.row.get("value")
        if kind is None or value is None or not _differs(draft, "kind", "value"):
            continue
        for name, other in (("kind", "value"), ("value", "kind")):
            if name in draft.changing and not draft.knows(other):
                draft.note(Forbidden("not_settable", (name,)))
        try:
            draft.row["value_normalized"] = contact_point(ContactPointKind(kind), value)
        except (Invalid, Required) as fault:
            draft.note(fault.at(("value",)))


def _differs(draft: Draft, *columns: str) -> bool:
    return draft.old is None or any(draft.row[name] != draft.old[name] for name in columns)


async def follow_customer(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has the primary points of customers hold what the customers do."""
    changed = [draft for draft in drafts if _live(draft.row) and any(_says(draft, column) for column in KINDS)]
    points = await own(unit, (draft.row["id"] for draft in changed))
    made: list[Draft] = []
    for draft in changed:
        for column in KINDS:
            if _says(draft, column):
                theirs = [each for each in points if each.row["customer_id"] == draft.row["id"]]
                made += _led(unit, draft.row, column, theirs)
    await consequences.change(unit, [each for each in points if not each.row["is_primary"]])
    await consequences.change(unit, [each for each in points if each.row["is_primary"]])
    await consequences.make(unit, made)


def _says(draft: Draft, column: str) -> bool:
    if draft.old is None:
        return draft.row[column] is not None
    return bool(draft.row[column] != draft.old[column])


def _live(row: Row) -> bool:
    return row["deleted_at"] is None


async def own(unit: UnitOfWork, customers: Iterable[UUID]) -> list[Draft]:
    """The customers' own points of the kinds that customers show, locked."""
    keys = sorted(set(customers))
    found = await (await unit.driver).fetch(_POINTS, keys, list(SHOWN)) if keys else []
    return [consequences.changed(POINT, locking.row_of(POINT, row), {}) for row in found]


def prefer(customer: Row, column: str, points: Sequence[Draft]) -> bool:
    """Has the customer's own point that holds what the customer does be the first primary one; whether there is such a one."""
    kinds = [str(kind) for kind in KINDS[column]]
    theirs = sorted(
        (each for each in points if each.row["kind"] in kinds), key=lambda each: kinds.index(each.row["kind"])
    )
    primary = [each for each in theirs if each.row["is_primary"]]
    fitting = next((each for each in (*primary, *theirs) if each.row["value_normalized"] == customer[column]), None)
    if fitting is not None:
        _resign(each for each in primary if kinds.index(each.row["kind"]) <= kinds.index(fitting.row["kind"]))
        fitting.row["is_primary"] = True
    return fitting is not None


def _led(unit: UnitOfWork, customer: Row, column: str, points: Sequence[Draft]) -> list[Draft]:
    """Has the first primary point of a customer's hold its value: one that has it, or the one there is, or a new one."""
    kinds, value = [str(kind) for kind in KINDS[column]], customer[column]
    primary = [each for each in points if each.row["is_primary"] and each.row["kind"] in kinds]
    if value is None:
        _resign(primary)
        return []
    if prefer(customer, column, points):
        return []
    primary.sort(key=lambda each: kinds.index(each.row["kind"]))
    if primary:
        primary[0].row |= {"value": value, "value_normalized": value, "verified_at": None}
        return []
    scope = {name: customer[name] for name in SCOPE}
    new = {"customer_id": customer["id"], "kind": kinds[0], "value": value, "value_normalized": value}
    return [consequences.new(unit, POINT, {**scope, **new, "is_primary": True})]


def _resign(points: Iterable[Draft]) -> None:
    for draft in points:
        draft.row["is_primary"] = False


async def lead_customer(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has customers hold what their own primary points do, where such a point is or was among those written."""
    columns: dict[UUID, set[str]] = {}
    for draft in drafts:
        for row in (draft.row, draft.old) if _differs(draft, *_DECIDING) else ():
            if row and row["is_primary"] and row["contact_id"] is None and row["kind"] in SHOWN:
                columns.setdefault(row["customer_id"], set()).add(SHOWN[row["kind"]])
    if not columns:
        return
    found = await (await unit.driver).fetch(_CUSTOMERS, sorted(columns))
    points = await own(unit, columns)
    changed = [
        consequences.changed(
            CUSTOMER, row, {column: _first(row["id"], column, points) for column in columns[row["id"]]}
        )
        for row in (locking.row_of(CUSTOMER, each) for each in found)
    ]
    await consequences.change(unit, changed)


def _first(customer: UUID, column: str, points: Iterable[Draft]) -> str | None:
    """What the first primary point of a customer's holds."""
    primary = [each.row for each in points if each.row["customer_id"] == customer and each.row["is_primary"]]
    values = {row["kind"]: row["value_normalized"] for row in primary}
    return next((values[kind] for kind in KINDS[column] if kind in values), None)
