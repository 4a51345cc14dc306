"""Sources: rows of one entity's view that analyses count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from graphql_schema.analyses.figures import How, Tally
from graphql_schema.analyses.joined import Column, Joined, never_read
from graphql_schema.entities import Graph
from policies.access import Access


@dataclass(frozen=True)
class Source:
    """Rows of one entity that an analysis counts: those whose day or moment lies in the period and that meet a condition.

    `keys` gives the path of each dimension that the rows have, `filtered` the relation whose rows a filter is on.
    """

    entity: str
    at: str
    reads: str
    when: Callable[[Joined], Column]
    keys: Mapping[str, str]
    filtered: str = ""
    of: str = ""
    """The relation to the row that they belong to, where an analysis is of one row."""
    serves: Callable[[Collection[str]], bool] = lambda _: True
    """Whether its rows are asked when these dimensions are grouped by."""

    @property
    def rests(self) -> tuple[str, ...]:
        """The paths that decide whether a row counts."""
        return *filter(None, (self.at, self.of)), *self.reads.split()

    def never_read(self, graph: Graph, access: Access) -> tuple[str, str] | None:
        """What it rests on that the access never shows; None where there is nothing of that kind."""
        entity = graph[self.entity]
        if not access.on(entity.resource).visible:
            return self.entity, "id"
        return never_read(graph, access, entity, self.rests)


def adds_to(tally: Tally, name: str, source: Source, graph: Graph, access: Access) -> bool:
    """Whether rows of a source add to a tally, as far as the access goes."""
    found = tally.adds.get(name)
    return found is not None and never_read(graph, access, graph[source.entity], found.reads) is None


def open_to(sources: Mapping[str, Source], graph: Graph, access: Access) -> dict[str, Source]:
    """The sources of which the access shows something."""
    return {name: each for name, each in sources.items() if each.never_read(graph, access) is None}


class Made(Protocol):
    """What is made of tallies."""

    @property
    def parts(self) -> Sequence[tuple[Tally, How]]: ...


Each = TypeVar("Each", bound=Made)


def figures_of(figures: Iterable[Each], sources: Mapping[str, Source], graph: Graph, access: Access) -> list[Each]:
    """The figures that some sources make for the access."""

    def made(tally: Tally) -> bool:
        return any(adds_to(tally, name, source, graph, access) for name, source in sources.items())

    return [each for each in figures if all(made(tally) for tally, _ in each.parts)]
