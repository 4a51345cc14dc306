"""Customers, the people there, and how and where these are reached."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.models.enums import (
    AddressKind,
    Channel,
    ConsentPurpose,
    ConsentStatus,
    ContactPointKind,
    ContactRole,
    LawfulBasis,
    LeadSource,
    RelationType,
)
from app.services.demo.account import COMPANY, PERSON, PROFILES, Account
from app.services.demo.money import amount, exchange, smallest
from app.services.demo.source import NOW, Source, Weighted
from app.services.demo.world import Area
from app.services.demo.writer import Row, Writer

INDUSTRIES = {
    "manufacturing": "C25",
    "food": "C10",
    "logistics": "H52",
    "health": "Q86",
    "retail": "G47",
    "software": "J62",
    "education": "P85",
    "lodging": "I55",
    "construction": "F41",
    "finance": "K66",
}
"""ISIC Rev. 4."""
JOBS = ("Facility lead", "Purchasing", "Managing director", "Controller", "IT lead", "Assistant", "Site lead")
CONSENT_STATUSES = Weighted(dict(zip(ConsentStatus, (85, 9, 4, 2), strict=True)))
SOURCES, ROLES = tuple(LeadSource), tuple(ContactRole)
PURPOSES, BASES = tuple(ConsentPurpose), tuple(LawfulBasis)
OLDEST = NOW - dt.timedelta(days=1_400)
YOUNGEST = NOW - dt.timedelta(days=90)
YEAR = dt.timedelta(days=365)


def split(name: str) -> tuple[str, str]:
    """A name as written and in Latin letters."""
    native, _, roman = name.partition("|")
    return native, roman or native


def slug(*words: str) -> str:
    """Words as part of an internet address."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words)


def since(number: int, count: int) -> dt.datetime:
    """When a customer came to us: in the order of their numbers."""
    return OLDEST + (YOUNGEST - OLDEST) * number // count


def open_account(writer: Writer, number: int, count: int, *, full: bool) -> tuple[Account, Row]:
    """A customer and its row, which is completed once all its other rows are made."""
    source, profile = writer.source, PROFILES[number % len(PROFILES)]
    area = source.weigh(writer.world.areas)
    names = _company(writer, area) if profile.kind is COMPANY else _person(writer, area)
    at = since(number, count)
    owner: UUID | None = getattr(area, profile.seller) if profile.seller else None
    account = Account(
        number=number,
        id=source.key(at),
        profile=profile,
        stage=source.pick(profile.stages),
        area=area,
        name=names["display_name"],
        domain=f"{names.pop('slug')}-{number + 1}.example",
        since=at,
        owner=owner,
        department=area.desk,
        full=full,
    )
    return account, _customer(writer, account, names)


def _company(writer: Writer, area: Area) -> dict[str, Any]:
    words, source = writer.world.names[area.culture], writer.source
    trade = source.pick(tuple(words["trades"]))
    stem, activity = split(source.pick(words["stems"])), split(words["trades"][trade])
    form = source.pick(words["forms"])
    name = words["company"].format(stem=stem[0], trade=activity[0], form=form, city=area.city)
    short = name.replace(form, "").strip() if area.culture in {"en", "de", "fr"} else name
    return {
        "display_name": short,
        "legal_name": name,
        "given_name": None,
        "family_name": None,
        "birth_date": None,
        "category_path": f"/business/{trade}/",
        "industry_code": INDUSTRIES[trade],
        "slug": slug(stem[1], activity[1]),
    }


def _person(writer: Writer, area: Area) -> dict[str, Any]:
    given, family, display, latin = _name(writer, area)
    return {
        "display_name": display,
        "legal_name": None,
        "given_name": given,
        "family_name": family,
        "birth_date": dt.date(1950, 1, 1) + dt.timedelta(days=writer.source.between(0, 20_000)),
        "category_path": writer.source.pick(("/private/household/", "/private/professional/")),
        "industry_code": None,
        "slug": latin.replace(".", "-"),
    }


def _name(writer: Writer, area: Area) -> tuple[str, str, str, str]:
    """Given name, family name, both as they are written, and both in an address."""
    words, source = writer.world.names[area.culture], writer.source
    given, family = split(source.pick(words["given"])), split(source.pick(words["family"]))
    display = words["person"].format(given=given[0], family=family[0])
    return given[0], family[0], display, f"{slug(given[1])}.{slug(family[1])}"


def _customer(writer: Writer, account: Account, names: dict[str, Any]) -> Row:
    source, area, company = writer.source, account.area, account.profile.kind is COMPANY
    revenue = 100 * smallest(area.currency) * source.between(2_000, 900_000) if company else None
    tax_id = f"{area.country}{100_000_000 + account.number * 7}" if company or source.chance(0.2) else None
    if tax_id:
        writer.claim("customers.tax_id", tax_id, account, account.id)
    money = exchange(area.currency, account.since.date())
    mail, number = (f"info@{account.domain}" if company else f"mail@{account.domain}"), _phone(source, area)
    _points(writer, account, mail, number)
    return {
        "id": account.id,
        "kind": account.profile.kind,
        **names,
        "email": mail,
        "phone": _e164(number),
        "tax_id": tax_id,
        "lifecycle_stage": account.stage,
        "tier": account.profile.tier,
        "employee_band": account.profile.band,
        "annual_revenue": amount(revenue) if revenue else None,
        **(money if revenue else dict.fromkeys(money)),
        "source": source.pick(SOURCES),
        "locale": area.locale,
        "time_zone": area.time_zone,
        "custom_public": json.dumps({"preferredLanguage": area.culture}),
        "custom_business": json.dumps({"deskCount": source.between(1, 400)}),
        "legal_hold": account.number % 50 == 49,
        "owner_id": account.owner,
        "department_id": account.department,
        "region_id": area.region,
        "created_at": account.since,
        "updated_at": account.since,
    }


def _phone(source: Source, area: Area) -> str:
    return area.phone.format(source.between(0, 9_999))


def _e164(number: str) -> str:
    return number.replace(" ", "")


def _points(writer: Writer, account: Account, mail: str, number: str) -> None:
    """How the customer itself is reached."""
    kinds, area = ContactPointKind, account.area
    _point(writer, account, kinds.EMAIL, mail)
    _point(writer, account, kinds.PHONE, number)
    if not account.full:
        return
    if account.profile.kind is COMPANY:
        _point(writer, account, kinds.WEBSITE, f"https://www.{account.domain}/", label="Web site")
        _point(writer, account, kinds.FAX, _phone(writer.source, area), label="Fax in the office")
        _point(writer, account, kinds.SOCIAL, f"@{account.domain.partition('.')[0]}")
    elif area.country == "CN":
        _point(writer, account, kinds.WECHAT, f"wx_{account.number:06d}", label="微信")
    else:
        _point(writer, account, kinds.WHATSAPP, _phone(writer.source, area))
        _point(writer, account, kinds.APP, f"app-{account.number:06d}")


def _point(writer: Writer, account: Account, kind: ContactPointKind, value: str, /, **columns: Any) -> UUID:
    number = kind in {ContactPointKind.PHONE, ContactPointKind.MOBILE, ContactPointKind.FAX, ContactPointKind.WHATSAPP}
    row = {"contact_id": None, "label": None, **columns}
    return writer.add(
        "contact_points",
        account,
        account.since,
        kind=kind,
        value=value,
        value_normalized=_e164(value) if number else value.lower(),
        is_primary=True,
        verified_at=account.since + YEAR if account.since + YEAR < NOW else None,
        valid_from=account.since.date(),
        **row,
    )


def people(writer: Writer, account: Account) -> None:
    """The contacts; the first is the primary one."""
    source, area = writer.source, account.area
    for place in range(account.profile.contacts):
        given, family, display, latin = _name(writer, area)
        mail, number = f"{latin}.{place + 1}@{account.domain}", _phone(source, area)
        key = writer.add(
            "contacts",
            account,
            account.since,
            display_name=display,
            given_name=given,
            family_name=family,
            email=mail,
            phone=_e164(number),
            job_title=source.pick(JOBS) if account.profile.kind is COMPANY else None,
            role=source.pick(ROLES),
            is_primary=place == 0,
            do_not_contact=source.chance(0.03),
            birth_date=dt.date(1960, 1, 1) + dt.timedelta(days=source.between(0, 14_000))
            if source.chance(0.1)
            else None,
        )
        account.contacts.append(key)
        if account.full:
            _point(writer, account, ContactPointKind.EMAIL, mail, contact_id=key, label="Work")
            _point(writer, account, ContactPointKind.MOBILE, number, contact_id=key)


def addresses(writer: Writer, account: Account) -> None:
    """Where the customer lives or works, and where goods and invoices go."""
    home = AddressKind.HOME if account.profile.kind is PERSON else AddressKind.OFFICE
    account.billing = _address(writer, account, AddressKind.BILLING)
    account.shipping = _address(writer, account, AddressKind.SHIPPING)
    if account.full:
        _address(writer, account, home)
        if account.number % 4 == 0:
            _address(writer, account, AddressKind.LEGAL)
        if account.number % 10 == 1:
            _address(writer, account, AddressKind.OTHER)


def _address(writer: Writer, account: Account, kind: AddressKind) -> UUID:
    source, area = writer.source, account.area
    words = writer.world.names[area.culture]
    street = source.pick(words["streets"])
    return writer.add(
        "addresses",
        account,
        account.since,
        kind=kind,
        is_default=True,
        line1=words["street"].format(street=street, number=source.between(1, 180)),
        line2=source.pick(words["upper"]) if source.chance(0.3) else None,
        city=area.city,
        admin_area=area.code,
        postal_code=area.postal.format(source.between(1, 999)),
        country=area.country,
        latitude=_near(source, area.latitude),
        longitude=_near(source, area.longitude),
        verified_at=account.since if source.chance(0.6) else None,
    )


def _near(source: Source, degrees: float) -> Decimal:
    return Decimal(round(degrees * 1_000_000) + source.between(-90_000, 90_000)).scaleb(-6)


def consents(writer: Writer, account: Account) -> None:
    """What the customer agreed to."""
    source = writer.source
    for purpose in {source.pick(PURPOSES): None for _ in range(3)} if account.full else ():
        status, obtained = source.weigh(CONSENT_STATUSES), source.moment(account.since, NOW)
        basis = source.pick(BASES) if source.chance(0.4) else LawfulBasis.CONSENT
        form = {"form": "newsletter-2", "address": f"192.0.2.{source.between(1, 254)}"}
        writer.add(
            "consents",
            account,
            obtained,
            contact_point_id=None,
            purpose=purpose,
            channel=source.pick((Channel.EMAIL, Channel.PHONE, Channel.SMS, None)),
            status=status,
            lawful_basis=basis,
            source=source.pick(("Web form", "Order form", "Call", "Trade show")),
            obtained_at=obtained,
            expires_at=obtained + 2 * YEAR if source.chance(0.3) else None,
            evidence=json.dumps(form) if basis is LawfulBasis.CONSENT else None,
        )


RELATIONS = {
    1: (1, RelationType.PARENT, RelationType.SUBSIDIARY),
    3: (1, RelationType.PARTNER, RelationType.PARTNER),
    6: (5, RelationType.REFERRER, None),
    8: (1, RelationType.HOUSEHOLD, RelationType.HOUSEHOLD),
}
"""By place among ten customers: how many before is the other, what it is to this one, and this one to it."""


def relations(writer: Writer, account: Account, earlier: list[Account]) -> None:
    """How the customer stands to one that came before; each side has its row."""
    place = account.number % len(PROFILES)
    if not account.full or place not in RELATIONS:
        return
    back, theirs, ours = RELATIONS[place]
    other, day = earlier[-back], account.since.date()
    writer.add("customer_relations", account, account.since, related_customer_id=other.id, type=theirs, since=day)
    if ours:
        writer.add("customer_relations", other, account.since, related_customer_id=account.id, type=ours, since=day)
