"""What can be made of a text on its way into a field: pure functions, None standing for an empty value."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from app.services.importing.document import DecimalPart, MatchPart, SplitPart, StepPart, TimePart

Transform: TypeAlias = Callable[[str], Any]

REMEMBERED = 1 << 16
"""How many texts a costly transform remembers the outcome of."""
NOTHING = "\x1a"
"""The old sign for the end of a file: a cell of it alone is empty, so it may stand for an empty value in COPY."""
OTHERWISE = "*"
"""The entry of a map for every text that has none of its own."""


class Refusal(Exception):
    """A value that cannot be taken, and why."""


def written(value: Any) -> str:
    """A value as a text: what templates, keys and further transforms see of it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def squeeze(text: str) -> str:
    """Every run of white space becomes one space."""
    return " ".join(text.split())


def capitals(text: str) -> str:
    """The first letter of each word is a capital, the others are small."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split())


def slug(text: str) -> str:
    """Small ASCII letters and digits, all else becoming single hyphens; accents are dropped."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def digits(text: str) -> str:
    """The digits alone."""
    return "".join(re.findall(r"[0-9]", text))


def email(text: str) -> str:
    """An e-mail address in lower case. Its domain needs no dot: `user@host` is an address too."""
    found = text.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", found):
        raise Refusal(f"{text!r} is no e-mail address")
    return found


WORD_TRANSFORMS: Mapping[str, Transform] = {
    "trim": str.strip,
    "squeeze": squeeze,
    "lower": str.lower,
    "upper": str.upper,
    "capitals": capitals,
    "slug": slug,
    "digits": digits,
    "email": email,
    "first_word": lambda text: next(iter(text.split()), None),
    "last_word": lambda text: next(reversed(text.split()), None),
    "but_first_word": lambda text: " ".join(text.split()[1:]),
    "but_last_word": lambda text: " ".join(text.split()[:-1]),
}
COSTLY = frozenset({"slug", "match", "date", "time", "phone"})


def transform(step: StepPart) -> Transform:
    """The function that a step describes. Raises ValueError where it describes none."""
    return _MAKERS[step.kind](getattr(step, step.kind))


def remembering(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, with the outcomes for the last texts at hand."""
    return lru_cache(maxsize=REMEMBERED, typed=True)(function)


def _mapped(entries: Mapping[str, Any]) -> Transform:
    listed = ", ".join(repr(text) for text in entries if text != OTHERWISE)

    def run(text: str) -> Any:
        if text in entries:
            return entries[text]
        if OTHERWISE in entries:
            return entries[OTHERWISE]
        raise Refusal(f"{text!r} is none of {listed}")

    return run


def _aliased(entries: Mapping[str, str]) -> Transform:
    return lambda text: entries.get(text, text)


def _replaced(entries: Mapping[str, str]) -> Transform:
    def run(text: str) -> str:
        for old, new in entries.items():
            text = text.replace(old, new)
        return text

    return run


def _matched(part: MatchPart) -> Transform:
    try:
        fits = re.compile(part.pattern).fullmatch
    except re.error as error:
        raise ValueError(f"{part.pattern!r} is no regular expression: {error}") from None
    says = part.says or f"does not match {part.pattern}"

    def run(text: str) -> str:
        if fits(text):
            return text
        raise Refusal(f"{text!r}: {says}")

    return run


def _cut(length: int) -> Transform:
    return lambda text: text[:length]


def _padded(length: int) -> Transform:
    return lambda text: text.zfill(length)


def _split(part: SplitPart) -> Transform:
    def run(text: str) -> str | None:
        pieces = text.split(part.by)
        return pieces[part.take].strip() if -len(pieces) <= part.take < len(pieces) else None

    return run


def _parsed(text: str, formats: Sequence[str]) -> dt.datetime:
    for form in formats:
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 the zone is added where it is known
        except ValueError:
            continue
    raise Refusal(f"{text!r} is not written as {' or '.join(formats)}")


def _date(formats: Sequence[str]) -> Transform:
    _parsed_back(formats)
    return lambda text: _parsed(text, formats).date()


def _time(part: TimePart) -> Transform:
    _parsed_back(part.formats)
    try:
        zone = ZoneInfo(part.zone)
    except (LookupError, OSError, ValueError):
        raise ValueError(f"{part.zone!r} is no time zone") from None

    def run(text: str) -> dt.datetime:
        moment = _parsed(text, part.formats) if part.formats else iso_time(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)

    return run


def _parsed_back(formats: Sequence[str]) -> None:
    """Raise ValueError for a format that strptime does not know."""
    for form in formats:
        try:
            _parsed(dt.datetime(2001, 2, 3, 4, 5, 6, tzinfo=dt.UTC).strftime(form), [form])
        except (ValueError, Refusal, re.error):
            raise ValueError(f"{form!r} is no format of a day or time") from None


def iso_time(text: str) -> dt.datetime:
    """A moment as ISO 8601 writes it; without a zone where none is written."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text!r} is no day or time (ISO 8601)") from None


def number(mark: str, grouping: str) -> Transform:
    """An exact number with a decimal mark and, maybe, a sign that groups digits."""
    group = rf"(?:{re.escape(grouping)}[0-9]{{3}})*" if grouping else ""
    form = re.compile(rf"[+-]?(?:[0-9]+{group}(?:{re.escape(mark)}[0-9]*)?|{re.escape(mark)}[0-9]+)").fullmatch
    plain = mark == "." and not grouping

    def run(text: str) -> Decimal:
        if not form(text):
            raise Refusal(f"{text!r} is no number")
        return Decimal(text if plain else text.replace(grouping, "").replace(mark, "."))

    return run


def _decimal(part: DecimalPart) -> Transform:
    return number(part.mark, part.grouping)


def _band(entries: Mapping[Decimal, Any]) -> Transform:
    """The entry with the greatest key not above the number."""
    bounds = sorted(entries)
    as_number = number(".", "")

    def run(text: str) -> Any:
        place = bisect_right(bounds, as_number(text))
        if not place:
            raise Refusal(f"{text!r} is below {bounds[0]}")
        return entries[bounds[place - 1]]

    return run


_MAKERS: Mapping[str, Callable[[Any], Transform]] = {
    "word": WORD_TRANSFORMS.__getitem__,
    "map": _mapped,
    "alias": _aliased,
    "replace": _replaced,
    "match": _matched,
    "cut": _cut,
    "pad": _padded,
    "split": _split,
    "date": _date,
    "time": _time,
    "decimal": _decimal,
    "band": _band,
}
