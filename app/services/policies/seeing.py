"""Who sees a row, or a field of it: the states of many people's views, in one statement for many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.identity.principals import Read
from policies.access import access
from policies.catalogue import Resource
from policies.conditions import Constant
from policies.crowd import Crowd
from policies.grants import Grants
from policies.predicates import Row, bound, companion
from policies.principal import Principal
from policies.rules import Effect, Policy
from policies.statements import statement
from policies.states import STATE, State
from policies.view import View

Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Seeing:
    """Somebody who sees it, and by which roles."""

    user: UUID
    state: State
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """A row, or a field of it, that is looked for in people's views."""

    policy: Policy
    on: Resource
    key: tuple[UUID, ...]
    field: str | None

    async def of(self, read: Read, crowd: Crowd) -> list[Seeing] | None:
        """Those of a crowd who see it, in their order; None where the row is not in the view of who asks."""
        columns = [self._seen(crowd), *(column for n in range(len(crowd.people)) for column in self._of(crowd, n))]
        asked = statement(sa.select(*columns))
        row = await read(asked.sql, *asked.values(crowd.principal.values))
        if row["seen"] is None:
            return None
        told = [self._told(crowd, n, row) for n in range(len(crowd.people))]
        return [each for n, found in enumerate(told) if (each := await self._unmasked(read, crowd.people[n], found))]

    def _seen(self, crowd: Crowd) -> Column:
        return self._state(crowd.seen(self.policy, self.on), None).label("seen")

    def _of(self, crowd: Crowd, person: int) -> Iterator[Column]:
        """The state for a person; for who holds several roles that of each by itself, too."""
        given = crowd.grants(self.policy, person, self.on)
        yield self._state(View(self.policy, self.on, (given,)), self.field).label(f"s{person}")
        roles = self._roles(crowd, person, given)
        for n, role in enumerate(roles if len(roles) > 1 else ()):
            alone = _alone(crowd, person, given, role)
            yield self._state(View(self.policy, self.on, (alone,)), self.field).label(f"s{person}_{n}")

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

    def _roles(self, crowd: Crowd, person: int, given: Grants) -> Sequence[str]:
        """The roles whose rules allow something."""
        allows = (each for each in given.bound if each.rule.effect is Effect.ALLOW)
        return list(dict.fromkeys(_role(crowd, person, each.position) for each in allows))

    def _told(self, crowd: Crowd, person: int, row: Any) -> Seeing:
        given = crowd.grants(self.policy, person, self.on)
        roles = self._roles(crowd, person, given)
        if len(roles) > 1:
            roles = [role for n, role in enumerate(roles) if row[f"s{person}_{n}"] not in (None, State.WITHHELD)]
        found = row[f"s{person}"]
        return Seeing(crowd.people[person].id, State.WITHHELD if found is None else State(found), tuple(roles))

    async def _unmasked(self, read: Read, person: Principal, found: Seeing) -> Seeing | None:
        """What is seen with the unmasks that are in force; None where nothing is."""
        if found.state is State.MASKED and any(self._opens(each) for each in person.unmasks):
            rights = access(self.policy, person.shape)
            asked = statement(sa.select(self._state(rights.on(self.on).view, self.field).label("state")))
            row = await read(asked.sql, *asked.values(person.values))
            found = replace(found, state=State(row["state"] or State.WITHHELD))
        return found if found.state is not State.WITHHELD else None

    def _opens(self, unmask: Any) -> bool:
        same = tuple(map(unmask.part, self.on.key)) == self.key
        return bool(same and (unmask.resource, unmask.field) == (self.on.name, self.field))


def _role(crowd: Crowd, person: int, position: int) -> str:
    return crowd.holding(person)[position - crowd.before(person)].role


def _alone(crowd: Crowd, person: int, given: Grants, role: str) -> Grants:
    """What one role allows, under all that is denied."""
    kept = [
        each for each in given.bound if each.rule.effect is Effect.DENY or _role(crowd, person, each.position) == role
    ]
    return Grants(given.resource, given.action, tuple(kept))
