"""A message: the sentence of its reason, with the params as the language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from app.services.errors import UserError
from app.services.messages import chinese, english
from app.services.messages.languages import CHINESE, ENGLISH

MESSAGES: Mapping[str, Mapping[str, str]] = {ENGLISH: english.MESSAGES, CHINESE: chinese.MESSAGES}
"""By language and reason."""


def message(error: UserError, language: str) -> str:
    """What a mistake is, in one of the LANGUAGES. A list among its params is one of alternatives."""
    locale = _locale(language)
    params = {name: _worded(value, locale) for name, value in error.params.items()}
    return MESSAGES[language][error.reason].format_map(params)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _worded(value: object, locale: Locale) -> str:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return format_decimal(value, locale=locale, decimal_quantization=False)
    if isinstance(value, dt.datetime):
        return format_datetime(value, "medium", locale=locale)
    if isinstance(value, dt.date):
        return format_date(value, "medium", locale=locale)
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (str, bytes)):
        return format_list([_worded(each, locale) for each in value], "or", locale)
    return str(value)
