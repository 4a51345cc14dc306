"""A query whose answer tells of which rows it is made: each object of a row has one entry more, which no field can be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from graphql_schema.compiler.parts import needed
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Entity
from policies.compared import Key
from policies.predicates import Row

MARK = "~"


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a query where rows stand: of which resource, and which of their fields are read there."""

    resource: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Marking(Reader):
    """Compiles selections as any reader does, with the keys of rows beside what is selected of them."""

    sites: list[Site] = field(default_factory=list, repr=False)

    def columns(self, entity: Entity, selected: Sequence[Selected], row: Row) -> list[sa.ColumnElement[Any]]:
        """What is selected of a view's row, with its mark."""
        fields = needed(entity, selected, self.access).fields
        owner = row["customer_id"] if entity.resource.owned else sa.cast(sa.null(), sa.Uuid())
        mark = sa.func.json_build_array(sa.literal_column(str(len(self.sites))), owner, row["id"])
        self.sites.append(Site(entity.name, frozenset(fields)))
        return [*super().columns(entity, selected, row), mark.label(MARK)]


def marked(answers: Iterable[Any], sites: Sequence[Site]) -> Iterator[tuple[Site, Key]]:
    """The rows of which answers are made, with the places where they stand; one that stands in several is told of each."""
    waiting = list(answers)
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            mark = part.pop(MARK, None)
            if mark is not None:
                number, owner, id_ = mark
                yield sites[number], (owner and UUID(owner), UUID(id_))
            waiting.extend(part.values())
