"""Trees: each row's path is its parent's and its own code. Settled rows get theirs; what is below a moved row moves along."""

from __future__ import annotations

from collections.abc import Iterator

from app.services.importing.rules import Rule
from app.services.importing.staging import rows_of
from app.services.importing.tables import is_tree

PATHS_DDL = "CREATE TEMP TABLE import_paths (id uuid PRIMARY KEY, path text) ON COMMIT DROP"
"""Paths of all settled rows, for rows of other rules below them."""


def makes_paths(rule: Rule) -> bool:
    """Whether paths are made, for the mapping does not fill them."""
    return is_tree(rule.table) and "path" not in rule.part.fields


def placed(rule: Rule) -> str:
    """Fill the paths of settled rows; a row below itself gets none."""
    rows, table = rows_of(rule), rule.table.name
    given = any(column.name == "parent_id" for column in rule.filled)
    parent = "r.parent_id" if given else "t.parent_id"
    keep = "true" if rule.part.keep else "false"
    return f"""
        WITH RECURSIVE placed AS (
            SELECT r._row, CASE WHEN {keep} AND r._known THEN t.path
                                ELSE coalesce(ip.path, p.path, '/') || r.code || '/' END AS path
            FROM {rows} r LEFT JOIN {table} t ON t.id = r._row
            LEFT JOIN import_paths ip ON ip.id = {parent} LEFT JOIN {table} p ON p.id = {parent}
            WHERE {parent} IS NULL OR NOT EXISTS (SELECT 1 FROM {rows} o WHERE o._row = {parent})
            UNION ALL
            SELECT r._row, placed.path || r.code || '/' FROM {rows} r
            LEFT JOIN {table} t ON t.id = r._row JOIN placed ON placed._row = {parent}
        ) UPDATE {rows} r SET path = placed.path FROM placed WHERE placed._row = r._row"""


def remembered_paths(rule: Rule) -> str:
    """Note the paths of settled rows."""
    return f"""
        INSERT INTO import_paths SELECT _row, path FROM {rows_of(rule)}
        ON CONFLICT (id) DO UPDATE SET path = excluded.path"""


def _moves(rule: Rule) -> bool:
    return is_tree(rule.table) and not rule.part.keep


def before_update(rule: Rule) -> Iterator[str]:
    """Note the places below which everything moves along."""
    if _moves(rule):
        yield f"""
            CREATE TEMP TABLE import_moved ON COMMIT DROP AS SELECT t.path AS old, r.path AS new
            FROM {rows_of(rule)} r JOIN {rule.table.name} t ON t.id = r._row
            WHERE r._known AND r._changed AND t.path <> r.path"""


def after_update(rule: Rule, actor: str) -> Iterator[str]:
    """Move what stands below. `actor` is SQL."""
    if _moves(rule):
        yield f"""
            UPDATE {rule.table.name} t SET path = m.new || substr(t.path, length(m.old) + 1),
                   version = t.version + 1, updated_at = now(), updated_by = {actor}
            FROM import_moved m WHERE starts_with(t.path, m.old) AND t.path <> m.old"""
        yield "DROP TABLE import_moved"
