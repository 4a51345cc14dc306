"""What is asked of an analysis: rows of views, made of its sources, its period, its filter, and the figures selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.analyses.dimensions import Dimension
from graphql_schema.analyses.figures import Amounts, Figure, Tally
from graphql_schema.analyses.grouped import Grouped, Rows
from graphql_schema.analyses.joined import Column, Joined, join
from graphql_schema.analyses.period import Window
from graphql_schema.analyses.source import Source, adds_to
from graphql_schema.compiler.operands import Place
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import Filter, NotReadable
from policies.conditions import ALWAYS, Condition, Single, fields_read
from policies.predicates import Compiler, Reading, Row, joins


@dataclass(frozen=True)
class Asked:
    """Rows to be grouped: of these sources, in this window, by these dimensions."""

    reader: Reader
    sources: Mapping[str, Source]
    figures: Sequence[tuple[Selected, Figure | Amounts]]
    window: Window | None = None
    """Without one, rows of all times."""
    dimensions: Sequence[Dimension] = ()
    condition: Condition = ALWAYS
    """On the entity that a filter is on."""
    here: Row | None = None
    """The row that all of them belong to, by their sources' `of`."""

    @cached_property
    def tallies(self) -> list[Tally]:
        return list(dict.fromkeys(tally for _, figure in self.figures for tally, _ in figure.parts))

    def grouped(self) -> tuple[sa.Subquery, dict[str, Column]]:
        """The groups, with their keys as `k0` and so on, and the figures by response key."""
        rows = [self._rows(name, source) for name, source in self.sources.items()]
        types = [each.type_ for each in self.dimensions]
        figures, least = [figure for _, figure in self.figures], self.reader.access.min_group
        everything = self._everything() if least > 1 and self.here is None else None
        return Grouped(self.reader, types, figures, rows, least, everything).groups(self.figures)

    def _everything(self) -> Column:
        """How many rows the sources have at any time, whatever the filter."""
        counts: list[Column] = []
        for source in self.sources.values():
            joined = join(self.reader, self.reader.graph[source.entity], source.rests)
            found = sa.select(sa.func.count()).select_from(joined.source).where(source.when(joined))
            counts.append(found.correlate_except(*joined.views.values()).scalar_subquery())
        return sum(counts[1:], counts[0])

    def _rows(self, name: str, source: Source) -> Rows:
        graph, access = self.reader.graph, self.reader.access
        entity = graph[source.entity]
        adds = {tally: tally.adds[name] for tally in self.tallies if adds_to(tally, name, source, graph, access)}
        keys = [source.keys.get(each.name, "") for each in self.dimensions]
        paths = [*source.rests, *filter(None, keys), *(path for each in adds.values() for path in each.reads)]
        owns = entity.resource.relations[source.of] if source.of else None
        condition = Single(source.filtered, self.condition) if self._narrows(source) else self.condition
        asked = fields_read(condition, entity.resource, graph.catalogue)
        own = {field for on, field in asked if on is entity.resource} | {*(owns.fields if owns else ())}
        joined = join(self.reader, entity, paths, own)
        meets = Compiler(graph.catalogue, self.reader.rows, Reading.ASKED).predicate
        holds = sa.and_(
            self.window.holds(joined[source.at]) if self.window else sa.true(),
            joins(owns, joined.row.c, self.here) if owns and self.here else sa.true(),
            source.when(joined),
            meets(condition, entity.resource, joined.row.c),
        )
        found: dict[Tally, Any] = {
            tally: (
                each.value(joined),
                joined.currency(each.amount) if each.amount else None,
                each.base(joined) if each.base else None,
            )
            for tally, each in adds.items()
        }
        views = list(joined.views.values())
        return Rows(joined.source, views, holds, [self._key(each, source, joined) for each in self.dimensions], found)

    def _narrows(self, source: Source) -> bool:
        return bool(source.filtered) and self.condition != ALWAYS

    def _key(self, dimension: Dimension, source: Source, joined: Joined) -> Column:
        if dimension.bucket and self.window:
            return self.window.bucket(dimension.bucket, joined[source.at])
        if dimension.name not in source.keys:
            return sa.cast(sa.null(), dimension.type_)
        return sa.cast(joined[source.keys[dimension.name]], dimension.type_)


def condition_of(reader: Reader, selected: Selected, entity: str) -> Condition:
    """The condition that the argument `where` states. Raises BadInput or NotReadable."""
    tree = selected.arguments.get("where")
    if tree is None:
        return ALWAYS
    found = Filter(reader.graph, reader.access, reader.conditions)
    return found.condition(tree, reader.graph[entity], (*selected.place, "where"))


def serving(
    reader: Reader, sources: Mapping[str, Source], place: Place, names: Sequence[str] = ()
) -> dict[str, Source]:
    """The sources that are asked when these dimensions are grouped by, as far as the caller is ever shown their rows.

    Raises NotReadable where there is none.
    """
    graph, access = reader.graph, reader.access
    asked = {name: each for name, each in sources.items() if each.serves(names)}
    lacking = {name: each.never_read(graph, access) for name, each in asked.items()}
    found = {name: each for name, each in asked.items() if lacking[name] is None}
    if not found:
        entity, field = next(each for each in lacking.values() if each is not None)
        raise NotReadable(entity, field, place)
    return found
