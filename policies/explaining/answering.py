"""What came back of an explanation's statement, told: the rules, and what would grant more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policies.conditions import Compare, Operand, Operator, Quantified
from policies.explaining.changes import Search, Way, Wishes, of_assignment, ways
from policies.explaining.nodes import Node
from policies.explaining.rules import Speaking
from policies.explaining.told import Change, Compared, PartTold, RuleTold, Wish
from policies.explaining.truths import Truth, Truths
from policies.grounds import structural
from policies.rules import Effect
from policies.states import State
from policies.wording import in_words

ROW = "row"
"""What a rule gives where no field is asked for."""


def gives(each: Speaking, field: str | None) -> str:
    """What a rule does with a field: `plain`, a mask's name, `deny`; with the `row`, where no field is named; or nothing."""
    rule = each.rule
    if rule.effect is Effect.DENY:
        return "deny" if rule.row or field in rule.plain else ""
    if field is None:
        return ROW
    if field in rule.plain:
        return State.PLAIN.value
    return dict(rule.masked).get(field, "")


@dataclass(frozen=True)
class Answering:
    """What is told of a row that came back."""

    speaking: tuple[Speaking, ...]
    parties: int
    """How many the principal is, with what bounds it."""
    field: str | None
    operands: Mapping[Operand, Any]
    """Values of the principal's operands that may be told."""
    truths: Truths
    visible: bool
    states: Mapping[str, State]

    def rules(self) -> Iterator[RuleTold]:
        """Each rule that speaks."""
        for each in self.speaking:
            if each.position is not None:
                given, condition = gives(each, self.field), self._part(each.node)
                yield RuleTold(each.rule, each.party, each.role, each.position, given, self._holds(each), condition)

    def _holds(self, each: Speaking) -> bool | None:
        truth = self.truths.of(each.node)
        if truth is Truth.WITHHELD:
            return None
        return truth is Truth.TRUE if each.rule.effect is Effect.ALLOW else truth is not Truth.FALSE

    def _part(self, node: Node) -> PartTold:
        counted = self.truths.counted(node) if isinstance(node.bound, Quantified) else None
        met, of = counted or (None, None)
        parts = tuple(map(self._part, node.children))
        return PartTold(in_words(node.written), self.truths.of(node), self._compared(node), met, of, parts)

    def _compared(self, node: Node) -> Compared | None:
        if not isinstance(node.bound, Compare):
            return None
        told = self.operands.get(node.bound.operand)
        against = tuple(told) if isinstance(told, list) else told
        return Compared(self.truths.seen_as(node), self.truths.value(node), against, _refers(node))

    @cached_property
    def _enough(self) -> bool:
        """Whether there is nothing more to be granted."""
        return self.visible if self.field is None else self.states.get(self.field) is State.PLAIN

    def _helps(self, each: Speaking) -> bool:
        """Whether a rule would grant more than there is: of a field that is masked, plain."""
        given = gives(each, self.field)
        masked = self.field is not None and self.states.get(self.field) is State.MASKED
        return each.rule.effect is Effect.ALLOW and bool(given) and (given in (ROW, State.PLAIN) or not masked)

    def changes(self) -> Iterator[Change]:
        """Of each party that does not grant it, the smallest changes that would make it."""
        for party in range(self.parties) if not self._enough else ():
            mine = [each for each in self.speaking if each.party == party and each.position is not None]
            yield from self._changes(Search(self.truths), mine)

    def roles(self) -> Iterator[Change]:
        """Roles that would grant it as the row is, given an assignment that fits."""
        if self._enough or self.parties > 1:
            return
        mine = [each for each in self.speaking if each.position is not None]
        for role in dict.fromkeys(each.role for each in self.speaking if each.position is None):
            others = [each for each in self.speaking if each.role == role and each.position is None]
            denies = [each for each in mine if each.rule.effect is Effect.DENY]
            free = Search(self.truths, self._fits)
            found = ways(free, filter(self._helps, others), [*denies, *_denies(others)])
            if found and not found[0].cost:
                yield self._change(found[0], tuple(filter(of_assignment, found[0].allow.node.all())))

    def _fits(self, node: Node) -> bool:
        """Whether an assignment could name the value that is compared."""
        return of_assignment(node) and self.truths.value(node) is not None

    def _changes(self, search: Search, rules: Sequence[Speaking]) -> Iterator[Change]:
        told: set[tuple[Wish, ...]] = set()
        for way in ways(search, filter(self._helps, rules), _denies(rules)):
            change = self._change(way, way.true)
            if way.cost and change.wishes not in told:
                told.add(change.wishes)
                yield change

    def _change(self, way: Way, true: Wishes) -> Change:
        wishes = [self._wish(node, becomes=True) for node in true]
        wishes.extend(self._wish(node, becomes=False) for node in way.false)
        each = way.allow
        return Change(each.rule, each.party, each.role, gives(each, self.field), tuple(wishes))

    def _wish(self, node: Node, *, becomes: bool) -> Wish:
        way, compared = "".join(f"{relation.name}." for relation in node.path), self._compared(node)
        is_one_of = isinstance(node.bound, Compare) and node.bound.operator in (Operator.EQ, Operator.IN)
        wanted = f"{way}{node.bound.field}" if isinstance(node.bound, Compare) and is_one_of and becomes else None
        return Wish(way + in_words(node.written), becomes, compared, wanted)


def _denies(rules: Sequence[Speaking]) -> list[Speaking]:
    return [each for each in rules if each.rule.effect is Effect.DENY]


def _refers(node: Node) -> str | None:
    """The resource whose keys a comparison compares."""
    assert isinstance(node.bound, Compare)
    name = node.bound.field
    if name in structural(node.on) and node.on.fields[name].column.name == "id":
        return node.on.name
    single = (relation for relation in node.on.relations.values() if not relation.many and not relation.fixed)
    return next((relation.target for relation in single if relation.field == name), None)
