"""States: how a field of a visible row is shown."""

from __future__ import annotations

from enum import StrEnum

from policies.levels import PLAIN, Level


class State(StrEnum):
    """How a field of a visible row is shown."""

    PLAIN = "plain"
    MASKED = "masked"
    WITHHELD = "withheld"


STATE, UPDATABLE = "state", "updatable"
"""A field's state, and whether it may be changed, stand in the view as the companions of these names."""

TOLD = "told"
"""A field's state for who is looked as stands in the view as the companion of this name."""

LEVEL = "level"
"""A field's level stands in the view as the companion of this name."""

ACCESS = "access"
"""What may be done with a row stands in the view as companions of this name."""


def state_of(level: Level | None) -> State:
    """The state of a field that is shown at a level."""
    return State.WITHHELD if level is None else State.PLAIN if level == PLAIN else State.MASKED
