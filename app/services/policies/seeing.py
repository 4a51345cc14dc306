"""Who sees a row, or a field of it: the states of many people's views, in one statement for many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.identity.principals import Read
from policies.access import access
from policies.catalogue import Resource
from policies.conditions import Constant, Operand
from policies.crowd import Crowd
from policies.grants import Grants
from policies.grounds import Bound, structural
from policies.predicates import Row, bound, companion
from policies.principal import Principal
from policies.rules import Effect, Origin, Policy
from policies.statements import Statement, statement
from policies.states import STATE, State
from policies.view import View

Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Seeing:
    """Somebody who sees it, by which roles, and by which of their rules."""

    user: UUID
    state: State
    roles: tuple[str, ...]
    rules: tuple[Origin, ...]


@dataclass(frozen=True)
class Sight:
    """A row, or a field of it, that is looked for in people's views."""

    policy: Policy
    on: Resource
    key: tuple[UUID, ...]
    field: str | None

    async def of(self, read: Read, crowd: Crowd) -> list[Seeing] | None:
        """Those of a crowd who see it, in their order; None where the row is not in the view of who asks."""
        seen = self._state(crowd.seen(self.policy, self.on), None).label("seen")
        asked = self._sent(seen, *self._people(crowd))
        row = await read(asked.sql, *asked.values(self._values(crowd.principal)))
        if row["seen"] is None:
            return None
        return await self._all(read, crowd, row)

    def _sent(self, *columns: Column) -> Statement:
        return statement(sa.select(*columns))

    def _values(self, principal: Principal) -> Mapping[Operand, Any]:
        return principal.values

    def _people(self, crowd: Crowd) -> Iterator[Column]:
        """Of each person the state, then that which each of the rules gives by itself that may show it."""
        for person in range(len(crowd.people)):
            given = crowd.grants(self.policy, person, self.on)
            parts = [given, *(_alone(given, each) for each in self._showing(given))]
            states = [self._state(View(self.policy, self.on, (part,)), self.field) for part in parts]
            yield sa.type_coerce(array(states), ARRAY(sa.Text())).label(f"p{person}")

    def _showing(self, given: Grants) -> Sequence[Bound]:
        """The rules that may show it: one that shows the field shows the row, too."""
        allows = [each for each in given.bound if each.rule.effect is Effect.ALLOW]
        if self.field is None or self.field in structural(self.on):
            return allows
        return [each for each in allows if self.field in each.rule.plain or self.field in each.masks]

    def _state(self, view: View, field: str | None) -> Column:
        """The state of the field in a view; of the row itself, `plain`; NULL where the row is not there."""
        rows = view.select((), () if field is None else (field,), {}, {}).subquery()
        state: Column = sa.literal_column(f"'{State.PLAIN.value}'", sa.Text())
        if field is not None:
            state = rows.c[companion(self.on.fields[field].column.name, STATE)]
        return sa.select(state).select_from(rows).where(self._is(rows.c)).scalar_subquery()

    def _is(self, row: Row) -> sa.ColumnElement[bool]:
        pairs = zip(self.on.key, self.key, strict=True)
        return sa.and_(*(row[name] == bound(Constant(value), sa.Uuid()) for name, value in pairs))

    async def _all(self, read: Read, crowd: Crowd, row: Any) -> list[Seeing]:
        told = [self._told(crowd, n, row[f"p{n}"]) for n in range(len(crowd.people))]
        return [each for n, found in enumerate(told) if (each := await self._unmasked(read, crowd.people[n], found))]

    def _told(self, crowd: Crowd, person: int, states: Sequence[str | None]) -> Seeing:
        found, *alone = states
        given = crowd.grants(self.policy, person, self.on)
        shown = [
            each for each, state in zip(self._showing(given), alone, strict=True) if state not in (None, State.WITHHELD)
        ]
        roles = dict.fromkeys(_role(crowd, person, each.position) for each in shown)
        rules = dict.fromkeys(each.rule.origin for each in shown)
        state = State.WITHHELD if found is None else State(found)
        return Seeing(crowd.people[person].id, state, tuple(roles), tuple(rules))

    async def _unmasked(self, read: Read, person: Principal, found: Seeing) -> Seeing | None:
        """What is seen with the unmasks that are in force; None where nothing is."""
        if found.state is State.MASKED and any(self._opens(each) for each in person.unmasks):
            rights = access(self.policy, person.shape)
            asked = self._sent(self._state(rights.on(self.on).view, self.field).label("state"))
            row = await read(asked.sql, *asked.values(self._values(person)))
            found = replace(found, state=State(row["state"] or State.WITHHELD))
        return found if found.state is not State.WITHHELD else None

    def _opens(self, unmask: Any) -> bool:
        same = tuple(map(unmask.part, self.on.key)) == self.key
        return bool(same and (unmask.resource, unmask.field) == (self.on.name, self.field))


def _role(crowd: Crowd, person: int, position: int) -> str:
    return crowd.holding(person)[position - crowd.before(person)].role


def _alone(given: Grants, rule: Bound) -> Grants:
    """What one rule allows, under all that is denied."""
    kept = (each for each in given.bound if each is rule or each.rule.effect is Effect.DENY)
    return Grants(given.resource, given.action, tuple(kept))
