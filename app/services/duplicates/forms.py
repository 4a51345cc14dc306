"""Normal forms of what identifies a customer: two spellings of one thing become one text. Each function is total."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import phonenumbers

LONGEST = 500
"""Characters of a value that are looked at."""
_ACCENTS = re.compile("[\u0300-\u036f]+")
_OTHER = re.compile(r"[\W_]+")
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_DOTLESS = frozenset({"gmail.com"})
_TAGGED = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com"}
    | {"fastmail.com", "proton.me", "protonmail.com", "pm.me", "zoho.com", "yandex.ru", "mailbox.org", "posteo.de"}
)
_SAME: Mapping[str, str] = {"googlemail.com": "gmail.com"}
PROVIDERS = _TAGGED | frozenset(
    {"yahoo.com", "yahoo.co.jp", "aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "freenet.de", "mail.ru"}
    | {"bk.ru", "list.ru", "inbox.ru", "rambler.ru", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com"}
    | {"naver.com", "daum.net", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "comcast.net"}
)
"""Domains under which strangers have their mail: that two addresses share one says nothing."""


def folded(text: str) -> str:
    """One form, one case, without accents: NFKC, case folding, combining diacritical marks dropped."""
    found = unicodedata.normalize("NFKC", text[:LONGEST])
    if found.isascii():
        return found.lower()
    for _ in range(2):  # folding a letter may compose into one that folds again
        spread = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", found).casefold())
        found = unicodedata.normalize("NFC", _ACCENTS.sub("", spread))
    return found


def squeezed(text: str | None) -> str:
    """Letters and digits alone: of tax numbers, postal codes, streets."""
    return _OTHER.sub("", folded(text)) if text else ""


def email_form(text: str) -> str | None:
    """An address in lower case, without its tag, and without dots, where its provider makes no difference of them.

    None for what is no address.
    """
    local, at, domain = text[:LONGEST].strip().casefold().rpartition("@")
    domain = _SAME.get(domain, domain)
    if domain in _TAGGED:
        local = local.partition("+")[0]
    if domain in _DOTLESS:
        local = local.replace(".", "")
    return f"{local}@{domain}" if at and local and domain else None


def own_domain(email: str) -> str | None:
    """The domain of an address in normal form, unless it is a provider's."""
    domain = email.rpartition("@")[2]
    return None if domain in PROVIDERS else domain


def phone_form(text: str, country: str | None = None) -> str | None:
    """A telephone number in E.164, a national one read as of a country (ISO 3166-1 alpha-2). None for what is none."""
    found = text.strip()
    if _E164.fullmatch(found):
        return found
    try:
        number = phonenumbers.parse(found[:LONGEST], country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164 if _E164.fullmatch(e164) else None
