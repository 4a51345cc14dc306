"""What is stored for a value of a custom field, by its definition.

Stored is JSON in one form for all, so that what is stored can be compared as it stands: exact numbers as texts, as the API
has them; days as `2026-01-31`, moments as `2026-01-31T12:00:00.000000+00:00`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.models.enums import FieldType
from app.services.custom.definitions import Definition
from app.services.custom.patterns import BadPattern, pattern
from app.services.errors import Invalid
from app.services.values.limits import Limits
from app.services.values.numbers import boolean, exact, whole
from app.services.values.places import currency
from app.services.values.texts import line
from app.services.values.times import day, moment

LONGEST = 1_000
"""Most characters of a text."""
SCALE = 6
"""Most decimals of an exact number."""
LARGEST = {
    FieldType.INTEGER: Decimal(2**53 - 1),
    FieldType.DECIMAL: Decimal(10) ** 18 - 1,
    FieldType.MONEY: Decimal(10) ** 15 - 1,
}
"""Greatest number of a type; whole ones such that every JSON reader has them exact."""

_DECIMAL = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII).fullmatch
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII).fullmatch


def judged(definition: Definition, value: object) -> Any:
    """What is stored for a value; None where it is absent or blank. Raises Invalid, without a place."""
    return None if value is None else JUDGES[definition.data_type](definition, value)


def longest(definition: Definition) -> int:
    """Most characters of a text."""
    return LONGEST if definition.max is None else min(LONGEST, max(0, int(definition.max)))


def limits(definition: Definition) -> Limits:
    """Least and greatest number."""
    most = LARGEST[definition.data_type]
    least = Decimal(0) if definition.data_type is FieldType.MONEY else -most
    return Limits(least, most).within(least if definition.min is None else definition.min, definition.max)


def _text(definition: Definition, value: object) -> str | None:
    found = line(value, longest(definition))
    if found is None:
        return None
    if definition.min is not None and len(found) < definition.min:
        raise Invalid("too_short", min=int(definition.min))
    if definition.pattern is not None and not _fits(definition.pattern, found):
        raise Invalid("no_match")
    return found


def _fits(text: str, value: str) -> bool:
    try:
        return pattern(text).matches(value)
    except BadPattern:
        return False


def _number(definition: Definition, value: object) -> str:
    found = repr(value) if isinstance(value, float) else value
    if isinstance(found, str):
        if not _DECIMAL(found):
            raise Invalid("no_number")
        found = Decimal(found)
    return format(exact(found, limits(definition), SCALE), "f")


def _date(_definition: Definition, value: object) -> str:
    if not isinstance(value, str) or not _DAY(value):
        raise Invalid("no_day")
    try:
        found = dt.date.fromisoformat(value)
    except ValueError:
        raise Invalid("no_day") from None
    return day(found).isoformat()


def _time(_definition: Definition, value: object) -> str:
    if not isinstance(value, str) or not _MOMENT(value):
        raise Invalid("no_moment")
    try:
        found = dt.datetime.fromisoformat(value.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Invalid("no_moment") from None
    return moment(found).isoformat(timespec="microseconds")


def _choice(definition: Definition, value: object) -> str:
    options = [each.value for each in definition.options]
    if not isinstance(value, str) or value not in options:
        raise Invalid("not_listed", options=options)
    return value


def _choices(definition: Definition, value: object) -> list[str] | None:
    if not isinstance(value, list):
        raise Invalid("no_list")
    for each in value:
        _choice(definition, each)
    return [each.value for each in definition.options if each.value in value] or None


def _money(definition: Definition, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or value.keys() != {"amount", "currency"} or not isinstance(value["currency"], str):
        raise Invalid("no_money")
    return {"amount": _number(definition, value["amount"]), "currency": currency(value["currency"])}


def _no_record(_definition: Definition, _value: object) -> None:
    raise Invalid("not_allowed")


JUDGES: Mapping[FieldType, Callable[[Definition, object], Any]] = {
    FieldType.TEXT: _text,
    FieldType.INTEGER: lambda definition, value: whole(value, limits(definition)),
    FieldType.DECIMAL: _number,
    FieldType.BOOLEAN: lambda _, value: boolean(value),
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.MONEY: _money,
    FieldType.REFERENCE: _no_record,
}
"""By type, what stores its values."""
