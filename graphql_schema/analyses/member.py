"""Figures of one row: an analysis as a member of an entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from graphql_schema.analyses.asked import Asked
from graphql_schema.analyses.figures import Amounts, Figure
from graphql_schema.analyses.joined import Column
from graphql_schema.analyses.source import Source, figures_of, open_to
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Entity, Graph
from graphql_schema.making import Part, empty, fill_type, maybe
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.predicates import Row, literal


@dataclass(frozen=True)
class Own:
    """An amount of the row itself, shown beside its figures."""

    name: str
    description: str
    field: str
    annotation: Any
    parts: tuple[()] = ()


Shown: TypeAlias = Figure | Amounts | Own


@dataclass(frozen=True)
class Member:
    """Figures of the rows that belong to one row. `figures` makes them for a row; of none, to be described."""

    name: str
    title: str
    description: str
    entity: str
    sources: Mapping[str, Source]
    figures: Callable[[Row | None], Sequence[Shown]]
    needs: Mapping[str, str]
    """By figure, the row's own field that it needs."""

    def computed(self) -> Computed:
        """The member of the entity."""
        fields = frozenset(self.needs.values())
        return Computed(self.name, self._part, self._compile, self._shown, self._closed, fields)

    def _part(self, _types: Mapping[str, EntityTypes]) -> Part:
        made = empty(self.title)
        parts = [Part(each.name, each.annotation, each.description) for each in self.figures(None)]
        fill_type(made, self.description, parts)
        return Part(self.name, maybe(made), self.description)

    def _of(self, here: Row | None, graph: Graph, access: Access) -> list[Shown]:
        """The figures that the access can ever be shown."""
        readable = access.on(graph[self.entity].resource).readable
        sources = open_to(self.sources, graph, access)
        wanted = [each for each in self.figures(here) if self.needs.get(each.name, "id") in readable | {"id"}]
        return figures_of(wanted, sources, graph, access)

    def _shown(self, graph: Graph, access: Access) -> bool:
        return any(not isinstance(each, Own) for each in self._of(None, graph, access))

    def _closed(self, graph: Graph, access: Access) -> Closed:
        shown = {each.name for each in self._of(None, graph, access)}
        gone = {each.name for each in self.figures(None)} - shown
        return Closed(elements=frozenset((self.title, name) for name in gone))

    def _compile(self, reader: Reader, selected: Selected, row: Row | None) -> Column:
        assert row is not None
        by_name = {each.name: each for each in self._of(row, reader.graph, reader.access)}
        asked = [(item, by_name[item.name]) for item in selected.children() if item.name in by_name]
        figures = [(item, each) for item, each in asked if not isinstance(each, Own)]
        names = {name for _, each in figures for tally, _ in each.parts for name in tally.adds}
        sources = {name: self.sources[name] for name in self.sources if name in names}
        groups, values = Asked(reader, sources, figures, here=row).grouped() if figures else (None, {})
        entity = reader.graph[self.entity]
        own = {item.key: _amount(reader, entity, each, item, row) for item, each in asked if isinstance(each, Own)}
        columns = [self._column(item, {**values, **own}).label(item.key) for item in selected.children()]
        if groups is None:
            return reader.object(columns)
        return reader.json(sa.select(*columns).select_from(groups).correlate_except(groups))

    def _column(self, item: Selected, values: Mapping[str, Column]) -> Column:
        if item.name == TYPENAME:
            return literal(self.title)
        return values.get(item.key, sa.cast(sa.null(), sa.Text()))


def _amount(reader: Reader, entity: Entity, own: Own, item: Selected, row: Row) -> Column:
    return reader.amount(entity.resource.fields[own.field], item, row)
