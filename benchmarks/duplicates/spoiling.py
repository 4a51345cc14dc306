"""Second rows of customers, as they come about: typed anew, by another hand, later, or from another system."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TypeAlias

from app.services.duplicates import Details
from app.services.duplicates.names import GIVEN
from benchmarks.duplicates.making import COUNTRIES, PERSON, culture_of, mail, named, phone, place
from benchmarks.duplicates.naming import family_name

Spoil: TypeAlias = Callable[[Random, Details], Details]

KEPT = 0.82
"""How likely each thing known of the first row is known of the second, too."""
SHORT = {full: short for short, full in GIVEN.items()}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def again(chance: Random, of: Details) -> Details:
    """A second row of a customer, with one to three differences and some things not known."""
    found = of
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        changes = PERSONAL if of.kind is PERSON else FIRMLY
        spoil = chance.choices(list(changes), list(changes.values()))[0]
        found = spoil(chance, found)
    return _forgetting(chance, found)


def _forgetting(chance: Random, of: Details) -> Details:
    def kept() -> bool:
        return chance.random() < KEPT

    found = replace(
        of,
        birth_date=of.birth_date if kept() else None,
        tax_id=of.tax_id if kept() else None,
        emails=of.emails if kept() else (),
        phones=of.phones if kept() else (),
        places=of.places if kept() else (),
        legal_name=of.legal_name if kept() else None,
    )
    whole = found.kind is PERSON and chance.random() < 0.15
    return replace(found, given_name=None, family_name=None) if whole else found


def slip(chance: Random, text: str) -> str:
    """A text with one slip: a letter too many, too few, another, or two exchanged."""
    if len(text) < 3:
        return text
    at, letter = chance.randrange(1, len(text) - 1), chance.choice(LETTERS)
    return chance.choice(
        (
            text[:at] + letter + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def _renamed(chance: Random, of: Details, given: str, family: str) -> Details:
    return named(of, given, family, culture_of(of))


def _typo_given(chance: Random, of: Details) -> Details:
    return _renamed(chance, of, slip(chance, of.given_name or ""), of.family_name or "")


def _typo_family(chance: Random, of: Details) -> Details:
    return _renamed(chance, of, of.given_name or "", slip(chance, of.family_name or ""))


def _exchanged(chance: Random, of: Details) -> Details:
    return _renamed(chance, of, of.family_name or "", of.given_name or "")


def _called(chance: Random, of: Details) -> Details:
    given = of.given_name or ""
    return _renamed(chance, of, SHORT.get(given.lower(), given).title(), of.family_name or "")


def _initial(chance: Random, of: Details) -> Details:
    given = of.given_name or ""
    short = f"{given[:1]}." if given.isascii() else given
    return _renamed(chance, of, short, of.family_name or "")


def _second_name(chance: Random, of: Details) -> Details:
    given = of.given_name or ""
    return _renamed(
        chance, of, f"{given} {chance.choice('ABCDEFGHJKLM')}." if given.isascii() else given, of.family_name or ""
    )


def _married(chance: Random, of: Details) -> Details:
    return _renamed(chance, of, of.given_name or "", family_name(chance, culture_of(of)))


def _plain(chance: Random, of: Details) -> Details:
    """Typed without accents and in capitals."""

    def typed(text: str | None) -> str | None:
        return (
            "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).upper()
            if text
            else None
        )

    latin = culture_of(of) in ("en", "de", "fr")
    return (
        replace(
            of, display_name=typed(of.display_name), given_name=typed(of.given_name), family_name=typed(of.family_name)
        )
        if latin
        else of
    )


def _moved(chance: Random, of: Details) -> Details:
    return replace(of, places=(place(chance, culture_of(of)),))


def _other_mail(chance: Random, of: Details) -> Details:
    if of.kind is PERSON:
        return replace(of, emails=(mail(chance, of.given_name or "", of.family_name or ""),))
    return replace(
        of, emails=tuple(f"{chance.choice(('contact', 'anna', 'billing'))}@{e.partition('@')[2]}" for e in of.emails)
    )


def _typo_mail(chance: Random, of: Details) -> Details:
    return replace(of, emails=tuple(slip(chance, e.partition("@")[0]) + "@" + e.partition("@")[2] for e in of.emails))


def _other_phone(chance: Random, of: Details) -> Details:
    return replace(of, phones=(phone(chance, culture_of(of)),))


def _typo_phone(chance: Random, of: Details) -> Details:
    return replace(of, phones=tuple(each[:-1] + str(chance.randrange(10)) for each in of.phones))


def _typo_birth(chance: Random, of: Details) -> Details:
    day = of.birth_date
    if day is None:
        return of
    if day.day <= 12:
        return replace(of, birth_date=dt.date(day.year, day.day, day.month))
    return replace(of, birth_date=day.replace(year=day.year + chance.choice((-10, -1, 1))))


def _typo_line(chance: Random, of: Details) -> Details:
    return replace(of, places=tuple(replace(each, line1=each.line1 and slip(chance, each.line1)) for each in of.places))


def _no_code(chance: Random, of: Details) -> Details:
    return replace(of, places=tuple(replace(each, postal_code=None) for each in of.places))


def _other_form(chance: Random, of: Details) -> Details:
    """Without a legal form, or with another one."""
    name = of.display_name or ""
    for form in ("GmbH", "AG", "KG", "e.K.", "Ltd", "Inc.", "LLC", "SARL", "SAS", "ООО", "有限公司", "株式会社"):
        if form in name:
            other = {"有限公司": "股份有限公司", "Ltd": "Limited", "Inc.": "Corp.", "GmbH": "GmbH & Co. KG"}.get(
                form, ""
            )
            return replace(of, display_name=" ".join(name.replace(form, chance.choice(("", other))).split()))
    return of


def _typo_name(chance: Random, of: Details) -> Details:
    name = slip(chance, of.display_name or "")
    return replace(of, display_name=name, legal_name=name if of.legal_name else None)


def _turned(chance: Random, of: Details) -> Details:
    """The words in another order."""
    words = (of.display_name or "").split()
    return replace(of, display_name=" ".join(words[1:] + words[:1]))


def _shorter(chance: Random, of: Details) -> Details:
    """Without its last word, or its city."""
    name = of.display_name or ""
    words = name.split()
    short = " ".join(words[:-1]) if len(words) > 1 else name[2:] if culture_of(of) == "zh" else name
    return replace(of, display_name=short, legal_name=of.legal_name if chance.random() < 0.5 else None)


def _bare_number(chance: Random, of: Details) -> Details:
    country = COUNTRIES[culture_of(of)][0]
    return replace(
        of,
        tax_id=of.tax_id and chance.choice((of.tax_id.removeprefix(country), " ".join((of.tax_id[:5], of.tax_id[5:])))),
    )


_SHARED: dict[Spoil, int] = {
    _plain: 8, _moved: 10, _other_mail: 10, _typo_mail: 5, _other_phone: 8, _typo_phone: 4, _typo_line: 6, _no_code: 4
}  # fmt: skip
PERSONAL: dict[Spoil, int] = _SHARED | {
    _typo_given: 8, _typo_family: 8, _exchanged: 5, _called: 6, _initial: 5, _second_name: 5, _married: 3, _typo_birth: 3
}  # fmt: skip
FIRMLY: dict[Spoil, int] = _SHARED | {_other_form: 14, _typo_name: 12, _turned: 4, _shorter: 6, _bare_number: 4}
"""What differs, and how often."""
