"""What a party's grants say of one row, as fragments: each condition is compiled once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from policies.conditions import Condition
from policies.fragments import Fragment, Fragments, either, every, together
from policies.grounds import Ground, given
from policies.predicates import Reading
from policies.standing import Standing


@dataclass(frozen=True)
class Told:
    """The standing of a row as SQL text."""

    standing: Standing
    fragments: Fragments
    _known: dict[tuple[Condition, Reading], Fragment] = field(default_factory=dict, repr=False)

    def _condition(self, condition: Condition, reading: Reading) -> Fragment:
        key = condition, reading
        if key not in self._known:
            compiled = self.fragments.of(self.standing.condition(condition, reading))
            self._known[key] = together("(", compiled, ")")
        return self._known[key]

    def _ground(self, ground: Ground, reading: Reading) -> Fragment:
        found = every(*(self._condition(condition, reading) for condition in sorted(ground, key=repr)))
        return together("(", found, ")") if len(ground) > 1 else found

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
