"""Masks in Python: what they show of a value, what they fit, and which can be computed from which."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from tests.oracle.description import Field

DOTS = "•••"
REDACT = "redact"
ORDER = ("email", "phone", "domain", "last4", "initial", "year", REDACT)
"""Of several masks, the first is shown."""


def _email(value: str) -> str:
    """The first of five characters or more, and the domain."""
    found = re.fullmatch(r"([^@\s])[^@\s]{4,}@([^@\s]+)", value, re.ASCII)
    return f"{found[1]}{DOTS}@{found[2]}" if found else DOTS


def _domain(value: str) -> str:
    """The domain, where four characters or more are left unseen."""
    found = re.fullmatch(r"[^@\s]{4,}@([^@\s]+)", value, re.ASCII)
    return found[1] if found else DOTS


def _phone(value: str) -> str:
    """The first three and the last two of ten characters or more."""
    return value[:3] + DOTS + value[-2:] if re.fullmatch(r"\+[0-9]{9,15}", value) else DOTS


def _last4(value: str) -> str:
    return DOTS + value[-4:] if len(value) >= 8 else DOTS


def _initial(value: str) -> str:
    return value[0] + DOTS if len(value) >= 5 else DOTS


def _year(value: dt.date) -> dt.date:
    """The first of January, of a time in UTC."""
    if isinstance(value, dt.datetime):
        return dt.datetime(value.astimezone(dt.UTC).year, 1, 1, tzinfo=dt.UTC)
    return value.replace(month=1, day=1)


_TEXTS: dict[str, Callable[[str], str]] = {
    "email": _email,
    "phone": _phone,
    "domain": _domain,
    "last4": _last4,
    "initial": _initial,
    REDACT: lambda value: DOTS,
}
_SCALARS = {"email": "EmailAddress", "domain": "EmailAddress", "phone": "PhoneNumber"}


def fits(mask: str, field: Field) -> bool:
    """Whether a mask is made for fields of this kind."""
    if mask in _TEXTS:
        return field.kind == "TEXT" and _SCALARS.get(mask, field.scalar) == field.scalar
    return field.kind in ("DATE", "TIME")


def masked(mask: str, field: Field, value: Any) -> Any:
    """What is shown of a value; NULL of NULL, and of what can hold no dots."""
    if value is None or not fits(mask, field):
        return None
    return _TEXTS[mask](value) if mask in _TEXTS else _year(value)


def computable(mask: str, other: str) -> bool:
    """Whether a mask's output can be computed from another's."""
    return mask == other or other in _ABOVE.get(mask, ())


_ABOVE = {REDACT: set(_TEXTS), "domain": {"email"}}
