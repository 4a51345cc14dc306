"""What the database would refuse, found out before: CHECK and UNIQUE constraints, asked of settled rows.

So a row that breaks one is rejected with a reason, instead of all being undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.services.importing.resolving import literal
from app.services.importing.rules import Rule
from app.services.importing.settling import Settling
from app.services.importing.staging import rows_of
from app.services.importing.tables import SCOPE, default_of, is_tree, sql_type
from app.services.uniqueness import UNIQUE_EVERYWHERE, Uniqueness, named_in, uniqueness
from policies.catalogue import FieldSpec, Kind

CONVERTED = frozenset({Kind.ENUM, Kind.TREE, Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
"""Kinds whose form has been made sure of by conversion."""


@dataclass(frozen=True)
class Checks:
    """The statements that reject the settled rows of one rule which the database would refuse."""

    settling: Settling

    @property
    def rule(self) -> Rule:
        """Whose rows they are."""
        return self.settling.rule

    def statements(self) -> Iterator[str]:
        """All, in order."""
        yield from self._checked()
        for unique in uniqueness(self.rule.table):
            if self._filled & set(unique.columns):
                yield from self._unique(unique)
        for column in self.rule.values:
            kind = f"{self.rule.table.name}.{column.name}"
            if kind in UNIQUE_EVERYWHERE:
                yield from self._unique_everywhere(column.name, kind)

    @property
    def _filled(self) -> set[str]:
        paths = {"path"} if is_tree(self.rule.table) else set()
        customer = {"customer_id"} if self.rule.owned else set()
        return {column.name for column in self.rule.filled} | paths | customer

    def _checked(self) -> Iterator[str]:
        wrong = [
            f"CASE WHEN NOT ({check}) THEN {literal(', '.join(sorted(columns)) + ': must fulfil ' + check)} END"
            for check, columns in self._checks()
        ]
        if not wrong:
            return
        needed = {name for _, columns in self._checks() for name in columns}
        yield self.settling.rejects(f"""
            SELECT _file, _line, _key, reason FROM (
                SELECT _file, _line, _key, nullif(concat_ws('; ', {", ".join(wrong)}), '') AS reason
                FROM ({self._candidates(needed)}) candidates) checked
            WHERE reason IS NOT NULL""")
        yield self._gone()

    def _gone(self) -> str:
        return f"""
            DELETE FROM {rows_of(self.rule)} s USING import_rejects r
            WHERE r.rule = {self.settling.number} AND r.file = s._file AND r.line = s._line AND r.key = s._key"""

    def _checks(self) -> Iterator[tuple[str, set[str]]]:
        """Constraints that these rows could break: with a column filled here, and none that conversion has seen to."""
        rollups = {rollup.column.name for rollup in self.rule.rollups}
        for constraint in sorted(self.rule.table.constraints, key=lambda one: str(one.name)):
            if not isinstance(constraint, sa.CheckConstraint):
                continue
            text = str(constraint.sqltext)
            columns = named_in(self.rule.table, text)
            bound = str(constraint.name).endswith(("_finite", "_number"))
            if columns & self._filled and not bound and not columns & rollups and not self._converted(columns):
                yield text, columns

    def _converted(self, columns: Iterable[str]) -> bool:
        specs = [_spec(self.rule.table.c[name]) for name in columns]
        return len(specs) == 1 and specs[0] is not None and (specs[0].kind in CONVERTED or specs[0].scalar is not None)

    def _candidates(self, needed: Iterable[str]) -> str:
        """Rows as they would stand in the table, as far as some columns go."""
        columns = "".join(f", {self._candidate(self.rule.table.c[name])}" for name in sorted(needed))
        same = "AND t.customer_id = s.customer_id" if self.rule.owned else ""
        return f"""
            SELECT s._file, s._line, s._key, s._id, s._row {columns} FROM {rows_of(self.rule)} s
            LEFT JOIN {self.rule.table.name} t ON s._known AND t.id = s._row {same}
            {"WHERE NOT s._known" if self.rule.part.keep else ""}"""

    def _candidate(self, column: sa.Column[Any]) -> str:
        name = f'"{column.name}"'
        if column.name == "id":
            return "s._row AS id"
        if column.name in self._filled:
            return f"s.{name}"
        copied = f"s.{name}" if column.name in SCOPE and self.rule.owned else None
        new = copied or f"({default_of(column) or 'NULL'})::{sql_type(column)}"
        return f"CASE WHEN s._known THEN t.{name} ELSE {new} END AS {name}"

    def _unique(self, unique: Uniqueness) -> Iterator[str]:
        where = f"({unique.among})" if unique.among else "true"
        present = " AND ".join(f'"{name}" IS NOT NULL' for name in unique.columns)
        among = where if unique.absent_is_equal else f"{where} AND {present}"
        candidates = self._candidates({*unique.columns, *unique.reads})
        listed = ", ".join(f'"{name}"' for name in unique.columns)
        again = f"""
            SELECT _file, _line, _key, _row, {listed}, row_number() OVER w AS nth,
                   first_value(_file) OVER w AS first_file, first_value(_line) OVER w AS first_line
            FROM ({candidates}) c WHERE {among}
            WINDOW w AS (PARTITION BY {listed} ORDER BY _file, _line)"""
        is_same = "IS NOT DISTINCT FROM" if unique.absent_is_equal else "="
        same = " AND ".join(f't."{name}" {is_same} u."{name}"' for name in unique.columns)
        words = literal(", ".join(unique.columns))
        yield self.settling.rejects(f"""
            SELECT _file, _line, _key, {words} || CASE WHEN nth > 1
                   THEN ': the same as in ' || {self.settling.place("first_file", "first_line")}
                   ELSE ': another row has it already' END
            FROM ({again}) u
            WHERE nth > 1 OR EXISTS (SELECT 1 FROM (SELECT * FROM {self.rule.table.name} WHERE {where}) t
                                     WHERE {same} AND t.id <> u._row)""")
        yield self._gone()

    def _unique_everywhere(self, name: str, kind: str) -> Iterator[str]:
        rows = rows_of(self.rule)
        again = f"""
            SELECT _file, _line, _key, _row, "{name}" AS value, row_number() OVER w AS nth,
                   first_value(_file) OVER w AS first_file, first_value(_line) OVER w AS first_line
            FROM {rows} WHERE "{name}" IS NOT NULL
            WINDOW w AS (PARTITION BY "{name}" ORDER BY _file, _line)"""
        yield self.settling.rejects(f"""
            SELECT a._file, a._line, a._key, {literal(name + ": ")} || quote_literal(a.value) || CASE WHEN nth > 1
                   THEN ' stands already in ' || {self.settling.place("first_file", "first_line")}
                   ELSE ' is already that of another row' END
            FROM ({again}) a LEFT JOIN unique_keys k ON k.kind = {literal(kind)} AND k.value = a.value
            WHERE nth > 1 OR k.entity_id <> a._row""")
        yield self._gone()


def _spec(column: sa.Column[Any]) -> FieldSpec | None:
    return column.info.get("field")
