"""Regular expressions of operators, matched in time linear in the text, whatever they are (RE2).

What there is means the same in ECMAScript and in Python, so that a front end can show and check a pattern itself: literals, `.`,
classes (`[A-Z0-9]`, `\\d`, `\\w`, `\\s` and their opposites, all of them ASCII), groups, `|`, `?`, `*`, `+` and `{m,n}`. Back-references and
look-around are not there, for they alone need backtracking. A value matches as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

LONGEST = 200
"""Most characters of a pattern."""
GROUPS = 20
"""Most groups of a pattern."""
MEMORY = 2**20
"""Most bytes that a pattern may take, its repeats written out."""
_ESCAPED = r"\\[dwsDWS]|\\[^A-Za-z0-9]"
_CLASS = r"\[\^?(?:[^\\\[\]]|\\[dws]|\\[^A-Za-z0-9])+\]"
_COUNT = r"(?:1?[0-9]{1,2}|200)"
_REPEAT = rf"[?*+]|\{{{_COUNT}(?:,{_COUNT}?)?\}}"
_SOUND = re.compile(
    rf"\^?(?:(?:[^\\\[\](){{}}|?*+^$.]|\.|{_ESCAPED}|{_CLASS}|\))(?:{_REPEAT})?|\((?:\?:)?|\|)*\$?", re.DOTALL
)


class BadPattern(Exception):
    """A text that is no such pattern, or too large a one."""


def _options() -> Any:
    found = re2.Options()
    found.never_capture, found.log_errors, found.max_mem = True, False, MEMORY
    return found


@dataclass(frozen=True)
class Pattern:
    """A pattern, ready to be matched."""

    expression: Any

    def matches(self, text: str) -> bool:
        """Whether the text as a whole matches."""
        return self.expression.fullmatch(text) is not None


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """The pattern of a text. Raises BadPattern."""
    if len(text) > LONGEST:
        raise BadPattern(f"at most {LONGEST} characters")
    if text.count("(") > GROUPS:
        raise BadPattern(f"at most {GROUPS} groups")
    if not _SOUND.fullmatch(text):
        raise BadPattern(
            "of what expressions have, only literals, ., classes, \\d \\w \\s, groups, | and repeats are there"
        )
    try:
        return Pattern(re2.compile(text, _options()))
    except re2.error as fault:
        raise BadPattern(fault.args[0].decode(errors="replace")) from None
