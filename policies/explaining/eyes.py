"""Through whose eyes a row is looked at: all that is told of values comes from these rows.

An asker sees the views of the asker's own rights; an operator, who has the database anyway, the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from policies.catalogue import Catalogue, Relation, Resource
from policies.conditions import Condition, Quantified, fields_read
from policies.document import Action
from policies.grants import Grants, grants
from policies.grounds import structural
from policies.predicates import Rows, companion, joins
from policies.principal import GrantShape
from policies.rules import Policy
from policies.standing import base_rows
from policies.states import STATE, State
from policies.view import View

Column = sa.ColumnElement[Any]


class Eyes(Protocol):
    """What can be seen of rows."""

    @property
    def catalogue(self) -> Catalogue:
        """All resources."""

    def rows(self, on: Resource, fields: Iterable[str]) -> Rows:
        """The rows of a resource, with some fields."""

    def state(self, there: Rows, on: Resource, field: str) -> Column:
        """How a field of such a row is seen; nothing (NULL) where it points to a row that is not."""

    def counts(self, listed: Quantified, on: Resource) -> bool:
        """Whether it may be told how many of the related rows that are seen meet a condition."""

    def sees_all(self, on: Resource) -> bool:
        """Whether every row is seen."""

    @property
    def bounded(self) -> bool:
        """Whether there is anything that is not seen."""


@dataclass(frozen=True)
class Unbounded:
    """An operator, who sees the tables, without deleted rows."""

    catalogue: Catalogue

    def rows(self, on: Resource, fields: Iterable[str]) -> Rows:
        return base_rows(on)

    def state(self, there: Rows, on: Resource, field: str) -> Column:
        return sa.literal_column(f"'{State.PLAIN.value}'", sa.Text())

    def counts(self, listed: Quantified, on: Resource) -> bool:
        return True

    def sees_all(self, on: Resource) -> bool:
        return True

    @property
    def bounded(self) -> bool:
        return False


@dataclass(frozen=True)
class Asker:
    """Sees the views of the parties of a shape from one on: the asker, and what bounds the asker."""

    policy: Policy
    shape: GrantShape
    first: int

    @property
    def catalogue(self) -> Catalogue:
        return self.policy.catalogue

    def _grants(self, on: Resource) -> tuple[Grants, ...]:
        parties = range(self.first, len(self.shape))
        return tuple(grants(self.policy, self.shape, party, on, Action.READ) for party in parties)

    def rows(self, on: Resource, fields: Iterable[str]) -> Rows:
        names = sorted({part for name in fields for part in (name, *led_by(on, name))})
        view = View(self.policy, on, self._grants(on)).select(names, names, {}, {}).subquery()
        return Rows(view, view.c)

    def state(self, there: Rows, on: Resource, field: str) -> Column:
        state = there.row[companion(on.fields[field].column.name, STATE)]
        if self._leads_to_seen(on, field):
            return state
        return sa.case((sa.or_(*(self._leads(there, relation) for relation in pointing(on, field))), state))

    def _leads_to_seen(self, on: Resource, field: str) -> bool:
        """Whether every row is seen that a field points to; a key that is part of the row's own is known anyway."""
        leads = pointing(on, field) if field not in structural(on) else []
        return all(self.sees_all(self.catalogue[relation.target]) for relation in leads)

    def _leads(self, there: Rows, relation: Relation) -> Column:
        """Whether the row is seen to which a relation leads."""
        target = self.rows(self.catalogue[relation.target], ())
        found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(target.rows)
        joined = joins(relation, there.row, target.row)
        return found.where(joined).correlate_except(target.rows).exists()

    def counts(self, listed: Quantified, on: Resource) -> bool:
        return self._knows(listed, on, on.relations[listed.relation].target)

    def knows(self, condition: Condition, on: Resource) -> bool:
        """Whether it is known of each row that is seen what a condition comes to."""
        return self._knows(condition, on, on.name)

    def _knows(self, condition: Condition, on: Resource, seen: str) -> bool:
        """Whether all that a condition reads is plain and there, on the rows of one resource that are seen."""
        read = list(fields_read(condition, on, self.policy.catalogue))
        plain = all(party.state(name) is State.PLAIN for at, name in read for party in self._grants(at))
        return plain and all(
            (at.name == seen or self.sees_all(at)) and self._leads_to_seen(at, name) for at, name in read
        )

    def sees_all(self, on: Resource) -> bool:
        return all(party.every_row for party in self._grants(on))

    @property
    def bounded(self) -> bool:
        return True


def pointing(on: Resource, field: str) -> list[Relation]:
    """The relations that lead where a field points to."""
    return [relation for relation in on.relations.values() if not relation.many and relation.field == field]


def led_by(on: Resource, field: str) -> Iterator[str]:
    """The fields that say where a field points to."""
    for relation in pointing(on, field):
        yield from relation.fields


def along(
    eyes: Eyes, catalogue: Catalogue, path: tuple[Relation, ...], fields: Iterable[str] = ()
) -> list[tuple[Resource, Rows]]:
    """The rows at each step of a path as they are seen, the last with some fields; joined by `linked`."""
    found = []
    for relation, following in zip(path, (*path[1:], None), strict=False):
        needed = {*relation.fields} if relation.many else set()
        if following is None:
            needed.update(fields)
        elif not following.many:
            needed.update(following.fields)
        on = catalogue[relation.target]
        found.append((on, eyes.rows(on, needed)))
    return found


def linked(path: tuple[Relation, ...], here: Rows, steps: list[tuple[Resource, Rows]]) -> sa.ColumnElement[bool]:
    """What joins the steps of a path to a row."""
    rows = [here, *(there for _, there in steps)]
    pairs = zip(path, rows, rows[1:], strict=False)
    kept = (there.kept for _, there in steps)
    return sa.and_(sa.true(), *(joins(relation, a.row, b.row) for relation, a, b in pairs), *kept)
