"""Whether one condition follows from others, and whether some can hold together: as far as form tells.

    A and B → A              A → A or B               (A or B) and not-possible(B) → A
    x eq 1 → x in [1, 2]     x gt 5 → x gt 3          owner eq $me → owner in $reports
    A → B  gives  r(A) → r(B), some r(A) → some r(B), every r(A) → every r(B), none r(B) → none r(A)

Both answers are sound: what is said to follow does on every row, in the reading that is asked for
(unknown counts as not holding where certainty is read, as holding where possibility is), and what is
said to contradict itself is true of no row. Neither is complete. Not seen are: what follows from
several comparisons together (x gte 5, x lte 5 → x eq 5), from constraints of the database, from one
relation about another (an order's line and the order's customer), from the values of a principal's
operands, and whatever needs more cases than `MOST_CASES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod

from policies.catalogue import Catalogue, Resource
from policies.conditions import And, Compare, Condition, Or, Quantified, Quantifier, Single, conjuncts
from policies.grounds import Ground
from policies.linting.comparisons import contradict, follows, is_impossible
from policies.predicates import OPPOSITE, Reading

MOST_CASES = 64
"""How many combinations of alternatives are looked at."""


@dataclass(frozen=True, slots=True)
class Entailment:
    """What follows from what, on the rows of one resource, in one reading."""

    catalogue: Catalogue
    on: Resource
    reading: Reading = Reading.CERTAIN

    def covers(self, wide: Iterable[Ground], narrow: Iterable[Ground]) -> bool:
        """Whether on every row that one of `narrow` opens, one of `wide` holds, too."""
        wanted = Or(tuple(And(tuple(ground)) for ground in wide))
        return all(self.entails(ground, wanted) for ground in narrow)

    def entails(self, given: Ground, wanted: Condition) -> bool:
        """Whether a condition holds wherever all the given ones do."""
        return all(self._implies(self._merged(case), wanted) for case in _cases(given))

    def _implies(self, given: Ground, wanted: Condition) -> bool:
        if not self.can_hold(given) and self.reading is Reading.CERTAIN:
            return True
        if wanted in given:
            return True
        if isinstance(wanted, And):
            return all(self._implies(given, part) for part in wanted.conditions)
        if isinstance(wanted, Or):
            return any(self._implies(given, part) for part in wanted.conditions)
        return any(self._follows(wanted, part) for part in given)

    def _follows(self, wanted: Condition, given: Condition) -> bool:
        if isinstance(wanted, Compare) and isinstance(given, Compare):
            same = wanted.field == given.field
            return same and follows(wanted, given, self.on.fields[wanted.field], self.reading)
        if isinstance(wanted, Single) and isinstance(given, Single) and wanted.relation == given.relation:
            return self._there(wanted.relation).entails(conjuncts(given.condition), wanted.condition)
        if isinstance(wanted, Quantified) and isinstance(given, Quantified):
            same = (wanted.relation, wanted.quantifier) == (given.relation, given.quantifier)
            return same and self._follows_of_each(wanted, given)
        return False

    def _follows_of_each(self, wanted: Quantified, given: Quantified) -> bool:
        there = self._there(wanted.relation)
        if wanted.quantifier is not Quantifier.NONE:
            return there.entails(conjuncts(given.condition), wanted.condition)
        turned = Entailment(there.catalogue, there.on, OPPOSITE[self.reading])
        return turned.entails(conjuncts(wanted.condition), given.condition)

    def _there(self, relation: str) -> Entailment:
        target = self.catalogue[self.on.relations[relation].target]
        return Entailment(self.catalogue, target, self.reading)

    def _merged(self, ground: Ground) -> Ground:
        """The same with all that is said of one related row said at once."""
        singles: dict[str, list[Condition]] = {}
        for part in ground:
            if isinstance(part, Single):
                singles.setdefault(part.relation, []).append(part.condition)
        merged = {Single(relation, And(tuple(parts))) for relation, parts in singles.items() if len(parts) > 1}
        return ground | merged

    def can_hold(self, ground: Ground) -> bool:
        """False where the conditions cannot all be true of one row."""
        return any(self._case_can_hold(self._merged(case)) for case in _cases(ground))

    def _case_can_hold(self, ground: Ground) -> bool:
        compared = [part for part in ground if isinstance(part, Compare)]
        pairs = ((a, b) for a, b in combinations(compared, 2) if a.field == b.field)
        if any(contradict(a, b, self.on.fields[a.field]) for a, b in pairs):
            return False
        return all(self._part_can_hold(part) for part in ground)

    def _part_can_hold(self, part: Condition) -> bool:
        if isinstance(part, Compare):
            return not is_impossible(part, self.on.fields[part.field])
        if isinstance(part, Or):
            return any(self.can_hold(conjuncts(alternative)) for alternative in part.conditions)
        if isinstance(part, Single) or (isinstance(part, Quantified) and part.quantifier is Quantifier.SOME):
            return self._there(part.relation).can_hold(conjuncts(part.condition))
        return True


def _cases(ground: Ground) -> Iterator[Ground]:
    """The ground once for each choice among its alternatives; as it is where these are too many."""
    choice = next((part for part in ground if isinstance(part, Or)), None)
    if choice is None or prod(_breadth(part) for part in ground) > MOST_CASES:
        yield ground
        return
    for alternative in choice.conditions:
        yield from _cases((ground - {choice}) | conjuncts(alternative))


def _breadth(condition: Condition) -> int:
    """How many cases a condition makes."""
    if isinstance(condition, Or):
        return sum(map(_breadth, condition.conditions))
    return prod(map(_breadth, condition.conditions)) if isinstance(condition, And) else 1
