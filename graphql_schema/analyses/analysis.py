"""An analysis as a field of Query: groups of rows, with figures.

Arguments: the period, the time zone where moments are asked for days, what to group by, a filter, how many groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql_schema.analyses.asked import Asked, condition_of, serving
from graphql_schema.analyses.dimensions import Dimension
from graphql_schema.analyses.figures import Amounts, Figure
from graphql_schema.analyses.groups import MOST_GROUPS, Groups
from graphql_schema.analyses.joined import Column, never_read
from graphql_schema.analyses.period import PERIOD_PART, ZONE_PART, window
from graphql_schema.analyses.source import Source, figures_of, open_to
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.converting import PAGE_LIMIT
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Computed, Graph
from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.predicates import Row


@dataclass(frozen=True)
class Analysis:
    """A named analysis: its sources by name, what they are grouped by, and its figures."""

    name: str
    description: str
    sources: Mapping[str, Source]
    dimensions: tuple[Dimension, ...]
    figures: tuple[Figure | Amounts, ...]
    filtered: str
    """The entity that `where` is on."""
    zoned: bool = True
    """Whether moments are asked for their days, so that a time zone matters."""

    @property
    def title(self) -> str:
        return self.name[0].upper() + self.name[1:]

    @cached_property
    def computed(self) -> Computed:
        """The field of Query."""
        return Computed(
            self.name, self._part, self._compile, self._shown, self._closed, size=PAGE_LIMIT, most=MOST_GROUPS
        )

    # Types

    def _part(self, types: Mapping[str, EntityTypes]) -> Part:
        keys, group = empty(f"{self.title}Keys"), empty(self.title)
        fill_type(keys, f"What a group of `{self.name}` has in common.", [each.part(types) for each in self.dimensions])
        parts = [Part("keys", keys, "What its rows have in common.")]
        parts += [Part(each.name, each.annotation, each.description) for each in self.figures]
        fill_type(group, f"A group of `{self.name}`, with its figures.", parts)
        return Part(self.name, maybe(listed(group)), self.description, self._arguments(types))

    def _arguments(self, types: Mapping[str, EntityTypes]) -> tuple[Part, ...]:
        by_name = {each.name: each.description for each in self.dimensions}
        choice = name_enum(
            f"{self.title}Dimension",
            {name: name for name in by_name},
            f"What `{self.name}` can group by.",
            lambda member: by_name[member.value],
        )
        return (
            PERIOD_PART,
            *((ZONE_PART,) if self.zoned else ()),
            Part(
                "groupBy",
                maybe(listed(choice)),
                "What the rows of a group have in common; without it, all are one group.",
            ),
            Part(
                "where", maybe(types[self.filtered].where), "Only what meets these conditions, or belongs to what does."
            ),
            Part(
                "first",
                maybe(int),
                f"How many groups, in the order of their keys: 1 to {MOST_GROUPS}, {PAGE_LIMIT} where nothing is said.",
            ),
        )

    # Rights

    def figures_of(self, graph: Graph, access: Access) -> list[Figure | Amounts]:
        """The figures that the access can ever be shown."""
        return figures_of(self.figures, open_to(self.sources, graph, access), graph, access)

    def dimensions_of(self, graph: Graph, access: Access) -> list[Dimension]:
        """The dimensions of which the access is ever shown a key."""
        sources = open_to(self.sources, graph, access).values()
        return [
            each
            for each in self.dimensions
            if any(
                each.bucket
                or (
                    each.name in source.keys
                    and never_read(graph, access, graph[source.entity], [source.keys[each.name]]) is None
                )
                for source in sources
            )
        ]

    def _shown(self, graph: Graph, access: Access) -> bool:
        return bool(self.figures_of(graph, access))

    def _closed(self, graph: Graph, access: Access) -> Closed:
        figures = self.figures_of(graph, access)
        dimensions = self.dimensions_of(graph, access)
        gone = {(self.title, each.name) for each in self.figures if each not in figures}
        for each in self.dimensions:
            if each not in dimensions:
                gone |= {(f"{self.title}Keys", each.key), (f"{self.title}Dimension", each.name)}
        return Closed(elements=frozenset(gone))

    # SQL

    def _compile(self, reader: Reader, selected: Selected, _row: Row | None) -> Column:
        dimensions = self._grouped_by(reader, selected)
        sources = serving(reader, self.sources, selected.place, [each.name for each in dimensions])
        by_name = {each.name: each for each in figures_of(self.figures, sources, reader.graph, reader.access)}
        figures = [(item, by_name[item.name]) for item in selected.children() if item.name in by_name]
        condition = condition_of(reader, selected, self.filtered)
        rows, values = Asked(reader, sources, figures, window(selected), dimensions, condition).grouped()
        return Groups(reader, selected, self.title, dimensions, rows, values).json()

    def _grouped_by(self, reader: Reader, selected: Selected) -> list[Dimension]:
        """What is grouped by; a second time it groups nothing. Raises NotReadable."""
        leaf = selected.arguments.get("groupBy")
        names = dict.fromkeys(str(member.value) for member in leaf.value) if isinstance(leaf, Leaf) else ()
        shown = {each.name: each for each in self.dimensions_of(reader.graph, reader.access)}
        for name in names:
            if name not in shown:
                raise NotReadable(self.title, name, (*selected.place, "groupBy"))
        return [shown[name] for name in names]
