"""What is known of the record whose value is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hints:
    """What a value may leave unsaid."""

    country: str | None = None
    """Country (ISO 3166-1 alpha-2) of telephone numbers that are written without one."""


NONE_KNOWN = Hints()
