"""The algebra: what one party's rules say of a row and its fields.

f is plain      iff some allow rule without a mask for f certainly holds, and no deny rule for f possibly holds
f is masked(m)  iff not plain, some allow rule with mask m for f certainly holds, and no deny rule for f possibly holds
f is withheld   otherwise
f is plain, too, where it would be masked, the action `unmask` is granted for it, and an unmask of it is in force
the row is visible iff some allow rule of the resource certainly holds and no deny rule of the row possibly holds
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.oracle.logic import Truth
from tests.oracle.masks import ORDER
from tests.oracle.rules import Rule

PLAIN, WITHHELD = "plain", "withheld"


def certain(truth: Truth) -> bool:
    """What an allow needs."""
    return truth is True


def possible(truth: Truth) -> bool:
    """What is enough for a deny."""
    return truth is not False


@dataclass(frozen=True)
class Verdict:
    """The allow rules that certainly hold on a row, and the deny rules that possibly do."""

    allows: Sequence[Rule]
    denies: Sequence[Rule]
    unmasked: frozenset[str] = frozenset()
    """Fields that are plain where they would be masked."""

    @property
    def granted(self) -> bool:
        """Whether the row is: for reading, whether it is visible."""
        return bool(self.allows) and not any(rule.row for rule in self.denies)

    def shown(self, field: str) -> str:
        """PLAIN, the mask by which a field is shown, or WITHHELD."""
        if any(field in rule.shown for rule in self.denies):
            return WITHHELD
        found = {rule.shown[field] for rule in self.allows if field in rule.shown}
        if PLAIN in found:
            return PLAIN
        if found and field in self.unmasked:
            return PLAIN
        return next((mask for mask in ORDER if mask in found), WITHHELD)
