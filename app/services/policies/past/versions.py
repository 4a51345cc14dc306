"""Which version of the policy was in force at a moment."""

from __future__ import annotations

import datetime as dt

from app.identity.principals import Read

_IN_FORCE = """
    SELECT number FROM policy_versions WHERE activated_at <= $1
    ORDER BY activated_at DESC, number DESC LIMIT 1"""


async def version_at(read: Read, at: dt.datetime) -> int | None:
    """Its number; that of a version which came into force just then. None before the first."""
    row = await read(_IN_FORCE, at)
    return row["number"] if row is not None else None
