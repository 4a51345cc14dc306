"""Scales: of surveys and their answers, and of defined fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.models.enums import FieldType
from app.services.checks.check import Check, check
from app.services.errors import Invalid, Required, UserError


def _rising(low: int | None, high: int | None) -> Iterator[UserError]:
    if low is not None and high is not None and high <= low:
        yield Invalid("no_scale", ("scaleMax",), other="scaleMin")


def _on_scale(score: int | None, low: int | None, high: int | None) -> Iterator[UserError]:
    if score is None or low is None or high is None:
        return
    if score < low:
        yield Invalid("too_small", ("score",), min=low)
    if score > high:
        yield Invalid("too_great", ("score",), max=high)


def _ranging(low: Decimal | None, high: Decimal | None) -> Iterator[UserError]:
    if low is not None and high is not None and high < low:
        yield Invalid("exceeds", ("min",), other="max")


def _optional(type_: str | None, options: object) -> Iterator[UserError]:
    if type_ in (FieldType.CHOICE, FieldType.CHOICES) and not options:
        yield Required("required", ("options",))


_SCALE = ("scale_min", "scale_max")
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "FieldDefinition": (
        check("FieldDefinition", ("min", "max"), _ranging),
        check("FieldDefinition", ("data_type", "options"), _optional),
    ),
    "Survey": (check("Survey", _SCALE, _rising),),
    "SurveyResponse": (
        check("SurveyResponse", _SCALE, _rising),
        check("SurveyResponse", ("score", *_SCALE), _on_scale),
    ),
}
