"""Definitions of custom fields: what they say must make sense before anything is judged by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.models.catalogue import CATALOGUE
from app.models.enums import FieldType
from app.models.extending import EXTENDED
from app.services.checks.check import Check, check
from app.services.custom.definitions import read_requirement
from app.services.custom.options import is_list_of_options, is_wording
from app.services.custom.patterns import BadPattern, pattern
from app.services.custom.values import LARGEST, LONGEST
from app.services.errors import Invalid, UserError
from policies.catalogue import Kind

CHOSEN = (FieldType.CHOICE, FieldType.CHOICES)
COMPARED = frozenset(FieldType) - {FieldType.MONEY, FieldType.REFERENCE}
"""Types that filters can compare."""
_key = re.compile(r"[a-z][A-Za-z0-9]{0,62}", re.ASCII).fullmatch


def _named(key: str | None, is_custom: object) -> Iterator[UserError]:
    if is_custom and key is not None and not _key(key):
        yield Invalid("no_field_key", ("key",))


def _of_entity(entity: str | None, is_custom: object) -> Iterator[UserError]:
    if is_custom and entity is not None and entity not in EXTENDED:
        yield Invalid("not_listed", ("entity",), options=list(EXTENDED))


def _typed(type_: str | None, is_custom: object) -> Iterator[UserError]:
    if is_custom and type_ == FieldType.REFERENCE:
        yield Invalid("not_allowed", ("dataType",))


def _patterned(text: str | None, type_: str | None) -> Iterator[UserError]:
    if text is None:
        return
    if type_ != FieldType.TEXT:
        yield Invalid("not_of_type", ("pattern",))
        return
    try:
        pattern(text)
    except BadPattern:
        yield Invalid("no_pattern", ("pattern",))


def _bounded(name: str) -> Check:
    def test(bound: Decimal | None, type_: str | None, is_custom: object) -> Iterator[UserError]:
        if bound is None or not is_custom or type_ is None:
            return
        if type_ == FieldType.TEXT:
            if not 0 <= bound <= LONGEST or bound != int(bound):
                yield Invalid("no_length", (name,), max=LONGEST)
        elif type_ not in LARGEST:
            yield Invalid("not_of_type", (name,))

    return check("FieldDefinition", (name, "data_type", "is_custom"), test)


def _chosen(options: object, type_: str | None) -> Iterator[UserError]:
    if options and type_ not in CHOSEN:
        yield Invalid("not_of_type", ("options",))
    elif options and not is_list_of_options(options):
        yield Invalid("no_options", ("options",))


def _worded(name: str) -> Check:
    def test(wording: object) -> Iterator[UserError]:
        if wording is not None and not is_wording(wording):
            yield Invalid("no_wording", (name,))

    return check("FieldDefinition", (name,), test)


def _filtered(filterable: object, type_: str | None, is_custom: object) -> Iterator[UserError]:
    if filterable and is_custom and type_ is not None and type_ not in COMPARED:
        yield Invalid("not_of_type", ("filterable",))


def _encrypted(encrypted: object, is_custom: object) -> Iterator[UserError]:
    if encrypted and is_custom:
        yield Invalid("not_allowed", ("encrypted",))


def _required(written: object, entity: str | None) -> Iterator[UserError]:
    if written is None:
        return
    requirement = read_requirement(written)
    fields = CATALOGUE[entity].fields if entity is not None and entity in CATALOGUE else {}
    if requirement is None or not all(
        name in fields and all(_is_value(fields[name].spec.kind, fields[name].spec.enum, each) for each in values)
        for name, values in requirement.items()
    ):
        yield Invalid("no_requirement", ("requiredWhen",))


def _is_value(kind: Kind, enum: object, value: object) -> bool:
    """Whether a value of a closed list."""
    if kind is Kind.BOOLEAN:
        return isinstance(value, bool)
    return kind is Kind.ENUM and isinstance(enum, type) and value in [each.value for each in enum]  # type: ignore[attr-defined]


def _of(*columns: str) -> tuple[str, tuple[str, ...]]:
    return "FieldDefinition", columns


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "FieldDefinition": (
        check(*_of("key", "is_custom"), _named),
        check(*_of("entity", "is_custom"), _of_entity),
        check(*_of("data_type", "is_custom"), _typed),
        check(*_of("pattern", "data_type"), _patterned),
        _bounded("min"),
        _bounded("max"),
        check(*_of("options", "data_type"), _chosen),
        _worded("label"),
        _worded("hint"),
        check(*_of("filterable", "data_type", "is_custom"), _filtered),
        check(*_of("encrypted", "is_custom"), _encrypted),
        check(*_of("required_when", "entity"), _required),
    ),
}
