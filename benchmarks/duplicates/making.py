"""Customers as they would be if each had one row: persons in households, namesakes, firms, their sisters and branches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from uuid import UUID

from app.models.enums import CustomerKind
from app.models.ids import pack
from app.services.duplicates import Details, Place
from benchmarks.duplicates.naming import WORDS, family_name, given_name, often, person, stem

PERSON, BODY = CustomerKind.INDIVIDUAL, CustomerKind.ORGANIZATION
CULTURES = {"en": 35, "de": 20, "fr": 12, "ru": 13, "zh": 12, "ja": 8}
COUNTRIES = {"en": ("US", "+1"), "de": ("DE", "+49"), "fr": ("FR", "+33"), "ru": ("RU", "+7"), "zh": ("CN", "+86"), "ja": ("JP", "+81")}  # fmt: skip
PROVIDERS = ("gmail.com", "outlook.com", "yahoo.com", "web.de", "orange.fr", "mail.ru", "qq.com", "icloud.com")
TRADES = {
    "ru": {"a": "Логистика", "b": "Машины", "c": "Продукты", "d": "Консалтинг"},
    **{culture: words["trades"] for culture, words in WORDS.items()},
}
FORMS = {"ru": ("ООО", "АО", "ЗАО"), **{culture: tuple(words["forms"]) for culture, words in WORDS.items()}}
CITIES = {
    "en": ["Bristol", "Leeds", "Boston", "Denver", "Austin", "Oakland", "Salem", "Dover"],
    "de": ["Berlin", "Köln", "Bonn", "Kassel", "Mainz", "Jena", "Ulm", "Trier"],
    "fr": ["Paris", "Lyon", "Lille", "Nantes", "Tours", "Reims", "Brest", "Dijon"],
    "ru": ["Москва", "Казань", "Омск", "Тверь", "Пермь", "Самара", "Уфа", "Рязань"],
    "zh": ["上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "南京"],
    "ja": ["東京", "大阪", "名古屋", "京都", "福岡", "札幌", "神戸", "仙台"],
}
STREETS = {"en": "{} Street", "de": "{}straße", "fr": "rue {}", "ru": "ул. {}", "zh": "{}路", "ja": "{}町"}
HOUSEHOLD, NAMESAKE, SISTER, BRANCH, SAME_HOUSE = 0.08, 0.04, 0.03, 0.02, 0.03
"""Shares of those that are easily taken for another customer."""
EPOCH = 1_700_000_000_000


def customers(chance: Random, count: int) -> Iterator[Details]:
    """So many customers, each once."""
    seen: list[Details] = []
    for number in range(count):
        made = _customer(chance, seen)
        found = replace(made, id=key(number))
        seen.append(found)
        yield found


def key(number: int) -> UUID:
    """The key of a row, greater than that of an earlier one."""
    return pack(EPOCH + number, 0, number & 0xFFFF_FFFF)


def _customer(chance: Random, seen: list[Details]) -> Details:
    drawn, of = chance.random(), chance.choice(seen) if seen else None
    if of is not None and of.kind is PERSON:
        if drawn < HOUSEHOLD:
            return _relative(chance, of)
        if drawn < HOUSEHOLD + NAMESAKE:
            return _namesake(chance, of)
    elif of is not None and drawn < SISTER + BRANCH + SAME_HOUSE:
        return _sister(chance, of) if drawn < SISTER else _branch(chance, of, same_house=drawn > SISTER + BRANCH)
    culture = chance.choices(list(CULTURES), list(CULTURES.values()))[0]
    return new_person(chance, culture) if chance.random() < 0.6 else new_body(chance, culture)


def culture_of(details: Details) -> str:
    """The culture of a customer, by its telephone's or its place's country."""
    country = details.places[0].country if details.places else None
    return next((culture for culture, (code, _) in COUNTRIES.items() if code == country), "en")


def new_person(chance: Random, culture: str) -> Details:
    """A person who has nothing to do with any other."""
    name = person(chance, culture)
    return Details(
        kind=PERSON,
        display_name=name.whole,
        given_name=name.given,
        family_name=name.family,
        birth_date=birth(chance) if chance.random() < 0.65 else None,
        tax_id=tax_id(chance, culture) if chance.random() < 0.1 else None,
        emails=(mail(chance, name.given, name.family),) if chance.random() < 0.85 else (),
        phones=(phone(chance, culture),) if chance.random() < 0.8 else (),
        places=(place(chance, culture),) if chance.random() < 0.9 else (Place(country=COUNTRIES[culture][0]),),
    )


def new_body(chance: Random, culture: str) -> Details:
    """A firm that has nothing to do with any other."""
    short = stem(chance, culture)
    name = _named(chance, culture, short)
    domain = f"{_latin(chance, short)}{chance.randrange(1_000_000)}.example"
    return Details(
        kind=BODY,
        display_name=name,
        legal_name=name if chance.random() < 0.7 else None,
        tax_id=tax_id(chance, culture) if chance.random() < 0.55 else None,
        emails=(f"{chance.choice(('info', 'office', 'sales'))}@{domain}",) if chance.random() < 0.85 else (),
        phones=(phone(chance, culture),) if chance.random() < 0.85 else (),
        places=(place(chance, culture),) if chance.random() < 0.9 else (Place(country=COUNTRIES[culture][0]),),
    )


def _named(chance: Random, culture: str, short: str) -> str:
    trade = chance.choice(list(TRADES[culture].values())).partition("|")[0]
    form = chance.choice(FORMS[culture])
    if culture == "ru":
        return f"{form} «{short} {trade}»"
    city = chance.choice(CITIES[culture])
    return str(WORDS[culture]["company"].format(stem=short, trade=trade, form=form, city=city))


def _relative(chance: Random, of: Details) -> Details:
    """Somebody else at the same address."""
    culture = culture_of(of)
    given = given_name(chance, culture)
    while given == of.given_name:
        given = given_name(chance, culture)
    family = (of.family_name if chance.random() < 0.8 else None) or family_name(chance, culture)
    new = _as(chance, given, family, culture)
    shared = of.emails if chance.random() < 0.1 else new.emails
    return replace(new, places=of.places, phones=of.phones if chance.random() < 0.6 else new.phones, emails=shared)


def _namesake(chance: Random, of: Details) -> Details:
    """Somebody else of the same name, now and then in the same district."""
    culture = culture_of(of)
    new = _as(chance, of.given_name or "", of.family_name or "", culture)
    if chance.random() < 0.75 or not (of.places and new.places and new.places[0].line1):
        return new
    near = replace(new.places[0], city=of.places[0].city, postal_code=of.places[0].postal_code)
    return replace(new, places=(near,))


def _as(chance: Random, given: str, family: str, culture: str) -> Details:
    """Somebody of a name who has nothing else to do with any other."""
    new = named(new_person(chance, culture), given, family, culture)
    return replace(new, emails=(mail(chance, given, family),)) if new.emails else new


def named(details: Details, given: str, family: str, culture: str) -> Details:
    """A person under another name."""
    whole = {"zh": f"{family}{given}", "ja": f"{family} {given}"}.get(culture, f"{given} {family}")
    return replace(details, display_name=whole, given_name=given, family_name=family)


def _sister(chance: Random, of: Details) -> Details:
    """Another firm of the same group: some words of the name are the same, often the domain, now and then the house."""
    new = new_body(chance, culture_of(of))
    word = chance.choice((of.display_name or "").split() or ["Group"])
    name = f"{word} {new.display_name}"
    return replace(
        new,
        display_name=name,
        legal_name=name,
        tax_id=tax_id(chance, culture_of(of)),
        emails=tuple(f"{chance.choice(('hello', 'desk'))}@{each.partition('@')[2]}" for each in of.emails)
        if chance.random() < 0.4
        else new.emails,
        places=of.places if chance.random() < 0.3 else new.places,
    )


def _branch(chance: Random, of: Details, *, same_house: bool) -> Details:
    """A firm of the same name elsewhere, or one of another name in the same house."""
    new = new_body(chance, culture_of(of))
    if same_house:
        return replace(new, places=of.places)
    return replace(new, display_name=of.display_name, legal_name=of.legal_name)


# Parts


def birth(chance: Random) -> dt.date:
    """A day of birth of an adult."""
    return dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(24_000))


def tax_id(chance: Random, culture: str) -> str:
    """A tax number."""
    return f"{COUNTRIES[culture][0]}{chance.randrange(10**8, 10**9)}"


def phone(chance: Random, culture: str) -> str:
    """A telephone number."""
    return f"{COUNTRIES[culture][1]}{chance.randrange(200_000_000, 999_999_999)}"


def mail(chance: Random, given: str, family: str) -> str:
    """An address at a provider, which nobody else has."""
    local = f"{_latin(chance, given)}{chance.choice(('.', '', '_'))}{_latin(chance, family)}"
    return f"{local}{chance.randrange(1_000_000)}@{often(chance, PROVIDERS)}"


def _latin(chance: Random, word: str) -> str:
    """A word as it stands in an address; made up where it is in another alphabet."""
    found = "".join(letter for letter in word.lower() if letter.isascii() and letter.isalnum())
    return found or "".join(chance.choices("abcdeghiklmnoprstuvwxyz", k=6))


def place(chance: Random, culture: str) -> Place:
    """An address."""
    street = STREETS[culture].format(stem(chance, culture) if chance.random() < 0.5 else family_name(chance, culture))
    number = chance.randrange(1, 150)
    line = f"{number} {street}" if culture in ("en", "fr") else f"{street} {number}"
    which = chance.randrange(8)
    code = f"{which + 1}{int(chance.random() ** 2 * 500):04d}"
    return Place(line, CITIES[culture][which], code, COUNTRIES[culture][0])
