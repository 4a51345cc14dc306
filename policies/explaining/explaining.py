"""Why a principal sees a row, or a field of it, as it does: asked of PostgreSQL in one statement, told to an asker.

The asker is bound to the same statement as one more party, so that nothing is told which the asker's
own views do not show: of a value not read plain its state, of a truth that rests on one nothing, and
of a row not seen what is told of one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from policies.catalogue import Resource
from policies.explaining.answering import Answering, gives
from policies.explaining.asking import Asking
from policies.explaining.eyes import Asker, Eyes, Unbounded
from policies.explaining.rules import Speaking, speaking, suggesting
from policies.explaining.told import Explanation
from policies.explaining.truths import Truths
from policies.looking import together
from policies.principal import Principal
from policies.rules import Policy
from policies.standing import DELETED, ERASED
from policies.statements import Statement
from policies.states import State


@dataclass(frozen=True)
class Explaining:
    """One question: of a principal, a row, and a field of it or all; asked by someone, or by an operator (None)."""

    policy: Policy
    principal: Principal
    on: Resource
    key: tuple[UUID, ...]
    id: str
    field: str | None = None
    asker: Principal | None = None
    active: Policy | None = None
    """The policy that bounds the asker, where it is not the one that is asked of."""
    tells_operands: bool = True
    """Whether the asker may know the principal's operands: who reports to it, its regions and departments, its unmasks."""

    @cached_property
    def both(self) -> Principal:
        return self.principal if self.asker is None else together(self.principal, self.asker)

    @cached_property
    def eyes(self) -> Eyes:
        if self.asker is None:
            return Unbounded(self.policy.catalogue)
        return Asker(self.active or self.policy, self.both.shape, len(self.principal.shape))

    @cached_property
    def rules(self) -> tuple[Speaking, ...]:
        """The rules that speak of the row or the field, then those of roles that might be held."""
        numbers, shape = count(), self.principal.shape
        held = filter(self._is_about, speaking(self.policy, shape, self.on, numbers))
        others = filter(self._is_about, suggesting(self.policy, self.on, numbers))
        return (*held, *others)

    def _is_about(self, each: Speaking) -> bool:
        rule = each.rule
        return self.field is None or rule.row or bool(gives(each, self.field))

    @property
    def fields(self) -> Sequence[str]:
        return list(self.on.fields) if self.field is None else [self.field]

    def statement(self) -> tuple[Statement, list[Any]]:
        """The statement, and its parameters."""
        parties = len(self.principal.shape)
        asking = Asking(self.policy, self.both.shape, parties, self.eyes, self.on, self.rules, self.field)
        found = asking.statement(self.key, self.fields)
        return found, found.values(self.both.values)

    def read(self, row: Mapping[str, Any] | None) -> Explanation:
        """What is told of the statement's row."""
        nothing = Explanation(self.on.name, self.id, field=self.field)
        if row is None or (self.asker is not None and not row["seen"]):
            return nothing
        states = {name: State(row[f"state_{name}"]) for name in self.fields} if row["visible"] else {}
        gone = DELETED if row[DELETED] else ERASED if row[ERASED] else None
        told = self._answering(Truths(row, self.eyes), states)
        return replace(
            nothing,
            found=True,
            visible=row["visible"],
            gone=gone and gone.removesuffix("_at"),
            states=states,
            shown=row.get("shown"),
            unmasks=tuple(self._unmasks()),
            rules=tuple(told.rules()),
            changes=tuple(told.changes()) if gone is None else (),
            roles=tuple(told.roles()) if gone is None else (),
        )

    def _unmasks(self) -> Iterator[str]:
        for each in self.principal.unmasks if self.tells_operands else ():
            is_of_row = each.resource == self.on.name and tuple(map(each.part, self.on.key)) == self.key
            if is_of_row and each.field in self.fields:
                yield each.field

    def _answering(self, truths: Truths, states: Mapping[str, State]) -> Answering:
        operands = self.principal.values if self.tells_operands else {}
        visible = bool(truths.row["visible"])
        return Answering(self.rules, len(self.principal.shape), self.field, operands, truths, visible, states)
