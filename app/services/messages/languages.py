"""Which language a caller reads, RFC 9110 section 12.5.4 (Accept-Language)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

ENGLISH, CHINESE = "en", "zh-CN"
LANGUAGES: Mapping[str, re.Pattern[str]] = {
    ENGLISH: re.compile("en(?:-.+)?"),
    CHINESE: re.compile("zh(?:-hans)?(?:-cn)?|zh-hans-.+"),
}
"""The languages that messages are written in, with the ranges that each answers."""

_item = re.compile(
    r"([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
).fullmatch


@dataclass(frozen=True, order=True, slots=True)
class _Wish:
    """How much a range is wished for; of two alike the first in the header, of two for one language the narrower."""

    narrowness: int
    quality: float
    place: int
    range: str


def language_of(accept: str | None) -> str:
    """The language that a header asks for; English where it asks for none of ours, or cannot be read."""
    return _asked(accept) if accept else ENGLISH


@lru_cache(maxsize=64)
def _asked(accept: str) -> str:
    wishes = _wishes(accept.lower())
    return max(LANGUAGES, key=lambda language: _rank(LANGUAGES[language], wishes))


def _wishes(header: str) -> list[_Wish]:
    items = [item.strip(" \t") for item in header.split(",")]
    forms = [_item(item) for item in items if item]
    found = []
    for place, form in enumerate(forms):
        if form is None:
            return []
        language = form[1]
        found.append(_Wish(0 if language == "*" else len(language), float(form[2] or 1), -place, language))
    return found


def _rank(answers: re.Pattern[str], wishes: list[_Wish]) -> tuple[float, int]:
    """Quality and place of the wish for a language; less than any where it is not wished for."""
    own = [wish for wish in wishes if wish.range == "*" or answers.fullmatch(wish.range)]
    best = max(own, default=None)
    return (best.quality, best.place) if best and best.quality else (0, 1)
