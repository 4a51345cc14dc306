"""From settled rows to the tables: rollups, changes of known rows, new rows, and what must be written with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from app.services.importing.resolving import literal
from app.services.importing.rules import Rollup, Rule
from app.services.importing.staging import rows_of
from app.services.importing.tables import SCOPE, is_tree
from app.services.importing.trees import after_update, before_update
from app.services.uniqueness import UNIQUE_EVERYWHERE


def rolled_up(rule: Rule, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Fill the rollups of a rule from the settled rows that refer to its rows, and from rows imported before."""
    ordered = sorted(rule.rollups, key=_source)
    for (of, by), rollups in groupby(ordered, key=_source):
        yield from _rolled_up(rule, rules[of], by, list(rollups))


def _source(rollup: Rollup) -> tuple[str, str]:
    return rollup.part.of, rollup.part.by


def _rolled_up(rule: Rule, child: Rule, by: str, rollups: Iterable[Rollup]) -> Iterator[str]:
    parents, rows, table = rows_of(rule), rows_of(child), child.table.name
    taken = sorted({rollup.part.take for rollup in rollups})
    listed = "".join(f', x."{name}"' for name in taken)
    customer = "AND x.customer_id = p.customer_id" if rule.owned else ""
    sums = "".join(f', {r.part.function}("{r.part.take}") AS "{r.column.name}"' for r in rollups)
    filled = ", ".join(f'"{r.column.name}" = {_filled(r)}' for r in rollups)
    yield f"""
        UPDATE {parents} p SET {filled} FROM (
            SELECT o._row {sums} FROM {parents} o LEFT JOIN (
                SELECT x."{by}" AS parent {listed} FROM {rows} x
                UNION ALL
                SELECT x."{by}" {listed} FROM {parents} p JOIN {table} x ON x."{by}" = p._row {customer}
                WHERE p._known AND x.deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM {rows} r WHERE r._row = x.id)
            ) x ON x.parent = o._row GROUP BY o._row
        ) found WHERE found._row = p._row"""


def _filled(rollup: Rollup) -> str:
    found = f'found."{rollup.column.name}"'
    if rollup.part.function == "sum":
        found = f"coalesce({found}, 0)"
    return found if rollup.slot is None else f'{found} + coalesce(p."{rollup.slot}", 0)'


@dataclass(frozen=True)
class Writing:
    """The statements that write the settled rows of one rule."""

    rule: Rule
    actor: UUID | None = None

    @property
    def _columns(self) -> list[str]:
        """Columns that the mapping fills, and what follows from them."""
        filled = [column.name for column in self.rule.filled if column.name != "customer_id"]
        rollups = [rollup.column.name for rollup in self.rule.rollups]
        paths = ["path"] if is_tree(self.rule.table) and "path" not in filled else []
        return [*filled, *rollups, *paths]

    @property
    def _actor(self) -> str:
        return "NULL::uuid" if self.actor is None else f"'{self.actor}'::uuid"

    @property
    def _same(self) -> str:
        return "t.id = s._row" + (" AND t.customer_id = s.customer_id" if self.rule.owned else "")

    def update(self) -> Iterator[str]:
        """Change known rows whose source changed; nothing for a rule that never does."""
        if self.rule.part.keep:
            return
        rollups = {rollup.column.name for rollup in self.rule.rollups}
        new = {name: f's."{name}"' if name in rollups else f'CASE WHEN s._changed THEN s."{name}" ELSE t."{name}" END'
               for name in self._columns} if rollups else {name: f's."{name}"' for name in self._columns}  # fmt: skip
        condition = "s._known" if rollups else "s._known AND s._changed"
        yield f"""
            UPDATE {self.rule.table.name} t
            SET {", ".join(f'"{name}" = {value}' for name, value in new.items())},
                version = t.version + 1, updated_at = now(), updated_by = {self._actor}
            FROM {rows_of(self.rule)} s WHERE {condition} AND {self._same}
            AND ROW({", ".join(f't."{name}"' for name in new)}) IS DISTINCT FROM ROW({", ".join(new.values())})"""

    def insert(self) -> str:
        """Make new rows: a customer's together, each in the order of the file."""
        given = set(self._columns)
        scoped = [n for n in SCOPE if self.rule.owned and n in self.rule.table.columns and n not in given]
        columns = [*self._columns, *scoped, *(["customer_id"] if self.rule.owned else [])]
        listed = ", ".join(f'"{name}"' for name in columns)
        return f"""
            INSERT INTO {self.rule.table.name} (id, {listed}, created_by, updated_by)
            SELECT _row, {listed}, {self._actor}, {self._actor} FROM {rows_of(self.rule)}
            WHERE NOT _known ORDER BY {"customer_id, " if self.rule.owned else ""}_file, _line"""

    def before(self) -> Iterator[str]:
        """What must be noted before the update."""
        yield from before_update(self.rule)

    def after(self) -> Iterator[str]:
        """What follows from the update."""
        yield from after_update(self.rule, self._actor)

    def unique_keys(self) -> Iterator[str]:
        """Keep the values that are unique across customers."""
        table, rows = self.rule.table.name, rows_of(self.rule)
        customer = "customer_id" if self.rule.owned else "_row"
        written = "NOT r._known" if self.rule.part.keep else "r._changed"
        for column in self.rule.values:
            kind = f"{table}.{column.name}"
            if kind in UNIQUE_EVERYWHERE:
                yield f"""
                    DELETE FROM unique_keys k USING {rows} r WHERE r._known AND {written} AND k.kind = {literal(kind)}
                    AND k.entity_id = r._row AND k.value IS DISTINCT FROM r."{column.name}" """
                yield f"""
                    INSERT INTO unique_keys (kind, value, entity, entity_id, customer_id)
                    SELECT {literal(kind)}, r."{column.name}", {literal(table)}, r._row, r.{customer}
                    FROM {rows} r WHERE {written} AND r."{column.name}" IS NOT NULL
                    ON CONFLICT (kind, value) DO NOTHING"""
