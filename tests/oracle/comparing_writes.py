"""What is answered of writes against what the oracle says: each permit before and after, and what rows offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pprint import pformat
from typing import Any

from policies.document import Action
from policies.permits import settled
from tests.oracle import writing
from tests.oracle.bridge import principal
from tests.oracle.judging import Oracle
from tests.oracle.permitting import Answered, Change, Key, Offer, Permitted


@dataclass(frozen=True)
class WriteComparison:
    """The answers of writes beside the oracle's."""

    answered: Answered

    @cached_property
    def before(self) -> Oracle:
        """The oracle of the rows before."""
        case = self.answered.writes.case
        return Oracle(case.made.model, case.documents, case.rows, self.answered.before)

    @cached_property
    def after(self) -> Oracle:
        """The oracle of the rows after."""
        case = self.answered.writes.case
        return Oracle(case.made.model, case.documents, self.answered.writes.after, self.answered.after)

    @property
    def agrees(self) -> bool:
        """Whether all is as the oracle says."""
        return not any(any(self._differences(each)) for each in self.answered.permitted)

    def check(self) -> list[int]:
        """Fails where something is not as the oracle says; else on how many rows each change is permitted."""
        for each in self.answered.permitted:
            for difference in self._differences(each):
                raise AssertionError(self._told(each, difference))
        return [len(change.before) for each in self.answered.permitted for change in each.changes]

    def _differences(self, each: Permitted) -> Iterator[Any]:
        for change in each.changes:
            yield from self._of_change(each, change)
        expected = self._offers(each)
        if expected != each.offers:
            yield "what rows offer", expected, each.offers
        yield from _untrue(each)

    def _of_change(self, each: Permitted, change: Change) -> Iterator[Any]:
        before, after = self._expected(each, change)
        how = str(change.permit.action), sorted(change.permit.fields)
        if change.permit.action is not Action.CREATE and before != change.before:
            yield "before", *how, before, change.before
        if change.permit.possible and after != change.after:
            yield "after", *how, after, change.after
        if not change.permit.possible and (change.after or (before and after)):
            yield "never", *how, before, after, change.after

    def _expected(self, each: Permitted, change: Change) -> tuple[set[Key], set[Key]]:
        """The keys of the rows that may be changed so, and of those that may be left so."""
        on, who, writes = self.before.model[each.on.name], principal(each.who), self.answered.writes
        how, fields = (who, str(change.permit.action), on.name), sorted(change.permit.fields)
        create = change.permit.action is Action.CREATE
        permits = writing.granted if create else writing.before
        before = {on.key_of(row) for row in writes.case.rows[on.name] if permits(self.before, *how, row, fields)}
        after = {on.key_of(row) for row in writes.after[on.name] if writing.granted(self.after, *how, row, fields)}
        return before, after

    def _offers(self, each: Permitted) -> dict[Key, Offer]:
        name, who = each.on.name, principal(each.who)
        rows = [row for row in self.answered.writes.case.rows[name] if self.before.visible(who, name, row)]
        return {
            self.before.model[name].key_of(row): Offer(
                {field: field in writing.updatable(self.before, who, name, row) for field in each.on.fields},
                writing.can_update(self.before, who, name, row),
                writing.can_delete(self.before, who, name, row),
            )
            for row in rows
        }

    def _told(self, each: Permitted, difference: Any) -> str:
        case = self.answered.writes.case
        parts = {"asked by": each.who, "rows": case.rows, "rows after": self.answered.writes.after}
        said = "\n".join(f"{name}: {pformat(part, sort_dicts=False, width=140)}" for name, part in parts.items())
        return "\n".join([f"{each.on.name} of model {case.made.seed}", *case.texts.values(), said, pformat(difference)])


def _untrue(each: Permitted) -> Iterator[Any]:
    """What is told without asking the database and is not so in the database."""
    for change in each.changes:
        told = change.permit.settled if change.permit.action is not Action.CREATE else None
        if told is not None and change.before != (each.offers.keys() if told else set()):
            yield "settled", change.permit.action, told, change.before
    told = settled(each.ways)
    if told is not None and any(offer.can_update is not told for offer in each.offers.values()):
        yield "settled ways", told, each.offers
