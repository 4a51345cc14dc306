"""Segments: the members of one with a rule are those whom its owner's eyes find by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.models.catalogue import CATALOGUE
from app.models.enums import SegmentKind
from app.services.errors import InvalidState, Refused
from app.services.records import consequences, locking, statements
from app.services.records.drafts import Draft
from app.services.records.rules import Step
from app.services.records.statements import SCOPE
from app.services.writing import UnitOfWork
from policies.access import Access, access
from policies.principal import Principal

_MEMBER = CATALOGUE["SegmentMember"]
_CUSTOMERS = f"SELECT id, {', '.join(SCOPE)} FROM customers WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
_MEMBERS = """
    SELECT * FROM segment_members WHERE segment_id = $1 AND removed_at IS NULL AND deleted_at IS NULL
    ORDER BY customer_id, id FOR NO KEY UPDATE"""


class Find(Protocol):
    """Finds the customers of a rule as somebody sees them. Raises Refused for a rule that cannot be asked."""

    async def __call__(self, unit: UnitOfWork, principal: Principal, access: Access, rule: object) -> list[UUID]: ...


def refresh(find: Find) -> Step:
    """Has segments hold those whom their rules find now."""

    async def service(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            owner = await _owner(unit, draft)
            if draft.row["kind"] != SegmentKind.DYNAMIC:
                draft.tell(InvalidState("only_dynamic"), "kind")
            elif owner is None:
                draft.tell(InvalidState("without_owner"), "owner")
            else:
                eyes = access(unit.access.policy, owner.shape)
                try:
                    found = await find(unit, owner, eyes, draft.row["rule"])
                except Refused:
                    draft.tell(InvalidState("rule_not_askable"), "rule")
                else:
                    await _hold(unit, draft, found)

    return service


async def _owner(unit: UnitOfWork, draft: Draft) -> Principal | None:
    """A segment's owner; None where there is none, or who may not sign in."""
    if draft.row["owner_id"] is None:
        return None
    known = await load_principal((await unit.driver).fetchrow, Bearer(draft.row["owner_id"]))
    return known.principal if known else None


async def _hold(unit: UnitOfWork, draft: Draft, found: Collection[UUID]) -> None:
    driver, now = await unit.driver, unit.now
    rows = [locking.row_of(_MEMBER, row) for row in await driver.fetch(_MEMBERS, draft.row["id"])]
    there = {row["customer_id"] for row in rows}
    coming = await driver.fetch(_CUSTOMERS, sorted(set(found) - there))
    joined = [consequences.new(unit, _MEMBER, _member(draft, row, now)) for row in coming]
    left = [
        consequences.changed(_MEMBER, row, {"removed_at": max(now, row["added_at"])})
        for row in rows
        if row["customer_id"] not in set(found)
    ]
    await consequences.make(unit, joined)
    await consequences.change(unit, left)
    draft.row |= {"refreshed_at": now, "member_count": len(found)}
    draft.told = {"joined": await _seen(unit, joined), "left": await _seen(unit, left)}


def _member(draft: Draft, customer: Mapping[str, Any], now: object) -> Mapping[str, Any]:
    scope = {name: customer[name] for name in SCOPE}
    return {**scope, "customer_id": customer["id"], "segment_id": draft.row["id"], "added_at": now}


async def _seen(unit: UnitOfWork, drafts: Iterable[Draft]) -> int:
    """How many of these members the caller sees."""
    keys = statements.values_of(_MEMBER, [draft.key for draft in drafts])
    return len(await unit.fetch(statements.in_view(unit.access, _MEMBER), keys))
