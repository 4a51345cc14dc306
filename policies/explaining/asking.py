"""The one statement behind an explanation: a row, what the principal sees of it, and every node's truth.

SELECT  whether the asker sees the row, whether the principal does, and each field's state
        each node's truth, by the compiler, on the row itself
        of each comparison: the value, by the asker's eyes, and how the asker sees it
        of each list: how many rows the asker sees there, and how many of them meet the condition
FROM the table LEFT JOIN the principal's view LEFT JOIN the asker's rows
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from policies.catalogue import Resource
from policies.conditions import Compare, Constant, Quantified
from policies.document import Action
from policies.explaining.eyes import Eyes, along, linked, pointing
from policies.explaining.nodes import Node
from policies.explaining.rules import Speaking
from policies.grants import grants
from policies.predicates import Compiler, Row, Rows, bound, companion, measured
from policies.principal import GrantShape
from policies.rules import Policy
from policies.standing import DELETED, ERASED, BaseRow, base_rows
from policies.statements import Statement, statement
from policies.states import STATE, State
from policies.view import View

Column = sa.ColumnElement[Any]

TRUTH, VALUE, SEEN_AS, MET, OF = "t", "v", "s", "m", "o"
"""Columns of a node, each followed by its number."""


@dataclass(frozen=True)
class Asking:
    """Builds the statement for rows of one resource."""

    policy: Policy
    shape: GrantShape
    parties: int
    """How many of the shape's parties are the principal's; what follows is the asker's."""
    eyes: Eyes
    on: Resource
    rules: Sequence[Speaking]
    shown: str | None = None
    """A field whose value is shown, too."""

    def statement(self, key: Sequence[UUID], fields: Sequence[str]) -> Statement:
        """The statement for the row of a key, with the states of some fields."""
        table = self.on.table.alias()
        here = BaseRow(table)
        seen = self.eyes.rows(self.on, self._compared())
        mine = self._view(fields).subquery()
        rows = table.outerjoin(mine, self._same(here, mine.c)).outerjoin(seen.rows, self._same(here, seen.row))
        wanted = (here[name] == bound(Constant(value), sa.Uuid()) for name, value in zip(self.on.key, key, strict=True))
        columns = [*self._heads(here, mine.c, seen), *self._states(mine.c, fields), *self._shown(mine.c, seen)]
        for each in self.rules:
            columns.extend(column for node in each.node.all() for column in self._node(each, node, here, seen))
        return statement(sa.select(*columns).select_from(rows).where(*wanted))

    def _view(self, fields: Iterable[str]) -> sa.SelectBase:
        """What the principal sees."""
        given = tuple(grants(self.policy, self.shape, n, self.on, Action.READ) for n in range(self.parties))
        shown = () if self.shown is None else (self.shown,)
        return View(self.policy, self.on, given).select(shown, fields, {}, {})

    def _same(self, one: Row, other: Row) -> sa.ColumnElement[bool]:
        return sa.and_(*(one[name] == other[name] for name in self.on.key))

    def _compared(self) -> frozenset[str]:
        """The fields of the row itself that are compared, or lead to rows that are."""
        nodes = [node for each in self.rules for node in each.node.all()]
        compared = {node.bound.field for node in nodes if not node.path and isinstance(node.bound, Compare)}
        shown = () if self.shown is None else (self.shown,)
        return frozenset(compared.union(shown, *(node.path[0].fields for node in nodes if node.path)))

    def _heads(self, here: Row, mine: Row, seen: Rows) -> Iterator[Column]:
        key = self.on.key[-1]
        yield seen.row[key].is_not(None).label("seen")
        yield mine[key].is_not(None).label("visible")
        for name in (DELETED, ERASED):
            there = here[name].is_not(None) if name in self.on.table.c else sa.false()
            yield there.label(name)

    def _states(self, mine: Row, fields: Iterable[str]) -> Iterator[Column]:
        for name in fields:
            yield mine[companion(self.on.fields[name].column.name, STATE)].label(f"state_{name}")

    def _shown(self, mine: Row, seen: Rows) -> Iterator[Column]:
        """What the principal sees of the field, where the asker reads it plain; of what points to another row nothing."""
        if self.shown is not None and not pointing(self.on, self.shown):
            state = self.eyes.state(seen, self.on, self.shown)
            plain = state == sa.literal_column(f"'{State.PLAIN.value}'", sa.Text())
            yield sa.case((plain, mine[self.on.fields[self.shown].column.name])).label("shown")

    def _node(self, rule: Speaking, node: Node, here: Row, seen: Rows) -> Iterator[Column]:
        compiler = Compiler(self.policy.catalogue, base_rows, rule.reading, told=True)
        yield compiler.predicate(node.asked, self.on, here).label(f"{TRUTH}{node.number}")
        if isinstance(node.bound, Compare):
            yield from self._comparison(node, node.bound, seen)
        elif isinstance(node.bound, Quantified) and self.eyes.counts(node.bound, node.on):
            yield from self._counts(compiler, node, node.bound, seen)

    def _comparison(self, node: Node, compared: Compare, seen: Rows) -> Iterator[Column]:
        """The value that is compared and how it is seen."""
        catalogue, field = self.policy.catalogue, node.on.fields[compared.field]
        steps = along(self.eyes, catalogue, node.path, [compared.field])
        there = steps[-1][1] if steps else seen
        state = self.eyes.state(there, node.on, compared.field)
        for name, column in ((VALUE, measured(compared, field, there.row)), (SEEN_AS, state)):
            found: Column = column
            if steps:
                rows = [step.rows for _, step in steps]
                joined = linked(node.path, seen, steps)
                found = sa.select(column).select_from(*rows).where(joined).correlate_except(*rows).scalar_subquery()
            yield found.label(f"{name}{node.number}")

    def _counts(self, compiler: Compiler, node: Node, listed: Quantified, seen: Rows) -> Iterator[Column]:
        """How many of the list's rows are seen, and how many of these meet the condition."""
        relation = node.on.relations[listed.relation]
        target = self.policy.catalogue[relation.target]
        yield self._is_there(node, seen).label(f"{SEEN_AS}{node.number}")
        path = (*node.path, relation)
        steps = along(self.eyes, self.policy.catalogue, path)
        base = base_rows(target)
        same = sa.and_(*(base.row[name] == steps[-1][1].row[name] for name in target.key))
        holds = compiler.predicate(listed.condition, target, base.row)
        rows = [step.rows for _, step in steps]
        joined = sa.and_(linked(path, seen, steps), same)
        for name, counted in ((MET, sa.func.count().filter(holds.is_(sa.true()))), (OF, sa.func.count())):
            found: sa.Select[Any] = sa.select(counted).select_from(base.rows, *rows).where(joined)
            yield found.correlate_except(base.rows, *rows).scalar_subquery().label(f"{name}{node.number}")

    def _is_there(self, node: Node, seen: Rows) -> Column:
        """Whether the asker sees the row that has the list."""
        steps = along(self.eyes, self.policy.catalogue, node.path)
        rows = [step.rows for _, step in steps]
        if not rows:
            return sa.true()
        found: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(*rows).where(linked(node.path, seen, steps))
        )
        return found.correlate_except(*rows).exists()
