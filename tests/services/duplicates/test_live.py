"""The check of a new customer finds what its maker sees, by what its maker sees, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from app import models
from app.database import connect, engine_for
from app.identity.authority import Authority
from app.identity.bearer import Bearer
from app.models.catalogue import CATALOGUE
from app.models.enums import CustomerKind
from app.services.duplicates import Details, Place, similar
from app.services.duplicates.asking import NAMES, asked_of
from app.services.writing import writing
from policies.access import access
from policies.loading import load
from policies.principal import Assignment, Principal
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, owned, row, store
from tests.http.asking import Asking
from tests.services.duplicates.details import body, person

Told = list[tuple[UUID, int, dict[str, int]]]
"""Of each candidate its id, score and the likeness of each field."""


async def told(graph: Asking, writer: asyncpg.Connection, who: Row, new: Details, threshold: int = 70) -> Told:
    """What a user is told of a new customer."""
    rights = await Authority(graph.database.read).rights(Bearer(who.key))
    assert rights is not None
    found = await similar(writer.fetch, rights.access, rights.principal, new, threshold)
    return [(each.id, each.score.value, dict(each.score.evidence)) for each in found]


def individual(**values: Any) -> Row:
    """A person."""
    given, family = values.pop("given_name", "William"), values.pop("family_name", "Norris")
    named = {"display_name": f"{given} {family}", "given_name": given, "family_name": family}
    return row(models.Customer, kind="INDIVIDUAL", **named, **values)


@pytest.fixture
async def kept(writer: asyncpg.Connection, company: Company) -> AsyncIterator[asyncpg.Connection]:
    """A connection whose rows are gone after the test."""
    transaction = writer.transaction()
    await transaction.start()
    yield writer
    await transaction.rollback()


async def test_a_customer_is_found_by_each_of_its_identities(
    graph: Asking, kept: asyncpg.Connection, company: Company
) -> None:
    mine = {"owner": company.rep, "region": company.germany}
    by_name = customer("Fernhollow Foods", **mine)
    by_mail = customer("Another", email="office@fernhollow.example", **mine)
    by_phone = customer("A third", phone="+441132345678", **mine)
    by_contact, by_point = customer("A fourth", **mine), customer("A fifth", **mine)
    await store(kept, by_name, by_mail, by_phone, by_contact, by_point)
    await store(kept, contact(by_contact, email="office@fernhollow.example"))
    point = {"kind": "EMAIL", "value": "Office@Fernhollow.example", "value_normalized": "office@fernhollow.example"}
    await store(kept, owned(models.ContactPoint, by_point, **point))
    found = await told(graph, kept, company.rep, body(), threshold=0)
    assert {key: fields for key, _, fields in found} == {
        by_name.key: {"displayName": 100},
        by_mail.key: {"displayName": 18, "email": 100},
        by_phone.key: {"displayName": 19, "phone": 100},
        by_contact.key: {"displayName": 27, "email": 100},
        by_point.key: {"displayName": 19, "email": 100},
    }


async def test_the_surest_come_first_and_ten_at_most(graph: Asking, kept: asyncpg.Connection, company: Company) -> None:
    rows = [customer("Fernhollow Foods", email=f"office{n}@fernhollow.example") for n in range(11)]
    same = customer(
        "Fernhollow Foods Ltd", email="office@fernhollow.example", phone="+441132345678", tax_id="GB123456789"
    )
    await store(kept, *rows, same)
    await store(
        kept,
        owned(
            models.Address, same, kind="OFFICE", line1="12 Mill Lane", city="Leeds", postal_code="LS1 4AB", country="GB"
        ),
    )
    found = await told(graph, kept, company.admin, body())
    assert [(key, score) for key, score, _ in found] == [(same.key, 100), *((each.key, 82) for each in rows[:9])]
    assert found[0][2] == {"displayName": 100, "taxId": 100, "email": 100, "phone": 100, "addresses": 100}
    assert await told(graph, kept, company.admin, Details(CustomerKind.INDIVIDUAL, "Fernhollow Foods"), 0) == []


@pytest.mark.parametrize(
    ("stored", "new", "fields"),
    [
        ({"tax_id": "gb 123.456.789"}, {"tax_id": "GB123456789"}, {"taxId": 100}),
        ({"tax_id": "123456789"}, {"tax_id": "GB123456789"}, {"taxId": 90}),
        ({"email": "w.norris@firm.example"}, {"emails": ("W.Norris@Firm.example",)}, {"email": 100}),
        ({"email": "wnorris@gmail.com"}, {"emails": ("w.norris+shop@gmail.com",)}, {"email": 100}),
        ({"phone": "+441132345678"}, {"phones": ("0113 234 5678",)}, {"phone": 100}),
    ],
    ids=["tax id", "tax id without country", "e-mail", "e-mail with tag", "national number"],
)
async def test_spellings_are_one(
    graph: Asking, kept: asyncpg.Connection, company: Company,
    stored: dict[str, Any], new: dict[str, Any], fields: dict[str, int],
) -> None:  # fmt: skip
    there = individual(given_name="Zoe", family_name="Quux", **stored)
    await store(kept, there)
    nothing = {"birth_date": None, "emails": (), "phones": (), "places": (Place(country="GB"),)}
    found = await told(graph, kept, company.admin, person(**{**nothing, **new}), threshold=0)
    assert found == [(there.key, found[0][1], {"givenName": 0, "familyName": 0, **fields})]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Norris William", "William Norris"),
        ("WILLIAM NÓRRIS", "William Norris"),
        ("William Norris", "Bill Norris"),
        ("William Norris", "William John Norris"),
        ("William John Norris", "Dr. William Norris"),
        ("王 小明", "王小明"),
        ("Сергей Иванов", "иванов сергей"),
        ("Willian Norriss", "William Norris"),
    ],
)
async def test_names_are_found_in_any_order_and_spelling(
    graph: Asking, kept: asyncpg.Connection, company: Company, stored: str, asked: str
) -> None:
    there = row(models.Customer, kind="INDIVIDUAL", display_name=stored)
    await store(kept, there)
    found = await told(graph, kept, company.admin, Details(CustomerKind.INDIVIDUAL, asked), threshold=0)
    assert [key for key, _, _ in found] == [there.key]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Fernhollow Foods Ltd", ["fern food"]),
        ("Fernhollow", ["fernhollow"]),
        ("Larkmoor Bay Foods", ["bay food lark", "food lark", "bay lark", "bay food"]),
        ("GmbH", []),
        ("有限公司", []),
        ("", []),
    ],
)
def test_names_are_looked_for_by_the_first_letters_of_their_words(name: str, words: list[str]) -> None:
    assert asked_of(Details(CustomerKind.ORGANIZATION, name))[NAMES] == words


async def test_what_is_deleted_or_erased_or_the_customer_itself_is_not_told(
    graph: Asking, kept: asyncpg.Connection, company: Company
) -> None:
    now = dt.datetime.now(dt.UTC)
    gone = [customer("Fernhollow Foods", deleted_at=now), customer("Fernhollow Foods", erased_at=now)]
    itself = customer("Fernhollow Foods")
    await store(kept, *gone, itself)
    assert await told(graph, kept, company.admin, body(id=itself.key), threshold=0) == []


@pytest.mark.parametrize(
    "text", ["", "\0", "' OR 1=1 --", "a:* & b", "\ud800", "%_\\", "•••", "@", "x" * 5_000, "+", "٣٤٥"]
)
async def test_any_text_may_be_asked(graph: Asking, kept: asyncpg.Connection, company: Company, text: str) -> None:
    new = Details(
        CustomerKind.ORGANIZATION, text, text, tax_id=text, emails=(text, f"{text}@{text}"), phones=(text,),
        places=(Place(text, text, text, text),),
    )  # fmt: skip
    await told(graph, kept, company.rep, new, threshold=0)


async def test_a_caller_without_rights_is_told_nothing(
    graph: Asking, kept: asyncpg.Connection, company: Company
) -> None:
    await store(kept, customer("Fernhollow Foods Ltd", email="office@fernhollow.example"))
    assert await told(graph, kept, company.nobody, body(), threshold=0) == []


async def test_a_unit_of_work_sees_what_it_has_written_itself(
    graph: Asking, company: Company, database: TemporaryDatabase
) -> None:
    rights = await Authority(graph.database.read).rights(Bearer(company.admin.key))
    assert rights is not None
    engine = engine_for(partial(connect, database.dsn))
    row = customer("Fernhollow Foods", email="office@fernhollow.example")
    async with engine.connect() as connection, writing(connection, rights) as unit:
        await unit.execute(sa.insert(models.Customer).values(**row.values))
        driver = (await unit.connection.get_raw_connection()).driver_connection
        assert driver is not None
        found = await similar(driver.fetch, rights.access, rights.principal, body())
        await connection.execute(sa.delete(models.Customer).where(models.Customer.id == row.key))
    await engine.dispose()
    assert [(each.id, each.score.value) for each in found] == [(row.key, 98)]


# It cannot leak

HIDDEN: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "masked e-mail": ("rep", {}, {"email": "office@fernhollow.example"}),
    "masked phone": ("rep", {}, {"phone": "+441132345678"}),
    "withheld tax id": ("rep", {}, {"tax_id": "GB123456789"}),
    "tax id masked for an auditor": ("auditor", {}, {"tax_id": "GB123456789"}),
    "e-mail withheld from a partner": ("partner", {}, {"email": "office@fernhollow.example"}),
    "tax id beside a plain name": ("rep", {"display_name": "Fernhollow Foods"}, {"tax_id": "GB123456789"}),
    "e-mail beside a plain name": ("rep", {"display_name": "Fernhollow Foods"}, {"email": "office@fernhollow.example"}),
}


@pytest.mark.parametrize("case", HIDDEN)
async def test_rows_that_differ_only_in_what_is_hidden_give_the_same(
    graph: Asking, kept: asyncpg.Connection, company: Company, case: str
) -> None:
    role, shown, hidden = HIDDEN[case]
    who: Row = getattr(company, role)
    one = row(
        models.Customer, **{"kind": "ORGANIZATION", "display_name": "Quite another", **shown}, region=company.germany
    )
    await store(kept, one)
    before = await told(graph, kept, who, body(), threshold=0)
    names = ", ".join(f"{name} = ${i}" for i, name in enumerate(hidden, 2))
    await kept.execute(f"UPDATE customers SET {names} WHERE id = $1", one.key, *hidden.values())
    assert await told(graph, kept, who, body(), threshold=0) == before
    seen = await told(graph, kept, company.admin, body(), threshold=0)
    assert [key for key, _, _ in seen] == [one.key]
    assert len(seen[0][2]) == 2, "the administrator, who sees it, is told"


CLERK = """
role: clerk
rules:
  - allow: [read]
    on: Customer
    fields: {names: [kind, email]}
  - allow: [read]
    on: [Contact, ContactPoint, Address]
    fields: {classes: [PUBLIC]}
  - allow: [read]
    on: [Customer, Contact, ContactPoint, Address]
    when: {owner: {eq: $me}}
    fields: {classes: [PUBLIC, BUSINESS, CONTACT, IDENTITY]}
"""
"""A role that sees e-mail addresses of all customers, and all else only of its own."""
POINT = {"kind": "EMAIL", "value": "office@fernhollow.example", "value_normalized": "office@fernhollow.example"}
SECRETS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "display name": ({"display_name": "Fernhollow Foods Ltd"}, {}),
    "legal name": ({"legal_name": "Fernhollow Foods Ltd"}, {}),
    "phone": ({"phone": "+441132345678"}, {}),
    "tax id": ({"tax_id": "GB123456789"}, {}),
    "e-mail of a contact": ({}, {"model": models.Contact, "display_name": "X", "email": "office@fernhollow.example"}),
    "phone of a contact": ({}, {"model": models.Contact, "display_name": "X", "phone": "+441132345678"}),
    "contact point": ({}, {"model": models.ContactPoint, **POINT}),
    "address": ({}, {"model": models.Address, "kind": "OFFICE", "line1": "12 Mill Lane", "postal_code": "LS1 4AB"}),
}
"""Values that are those of the new customer: of the customer itself, or of a row below it."""


@pytest.mark.parametrize("found_by_mail", [False, True], ids=["not found otherwise", "found by its e-mail"])
@pytest.mark.parametrize("case", SECRETS)
async def test_what_a_role_sees_on_its_own_rows_alone_tells_nothing_of_others(
    kept: asyncpg.Connection, company: Company, case: str, *, found_by_mail: bool
) -> None:
    policy = load({"clerk.yaml": CLERK}, CATALOGUE)
    clerk = Principal(company.rep.key, (Assignment("clerk"),), (company.rep.key,))
    rights = access(policy, clerk.shape)

    async def asked() -> Told:
        found = await similar(kept.fetch, rights, clerk, body(), 0)
        return [(each.id, each.score.value, dict(each.score.evidence)) for each in found]

    own, below = SECRETS[case]
    mail = "office@fernhollow.example" if found_by_mail else "other@another.example"
    one = row(models.Customer, kind="ORGANIZATION", display_name="Quite another", email=mail)
    await store(kept, one)
    before = await asked()
    assert [key for key, _, _ in before] == [one.key] * found_by_mail
    for name, value in own.items():
        await kept.execute(f"UPDATE customers SET {name} = $2 WHERE id = $1", one.key, value)
    if below:
        await store(
            kept, owned(below["model"], one, **{name: value for name, value in below.items() if name != "model"})
        )
    assert await asked() == before
    await kept.execute("UPDATE customers SET owner_id = $2 WHERE id = $1", one.key, clerk.id)
    await kept.execute("UPDATE contacts SET owner_id = $2 WHERE customer_id = $1", one.key, clerk.id)
    await kept.execute("UPDATE contact_points SET owner_id = $2 WHERE customer_id = $1", one.key, clerk.id)
    await kept.execute("UPDATE addresses SET owner_id = $2 WHERE customer_id = $1", one.key, clerk.id)
    leads_there = case != "address"
    assert (await asked() != before) is (found_by_mail or leads_there), "whoever owns it is told more"


async def test_hidden_rows_take_no_place_among_those_that_are_looked_at(
    graph: Asking, kept: asyncpg.Connection, company: Company
) -> None:
    """However many there are, and though they stand first."""
    hidden = [customer("Fernhollow Foods Ltd", region=company.china) for _ in range(60)]
    seen = customer("Fernhollow Foods", region=company.germany, owner=company.rep)
    await store(kept, *hidden, seen)
    found = await told(graph, kept, company.rep, body(), threshold=0)
    assert [key for key, _, _ in found] == [seen.key]


async def test_hidden_contacts_lead_nowhere(graph: Asking, kept: asyncpg.Connection, company: Company) -> None:
    theirs = customer("Another", region=company.germany)
    await store(kept, theirs, contact(theirs, email="office@fernhollow.example"))
    assert await told(graph, kept, company.rep, body(), threshold=0) == []
    mine = customer("A third", region=company.germany, owner=company.rep)
    await store(kept, mine, contact(mine, email="office@fernhollow.example"))
    assert [key for key, _, _ in await told(graph, kept, company.rep, body(), threshold=0)] == [mine.key]
    found = await told(graph, kept, company.admin, body(), threshold=0)
    assert {key for key, _, _ in found} == {theirs.key, mine.key}
