"""Values that only one record in the whole database may have.

A clash is told with its field only to one who sees the other record and its value; else it is a bare conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.services.errors import Conflict, HiddenConflict
from app.services.records import statements
from app.services.records.drafts import Draft
from app.services.records.events import customer_of
from app.services.records.storing import as_json
from app.services.uniqueness import UNIQUE_EVERYWHERE
from app.services.writing import UnitOfWork
from policies.catalogue import Field, Resource

_RELEASE = """
    DELETE FROM unique_keys u USING unnest($1::text[], $2::text[], $3::uuid[]) AS r(kind, value, entity_id)
    WHERE u.kind = r.kind AND u.value = r.value AND u.entity_id = r.entity_id"""
_CLAIM = """
    INSERT INTO unique_keys (kind, value, entity, entity_id, customer_id)
    SELECT kind, value, $1, entity_id, customer_id
    FROM jsonb_to_recordset($2::jsonb) AS r(kind text, value text, entity_id uuid, customer_id uuid)
    ORDER BY kind, value
    ON CONFLICT (kind, value) DO NOTHING RETURNING kind, value, entity_id"""
_HOLDERS = """
    SELECT u.kind, u.value, u.entity_id, u.customer_id FROM unique_keys u
    JOIN unnest($1::text[], $2::text[]) AS r(kind, value) ON u.kind = r.kind AND u.value = r.value"""


class _Claim(NamedTuple):
    kind: str
    value: str
    field: Field
    draft: Draft


async def claim(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Takes the values of new and changed rows, after giving back those that they had. Notes clashes."""
    await release(unit, drafts)
    claims = [each for draft in drafts for each in _claims(draft)]
    if not claims:
        return
    driver = await unit.driver
    rows = [
        {"kind": c.kind, "value": c.value, "entity_id": c.draft.row["id"], "customer_id": customer_of(c.draft)}
        for c in claims
    ]
    taken = await driver.fetch(_CLAIM, drafts[0].resource.table.name, as_json(rows))
    got = {(row["kind"], row["value"], row["entity_id"]) for row in taken}
    await _note(unit, [c for c in claims if (c.kind, c.value, c.draft.row["id"]) not in got])


def tries(draft: Draft) -> bool:
    """Whether the caller gives such a value, or brings one back."""
    is_back = draft.old is not None and draft.old["deleted_at"] is not None
    return any(is_back or each.field.name in draft.set for each in _claims(draft))


async def look(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes the clashes that the caller can see, and takes nothing."""
    claims = [each for draft in drafts for each in _claims(draft)]
    seen = await _seen(unit, claims) if claims else set()
    for each in claims:
        if (each.kind, each.value) in seen:
            each.draft.note(Conflict("taken", (each.field.name,)))


async def release(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Gives back the values of rows that change them."""
    gone = [
        (f"{draft.resource.table.name}.{field.column.name}", str(draft.old[field.column.name]), draft.old["id"])
        for draft in drafts
        for field in _unique(draft.resource)
        if draft.old and draft.old[field.column.name] is not None and _leaves(draft, field)
    ]
    if gone:
        await (await unit.driver).execute(_RELEASE, *map(list, zip(*gone, strict=True)))


def _leaves(draft: Draft, field: Field) -> bool:
    """Whether a record had a value that it has no longer, or is gone."""
    assert draft.old is not None
    name = field.column.name
    return draft.row.get("deleted_at") is not None or draft.row[name] != draft.old[name]


def _unique(resource: Resource) -> Iterator[Field]:
    names = (field for field in resource.fields.values())
    return (field for field in names if f"{resource.table.name}.{field.column.name}" in UNIQUE_EVERYWHERE)


def _claims(draft: Draft) -> Iterator[_Claim]:
    for field in _unique(draft.resource):
        name = field.column.name
        value, before = draft.row.get(name), draft.old and draft.old["deleted_at"] is None and draft.old[name]
        if value is not None and value != before:
            yield _Claim(f"{draft.resource.table.name}.{name}", str(value), field, draft)


async def _note(unit: UnitOfWork, claims: Sequence[_Claim]) -> None:
    seen = await _seen(unit, claims) if claims else set()
    for each in claims:
        told = (each.kind, each.value) in seen
        each.draft.note(Conflict("taken", (each.field.name,)) if told else HiddenConflict("conflict"))


async def _seen(unit: UnitOfWork, claims: Sequence[_Claim]) -> set[tuple[str, str]]:
    """Of values those that another record has which the caller sees, with the value plain."""
    kinds, values = [each.kind for each in claims], [each.value for each in claims]
    holders = await (await unit.driver).fetch(_HOLDERS, kinds, values)
    resource, found = claims[0].draft.resource, set()
    fields = {each.kind: each.field for each in claims}
    for kind, field in fields.items():
        held = [row for row in holders if row["kind"] == kind]
        keys = [(row["customer_id"], row["entity_id"]) if resource.owned else (row["entity_id"],) for row in held]
        plain = await unit.fetch(
            statements.plain(unit.access, resource, field.name), statements.values_of(resource, keys)
        )
        found |= {(kind, str(row[field.column.name])) for row in plain}
    return found
