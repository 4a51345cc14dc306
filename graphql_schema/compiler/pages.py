"""A page's JSON: `edges`, `nodes` and `pageInfo` made of its rows, which are numbered.

The rows are those of the page and one more, if there is one; `n` counts them the way the page was read, `cursor` is
each one's place, and `n0`, `n1` … are what is selected of it, once for each of the page's `items`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.converting import moment, page_size
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.parts import TYPENAME, Reads, few
from graphql_schema.compiler.selection import Selected
from policies.conditions import Constant, Operand
from policies.predicates import bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

PAGED = ("nodes", "edges", "pageInfo")
"""The parts of a connection that a page is read for."""

MOMENT = sa.DateTime(timezone=True)
INSIDE = 10
"""Default page size of a list inside a node."""


def leaf(selected: Selected, name: str) -> Leaf | None:
    """An argument that is bound whole; None where it is absent or null."""
    found = selected.arguments.get(name)
    assert found is None or isinstance(found, Leaf)
    return found


def size(selected: Selected, default: int) -> Column:
    """How long a page is: its `first` or `last`. Raises BadInput where both are given."""
    first, last = leaf(selected, "first"), leaf(selected, "last")
    if first and last:
        raise BadInput("a page has either 'first' or 'last'", (*selected.place, "last"))
    asked = first or last
    place = (*selected.place, "last" if last else "first")
    operand: Operand = Converted(asked.operand, page_size, place) if asked else Constant(default)
    return bound(operand, sa.Integer())


def instant(selected: Selected, name: str) -> Column | None:
    """A moment that an argument gives."""
    given, place = leaf(selected, name), (*selected.place, name)
    return bound(Converted(given.operand, moment, place), MOMENT) if given else None


def items(paged: Sequence[Selected]) -> list[Selected]:
    """Where a page's items are selected: its `nodes`, and the `node` of its `edges`."""
    nodes = [part for part in paged if part.name == "nodes"]
    edges = [edge for part in paged if part.name == "edges" for edge in part.children() if edge.name == "node"]
    return [*nodes, *edges]


@dataclass(frozen=True)
class Page:
    """A page that was read; `limited` are its rows, not yet numbered."""

    reader: Reads
    limited: sa.Subquery
    items: Sequence[Selected]
    size: Column
    backward: bool
    further: Column
    """Whether there is more the way that the page was read."""
    behind: Callable[[], Column]
    """Whether there is anything where the page was read from."""

    @cached_property
    def rows(self) -> sa.Subquery:
        """The rows, numbered."""
        number = sa.func.row_number().over().label("n")
        return sa.select(number, *self.limited.c).select_from(self.limited).subquery(self.reader.name("p"))

    @cached_property
    def _numbers(self) -> Mapping[Place, int]:
        return {item.place: i for i, item in enumerate(self.items)}

    def json(self, parts: Sequence[Selected], unpaged: Callable[[Selected], Column]) -> Column:
        """The connection's JSON; `unpaged` gives those of its parts that need no page."""
        paged = {part.key: self._part(part).label(part.key) for part in parts if part.name in PAGED}
        columns = [paged[part.key] if part.key in paged else unpaged(part) for part in parts]
        one_row = sa.select(*columns).select_from(self.rows).group_by(sa.literal_column("()"))
        return self.reader.json(one_row.correlate_except(self.rows))

    def _part(self, part: Selected) -> Column:
        if part.name == "pageInfo":
            return self._page_info(part)
        return self._collected(self._item(part) if part.name == "nodes" else self._edge(part))

    def _item(self, selected: Selected) -> Column:
        return self.rows.c[f"n{self._numbers[selected.place]}"]

    def _collected(self, value: Column) -> Column:
        number = self.rows.c.n.desc() if self.backward else self.rows.c.n.asc()
        rows = sa.func.json_agg(aggregate_order_by(value, number)).filter(self.rows.c.n <= self.size)
        return sa.func.coalesce(rows, sa.literal_column("'[]'::json"), type_=sa.JSON())

    def _edge(self, part: Selected) -> Column:
        pieces: list[tuple[Selected, Column]] = []
        for item in part.children():
            if item.name == "node":
                value = self._item(item)
            else:
                value = self.rows.c[item.name] if item.name in self.rows.c else constant(item.parent.name)
            pieces.append((item, value))
        return few(pieces)

    def _page_info(self, part: Selected) -> Column:
        values: dict[str, Callable[[], Column]] = {
            "hasNextPage": self.behind if self.backward else self._further,
            "hasPreviousPage": self._further if self.backward else self.behind,
            "startCursor": self._last if self.backward else self._first,
            "endCursor": self._first if self.backward else self._last,
        }
        named = [(item, values.get(item.name)) for item in part.children()]
        return few([(item, make() if make else constant(item.parent.name)) for item, make in named])

    def _further(self) -> Column:
        return self.further

    def _first(self) -> Column:
        return sa.func.max(self.rows.c.cursor).filter(self.rows.c.n == sa.literal_column("1"))

    def _last(self) -> Column:
        """The cursor of the page's last row: that of the highest number that is on the page."""
        down = aggregate_order_by(self.rows.c.cursor, self.rows.c.n.desc())
        cursors_down = sa.func.array_agg(down).filter(self.rows.c.n <= self.size)
        return sa.func.json_extract_path_text(sa.func.to_json(cursors_down), sa.literal_column("'0'"))


@dataclass(frozen=True)
class Listing(ABC):
    """A list that is computed: asked for page by page, either way."""

    reader: Reads
    selected: Selected

    default = INSIDE
    """The page's size where nothing is said."""

    @cached_property
    def backward(self) -> bool:
        """Whether the page is read from the end."""
        return leaf(self.selected, "last") is not None

    @cached_property
    def size(self) -> Column:
        """How long the page is."""
        return size(self.selected, self.default)

    @cached_property
    def since(self) -> Column | None:
        """The first moment."""
        return instant(self.selected, "since")

    @property
    @abstractmethod
    def operands(self) -> Iterable[Column]:
        """What arguments come to; each is to be right, whatever is asked of the page."""

    @property
    def empty(self) -> bool:
        """Whether no expression holds the arguments, since there is never anything."""
        return False

    @abstractmethod
    def total(self) -> Column:
        """How many there are on all pages."""

    @abstractmethod
    def limited(self, wanted: Sequence[Selected]) -> sa.Subquery:
        """The page's rows and one more, each with its `cursor` and, as `n0`, `n1` …, what is selected of it."""

    @abstractmethod
    def behind(self) -> Column:
        """Whether there is anything where the page is read from."""

    def json(self) -> Column:
        """The connection's JSON."""
        parts = self.selected.children()
        paged = [part for part in parts if part.name in PAGED]
        if self.empty or not paged:
            for column in (self.size, *self.operands):
                self.reader.check(column)
        if not paged:
            return self.reader.object([self._unpaged(part) for part in parts])
        wanted = items(paged)
        page = Page(
            reader=self.reader,
            limited=self.limited(wanted),
            items=wanted,
            size=self.size,
            backward=self.backward,
            further=sa.func.count() > self.size,
            behind=self.behind,
        )
        return page.json(parts, self._unpaged)

    def _unpaged(self, part: Selected) -> Column:
        found = constant(part.parent.name) if part.name == TYPENAME else self.total()
        return found.label(part.key)

    @property
    def most(self) -> Column:
        """The page's size and one more."""
        return self.size + sa.literal_column("1")
