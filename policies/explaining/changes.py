"""The smallest change that would grant: the fewest comparisons that would have to come out otherwise.

A search over the truths that PostgreSQL gave, not an evaluation: nothing is known of values that are
not compared. An allow must become certainly true, and each deny that possibly holds certainly false.
What rests on what the asker may not know is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from policies.conditions import And, Compare, Or, Single
from policies.explaining.nodes import Node
from policies.explaining.rules import Speaking, is_of_assignment
from policies.explaining.truths import Truth, Truths

Wishes = tuple[Node, ...]
"""Leaves that would have to change."""


@dataclass(frozen=True)
class Search:
    """Looks for the fewest leaves to change. `free` are leaves that need no wish."""

    truths: Truths
    free: Callable[[Node], bool] = lambda node: False

    def towards(self, node: Node, *, wanted: bool) -> Wishes | None:
        """The fewest leaves by which a node becomes true (or false); None where that cannot be told."""
        truth = self.truths.of(node)
        if truth is (Truth.TRUE if wanted else Truth.FALSE) or (wanted and self.free(node)):
            return ()
        if isinstance(node.bound, (And, Or)):
            each = [self.towards(child, wanted=wanted) for child in node.children]
            together = isinstance(node.bound, And) is wanted
            return _all(each) if together else _fewest(each)
        if isinstance(node.bound, Single):
            return self.towards(node.children[0], wanted=wanted)
        return None if truth is Truth.WITHHELD else (node,)


def _all(each: Sequence[Wishes | None]) -> Wishes | None:
    found: list[Node] = []
    for wishes in each:
        if wishes is None:
            return None
        found.extend(wishes)
    return tuple(found)


def _fewest(each: Iterable[Wishes | None]) -> Wishes | None:
    known = [wishes for wishes in each if wishes is not None]
    return min(known, key=len) if known else None


def of_assignment(node: Node) -> bool:
    """Whether a comparison is with an operand that an assignment brings."""
    return isinstance(node.written, Compare) and is_of_assignment(node.written.operand)


@dataclass(frozen=True, slots=True)
class Way:
    """What would let an allow grant: leaves to become true, and leaves of denies to become false."""

    allow: Speaking
    true: Wishes
    false: Wishes

    @property
    def cost(self) -> int:
        return len(self.true) + len(self.false)


def ways(search: Search, allows: Iterable[Speaking], denies: Iterable[Speaking]) -> list[Way]:
    """The cheapest ways in which one of the allows would grant; none where a deny cannot be lifted."""
    lifted = _all([search.towards(deny.node, wanted=False) for deny in denies])
    if lifted is None:
        return []
    each = [(allow, search.towards(allow.node, wanted=True)) for allow in allows]
    found = [Way(allow, wishes, lifted) for allow, wishes in each if wishes is not None]
    cheapest = min((way.cost for way in found), default=0)
    return [way for way in found if way.cost == cheapest]
