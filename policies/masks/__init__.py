"""Masks: what is shown of a value that may not be shown whole.

Each is total (no storable value raises), computed in SQL (the plain value never leaves the
database), and NULL for NULL. A mask shows at most half of the characters that identify and leaves
at least four unseen; a value that is too short, or has not the form the mask expects, is redacted.
For an e-mail address the identifying part is the one before the @. Redacted is dots for free text,
and NULL for whatever could not hold dots: numbers, days, keys, closed lists, paths.

    m ≤ m′ where what m shows can be computed from what m′ shows:
    redact ≤ all, domain ≤ email, year ≤ month, bucket ≤ round2; no others are ordered
"""

from __future__ import annotations

from policies.catalogue import Kind
from policies.masks.mask import Mask
from policies.masks.numbers import bucket, round2
from policies.masks.pads import Pad
from policies.masks.texts import city_only, domain, email, hashed, initial, last4, phone, redact
from policies.masks.times import month, year

__all__ = ["HASH", "MASKS", "REDACT", "Mask", "Pad"]

REDACT = "redact"
"""The mask that any field may have."""

HASH = "hash"

_TEXT = frozenset({Kind.TEXT})
_DAYS = frozenset({Kind.DATE, Kind.TIME})
_NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
_EMAIL = frozenset({"EmailAddress"})

MASKS: dict[str, Mask] = {
    mask.name: mask
    for mask in (
        Mask("email", email, _TEXT, _EMAIL),
        Mask("phone", phone, _TEXT, frozenset({"PhoneNumber"})),
        Mask("domain", domain, _TEXT, _EMAIL, below=frozenset({"email"})),
        Mask("city_only", city_only, _TEXT, frozenset({"PostalAddress"})),
        Mask("last4", last4, _TEXT),
        Mask("initial", initial, _TEXT),
        Mask("month", month, _DAYS),
        Mask("year", year, _DAYS, below=frozenset({"month"})),
        Mask("round2", round2, _NUMBERS),
        Mask("bucket", bucket, _NUMBERS, below=frozenset({"round2"})),
        Mask(HASH, hashed, _TEXT, vast=True),
        Mask(REDACT, redact, _TEXT),
    )
}
"""All masks, in the order in which they are chosen where several are granted: the first that holds."""
