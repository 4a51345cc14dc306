"""What the database refuses although no check did → the mistake that it is."""

from __future__ import annotations

import asyncpg

from app.models.catalogue import CATALOGUE
from app.services.errors import HiddenConflict, Invalid, NotFound, UserError
from policies.catalogue import Resource


def mistake(violation: asyncpg.IntegrityConstraintViolationError) -> UserError:
    """The mistake behind a violation. Of a value that is taken no field is named: whose it is may be hidden."""
    if isinstance(violation, (asyncpg.UniqueViolationError, asyncpg.ExclusionViolationError)):
        return HiddenConflict("conflict")
    if isinstance(violation, asyncpg.ForeignKeyViolationError):
        return NotFound("not_found")
    resource = next((each for each in CATALOGUE if each.table.name == violation.table_name), None)
    return Invalid("not_allowed", _place(resource, violation) if resource else ())


def _place(resource: Resource, violation: asyncpg.IntegrityConstraintViolationError) -> tuple[str, ...]:
    """The field of a constraint on one column, whose name ends with the column's."""
    column = violation.column_name or str(violation.constraint_name).removeprefix(f"ck_{resource.table.name}_")
    for suffix in ("", "_finite", "_number"):
        name = resource.of_column(column.removesuffix(suffix))
        if name is not None:
            return (name,)
    return ()
