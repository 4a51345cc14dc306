"""Countries, their parts, currencies, languages and time zones."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import parse_locale

from app.services.errors import Invalid

NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
"""CLDR's territories of two letters that ISO 3166-1 does not assign. Kosovo (XK), not assigned either, is in wide use."""
NO_CURRENCIES = frozenset({"XTS", "XXX"})
"""ISO 4217's code for tests, and that for no currency."""
NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})
PARTS: Mapping[str, str] = {
    **dict.fromkeys(("HK", "MO", "TW"), "CN"),
    "AX": "FI",
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"), "FR"),
    **dict.fromkeys(("AW", "BQ", "CW", "SX"), "NL"),
    "SJ": "NO",
    **dict.fromkeys(("AS", "GU", "MP", "PR", "UM", "VI"), "US"),
}
"""What ISO 3166 lists both as a country and as a part of another (`PR`, `US-PR`)."""

_admin_area = re.compile("([A-Z]{2})-[A-Z0-9]{1,3}").fullmatch


@cache
def _cldr() -> Locale:
    return Locale("en")


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    return frozenset(code for code in map(str, _cldr().territories) if len(code) == 2) - NO_COUNTRIES


@cache
def currencies() -> frozenset[str]:
    """ISO 4217, past currencies too: they stand in old contracts and orders."""
    return frozenset(map(str, _cldr().currencies)) - NO_CURRENCIES


@cache
def _zones() -> Mapping[str, str]:
    return {zone.lower(): zone for zone in zoneinfo.available_timezones() - NO_ZONES}


def country(text: str) -> str:
    """A country: ISO 3166-1 alpha-2, in capitals."""
    found = text.upper()
    if found not in countries():
        raise Invalid("no_country")
    return found


def admin_area(text: str) -> str:
    """A state or province: the form of ISO 3166-2, of a country that there is."""
    form = _admin_area(text.upper())
    if form is None or form[1] not in countries():
        raise Invalid("no_admin_area")
    return form[0]


def contains(country: str, area: str) -> bool:
    """Whether a state or province lies in a country."""
    return area.startswith(f"{country}-") or area == f"{PARTS.get(country)}-{country}"


def currency(text: str) -> str:
    """A currency: ISO 4217, in capitals."""
    found = text.upper()
    if found not in currencies():
        raise Invalid("no_currency")
    return found


def time_zone(text: str) -> str:
    """A time zone by its name in the IANA database."""
    found = _zones().get(text.lower())
    if found is None:
        raise Invalid("no_time_zone")
    return found


def locale(text: str) -> str:
    """A language with script and country where they are given, BCP 47: `zh-CN`, `sr-Latn-RS`."""
    try:
        language, territory, script, *more = parse_locale(text.replace("_", "-"), sep="-")
    except ValueError:
        raise Invalid("no_locale") from None
    known = _cldr()
    strange = (territory and territory not in known.territories) or (script and script not in known.scripts)
    if language not in known.languages or strange or any(more):
        raise Invalid("no_locale")
    return "-".join(part for part in (language, script, territory) if part)
