"""Text as it is stored: composed (NFC), trimmed, and with nothing in it that no reader could see."""

from __future__ import annotations

import re
import unicodedata

from app.services.errors import Invalid

PROSE = 100_000
"""Most characters of a text that has no limit of its own."""
MARKS = 30
"""Most combining marks in a row, UAX #15 "Stream-Safe Text Format"; composing takes the square of the time of a run."""
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
"""What is trimmed: white space, and spaces of no width."""

_breaks = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_unseen = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_between_lines = re.compile("[\n\t]+")


def prose(value: object, limit: int = PROSE) -> str | None:
    """A text of several lines; None where it is blank."""
    if not isinstance(value, str):
        raise Invalid("no_text")
    if len(value) > 4 * limit:  # four characters become one at most
        raise Invalid("too_long", max=limit)
    found = _breaks.sub("\n", _composed(value)).strip(SPACES)
    if _unseen.search(found):
        raise Invalid("unprintable")
    if len(found) > limit:
        raise Invalid("too_long", max=limit)
    return found or None


def line(value: object, limit: int = PROSE) -> str | None:
    """A text of one line; None where it is blank. Line breaks and tabs become spaces."""
    found = prose(value, limit)
    if found is None:
        return None
    return " ".join(part for part in (each.strip(SPACES) for each in _between_lines.split(found)) if part)


def _composed(text: str) -> str:
    if text.isascii():
        return text
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MARKS:
            raise Invalid("unprintable")
    return unicodedata.normalize("NFC", text)
