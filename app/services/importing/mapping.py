"""Mappings: YAML → a document checked against the tables. Every fault at once, with file and line.

read_mapping    a shipped mapping by name, or a file
Mapping.bind    the rules, compiled against the headers of the files
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

from app.services.importing.document import FilePart, FormatPart, MappingDocument, RowsPart, ValuePart
from app.services.importing.faults import ImportFailed, stop
from app.services.importing.rules import Rule, compile_rule
from app.services.importing.scope import Scope
from app.services.importing.tables import TABLES, default_of, is_tree, is_unique, owned, reference_of, settable
from policies.faults import Fault
from policies.marked_yaml import Marked, read_yaml
from policies.marked_yaml import Path as Place

SHIPPED = Path(__file__).parent / "mappings"


def shipped() -> list[str]:
    """Names of the mappings that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read_mapping(name_or_path: str) -> Mapping:
    """A shipped mapping, or that of a YAML file. Raises ImportFailed with all its faults."""
    path = SHIPPED / f"{name_or_path}.yaml" if name_or_path in shipped() else Path(name_or_path)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(shipped())
        raise stop(name_or_path, 1, f"no mapping can be read here ({error}); shipped are {known}") from None
    return parse_mapping(text, path.name)


def parse_mapping(text: str, file: str) -> Mapping:
    """The mapping in a text. Raises ImportFailed with all its faults."""
    marked = read_yaml(text, file)
    if not isinstance(marked, Marked):
        raise ImportFailed(marked if isinstance(marked, list) else [marked])
    try:
        document = MappingDocument.model_validate(marked.value)
    except ValidationError as error:
        raise ImportFailed(_shape_faults(marked, error)) from None
    mapping = Mapping(marked, document)
    sound = [name for name, part in document.rows.items() if part.table in TABLES and part.file in document.files]
    faults = {*_Checks(marked, document).faults(), *mapping.compiled(sound, {})[1].faults}
    if faults:
        raise ImportFailed(faults)
    return mapping


def _shape_faults(marked: Marked, error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_context=False):
        place = ".".join(str(step) for step in found["loc"])
        message = found["msg"].removeprefix("Value error, ")
        yield marked.fault(found["loc"], f"{place}: {message}" if place else message)


@dataclass(frozen=True)
class Mapping:
    """A mapping that fits the tables."""

    marked: Marked = field(repr=False)
    document: MappingDocument = field(repr=False)

    @property
    def name(self) -> str:
        """Its name."""
        return self.document.mapping

    @property
    def system(self) -> str:
        """The other system, as external ids name it."""
        return self.document.system

    @property
    def formats(self) -> dict[str, FormatPart]:
        """How each file is written."""
        return {name: _format(self.document.format, part) for name, part in self.document.files.items()}

    def wanted(self) -> dict[str, dict[str, Place]]:
        """The columns each file must have, and where the mapping asks for them."""
        return self.compiled(self.document.rows, {})[1].wanted

    def bind(self, headers: MappingOf[str, MappingOf[str, int]]) -> tuple[list[Rule], Scope]:
        """The rules in the order of their references, compiled against the files' headers (position by column).

        A file without a header is taken to have every column. Raises ImportFailed with all faults.
        """
        rules, scope = self.compiled(rule_order(self.document), headers)
        if scope.faults:
            raise ImportFailed(set(scope.faults))
        return rules, scope

    def compiled(self, names: Iterable[str], headers: MappingOf[str, MappingOf[str, int]]) -> tuple[list[Rule], Scope]:
        """Some rules, compiled, and what was found out about them."""
        rows, system = self.document.rows, self.document.system
        scope = Scope(self.marked, self.document.files, self.formats, headers, "")
        return [compile_rule(name, rows[name], scope.within(rows[name].file), system) for name in names], scope


def _format(common: FormatPart, file: FilePart) -> FormatPart:
    own = file.format.model_dump(exclude_unset=True) if file.format else {}
    return FormatPart(**{**common.model_dump(exclude_unset=True), **own})


def rule_order(document: MappingDocument) -> list[str]:
    """Rules so that each comes after those it refers to. Raises CycleError."""
    graph = {
        name: {ref for value in part.fields.values() for ref in _refs(value) if ref in document.rows and ref != name}
        for name, part in document.rows.items()
    }
    return list(TopologicalSorter(graph).static_order())


def _refs(value: ValuePart) -> Iterator[str]:
    if value.ref and not value.system:
        yield value.ref
    for other in (value.empty, value.unknown):
        if other is not None:
            yield from _refs(other)


@dataclass
class _Checks:
    """What is wrong with a document, measured against the tables."""

    marked: Marked
    document: MappingDocument

    def faults(self) -> Iterator[Fault]:
        for name, part in self.document.rows.items():
            yield from self._rule(name, part)
        try:
            rule_order(self.document)
        except CycleError as error:
            cycle = " → ".join(error.args[1])
            yield self._fault(("rows", error.args[1][0]), f"rules refer to each other in a circle: {cycle}")

    def _fault(self, path: Place, message: str) -> Fault:
        return self.marked.fault(path, message)

    def _rule(self, name: str, part: RowsPart) -> Iterator[Fault]:
        path: Place = ("rows", name)
        if part.file not in self.document.files:
            yield self._fault((*path, "file"), f"there is no file {part.file!r}")
        if part.table not in TABLES:
            yield self._fault((*path, "table"), f"there is no table {part.table!r}")
            return
        table = TABLES[part.table]
        for field_name, value in part.fields.items():
            yield from self._field(table, field_name, value, (*path, "fields", field_name))
        yield from self._matching(name, part, path)
        yield from self._completeness(table, part, path)

    def _field(self, table: sa.Table, name: str, value: ValuePart, path: Place) -> Iterator[Fault]:
        column = settable(table).get(name)
        if column is None:
            known = ", ".join(settable(table))
            yield self._fault(path, f"{table.name} has no field {name!r} that can be filled; it has {known}")
            return
        to = reference_of(column)
        if to is None and value.source in ("ref", "find"):
            yield self._fault(path, f"{name} is no reference")
        elif to is not None and value.source in ("ref", "find"):
            yield from self._reference(value, to.table, path)
        elif to is not None:
            yield self._fault(path, f"{name} points to {to.table}: it is filled with 'ref' or 'find'")
        elif value.source == "rollup":
            yield from self._rollup(table, value, path)

    def _reference(self, value: ValuePart, table: str, path: Place) -> Iterator[Fault]:
        target: str | None = table
        if value.find:
            target, _, column = value.find.partition(".")
            yield from self._natural(target, column, path)
        elif value.ref and value.system is None:
            rule = self.document.rows.get(value.ref)
            target = rule.table if rule else None
        if target is None:
            yield self._fault(path, f"there is no rule {value.ref!r}")
        elif target != table:
            yield self._fault(path, f"it points to {table}, not to {target}")
        for option in ("empty", "unknown"):
            other: ValuePart | None = getattr(value, option)
            if other is not None and other.source in ("ref", "find"):
                yield from self._reference(other, table, (*path, option))

    def _natural(self, table: str, column: str, path: Place) -> Iterator[Fault]:
        if table not in TABLES:
            return
        if column not in settable(TABLES[table]):
            yield self._fault(path, f"{table} has no column {column!r}")
        elif not is_unique(TABLES[table].c[column]):
            yield self._fault(path, f"{table}.{column} is not unique: it does not tell which row is meant")

    def _rollup(self, table: sa.Table, value: ValuePart, path: Place) -> Iterator[Fault]:
        part = value.rollup
        assert part is not None
        rule = self.document.rows.get(part.of)
        if rule is None or rule.table not in TABLES:
            yield self._fault((*path, "rollup", "of"), f"there is no rule {part.of!r}")
            return
        by = rule.fields.get(part.by)
        to = reference_of(TABLES[rule.table].c[part.by]) if part.by in TABLES[rule.table].columns else None
        if by is None or to is None or to.table != table.name:
            yield self._fault((*path, "rollup", "by"), f"{part.of} fills no reference {part.by!r} to {table.name}")
        taken = rule.fields.get(part.take)
        if taken is None or taken.source in ("ref", "find", "rollup"):
            yield self._fault((*path, "rollup", "take"), f"{part.of} fills no value {part.take!r}")

    def _matching(self, name: str, part: RowsPart, path: Place) -> Iterator[Fault]:
        for column in part.match:
            if column not in part.fields:
                yield self._fault((*path, "match"), f"rows are matched by {column!r}, which is not filled")
            elif part.fields[column].source == "rollup":
                yield self._fault((*path, "match"), f"rows cannot be matched by the rollup {column!r}")
        refers = any(name in _refs(value) for value in part.fields.values())
        if refers and any(
            part.fields[column].source in ("ref", "find") for column in part.match if column in part.fields
        ):
            yield self._fault((*path, "match"), "rows that refer to their own rule are matched by values only")

    def _completeness(self, table: sa.Table, part: RowsPart, path: Place) -> Iterator[Fault]:
        for column in settable(table).values():
            given = column.name in part.fields or column.nullable or default_of(column) is not None
            by_tree = column.name == "path" and is_tree(table)
            if not given and not by_tree and not self._customer_follows(table, column, part):
                yield self._fault(path, f"{table.name}.{column.name} must be filled")

    def _customer_follows(self, table: sa.Table, column: sa.Column[object], part: RowsPart) -> bool:
        """Whether the customer is known from a reference to a row of the same customer."""
        if column.name != "customer_id" or not owned(table):
            return False
        return any(
            to is not None and to.owned and not table.c[name].nullable
            for name in part.fields
            if name in table.columns
            for to in [reference_of(table.c[name])]
        )
