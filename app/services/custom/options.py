"""The values to choose from: each a text, or an object with `value` and, by locale, `label`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST, LONGEST = 200, 200
"""Most options of a field, and most characters of one, or of its label."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose, and what it is called."""

    value: str
    label: Mapping[str, str] = field(default_factory=dict)


def read_options(written: object) -> tuple[Option, ...]:
    """The options that are written; what is none is left out."""
    listed = written if isinstance(written, list) else []
    found = (_option(each) for each in listed)
    return tuple(each for each in found if each is not None)


def is_list_of_options(written: object) -> bool:
    """Whether it is a list of some options, no two alike."""
    options = read_options(written)
    is_whole = isinstance(written, list) and len(written) == len(options)
    return is_whole and 0 < len(options) <= MOST and len({each.value for each in options}) == len(options)


def is_wording(written: object) -> bool:
    """Whether it gives a text for each of some languages."""
    return isinstance(written, dict) and 0 < len(written) <= MOST and all(map(_is_text, written.values()))


def _option(written: object) -> Option | None:
    if _is_text(written):
        return Option(str(written))
    if not isinstance(written, dict) or not _is_text(written.get("value")) or not written.keys() <= {"value", "label"}:
        return None
    label = written.get("label", {})
    return Option(written["value"], label) if not label or is_wording(label) else None


def _is_text(written: object) -> bool:
    return isinstance(written, str) and bool(written.strip()) and len(written) <= LONGEST
