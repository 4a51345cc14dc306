"""New versions: drafts of one that is there, and one that was in force brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.models.enums import PolicyStatus
from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import Forbidden, InvalidState, NotFound, Refused
from app.services.policies import activating, deciding
from app.services.policies.documents import Documents, documents_of
from app.services.records import statements
from app.services.records.changing import update
from app.services.records.creating import create
from app.services.records.drafts import Draft, Ref
from app.services.writing import UnitOfWork
from policies.catalogue import Resource

VERSION: Resource = CATALOGUE["PolicyVersion"]
_SEEN = ("number", "status", "document", "activatedAt")
_FIND = """
    SELECT id FROM policy_versions
    WHERE deleted_at IS NULL AND CASE WHEN $1::int IS NULL THEN status = 'ACTIVE' ELSE number = $1 END"""
_NEXT = "SELECT coalesce(max(number), 0) + 1 FROM policy_versions"
NOTHING: dict[str, Any] = {"files": {}}
"""What the caller sets a document to, until the service has what it holds."""


@dataclass(frozen=True, slots=True)
class Source:
    """A version whose documents the caller sees."""

    id: UUID
    number: int
    status: str
    documents: Documents
    was_active: bool


async def source(unit: UnitOfWork, number: int | None, place: str = "version") -> Source:
    """The version of a number, or the active one. Raises Refused where its documents are not in the caller's view."""
    key = await (await unit.driver).fetchval(_FIND, number)
    asked = statements.seen(unit.access, VERSION, _SEEN)
    rows = await unit.fetch(asked, statements.values_of(VERSION, [(key,)])) if key is not None else []
    row = rows[0] if rows else None
    if row is None or any(row[name] is None for name in ("number", "status", "document")):
        raise Refused([NotFound("not_found", (place,))])
    was_active = row["activated_at"] is not None or row["status"] in (PolicyStatus.ACTIVE, PolicyStatus.RETIRED)
    return Source(row["id"], row["number"], row["status"], documents_of(row["document"]), was_active)


async def begin(unit: UnitOfWork, number: int | None, note: str | None, *, only_validate: bool = False) -> Draft:
    """A draft with the documents of a version. Raises Refused."""
    made = await _made(unit, await source(unit, number, "from"), note, only_validate=only_validate)
    await auditing.note(unit, Kind.POLICY_DRAFTED, str(made.row["number"]))
    return made


async def _made(unit: UnitOfWork, of: Source, note: str | None, *, only_validate: bool) -> Draft:
    given = {"document": NOTHING, "status": PolicyStatus.DRAFT.value}
    draft = Draft(VERSION, {**given, **({"note": note} if note is not None else {})})

    async def fill(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
        for each in drafts:
            number = await (await unit.driver).fetchval(_NEXT)
            each.row |= {"number": number, "based_on": of.id, "author": unit.user, "document": of.documents.stored}

    await create(unit, [draft], only_validate=only_validate, step=fill)
    return draft


async def roll_back(unit: UnitOfWork, number: int, note: str | None, *, only_validate: bool = False) -> Draft:
    """A version that was in force, once more: as a new one. Raises Refused.

    It was looked at before it came into force; with four eyes nobody brings back what they wrote themselves.
    """
    of = await source(unit, number)
    if not of.was_active or of.status == PolicyStatus.ACTIVE:
        raise Refused([InvalidState("policy_not_retired", ("version",), status=of.status)])
    if unit.four_eyes and unit.actor in await deciding.writers(unit, of.id):
        raise Refused([Forbidden("policy_own_work")])
    async with unit.attempt():
        made = await _made(unit, of, note, only_validate=only_validate)
    back = Draft(VERSION, {"status": PolicyStatus.ACTIVE.value}, ref=Ref(VERSION.name, None, made.row["id"]))
    await update(unit, [back], only_validate=only_validate, step=activating.roll_back)
    return back
