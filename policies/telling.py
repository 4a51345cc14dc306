"""What a party's grants say of one row, as fragments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from policies.conditions import Attribute, Condition, Operand, with_operands
from policies.fragments import Fragment, Fragments, either, every, together
from policies.grounds import Ground, given
from policies.predicates import Reading, parameter
from policies.standing import Standing


@dataclass(frozen=True)
class Told:
    """The standing of a row as SQL text."""

    standing: Standing
    fragments: Fragments

    def _compiled(self, condition: Condition, reading: Reading) -> Fragment:
        return together("(", self.fragments.of(self.standing.condition(condition, reading)), ")")

    def _bound(self, condition: Condition, reading: Reading) -> Fragment:
        """The condition as it is compiled for all assignments, with the parameters of its own: of one assignment. One that
        speaks of several is compiled as it is.
        """
        attributes: set[Attribute] = set()

        def of_all(operand: Operand) -> Operand:
            if not isinstance(operand, Attribute):
                return operand
            attributes.add(operand)
            return Attribute(operand.name)

        general = with_operands(condition, of_all)
        own = {Attribute(each.name): each for each in attributes}
        if len(own) < len(attributes):
            return self._compiled(condition, reading)
        found = self.fragments.once((general, reading), self._compiled, general, reading)
        return self.fragments.exchanged(
            found, lambda each: parameter(own[each.value], each.type) if each.value in own else None
        )

    def _condition(self, condition: Condition, reading: Reading) -> Fragment:
        return self.fragments.once((condition, reading, "bound"), self._bound, condition, reading)

    def _all_of(self, ground: Ground, reading: Reading) -> Fragment:
        found = every(*(self._condition(condition, reading) for condition in sorted(ground, key=repr)))
        return together("(", found, ")") if len(ground) > 1 else found

    def _ground(self, ground: Ground, reading: Reading) -> Fragment:
        return self.fragments.once((ground, reading), self._all_of, ground, reading)

    def _holds(self, grounds: Iterable[Ground], reading: Reading) -> Fragment:
        return either(*(self._ground(ground, reading) for ground in grounds))

    def undenied(self, grounds: tuple[Ground, ...]) -> Fragment | None:
        """None of a row's or a field's grounds of denial possibly holds; None where there is none."""
        return together(self._holds(grounds, Reading.POSSIBLE), " IS false") if grounds else None

    @cached_property
    def granted(self) -> Fragment:
        """The row is granted."""
        rows = self.standing.grants.rows
        return every(self._holds(rows.allowed, Reading.CERTAIN), self.undenied(rows.denied))

    def allowed(self, grounds: Iterable[Ground]) -> Fragment:
        """Of a row that is granted: one of a field's grounds holds."""
        return self._holds(given(grounds, self.standing.grants.rows.allowed), Reading.CERTAIN)
