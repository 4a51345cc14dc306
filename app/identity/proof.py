"""The proof that rights are fresh: what they were read under, compared in the very snapshot in which they are used.

Stale        they are no longer what they were; read them again
Unsettled    they change again and again, or are being changed now
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.models.platform import AccessVersion, PolicyState

COLUMNS = 4
"""How many columns prove."""


class Stale(Exception):
    """The rights that a statement was made under are no longer those of its snapshot."""


class Unsettled(Exception):
    """Nobody can say now what the rights are, for they keep changing. It passes."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What rights were read under; while it is the same, they are the same."""

    policy_epoch: int
    access_epoch: int
    access_version: int
    """The sum of the versions of all whose rights they are: the principal's and the ceilings'. Each only grows."""

    def check(self, until: dt.datetime | None, found: Sequence[Any]) -> None:
        """Compares with what the proving columns hold. Raises Stale where they differ, or it is `until` or later."""
        policy_epoch, access_epoch, access_version, now = found
        if (policy_epoch, access_epoch, access_version) != (self.policy_epoch, self.access_epoch, self.access_version):
            raise Stale
        check_time(until, now)


def check_time(until: dt.datetime | None, now: dt.datetime) -> None:
    """Raises Stale where the time has come at which rights begin or end."""
    if until is not None and now >= until:
        raise Stale


def proof_columns(
    subjects: sa.ColumnElement[Any], now: sa.ColumnElement[Any] | None = None
) -> list[sa.ColumnElement[Any]]:
    """What proves: scalar subqueries of the outermost SELECT, so they are read in the statement's own snapshot.

    `subjects` is an array of ids. `now` is the statement's time; in a transaction of many statements `now()` is that
    of the first.
    """
    state, version = PolicyState.__table__, AccessVersion.__table__
    versions = sa.cast(sa.func.sum(version.c.version), sa.BigInteger())
    theirs = sa.select(versions).where(version.c.subject_id == sa.any_(subjects))
    return [
        sa.select(state.c.policy_epoch).scalar_subquery(),
        sa.select(state.c.access_epoch).scalar_subquery(),
        sa.func.coalesce(theirs.scalar_subquery(), sa.literal_column("0")),
        sa.func.now() if now is None else now,
    ]
