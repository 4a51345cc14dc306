"""How someone is reached: e-mail addresses, telephone numbers, web sites."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.models.columns import E164, LINE
from app.models.enums import ContactPointKind
from app.services.errors import Invalid, Required
from app.services.values.hints import NONE_KNOWN, Hints
from app.services.values.texts import line
from policies.masks.mask import DOTS

NUMBERS = frozenset({ContactPointKind.MOBILE, ContactPointKind.PHONE, ContactPointKind.FAX, ContactPointKind.WHATSAPP})
PORTS = {"http": 80, "https": 443}

_e164 = re.compile(E164).fullmatch
_space = re.compile(r"\s").search


def looks_masked(text: str) -> bool:
    """Whether a text seems to be what a mask shows, rather than a value."""
    return DOTS[0] in text


def email(text: str, hints: Hints = NONE_KNOWN) -> str:
    """An e-mail address in lower case, RFC 5322 as far as it is in use; its domain may be international (IDNA 2008)."""
    try:
        return validate_email(text.lower(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Invalid("no_email") from None


def phone(text: str, hints: Hints = NONE_KNOWN) -> str:
    """A telephone number in E.164; one without a country is of the country in the hints.

    It is read again until it stays as it is: of some numbers, each reading takes one leading zero away.
    """
    found = _called(text, hints.country)
    while found != text:
        text, found = found, _called(found, None)
    return found


def _called(text: str, country: str | None) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as failure:
        nowhere = failure.error_type == failure.INVALID_COUNTRY_CODE and not re.search("[+＋]", text)
        raise Invalid("phone_without_country" if nowhere else "no_phone") from None
    if number.extension:
        raise Invalid("phone_with_extension")
    found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if any(map(str.isalpha, text)) or not phonenumbers.is_possible_number(number) or not _e164(found):
        raise Invalid("no_phone")
    return found


def url(text: str, hints: Hints = NONE_KNOWN) -> str:
    """The address of a page, http or https (the latter where neither is written), RFC 3986 section 6.2.2."""
    bare = "://" not in text
    try:
        parts = urlsplit(f"https://{text}" if bare else text)
        port = parts.port
        host = validate_email(
            f"a@{parts.hostname or ''}", check_deliverability=False, globally_deliverable=False
        ).ascii_domain
    except (ValueError, EmailNotValidError):
        raise Invalid("no_url") from None
    if parts.scheme not in PORTS or "@" in parts.netloc or _space(text) or (bare and "." not in host):
        raise Invalid("no_url")
    at = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    return SplitResult(parts.scheme, at, parts.path or "/", parts.query, parts.fragment).geturl()


def contact_point(kind: ContactPointKind, value: object, hints: Hints = NONE_KNOWN) -> str:
    """What someone is reached under, in the one form of its kind. Raises Required where it is blank."""
    text = line(value, LINE)
    if text is None:
        raise Required("required")
    found = _formed(kind, text, hints)
    if len(found) > LINE:
        raise Invalid("too_long", max=LINE)
    return found


def _formed(kind: ContactPointKind, text: str, hints: Hints) -> str:
    if kind in NUMBERS:
        return phone(text, hints)
    if kind is ContactPointKind.EMAIL:
        return email(text)
    return url(text) if kind is ContactPointKind.WEBSITE else text
