"""A masked field of one record opened to its caller, for a time and for a reason; and closed again.

It takes the action `unmask` on that field of that row, and the field must be masked for the caller there. What is opened is
a ground like others, under every deny and every ceiling, and holds from the next request on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.models.catalogue import CATALOGUE
from app.models.columns import LINE
from app.models.ids import uuid7
from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import (
    Forbidden,
    Invalid,
    InvalidState,
    NotFound,
    RateLimited,
    Refused,
    Required,
    UserError,
)
from app.services.records import statements
from app.services.records.drafts import Ref
from app.services.writing import UnitOfWork
from policies.access import Access
from policies.catalogue import Resource
from policies.document import Action
from policies.statements import Statement, statement
from policies.states import STATE, State

USUAL, LONGEST = 60, 480
"""Minutes that a field stays open where nothing else is said, and at most: a working day."""
MOST_UNMASKS = 20
"""In an hour: enough to answer callers one after another, too few to copy a list."""

_OPEN = """
    INSERT INTO unmasks (id, user_id, resource, field, customer_id, row_id, reason, valid_from, valid_to, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $2)"""
_CLOSE = """
    UPDATE unmasks SET valid_to = greatest(valid_from, statement_timestamp())
    WHERE user_id = $1 AND resource = $2 AND field = $3 AND customer_id IS NOT DISTINCT FROM $4 AND row_id = $5
    AND valid_to > statement_timestamp()"""


@dataclass(frozen=True, slots=True)
class Opening:
    """A field of a record. `subject` is the record's id as the API writes it."""

    subject: str
    record: Ref
    field: str | None = None
    reason: str | None = None
    minutes: int | None = None

    @property
    def resource(self) -> Resource | None:
        """What the record is; None for an id of nothing."""
        found = CATALOGUE[self.record.resource] if self.record.resource else None
        return found if found is None or found.owned == (self.record.customer is not None) else None

    @property
    def key(self) -> tuple[UUID, ...]:
        """The record's key."""
        return (self.record.customer, self.record.id) if self.record.customer else (self.record.id,)


def possible(access: Access) -> bool:
    """Whether somebody with an access can ever open anything."""
    return any(way.possible for resource in CATALOGUE for way in access.ways(Action.UNMASK, resource))


async def unmask(unit: UnitOfWork, asked: Opening) -> dt.datetime:
    """Opens a field to the caller, and says until when. Raises Refused."""
    _check_any(unit)
    if faults := list(_faults(asked)):
        raise Refused(faults)
    resource, field = asked.resource, str(asked.field)
    if resource is None:
        raise Refused([NotFound("not_found", ("id",))])
    owner = await _masked(unit, resource, asked.key, field)
    if await auditing.so_far(unit, Kind.UNMASKED) >= MOST_UNMASKS:
        raise Refused([RateLimited("too_many_unmasks", max=MOST_UNMASKS)])
    until = unit.now + dt.timedelta(minutes=asked.minutes or USUAL)
    given = (unit.user, resource.name, field, asked.record.customer, asked.record.id, asked.reason, unit.now, until)
    await (await unit.driver).execute(_OPEN, uuid7(), *given)
    told = {"type": resource.name, "field": field, "reason": asked.reason, "until": until.isoformat()}
    await auditing.note(unit, Kind.UNMASKED, asked.subject, told, owner)
    return until


async def close(unit: UnitOfWork, asked: Opening) -> None:
    """Closes a field that the caller had opened. Raises Refused."""
    _check_any(unit)
    if not asked.field:
        raise Refused([Required("required", ("field",))])
    where = (unit.user, asked.record.resource, asked.field, asked.record.customer, asked.record.id)
    if await (await unit.driver).execute(_CLOSE, *where) == "UPDATE 0":
        raise Refused([NotFound("not_found", ("id",))])
    await auditing.note(unit, Kind.UNMASK_ENDED, asked.subject, {"type": asked.record.resource, "field": asked.field})


def _check_any(unit: UnitOfWork) -> None:
    if unit.user is None or not possible(unit.access):
        raise Refused([Forbidden("forbidden")])


def _faults(asked: Opening) -> Iterator[UserError]:
    """What is wrong with what is said, whatever the record is."""
    reason, minutes = (asked.reason or "").strip(), asked.minutes
    if not asked.field:
        yield Required("required", ("field",))
    if not reason:
        yield Required("required", ("reason",))
    elif len(reason) > LINE:
        yield Invalid("too_long", ("reason",), max=LINE)
    elif not reason.isprintable():
        yield Invalid("unprintable", ("reason",))
    if minutes is not None and minutes < 1:
        yield Invalid("too_small", ("minutes",), min=1)
    elif minutes is not None and minutes > LONGEST:
        yield Invalid("too_great", ("minutes",), max=LONGEST)


async def _masked(unit: UnitOfWork, resource: Resource, key: tuple[UUID, ...], field: str) -> UUID | None:
    """Who is answerable for a record of which the caller may open a field. Raises Refused where the caller may not.

    A field that the caller never sees anything of is none that there is.
    """
    if field not in unit.access.on(resource).readable:
        raise Refused([Invalid("unknown_field", ("field",))])
    found = await unit.fetch(_standing(unit.access, resource, field), statements.values_of(resource, [key]))
    if not found:
        raise Refused([NotFound("not_found", ("id",))])
    refusal = _refusal(found[0])
    if refusal is not None:
        raise Refused([refusal])
    owner: UUID | None = found[0]["owner"]
    return owner


def _refusal(row: Mapping[str, Any]) -> UserError | None:
    if row["state"] == State.PLAIN:
        return InvalidState("not_masked", ("field",))
    return None if row["state"] == State.MASKED and row["granted"] else Forbidden("forbidden", ("field",))


@lru_cache(maxsize=statements.REMEMBERED)
def _standing(access: Access, resource: Resource, field: str) -> Statement:
    """Of given keys the rows that the caller sees: how a field is shown, whether it may be opened, and who owns it."""
    view, table = access.view(resource, (), [field]).subquery("v"), resource.table
    keys, permit = statements.key_rows(resource), access.permits(Action.UNMASK, resource, [field])
    owner = table.c.get("owner_id", sa.cast(sa.null(), sa.Uuid()))
    found = sa.select(
        view.c[f"{resource.fields[field].column.name}__{STATE}"].label("state"),
        permit.after(table).is_(sa.true()).label("granted"),
        owner.label("owner"),
    )
    joined = keys.join(view, statements.same_row(resource, view, keys)).join(
        table, statements.same_row(resource, table, keys)
    )
    return statement(found.select_from(joined))
