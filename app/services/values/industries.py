"""Industries: International Standard Industrial Classification of All Economic Activities (ISIC), Rev. 4."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.services.errors import Invalid

SECTIONS: Mapping[str, tuple[int, int]] = {
    "A": (1, 3),
    "B": (5, 9),
    "C": (10, 33),
    "D": (35, 35),
    "E": (36, 39),
    "F": (41, 43),
    "G": (45, 47),
    "H": (49, 53),
    "I": (55, 56),
    "J": (58, 63),
    "K": (64, 66),
    "L": (68, 68),
    "M": (69, 75),
    "N": (77, 82),
    "O": (84, 84),
    "P": (85, 85),
    "Q": (86, 88),
    "R": (90, 93),
    "S": (94, 96),
    "T": (97, 98),
    "U": (99, 99),
}
"""First and last division of each section."""

_form = re.compile("([A-U])?([0-9]{2})?[0-9]{0,2}").fullmatch


def industry(text: str) -> str:
    """A section (`C`), or a division, group or class with or without its section (`C10`, `101`, `1011`)."""
    found = text.upper()
    form = _form(found)
    if form is None or not _exists(form[1], form[2], found):
        raise Invalid("no_industry")
    return found


def _exists(section: str | None, division: str | None, code: str) -> bool:
    if division is None:
        return section is not None and code == section
    sections = SECTIONS.values() if section is None else (SECTIONS[section],)
    return any(first <= int(division) <= last for first, last in sections)
