"""Rules of a mapping, compiled: what makes rows of one table of one file's records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from app.services.importing.conversion import Converter, converter
from app.services.importing.document import RollupPart, RowsPart, ValuePart
from app.services.importing.reading import Cells
from app.services.importing.scope import Scope
from app.services.importing.tables import TABLES, default_of, owned, reference_of, settable
from app.services.importing.transforms import Refusal, written
from app.services.importing.values import Getter, getter
from policies.marked_yaml import Path

Action: TypeAlias = Literal["reject", "null"]


@dataclass(frozen=True, slots=True)
class External:
    """A row of another rule (or an earlier import), by its id in the other system."""

    system: str
    type: str
    table: str


@dataclass(frozen=True, slots=True)
class Natural:
    """A row that is there already, by a column."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference looks for its row, and what it does where it has no key or finds none."""

    slot: str
    """The staged column that holds the key."""
    place: External | Natural
    empty: Target | Action
    unknown: Target | Action

    def each(self) -> Iterator[Target]:
        """This target and those it falls back to."""
        yield self
        for other in (self.empty, self.unknown):
            if isinstance(other, Target):
                yield from other.each()


@dataclass(frozen=True, slots=True)
class Reference:
    """A column filled with the id of a row that is looked for."""

    column: sa.Column[Any]
    target: Target

    @property
    def owned(self) -> bool:
        """Whether the row it points to belongs to the same customer."""
        found = reference_of(self.column)
        return found is not None and found.owned

    def is_of(self, rule: str, system: str) -> bool:
        """Whether it may point to a row of a certain rule."""
        return any(
            isinstance(target.place, External) and (target.place.system, target.place.type) == (system, rule)
            for target in self.target.each()
        )


@dataclass(frozen=True, slots=True)
class Rollup:
    """A column filled from all rows of another rule that refer to this row."""

    column: sa.Column[Any]
    part: RollupPart
    slot: str | None
    """The staged column that holds what is added to it."""


@dataclass
class Rule:
    """How rows of a table are made. `makers` are named functions of a record, in the order of staged columns."""

    name: str
    table: sa.Table
    file: str
    part: RowsPart
    line: int
    key: Getter
    key_place: int | None
    """Where the cell stands that is the key as it is; None for a key that is made otherwise."""
    when: Getter | None
    values: list[sa.Column[Any]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    rollups: list[Rollup] = field(default_factory=list)
    slots: list[tuple[str, str]] = field(default_factory=list)
    """Staged columns beside the values: keys of references (text), additions to rollups; with their SQL types."""
    makers: list[tuple[str, Getter]] = field(default_factory=list)

    @property
    def owned(self) -> bool:
        """Whether each row belongs to a customer."""
        return owned(self.table)

    @property
    def filled(self) -> list[sa.Column[Any]]:
        """The columns that the mapping fills, but for rollups."""
        return [*self.values, *(reference.column for reference in self.references)]

    def maker(self) -> Sequence[Getter]:
        """The functions alone."""
        return [make for _, make in self.makers]

    def reasons(self, cells: Cells) -> str:
        """All that is wrong with a record, by field."""
        return "; ".join(self._reasons(cells))

    def _reasons(self, cells: Cells) -> Iterator[str]:
        for name, make in self.makers:
            try:
                make(cells)
            except Refusal as refusal:
                yield f"{name}: {refusal}"


def compile_rule(name: str, part: RowsPart, scope: Scope, system: str) -> Rule:
    """A rule, compiled against its file; faults are noted in the scope."""
    path: Path = ("rows", name)
    table = TABLES[part.table]
    rule = Rule(
        name,
        table,
        part.file,
        part,
        scope.marked.line(path),
        _written_key(getter(part.key, scope, (*path, "key"))),
        _place(part.key, scope, (*path, "key")),
        getter(part.when, scope, (*path, "when")) if part.when else None,
    )
    for column in settable(table).values():
        if column.name in part.fields:
            _Field(rule, column, scope, (*path, "fields", column.name), system).add(part.fields[column.name])
    return rule


def _place(key: ValuePart, scope: Scope, path: Path) -> int | None:
    return scope.position(key.column, path) if key.column and key.model_fields_set == {"column"} else None


def _written_key(get: Getter) -> Getter:
    def run(cells: Cells) -> str | None:
        found = get(cells)
        if found is None or found == "":
            return None
        text = written(found)
        if len(text) > 500:
            raise Refusal(f"is longer than 500 characters: {text[:40]!r}…")
        return text

    return run


@dataclass
class _Field:
    """Adds what fills one column to a rule."""

    rule: Rule
    column: sa.Column[Any]
    scope: Scope
    path: Path
    system: str

    def add(self, value: ValuePart) -> None:
        if value.source in ("ref", "find"):
            self.rule.references.append(Reference(self.column, self._target(value, self.path)))
        elif value.source == "rollup":
            self._rollup(value)
        else:
            self.rule.values.append(self.column)
            self.rule.makers.insert(len(self.rule.values) - 1, (self.column.name, self._getter(value, self.path)))

    def _getter(self, value: ValuePart, path: Path) -> Getter:
        get = getter(value, self.scope, path, converter(self.column, self.scope.number))
        if self.column.nullable or default_of(self.column) is not None:
            return get
        return _required(get)

    def _target(self, value: ValuePart, path: Path) -> Target:
        slot = f"{self.column.name}${sum(name.startswith(self.column.name + '$') for name, _ in self.rule.slots)}"
        assert value.key is not None
        self.rule.slots.append((slot, "text"))
        place = self._place(value)
        key = _written_key(getter(value.key, self.scope, (*path, "key"), self._form(place)))
        self.rule.makers.append((self.column.name, key))
        return Target(slot, place, self._else(value, "empty", path), self._else(value, "unknown", path))

    def _place(self, value: ValuePart) -> External | Natural:
        to = reference_of(self.column)
        table = to.table if to else ""
        if value.find:
            return Natural(*value.find.split("."))
        return External(value.system or self.system, str(value.ref), table)

    def _form(self, place: External | Natural) -> Converter | None:
        """How a natural key is written in its column: mail in lower case, say."""
        if not isinstance(place, Natural) or place.table not in TABLES:
            return None
        column = settable(TABLES[place.table]).get(place.column)
        return None if column is None else converter(column, self.scope.number)

    def _else(self, value: ValuePart, option: Literal["empty", "unknown"], path: Path) -> Target | Action:
        other: ValuePart | None = getattr(value, option)
        if other is None:
            return "null" if option == "empty" else "reject"
        if other.source == "action":
            return other.action or "reject"
        if other.source not in ("ref", "find"):
            self.scope.fault((*path, option), f"{option!r} is 'reject', 'null', or another 'ref' or 'find'")
            return "reject"
        return self._target(other, (*path, option))

    def _rollup(self, value: ValuePart) -> None:
        assert value.rollup is not None
        slot = None
        if value.plus is not None:
            slot = f"{self.column.name}$plus"
            self.rule.slots.append((slot, "numeric"))
            self.rule.makers.append((self.column.name, self._getter(value.plus, (*self.path, "plus"))))
        self.rule.rollups.append(Rollup(self.column, value.rollup, slot))


def _required(get: Getter) -> Getter:
    def run(cells: Cells) -> Any:
        found = get(cells)
        if found is None:
            raise Refusal("is empty")
        return found

    return run
