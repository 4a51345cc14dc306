"""Numbers: exact, finite, and never rounded without a word."""

from __future__ import annotations

from decimal import Decimal

from app.services.errors import Invalid
from app.services.values.limits import Limits


def exact(value: object, limits: Limits, scale: int) -> Decimal:
    """A number of at most `scale` decimals."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Invalid("no_number")
    found = Decimal(value)
    if not found.is_finite():
        raise Invalid("no_number")
    limits.check(found)
    if found.quantize(Decimal(1).scaleb(-scale)) != found:
        raise Invalid("too_many_decimals", scale=scale)
    return found


def whole(value: object, limits: Limits) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("no_whole_number")
    limits.check(value)
    return value


def boolean(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Invalid("no_yes_or_no")
    return value
