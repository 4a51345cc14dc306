"""Rows that are counted and not read: what `aggregate` grants where nothing grants `read`.

They are counted, added up and averaged, and grouped and found by equality with the values that the rules name. No row
of them is shown, no id, no least or greatest value, and no relation leads to or from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.aggregates.members import Members
from graphql_schema.compiler.arguments import Tree
from graphql_schema.compiler.operands import BadInput, Place
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Value
from policies.access import Access, ResourceAccess
from policies.document import Action

MEASURED = frozenset({Aggregate.SUM, Aggregate.AVG})
EQUALITY = frozenset({"eq", "in"})
CLOSED = frozenset({"min", "max", "countDistinct"})
"""Of a group, what is not told: each shows values of single rows, or how many there are."""
_ONLY = "of rows that are counted and not read"


@dataclass(frozen=True)
class Counted:
    """What may be asked of rows that are only counted.

    The checks raise NotReadable for a field that the rules never name, BadInput for what is not asked of such rows.
    """

    members: Members
    rights: ResourceAccess

    @cached_property
    def keys(self) -> frozenset[str]:
        """What they are grouped by: values, plain or masked, and no related rows."""
        found = {name: member for name, member in self.members.keys.items() if isinstance(member, Value)}
        return frozenset(name for name, member in found.items() if member.field.name in self.rights.readable)

    @cached_property
    def filters(self) -> frozenset[str]:
        """What they are found by: those that are never masked."""
        return frozenset(name for name in self.keys if self._is_unmasked(name))

    @cached_property
    def measures(self) -> frozenset[str]:
        """What is added up."""
        return frozenset(name for name in self.members.numbers if self._is_unmasked(name))

    def _is_unmasked(self, name: str) -> bool:
        return self.members.entity.fields[name].name in self.rights.unmasked

    def check(self, name: str, place: Place) -> None:
        """A field that is named in an argument."""
        held = self.members.entity.fields.get(name)
        if held is not None and held.name not in self.rights.readable:
            raise NotReadable(self.members.entity.name, name, place)

    def check_key(self, name: str, part: Mapping[str, Tree], place: Place) -> None:
        """What they are to be grouped by."""
        if name not in self.keys:
            raise BadInput(f"{_ONLY}, groups are by values of their own", (*place, "field"))
        if part.get("timeZone") is not None:
            raise BadInput(f"{_ONLY}, spans are those of UTC", (*place, "timeZone"))

    def check_measure(self, aggregate: Aggregate, name: str, place: Place) -> None:
        """A measure that groups are to be kept or ordered by."""
        if aggregate not in MEASURED:
            raise BadInput(f"{_ONLY}, there are counts, sums and averages", (*place, "aggregate"))
        if name not in self.measures:
            raise BadInput(f"{_ONLY}, what is masked is not measured", (*place, "field"))

    def check_where(self, where: Tree, place: Place) -> None:
        """A filter that is well-formed: equality with values, all of which must hold."""
        given: Any = where or {}
        for name, part in given.items():
            if name == "AND":
                for each in part:
                    self.check_where(each, (*place, name))
            else:
                self._check_condition(name, part, (*place, name))

    def _check_condition(self, name: str, part: Mapping[str, Tree] | Sequence[Tree], place: Place) -> None:
        self.check(name, place)
        if name not in self.filters:
            raise BadInput(f"{_ONLY}, filters are by plain values that make groups", place)
        for operator in part:
            if operator not in EQUALITY:
                raise BadInput(f"{_ONLY}, filters are by equality", (*place, str(operator)))

    def check_selected(self, group: Iterable[Selected]) -> None:
        """What is selected of a group."""
        for item in group:
            if item.name in CLOSED or item.name in self.members.lists:
                raise BadInput(f"{_ONLY}, there are counts, sums and averages", item.place)


def counted(access: Access, members: Members) -> Counted | None:
    """What may be asked of an entity whose rows are only counted; None where rows are read, or not even counted."""
    resource = members.entity.resource
    if access.on(resource).visible:
        return None
    rights = access.on(resource, Action.AGGREGATE)
    return Counted(members, rights) if rights.visible else None
