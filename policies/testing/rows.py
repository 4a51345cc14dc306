"""A row as a case describes it → the rows to put into tables, linked to one another.

    {region: EMEA, owner: me, customer: {tier: KEY}, lines: [{quantity: 1}, {quantity: 2}]}

What points to another row takes the name of one (names are keys: the same name is the same row), or
that row itself. What is not said is empty, or what the database sets by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from policies.catalogue import Catalogue, Field, Kind, Relation, Resource
from policies.conditions import Constant
from policies.marked_yaml import Path
from policies.parsing import Parser
from policies.testing.cases import Inserted, key_of

ME = "me"
"""The name of whoever asks."""


@dataclass
class RowReader:
    """Reads rows; `faults` gathers (path, message) of all that is wrong."""

    catalogue: Catalogue
    me: UUID
    faults: list[tuple[Path, str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def rows(self, on: Resource, written: Mapping[str, Any], path: Path) -> tuple[Inserted, ...]:
        """The row that is written, then those related to it."""
        found = tuple(self._rows(on, written, path, {}))
        keys = [(row.table.name, *(row.values[each.name] for each in row.table.primary_key)) for row in found]
        if len(set(keys)) < len(keys):
            self.faults.append((path, "two rows have one key; name it where the row is meant again"))
        return found

    def _rows(self, on: Resource, written: Any, path: Path, linked: Mapping[str, Any]) -> Iterator[Inserted]:
        if not isinstance(written, Mapping):
            self.faults.append((path, f"a row of {on.name} is a map of its fields"))
            return
        values = dict(linked)
        single: list[tuple[Relation, Mapping[str, Any], Path]] = []
        several: list[tuple[Relation, list[Any], Path]] = []
        for name, part in written.items():
            relation, place = on.relations.get(name), (*path, name)
            if relation is not None and not relation.many and isinstance(part, Mapping):
                single.append((relation, part, place))
            elif relation is not None and relation.many and isinstance(part, list):
                several.append((relation, part, place))
            elif name in on.fields:
                values[on.fields[name].column.name] = self._value(on.fields[name], part, place)
            else:
                what = "takes a list of rows" if relation is not None else f"is no field of {on.name}"
                self.faults.append((place, f"{name!r} {what}"))
        values |= {name: key_of(f"#{next(self._numbers)}") for name in on.key if name not in values}
        pointed = [self._pointed(relation, part, values, place) for relation, part, place in single]
        yield Inserted(on.table, values)
        for rows in pointed:
            yield from rows
        for relation, parts, place in several:
            yield from self._listed(relation, parts, values, place)

    def _pointed(
        self, relation: Relation, part: Mapping[str, Any], values: dict[str, Any], path: Path
    ) -> tuple[Inserted, ...]:
        """The related row, to which the one that points to it is linked."""
        target = self.catalogue[relation.target]
        linked = {theirs: values[ours] for ours, theirs in relation.pairs if values.get(ours) is not None}
        rows = tuple(self._rows(target, part, path, linked))
        for ours, theirs in relation.pairs if rows else ():
            values[ours] = rows[0].values[theirs]
        values |= {column: value for _, column, value in relation.fixed}
        return rows

    def _listed(
        self, relation: Relation, parts: list[Any], values: Mapping[str, Any], path: Path
    ) -> Iterator[Inserted]:
        """The rows of a list, each linked to the one that has it."""
        linked = {theirs: values[ours] for ours, theirs in relation.pairs}
        linked |= {column: value for _, column, value in relation.fixed}
        for i, part in enumerate(parts):
            yield from self._rows(self.catalogue[relation.target], part, (*path, i), linked)

    def _value(self, on: Field, written: Any, path: Path) -> Any:
        if written is None:
            return None
        if on.spec.kind is Kind.ID:
            return self._key(on, written, path)
        if on.spec.kind is Kind.JSON:
            return json.dumps(written, default=str)
        parser = Parser(self.catalogue)
        found = parser.preset(written, on, path)
        self.faults.extend(parser.faults)
        if isinstance(found, Constant):
            return found.value
        if not parser.faults:
            self.faults.append((path, f"{on.name!r}: a row holds values, no operands"))
        return None

    def _key(self, on: Field, written: Any, path: Path) -> UUID | None:
        if not isinstance(written, str):
            self.faults.append((path, f"{on.name!r}: expected a name"))
            return None
        return self.me if written == ME else key_of(written)
