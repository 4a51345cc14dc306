"""A row, or a field of it, in the views of then: compiled as those of now are, over tables as they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.identity.principals import Read
from app.services.policies.past.gaps import gaps, known
from app.services.policies.past.tables import as_they_were
from app.services.policies.seeing import Column, Seeing, Sight
from policies.conditions import Condition, Constant, Operand
from policies.crowd import Crowd
from policies.past import MOMENT
from policies.predicates import Row, bound
from policies.principal import Principal
from policies.rules import Policy
from policies.statements import Statement


@dataclass(frozen=True)
class PastSight(Sight):
    """A row, or a field of it, that is looked for in people's views of a moment. Its policy is `at_moment`."""

    at: dt.datetime
    now: Policy
    """The policy in force now, which bounds who asks."""

    async def then(self, read: Read, crowd: Crowd) -> tuple[list[Seeing], tuple[str, ...]]:
        """Those of a crowd who saw it, in their order; nobody, where it is not known: then the types it is not known of.

        Nobody is told, either, of a row that who asks would not have seen as it was, as of one that was not there.
        """
        seen = self._state(crowd.seen(self.now, self.on), None).label("seen")
        doubted = gaps(self.on, self._conditions(crowd), self._key).label("gaps")
        asked = self._sent(known(self.on, self._key).label("known"), seen, doubted, *self._people(crowd))
        row = await read(asked.sql, *asked.values(self._values(crowd.principal)))
        if row["known"] is False:
            return [], (self.on.name,)
        if row["seen"] is None:
            return [], ()
        return ([], tuple(row["gaps"])) if row["gaps"] else (await self._all(read, crowd, row), ())

    def _conditions(self, crowd: Crowd) -> Iterator[Condition]:
        for n in range(len(crowd.people)):
            yield from (each.rule.when for each in crowd.grants(self.policy, n, self.on).bound)

    @property
    def _key(self) -> Column:
        return bound(Constant(self.key[-1]), sa.Uuid())

    def _is(self, row: Row) -> sa.ColumnElement[bool]:
        """By its own id alone: it may have been another customer's."""
        return row["id"] == self._key

    def _sent(self, *columns: Column) -> Statement:
        return as_they_were(super()._sent(*columns))

    def _values(self, principal: Principal) -> Mapping[Operand, Any]:
        return principal.values_with({MOMENT: self.at})
