"""Lines of quotes and orders: in the document's currency, at the product's price where no other is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.services.amounts import MOST, line_total
from app.services.errors import Forbidden, Invalid, InvalidState
from app.services.records import statements
from app.services.records.drafts import Draft, Key, Row, sound
from app.services.records.rules import documents, rates
from app.services.records.rules.documents import DOCUMENTS, DRAFT, LINES
from app.services.writing import UnitOfWork
from policies.catalogue import Resource

PRODUCT = CATALOGUE["Product"]
_PRICED = ("listPrice", "currency", "taxRatePct")
_LAST = 2**31 - 1
_LIMITS = """
    SELECT DISTINCT ON (r.id) r.id, a.sales_policy->>'max_discount_pct' AS most
    FROM regions r JOIN regions a ON starts_with(r.path, a.path) AND a.deleted_at IS NULL
        AND jsonb_typeof(a.sales_policy->'max_discount_pct') = 'number'
    WHERE r.id = ANY($1) ORDER BY r.id, length(a.path) DESC"""


async def prepare(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Fills in what follows from document and product. Notes what does not go with the document."""
    held = await _check_open(unit, drafts)
    known = [draft for draft in sound(drafts) if draft.row.get(_parent(draft.resource)) is not None]
    of = {id(draft): held[_document(draft, draft.row)] for draft in known}
    await _take_currency(unit, known, of)
    await _take_product(unit, known, of)
    await _take_place(unit, known)
    await _check_discount(unit, known, of)
    for draft in sound(known):
        _reckon(draft)


async def check_open(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes lines of documents that are no drafts any more."""
    await _check_open(unit, drafts)


async def add_up(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has the documents of lines added up anew."""
    keys = {key for draft in drafts for key in _documents(draft)}
    await documents.add_up(unit, DOCUMENTS[drafts[0].resource.name], keys)


def _parent(resource: Resource) -> str:
    return LINES[DOCUMENTS[resource.name].name][1]


def _document(draft: Draft, row: Row) -> Key:
    return row["customer_id"], row[_parent(draft.resource)]


def _documents(draft: Draft) -> Iterator[Key]:
    """The document of a line, and the one that it was of."""
    yield _document(draft, draft.row)
    if draft.old is not None:
        yield _document(draft, draft.old)


async def _check_open(unit: UnitOfWork, drafts: Sequence[Draft]) -> Mapping[Key, Row]:
    resource = drafts[0].resource
    known = [draft for draft in drafts if draft.row.get(_parent(resource)) is not None]
    keys = {key for draft in known for key in _documents(draft)}
    held = await documents.locked(unit, DOCUMENTS[resource.name], keys)
    for draft in known:
        if any(key not in held or held[key]["status"] != DRAFT for key in _documents(draft)):
            draft.note(InvalidState("only_draft", (resource.of_column(_parent(resource)) or "",)))
    return held


async def _take_currency(unit: UnitOfWork, drafts: Sequence[Draft], of: Mapping[int, Row]) -> None:
    given = [draft for draft in drafts if "currency" in draft.set]
    seen = await _currencies(unit, given)
    for draft in drafts:
        document = of[id(draft)]
        place = "currency" if "currency" in draft.given else "unitPrice"
        if "currency" not in draft.set and draft.old is None:
            draft.row["currency"] = document["currency"]
        elif "currency" not in draft.set and draft.row["currency"] != document["currency"]:
            draft.note(InvalidState("another_currency", (draft.resource.of_column(_parent(draft.resource)) or "",)))
        elif "currency" in draft.set and _document(draft, draft.row) not in seen:
            draft.note(Forbidden("not_settable", (place,)))
        elif draft.row["currency"] != document["currency"]:
            draft.note(Invalid("currency_mismatch", (place,), currency=document["currency"]))
        draft.row |= {name: document[name] for name in ("fx_rate", "fx_date")}


async def _currencies(unit: UnitOfWork, drafts: Sequence[Draft]) -> set[Key]:
    """The documents whose currency the caller sees."""
    if not drafts:
        return set()
    document = DOCUMENTS[drafts[0].resource.name]
    keys = sorted({_document(draft, draft.row) for draft in drafts})
    statement = statements.seen(unit.access, document, ("currency",))
    found = await unit.fetch(statement, statements.values_of(document, keys))
    return {(row["customer_id"], row["id"]) for row in found if row["currency"] is not None}


async def _take_product(unit: UnitOfWork, drafts: Sequence[Draft], of: Mapping[int, Row]) -> None:
    """Price and tax rate are the product's as far as the caller sees them, unless others are given."""
    changed = [draft for draft in drafts if draft.old is None or draft.row["product_id"] != draft.old["product_id"]]
    keys = sorted({(draft.row["product_id"],) for draft in changed if draft.row.get("product_id")})
    statement = statements.seen(unit.access, PRODUCT, _PRICED)
    found = await unit.fetch(statement, statements.values_of(PRODUCT, keys)) if keys else []
    shown = {row["id"]: row for row in found}
    for draft in changed:
        if "product_category_path" in draft.resource.table.c:
            draft.row["product_category_path"] = draft.carried.get("product", {}).get("category_path")
        product = shown.get(draft.row.get("product_id"), {})
        if draft.row.get("unit_price") is None and product.get("currency") == of[id(draft)]["currency"]:
            draft.row["unit_price"] = product["list_price"]
        if draft.row.get("tax_rate_pct") is None and product.get("tax_rate_pct") is not None:
            draft.row["tax_rate_pct"] = product["tax_rate_pct"]


async def _take_place(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """A line without a place comes after those that the caller sees."""
    new = [draft for draft in drafts if draft.row.get("position") is None]
    if not new:
        return
    resource, parent = new[0].resource, _parent(new[0].resource)
    keys = sorted({_document(draft, draft.row) for draft in new})
    found = await unit.fetch(
        statements.last(unit.access, resource, "position", parent), statements.values_of(resource, keys)
    )
    last: dict[Key, int] = defaultdict(int, {(row["customer_id"], row[parent]): row["last"] or 0 for row in found})
    for draft in new:
        key = _document(draft, draft.row)
        draft.row["position"] = last[key] = min(last[key] + 1, _LAST)


async def _check_discount(unit: UnitOfWork, drafts: Sequence[Draft], of: Mapping[int, Row]) -> None:
    """Notes discounts of more than the region of the document, or the nearest above that says so, allows."""
    given = [draft for draft in drafts if "discountPct" in draft.set and draft.row.get("discount_pct")]
    regions = {of[id(draft)]["region_id"] for draft in given} - {None}
    if not regions:
        return
    found = await (await unit.driver).fetch(_LIMITS, list(regions))
    most: Mapping[UUID, Decimal] = {row["id"]: Decimal(row["most"]) for row in found}
    for draft in given:
        limit = most.get(of[id(draft)]["region_id"])
        if limit is not None and draft.row["discount_pct"] > limit:
            draft.note(Invalid("beyond_discount", ("discountPct",)))


def _reckon(draft: Draft) -> None:
    if draft.row.get("quantity") is None or draft.row.get("unit_price") is None:
        return
    draft.row["line_total"] = line_total(documents.as_line(draft.row), draft.row["currency"])
    if draft.row["line_total"] > MOST:
        draft.note(Invalid("too_great", ("quantity",), max=MOST))
    rates.fit(draft)
