"""From staged rows to settled ones: SQL that finds out which rows are known, and what their references point to.

    stage_RULE → seen_RULE   duplicates rejected, rows known by their external id or a natural key found
    seen_RULE  → rows_RULE   references resolved, customer and scope filled in, faulty rows rejected

Names are those of rules and columns, which the mapping's form lets be lower case words only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.services.importing.resolving import fault, found, join, literal, refers
from app.services.importing.rules import Reference, Rule
from app.services.importing.staging import rows_of, seen_of, stage_of
from app.services.importing.tables import SCOPE, default_of, sql_type
from app.services.importing.trees import makes_paths, placed, remembered_paths

CUSTOMERS_DDL = (
    "CREATE TEMP TABLE import_customers (id uuid PRIMARY KEY, owner_id uuid, department_id uuid, region_id uuid)"
    " ON COMMIT DROP"
)


@dataclass(frozen=True)
class Settling:
    """The statements that settle one rule. `number` is how rejects call it."""

    rule: Rule
    number: int
    system: str
    files: Sequence[str]
    """Names of files, by number."""

    @property
    def refers_to_itself(self) -> bool:
        """Whether rows may point to other rows of this rule."""
        return any(reference.is_of(self.rule.name, self.system) for reference in self.rule.references)

    @property
    def matches_early(self) -> bool:
        """Whether natural keys are at hand before references are resolved."""
        values = {column.name for column in self.rule.values}
        return bool(self.rule.part.match) and values >= set(self.rule.part.match)

    @property
    def _seen_apart(self) -> bool:
        """Whether `seen_RULE` is a table, for something is done to it before references are resolved."""
        return self.matches_early or self.refers_to_itself

    def statements(self) -> Iterator[str]:
        """All, in order."""
        yield from self._without_duplicates()
        if self._seen_apart:
            yield f"CREATE TEMP TABLE {seen_of(self.rule)} ON COMMIT DROP AS {self._seen()}"
        if self.matches_early:
            yield from self._matched(seen_of(self.rule))
        if self.refers_to_itself:
            yield self._announced()
        yield self._resolved()
        yield from self.rejected("_fault IS NOT NULL", "_fault")
        if self.rule.part.match and not self.matches_early:
            yield from self._matched(rows_of(self.rule))
        yield from self.rejected("_deleted IS NOT NULL", "'key: the row was deleted here'")
        if makes_paths(self.rule):
            yield placed(self.rule)
            yield from self.rejected("path IS NULL", "'parent_id: the row is below itself'")
            yield remembered_paths(self.rule)

    def finish(self) -> Iterator[str]:
        """What rows that refer to these look up: their external ids, and customers' scope."""
        yield self._remembered()
        if self.rule.table.name == "customers":
            yield self._customers()

    def orphaned(self) -> Iterator[str]:
        """Reject the rows that refer to a rejected row of their own rule. To be run until nothing is rejected."""
        for reference in self.rule.references:
            if reference.is_of(self.rule.name, self.system):
                name = reference.column.name
                condition = f"""EXISTS (SELECT 1 FROM {seen_of(self.rule)} a WHERE a._row = "{name}" AND NOT a._known)
                    AND NOT EXISTS (SELECT 1 FROM {rows_of(self.rule)} o WHERE o._row = {rows_of(self.rule)}."{name}")"""
                yield from self.rejected(condition, literal(f"{name}: the row it refers to was rejected"))

    def rejected(self, condition: str, reason: str) -> Iterator[str]:
        """Move the settled rows that meet a condition to the rejects."""
        yield self.rejects(f"SELECT _file, _line, _key, {reason} FROM {rows_of(self.rule)} WHERE {condition}")
        yield f"DELETE FROM {rows_of(self.rule)} WHERE {condition}"

    def rejects(self, query: str) -> str:
        """Note what a query (file, line, key, reason) finds."""
        return f"INSERT INTO import_rejects SELECT {self.number}, * FROM ({query}) AS found"

    def place(self, file: str, line: str) -> str:
        """SQL of how a place is called: `orders.csv:12`."""
        names = ", ".join(map(literal, self.files))
        return f"(ARRAY[{names}]::text[])[{file} + 1] || ':' || {line}"

    def _without_duplicates(self) -> Iterator[str]:
        stage = stage_of(self.rule)
        yield f"ANALYZE {stage}"
        if self.rule.part.distinct:
            yield from self._first_of_each(stage)
            return
        again = f"""
            SELECT s._file, s._line, s._key, row_number() OVER w AS nth,
                   first_value(s._file) OVER w AS first_file, first_value(s._line) OVER w AS first_line
            FROM {stage} s JOIN (SELECT _key FROM {stage} GROUP BY _key HAVING count(*) > 1) d USING (_key)
            WINDOW w AS (PARTITION BY s._key ORDER BY s._file, s._line)"""
        reason = f"'key: ' || quote_literal(_key) || ' stands already in ' || {self.place('first_file', 'first_line')}"
        yield self.rejects(f"SELECT _file, _line, _key, {reason} FROM ({again}) a WHERE nth > 1")
        yield f"""
            DELETE FROM {stage} s USING import_rejects r
            WHERE r.rule = {self.number} AND r.file = s._file AND r.line = s._line AND r.key = s._key"""

    def _first_of_each(self, stage: str) -> Iterator[str]:
        """The first record of each key speaks for it, whether it makes a row or is rejected."""
        yield f"""
            DELETE FROM {stage} s USING (
                SELECT _id, row_number() OVER (PARTITION BY _key ORDER BY _file, _line) AS nth FROM {stage}) o
            WHERE o._id = s._id AND o.nth > 1"""
        yield f"""
            DELETE FROM import_rejects r WHERE r.rule = {self.number} AND r.key IS NOT NULL AND (
                EXISTS (SELECT 1 FROM {stage} o WHERE o._key = r.key AND (o._file, o._line) < (r.file, r.line))
                OR EXISTS (SELECT 1 FROM import_rejects o WHERE o.rule = r.rule AND o.key = r.key
                           AND (o.file, o.line) < (r.file, r.line)))"""
        yield f"DELETE FROM {stage} s USING import_rejects r WHERE r.rule = {self.number} AND r.key = s._key"

    def _seen(self) -> str:
        """Rows and what is known of them: `_known`, whether they were deleted here, what was last imported."""
        rule, table = self.rule, self.rule.table.name
        same = "AND t.customer_id = me.customer_id" if rule.owned else ""
        return f"""
            SELECT s.*, coalesce(t.id, s._id) AS _row, t.id IS NOT NULL AS _known, t.deleted_at AS _deleted,
                   {"t.customer_id" if rule.owned else "NULL::uuid"} AS _customer,
                   CASE WHEN t.id IS NOT NULL THEN me.fingerprint END AS _last
            FROM {stage_of(rule)} s
            LEFT JOIN external_refs me
                   ON me.external_id = s._key AND {refers("me", self.system, rule.name, table)}
            LEFT JOIN {table} t ON t.id = me.entity_id {same}"""

    def _matched(self, rows: str) -> Iterator[str]:
        """Rows not known by their external id may be known by a natural key; no two may be known as one.

        Where they are, the one that was imported before stands, or else the first.
        """
        table = self.rule.table
        same = " AND ".join(
            f't."{name}" {"IS NOT DISTINCT FROM" if table.c[name].nullable else "="} s."{name}"'
            for name in self.rule.part.match
        )
        customer = "t.customer_id" if self.rule.owned else "NULL"
        yield f"""
            UPDATE {rows} s SET _row = t.id, _known = true, _deleted = t.deleted_at, _customer = {customer}
            FROM {table.name} t WHERE NOT s._known AND {same}"""
        again = f"""
            SELECT _file, _line, _key, _id, row_number() OVER w AS nth,
                   first_value(_file) OVER w AS first_file, first_value(_line) OVER w AS first_line
            FROM {rows} WINDOW w AS (PARTITION BY _row ORDER BY _last IS NULL, _file, _line)"""
        matched = literal(", ".join(self.rule.part.match))
        reason = f"{matched} || ': the same row as that of ' || {self.place('first_file', 'first_line')}"
        yield self.rejects(f"SELECT _file, _line, _key, {reason} FROM ({again}) a WHERE nth > 1")
        yield f"DELETE FROM {rows} s USING ({again}) a WHERE a._id = s._id AND a.nth > 1"

    def _announced(self) -> str:
        """External ids of new rows, before any is settled, for rows of the rule that refer to them."""
        return f"""
            INSERT INTO external_refs (source_system, external_type, external_id, entity, entity_id, customer_id)
            SELECT {literal(self.system)}, {literal(self.rule.name)}, _key, {literal(self.rule.table.name)}, _row,
                   {"_row" if self.rule.table.name == "customers" else "_customer"}
            FROM {seen_of(self.rule)}
            ON CONFLICT (source_system, external_type, external_id) DO UPDATE SET entity_id = excluded.entity_id"""

    def _resolved(self) -> str:
        """The settled rows. `_changed` says whether they differ from what was last imported."""
        rule = self.rule
        filled = [f's."{column.name}"' for column in rule.filled if column.name != "customer_id"]
        compared = ", ".join([*filled, "s.customer_id"] if rule.owned else filled)
        scoped = self._scope_columns()
        return f"""
            CREATE TEMP TABLE {rows_of(rule)} ON COMMIT DROP AS
            SELECT _file, _line, _key, _id, _row, _known, _deleted, _last, _print, _fault, _customer,
                   NOT _known OR _last IS DISTINCT FROM _print AS _changed
                   {"".join(f', "{column.name}"' for column in rule.filled if column.name != "customer_id")}
                   {", customer_id" if rule.owned else ""}{"".join(f', "{name}"' for name in scoped)}
                   {"".join(f', "{rollup.slot}"' for rollup in rule.rollups if rollup.slot)}
                   {"".join(f', NULL::{sql_type(rollup.column)} AS "{rollup.column.name}"' for rollup in rule.rollups)}
                   {", NULL::text AS path" if makes_paths(rule) else ""}
            FROM (
                SELECT s.*, sha256(convert_to(ROW({compared})::text, 'UTF8')) AS _print
                       {"".join(f", {self._scope(name)} AS {name}" for name in scoped)}
                FROM ({self._referred()}) s {self._scope_joins() if scoped else ""}
            ) settled"""

    def _remembered(self) -> str:
        """External ids of settled rows, with a digest of what is imported; those of rejected new rows go."""
        rule = self.rule
        if self.refers_to_itself:
            unsettled = f"""
                DELETE FROM external_refs e USING {seen_of(rule)} s
                WHERE e.external_id = s._key AND {refers("e", self.system, rule.name, rule.table.name)}
                AND NOT s._known AND NOT EXISTS (SELECT 1 FROM {rows_of(rule)} r WHERE r._id = s._id);"""
        else:
            unsettled = ""
        customer = "_row" if rule.table.name == "customers" else "customer_id" if rule.owned else "NULL::uuid"
        return f"""
            {unsettled}
            INSERT INTO external_refs
                (source_system, external_type, external_id, entity, entity_id, customer_id, fingerprint)
            SELECT {literal(self.system)}, {literal(rule.name)}, _key, {literal(rule.table.name)}, _row,
                   {customer}, _print
            FROM {rows_of(rule)} WHERE _last IS DISTINCT FROM _print ORDER BY _key
            ON CONFLICT (source_system, external_type, external_id) DO UPDATE
            SET entity = excluded.entity, entity_id = excluded.entity_id, customer_id = excluded.customer_id,
                fingerprint = excluded.fingerprint"""

    def _customers(self) -> str:
        filled = {column.name for column in self.rule.filled}
        ours = "NOT r._known" if self.rule.part.keep else "true"
        columns = ", ".join(
            f"CASE WHEN {ours} THEN r.{name} ELSE c.{name} END" if name in filled else f"c.{name}" for name in SCOPE
        )
        return f"""
            INSERT INTO import_customers (id, {", ".join(SCOPE)}) SELECT r._row, {columns}
            FROM {rows_of(self.rule)} r LEFT JOIN customers c ON r._known AND c.id = r._row
            ON CONFLICT (id) DO NOTHING"""

    def _scope_columns(self) -> list[str]:
        given = {column.name for column in self.rule.filled}
        return [name for name in SCOPE if self.rule.owned and name in self.rule.table.columns and name not in given]

    def _scope(self, name: str) -> str:
        return f"CASE WHEN ic.id IS NULL THEN c.{name} ELSE ic.{name} END"

    def _scope_joins(self) -> str:
        return """LEFT JOIN import_customers ic ON ic.id = s.customer_id
                  LEFT JOIN customers c ON c.id = s.customer_id AND ic.id IS NULL"""

    def _referred(self) -> str:
        """Rows with their references resolved, and `_fault`, all that is wrong with them."""
        rule = self.rule
        values = "".join(f", {self._value(column.name)}" for column in rule.values)
        references = "".join(
            f', {found(reference.target, "id")} AS "{reference.column.name}"'
            for reference in rule.references
            if reference.column.name != "customer_id"
        )
        customer = f", {self._customer_of_row()} AS customer_id" if rule.owned else ""
        additions = "".join(f', s."{rollup.slot}"' for rollup in rule.rollups if rollup.slot)
        return f"""
            SELECT _file, _line, _key, _id, _row, _known, _deleted, _last, _customer, nullif(concat_ws('; ',
                   {", ".join(["NULL", *self._faults()])}), '') AS _fault {values} {references} {customer} {additions}
            FROM {seen_of(rule) if self._seen_apart else f"({self._seen()})"} s {" ".join(self._joins())}"""

    def _value(self, name: str) -> str:
        default = default_of(self.rule.table.c[name]) if not self.rule.table.c[name].nullable else None
        return f's."{name}"' if default is None else f'coalesce(s."{name}", {default}) AS "{name}"'

    def _joins(self) -> Iterator[str]:
        for reference in self.rule.references:
            for target in reference.target.each():
                yield join(target)

    def _customer_of_row(self) -> str:
        """The customer that is named, or else that of the row referred to."""
        named = [found(r.target, "id") for r in self.rule.references if r.column.name == "customer_id"]
        led = [found(r.target, "customer") for r in self.rule.references if r.owned]
        return f"coalesce({', '.join([*named, *led])})"

    def _faults(self) -> Iterator[str]:
        for reference in self.rule.references:
            yield self._fault_of(reference)
        if self.rule.owned:
            yield from self._customer_faults()

    def _fault_of(self, reference: Reference) -> str:
        name = reference.column.name
        missing = f"CASE WHEN {found(reference.target, 'id')} IS NULL THEN {literal(name + ': is empty')} END"
        wrong = fault(reference.target, name)
        return wrong if reference.column.nullable else f"coalesce({wrong}, {missing})"

    def _customer_faults(self) -> Iterator[str]:
        customer = self._customer_of_row()
        for reference in self.rule.references:
            if reference.owned:
                other = literal(reference.column.name + ": belongs to another customer")
                yield f"CASE WHEN {found(reference.target, 'customer')} <> {customer} THEN {other} END"
        yield f"CASE WHEN _customer <> {customer} THEN 'customer_id: a row cannot move to another customer' END"
