"""What nothing rests on any more is forgotten: a few rows with each one that is made, so there are never many of these.

A grant is kept a while longer than the last token of its family lives. Forgetting one changes nobody's rights, and takes
no turn with writes.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

AT_ONCE = 16
"""Rows that are forgotten with each one that is made."""
KEPT = dt.timedelta(days=1)
"""For which a grant is kept when all its tokens have ended."""

_GRANTS = sa.text(f"""
    WITH old AS (
        SELECT id FROM oauth_grants WHERE kept_until < now()
        ORDER BY kept_until LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
    ), refreshed AS (
        DELETE FROM oauth_refresh_tokens WHERE grant_id IN (SELECT id FROM old)
    ), versions AS (
        DELETE FROM access_versions WHERE subject_id IN (SELECT id FROM old)
    )
    DELETE FROM oauth_grants WHERE id IN (SELECT id FROM old)""")


def _ended(table: str) -> sa.TextClause:
    return sa.text(f"""
        DELETE FROM {table} WHERE digest IN (
            SELECT digest FROM {table} WHERE expires_at < now()
            ORDER BY expires_at LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
        )""")


SESSIONS = _ended("sessions")
_REFRESHES = _ended("oauth_refresh_tokens")


def forget_grants(connection: sa.Connection) -> None:
    """Forgets some grants that have ended, and refresh tokens."""
    connection.execute(_GRANTS)
    connection.execute(_REFRESHES)
