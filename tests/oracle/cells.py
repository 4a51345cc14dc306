"""What a view holds."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

MASKED = "masked"


class Cell(NamedTuple):
    """A field of a visible row."""

    value: Any
    """What is shown."""
    state: str
    """PLAIN, MASKED or WITHHELD: decided by grounds, never by values."""
    companions: tuple[Any, ...] = ()
    """What is shown of the columns that are part of the field."""


View: TypeAlias = dict[tuple[Any, ...], dict[str, Cell]]
"""The cells of the visible rows by key and field."""
