"""An explanation: what is told of one principal and one row.

Explanation   the row and its fields' states, the rules that speak, and what would grant more
├ RuleTold    a rule, the assignment that it is bound to, whether it holds
│ └ PartTold  a part of its condition with its truth, and what was compared
└ Change      what would let a rule grant: comparisons that would have to come out otherwise
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policies.explaining.truths import Truth
from policies.rules import Rule
from policies.states import State


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison compared. `state` is how the asker sees the value; None where its row is not there for the asker."""

    state: State | None
    value: Any
    """None unless the asker reads it plain."""
    operand: Any
    """The principal's values, where the comparison is with these and the asker may know them."""
    refers: str | None
    """The resource whose keys are compared."""


@dataclass(frozen=True, slots=True)
class PartTold:
    """A part of a condition with its truth, and what was compared or counted."""

    text: str
    truth: Truth
    compared: Compared | None = None
    """Of a comparison."""
    met: int | None = None
    """Of a list: how many of the rows that the asker sees meet the condition, of how many."""
    of: int | None = None
    parts: tuple[PartTold, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule that speaks, bound to an assignment of the principal's or of what bounds the principal."""

    rule: Rule
    party: int
    role: str
    position: int
    gives: str
    """What it does with the row or field: `plain`, a mask's name, `deny`."""
    holds: bool | None
    """Whether an allow certainly holds, or a deny possibly; None where that is withheld."""
    condition: PartTold


@dataclass(frozen=True, slots=True)
class Wish:
    """A comparison (or a list's condition) that would have to become true, or, of a deny, false."""

    text: str
    """With the relations that lead to it: `customer.region in $assignment.regions`."""
    becomes: bool
    compared: Compared | None = None
    wanted: str | None = None
    """The field, where it would have to be the operand or one of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """The fewest wishes that would let a rule grant; several changes are alternatives."""

    rule: Rule
    party: int
    role: str
    gives: str
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is told. Of a row that is not there, or that the asker does not see, nothing is."""

    resource: str
    id: str
    found: bool = False
    visible: bool = False
    gone: str | None = None
    """For an operator: whether the row was deleted or erased."""
    field: str | None = None
    states: Mapping[str, State] = dataclasses.field(default_factory=dict)
    """By field, how the principal sees it; of the field asked for, or of all."""
    shown: Any = None
    """What the principal sees of the field asked for, where the asker reads it plain."""
    unmasks: tuple[str, ...] = ()
    """Of these fields an unmask is in force for the principal on the row, where the asker may know."""
    rules: tuple[RuleTold, ...] = ()
    changes: tuple[Change, ...] = ()
    roles: tuple[Change, ...] = ()
    """Roles that would grant it, with what an assignment of them would have to name."""
