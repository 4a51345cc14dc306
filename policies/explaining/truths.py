"""What came back of each node, as far as the asker may know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policies.conditions import Compare, Quantified
from policies.explaining.asking import MET, OF, SEEN_AS, TRUTH, VALUE
from policies.explaining.eyes import Eyes
from policies.explaining.nodes import Node
from policies.states import State


class Truth(StrEnum):
    """What a condition is of a row; withheld where it would tell what the asker does not read plain."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


TRUTHS = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNKNOWN}


@dataclass(frozen=True)
class Truths:
    """The columns of one row, read by node."""

    row: Mapping[str, Any]
    eyes: Eyes

    def of(self, node: Node) -> Truth:
        """The truth of a node."""
        return TRUTHS[self.row[f"{TRUTH}{node.number}"]] if self.known(node) else Truth.WITHHELD

    def known(self, node: Node) -> bool:
        """Whether the asker reads plain all that the node's truth rests on."""
        if not self.eyes.bounded:
            return True
        if isinstance(node.bound, Compare):
            return self.seen_as(node) is State.PLAIN
        if isinstance(node.bound, Quantified):
            target = node.on.relations[node.bound.relation].target
            return self.counted(node) is not None and self.eyes.sees_all(self.eyes.catalogue[target])
        return all(map(self.known, node.children))

    def seen_as(self, node: Node) -> State | None:
        """How the asker sees the value that a node compares; None where its row is not there for the asker."""
        found = self.row[f"{SEEN_AS}{node.number}"]
        return None if found is None else State(found)

    def value(self, node: Node) -> Any:
        """The value that a node compares, where the asker reads it plain."""
        return self.row[f"{VALUE}{node.number}"] if self.seen_as(node) is State.PLAIN else None

    def counted(self, node: Node) -> tuple[int, int] | None:
        """Of a list: how many of the rows that the asker sees meet the condition, and how many there are."""
        if not self.row.get(f"{SEEN_AS}{node.number}"):
            return None
        return self.row[f"{MET}{node.number}"], self.row[f"{OF}{node.number}"]
