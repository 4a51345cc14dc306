"""The oracle itself: views and what is granted, row by row and cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tests.oracle.algebra import PLAIN, WITHHELD, Verdict, certain, possible
from tests.oracle.cells import MASKED, Cell, View
from tests.oracle.conditions import Conditions, Tables
from tests.oracle.description import Field, Model, Relation, Resource, Row
from tests.oracle.masks import masked
from tests.oracle.meeting import granted, meet
from tests.oracle.principals import Party, Principal
from tests.oracle.rules import Rule, Written, rules_of

READ, AGGREGATE = "read", "aggregate"
ACTIONS = {"export": (READ, "export")}
"""Actions that are met with others: what is exported is read, too."""
SHOWING = (READ, "export")
"""Actions that show values."""


@dataclass(frozen=True, eq=False)
class Oracle:
    """What a policy (documents as written) says over rows (by resource, whole tables) at a moment."""

    model: Model
    documents: Sequence[Written]
    rows: Mapping[str, Sequence[Row]]
    now: dt.datetime
    secret: bytes | None = None
    """The deployment's, for the mask `hash`."""
    _rules: dict[Any, list[tuple[Rule, Conditions]]] = field(default_factory=dict, repr=False)
    _keys: dict[Any, frozenset[Any]] = field(default_factory=dict, repr=False)

    @cached_property
    def tables(self) -> Tables:
        """What policy conditions read."""
        return Tables(self.rows)

    def visible(self, who: Principal, resource: str, row: Row, action: str = READ) -> bool:
        """Whether a row is in the view: neither deleted nor erased, and seen by every party."""
        return is_there(row) and granted(self._verdicts(who, resource, row, action))

    def cell(self, who: Principal, resource: str, row: Row, name: str, action: str = READ) -> Cell:
        """A field of a visible row."""
        return self._cell(self._verdicts(who, resource, row, action), self.model[resource], row, name)

    def view(
        self,
        who: Principal,
        resource: str,
        fields: Collection[str] | None = None,
        *,
        action: str = READ,
        references: str = "as stored",
        among: Iterable[Row] | None = None,
    ) -> View:
        """The visible rows with the cells of some fields, or of all; `references` may be read "by target".

        `among` are some of the table's rows, where not all are asked.
        """
        on, found = self.model[resource], View()
        for row in filter(is_there, self.rows.get(resource, ()) if among is None else among):
            verdicts = self._verdicts(who, resource, row, action)
            if granted(verdicts):
                names = on.fields if fields is None else fields
                cells = {name: self._cell(verdicts, on, row, name) for name in names}
                found[on.key_of(row)] = self._by_target(who, on, row, cells) if references == "by target" else cells
        return found

    def verdict(self, party: Party, resource: str, row: Row, action: str) -> Verdict:
        """What one party's rules say of a row: each assignment's own copy, with its own parameters."""
        on = self.model[resource]
        truths = [(rule, conditions.holds(rule.when, on, row)) for rule, conditions in self.bound(party, on, action)]
        return Verdict(
            [rule for rule, truth in truths if rule.effect == "allow" and certain(truth)],
            [rule for rule, truth in truths if rule.effect == "deny" and possible(truth)],
        )

    def bound(self, party: Party, on: Resource, action: str) -> list[tuple[Rule, Conditions]]:
        """The rules that a party holds, each with what it says of the assignment by which it is held."""
        if (party, on.name, action) not in self._rules:
            self._rules[party, on.name, action] = [
                (rule, Conditions(self.model, self.tables, party.operands(assignment, self.now)))
                for assignment in party.assignments
                if assignment.holds(self.now)
                for rule in rules_of(self.documents, assignment.role, on, action)
            ]
        return self._rules[party, on.name, action]

    def _verdicts(self, who: Principal, resource: str, row: Row, action: str) -> list[Verdict]:
        own, *ceilings = who.parties
        on, opened = self.model[resource], self._unmasked(who, resource, row)
        return [
            *(
                replace(self.verdict(own, resource, row, each), unmasked=opened if each in SHOWING else frozenset())
                for each in self._needed(own, on, action)
            ),
            *(
                self.verdict(party, resource, row, each)
                for party in ceilings
                for each in self._needed(party, on, action)
            ),
        ]

    def _needed(self, party: Party, on: Resource, action: str) -> tuple[str, ...]:
        """The actions that a party must be granted: aggregates are of what it reads, if anything lets it read."""
        if action != AGGREGATE:
            return ACTIONS.get(action, (action,))
        allows = ((rule, of) for rule, of in self.bound(party, on, READ) if rule.effect == "allow")
        return (AGGREGATE if all(of.is_hopeless(rule.when, on) for rule, of in allows) else READ,)

    def _unmasked(self, who: Principal, resource: str, row: Row) -> frozenset[str]:
        """The fields that the principal may unmask on a row, and of which an unmask is in force."""
        opened = who.opened(resource, self.model[resource].key_of(row), self.now)
        if not opened:
            return frozenset()
        verdict = self.verdict(who, resource, row, "unmask")
        return frozenset(name for name in opened if verdict.granted and verdict.shown(name) == PLAIN)

    def _cell(self, verdicts: Sequence[Verdict], on: Resource, row: Row, name: str) -> Cell:
        found = on.fields[name]
        shown = PLAIN if found.column in on.key else meet(verdict.shown(name) for verdict in verdicts)
        columns = (found.column, *found.companions)
        value, *companions = (self._shown(shown, found, row.get(column)) for column in columns)
        return Cell(value, shown if shown in (PLAIN, WITHHELD) else MASKED, tuple(companions))

    def _shown(self, shown: str, on: Field, value: Any) -> Any:
        return value if shown == PLAIN else None if shown == WITHHELD else masked(shown, on, value, self.secret)

    def _by_target(self, who: Principal, on: Resource, row: Row, cells: dict[str, Cell]) -> dict[str, Cell]:
        """A foreign key is shown only where its target is in its view, else it is NULL."""
        for name in {relation.field for relation in on.relations.values() if not relation.many} & cells.keys():
            leading = [each for each in on.relations.values() if each.field == name and not each.many]
            if on.fields[name].column not in on.key and not any(self._leads(who, each, row) for each in leading):
                cells[name] = cells[name]._replace(value=None)
        return cells

    def _leads(self, who: Principal, relation: Relation, row: Row) -> bool:
        target = self.model[relation.target]
        return any(target.key_of(there) in self._seen(who, target) for there in self.tables.related(relation, row))

    def _seen(self, who: Principal, on: Resource) -> frozenset[Any]:
        if (who, on.name) not in self._keys:
            self._keys[who, on.name] = frozenset(self.view(who, on.name, ()))
        return self._keys[who, on.name]


def is_there(row: Row) -> bool:
    """Whether a row is neither deleted nor erased."""
    return row.get("deleted_at") is None and row.get("erased_at") is None
