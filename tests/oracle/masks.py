"""Masks in Python: what they show of a value, what they fit, and which can be computed from which.

m ≤ m′ where m can be computed from what m′ shows: redact ≤ every mask, domain ≤ email, year ≤ month, bucket ≤ round2
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from tests.oracle.description import Field

DOTS = "•••"
REDACT, HASH = "redact", "hash"


def _email(value: str) -> str:
    """The first of five characters or more, and the domain."""
    found = re.fullmatch(r"([^@\s])[^@\s]{4,}@([^@\s]+)", value, re.ASCII)
    return f"{found[1]}{DOTS}@{found[2]}" if found else DOTS


def _domain(value: str) -> str:
    """The domain, of what `email` does not redact."""
    return _email(value).rpartition("@")[2]


def _phone(value: str) -> str:
    """The first three and the last two of ten characters or more."""
    return value[:3] + DOTS + value[-2:] if re.fullmatch(r"\+[0-9]{9,15}", value) else DOTS


def _last4(value: str) -> str:
    return DOTS + value[-4:] if len(value) >= 8 else DOTS


def _initial(value: str) -> str:
    return value[0] + DOTS if len(value) >= 5 else DOTS


def _city_only(value: str) -> str:
    """The city: what follows the street, without the postal code before it; behind a code a country may follow."""
    _, *lines = re.split(r"[,\n]", value)
    if not value[:1].strip(",\n") or not 1 <= len(lines) <= 2 or not all(line.strip(" ") for line in lines):
        return DOTS
    found = re.fullmatch(r"([^ ]*[0-9][^ ]* )?([^0-9]+)", lines[0].lstrip(" "))
    if not found or (lines[1:] and (not found[1] or re.search("[0-9]", lines[1]))):
        return DOTS
    city = found[2].strip(" ")
    return city if city and 2 * len(city) <= len(value) and len(city) + 4 <= len(value) else DOTS


def _month(value: dt.date) -> dt.date:
    """The first of the month; of a moment, in UTC."""
    if isinstance(value, dt.datetime):
        utc = value.astimezone(dt.UTC)
        return dt.datetime(utc.year, utc.month, 1, tzinfo=dt.UTC)
    return value.replace(day=1)


def _year(value: dt.date) -> dt.date:
    """The first of January."""
    return _month(value).replace(month=1)


def _round2(value: Decimal | int) -> Decimal:
    """The first two digits, cut."""
    exact = Decimal(value)
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1), ROUND_DOWN) if exact else exact


def _bucket(value: Decimal | int) -> Decimal:
    """The power of ten of the first digit."""
    exact = Decimal(value)
    return Decimal(1).scaleb(exact.adjusted()).copy_sign(exact) if exact else exact


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask, the kinds of field it is made for, and the masks from whose output it can be computed."""

    shows: Callable[[Any], Any]
    kinds: tuple[str, ...]
    scalar: str | None = None
    """Only for fields of this scalar."""
    below: tuple[str, ...] = ()


_TEXT, _DAYS, _NUMBERS = ("TEXT",), ("DATE", "TIME"), ("INTEGER", "DECIMAL", "MONEY")
MASKS: dict[str, Mask] = {
    "email": Mask(_email, _TEXT, "EmailAddress"),
    "phone": Mask(_phone, _TEXT, "PhoneNumber"),
    "domain": Mask(_domain, _TEXT, "EmailAddress", below=("email",)),
    "city_only": Mask(_city_only, _TEXT, "PostalAddress"),
    "last4": Mask(_last4, _TEXT),
    "initial": Mask(_initial, _TEXT),
    "month": Mask(_month, _DAYS),
    "year": Mask(_year, _DAYS, below=("month",)),
    "round2": Mask(_round2, _NUMBERS),
    "bucket": Mask(_bucket, _NUMBERS, below=("round2",)),
    HASH: Mask(str, _TEXT),
    REDACT: Mask(lambda value: DOTS, _TEXT),
}
ORDER = tuple(MASKS)
"""Of several masks, the first is shown."""


def fits(mask: str, field: Field) -> bool:
    """Whether a mask is made for fields like this; a hash only for those of very many possible values."""
    made = MASKS[mask]
    return field.kind in made.kinds and made.scalar in (None, field.scalar) and (field.vast or mask != HASH)


def masked(mask: str, field: Field, value: Any, secret: bytes | None) -> Any:
    """What is shown of a value; NULL of NULL, and of what can hold no dots."""
    if value is None or not fits(mask, field):
        return None
    if field.kind == "MONEY" and isinstance(value, str):
        return value  # the currency of an amount of which something is shown
    return _hashed(field, value, secret) if mask == HASH else MASKS[mask].shows(value)


def _hashed(field: Field, value: str, secret: bytes | None) -> str | None:
    """The first half of an HMAC with a key of the field and the deployment; nothing where it has no secret."""
    key = hmac.digest(secret, field.title.encode(), "sha256") if secret else None
    return hmac.digest(key, value.encode(), "sha256")[:16].hex() if key else None


def computable(mask: str, other: str) -> bool:
    """Whether a mask's output can be computed from another's."""
    return mask in (other, REDACT) or other in MASKS[mask].below
