"""A customer's address and number and its own primary contact points are kept in step, whichever of them is written."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, contact, customer, owned, store
from tests.http.asking import Asking

MAIL = "info@acme.example"


async def write(graph: Asking, who: Row, name: str, /, **given: Any) -> Any:
    title = name[:1].upper() + name[1:]
    text = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
    return (await graph.data(who, text, {"input": given}))[name]


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's, who is reached by nothing."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, made)
    return made


def point(of: Row, kind: str, value: str, **values: Any) -> Row:
    """A contact point of a customer's own."""
    return owned(models.ContactPoint, of, kind=kind, value=value, value_normalized=value, **values)


async def points(writer: asyncpg.Connection, of: Row) -> list[tuple[str, str, bool]]:
    found = await writer.fetch(
        "SELECT kind, value_normalized, is_primary FROM contact_points WHERE customer_id = $1 AND deleted_at IS NULL"
        " ORDER BY kind, id",
        of.key,
    )
    return [tuple(each) for each in found]


async def reached(writer: asyncpg.Connection, of: Row) -> tuple[str | None, str | None]:
    return tuple(await writer.fetchrow("SELECT email, phone FROM customers WHERE id = $1", of.key))


async def test_a_new_address_makes_a_point_and_another_changes_it(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    await write(graph, company.rep, "customerUpdate", id=theirs.node, email="Info@Acme.example", phone="+49 30 901820")
    assert await points(writer, theirs) == [("EMAIL", MAIL, True), ("PHONE", "+4930901820", True)]
    await write(graph, company.rep, "customerUpdate", id=theirs.node, email="new@acme.example")
    assert await points(writer, theirs) == [("EMAIL", "new@acme.example", True), ("PHONE", "+4930901820", True)]
    await write(graph, company.rep, "customerUpdate", id=theirs.node, email=None)
    assert await points(writer, theirs) == [("EMAIL", "new@acme.example", False), ("PHONE", "+4930901820", True)]
    events = await writer.fetch(
        "SELECT entity, op FROM change_events WHERE customer_id = $1 AND entity = 'contact_points' ORDER BY seq",
        theirs.key,
    )
    assert [each["op"] for each in events] == ["CREATE", "CREATE", "UPDATE", "UPDATE"]


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        ([("EMAIL", MAIL, False)], {"email": MAIL}, [("EMAIL", MAIL, True)]),
        (
            [("EMAIL", "old@acme.example", True), ("EMAIL", MAIL, False)],
            {"email": MAIL},
            [("EMAIL", "old@acme.example", False), ("EMAIL", MAIL, True)],
        ),
        ([("MOBILE", "+4930901820", True)], {"phone": "+4930901820"}, [("MOBILE", "+4930901820", True)]),
        ([("MOBILE", "+4930901821", True)], {"phone": "+4930901820"}, [("MOBILE", "+4930901820", True)]),
        (
            [("MOBILE", "+4930901820", True), ("PHONE", "+4930901821", True)],
            {"phone": "+4930901820"},
            [("MOBILE", "+4930901820", True), ("PHONE", "+4930901821", False)],
        ),
    ],
    ids=["there", "another", "mobile", "mobile changed", "mobile before phone"],
)
async def test_a_point_that_is_there_is_taken(
    graph: Asking,
    company: Company,
    theirs: Row,
    writer: asyncpg.Connection,
    before: list[tuple[str, str, bool]],
    given: dict[str, str],
    after: list[tuple[str, str, bool]],
) -> None:
    await store(writer, *(point(theirs, kind, value, is_primary=first) for kind, value, first in before))
    assert codes(await write(graph, company.rep, "customerUpdate", id=theirs.node, **given)) == []
    assert await points(writer, theirs) == after


async def test_a_primary_point_brings_the_customer_with_it(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    given = {"customer": theirs.node, "kind": "EMAIL", "value": "Info@Acme.example", "isPrimary": True}
    assert codes(await write(graph, company.rep, "contactPointCreate", **given)) == []
    assert await reached(writer, theirs) == (MAIL, None)
    mobile = {"customer": theirs.node, "kind": "MOBILE", "value": "+49 30 901820", "isPrimary": True}
    assert codes(await write(graph, company.rep, "contactPointCreate", **mobile)) == []
    assert await reached(writer, theirs) == (MAIL, "+4930901820")
    event = await writer.fetchrow(
        "SELECT changed, actor FROM change_events WHERE entity = 'customers' AND customer_id = $1 ORDER BY seq",
        theirs.key,
    )
    assert (event["changed"], event["actor"]) == ('{"email": [null, "info@acme.example"]}', company.rep.key)


async def test_a_primary_point_that_goes_takes_the_value_along(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    made = customer("Acme", owner=company.rep, region=company.germany, email=MAIL, phone="+4930901820")
    numbers = [point(made, kind, "+4930901820", is_primary=True) for kind in ("PHONE", "MOBILE")]
    mail = point(made, "EMAIL", MAIL, is_primary=True)
    await store(writer, made, mail, *numbers)
    assert codes(await write(graph, company.rep, "contactPointDelete", id=mail.node)) == []
    assert codes(await write(graph, company.rep, "contactPointDelete", id=numbers[0].node)) == []
    assert await reached(writer, made) == (None, "+4930901820")
    assert codes(await write(graph, company.rep, "contactPointRestore", id=mail.node)) == []
    assert await reached(writer, made) == (MAIL, "+4930901820")


async def test_other_points_leave_the_customer_alone(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    made = customer("Acme", owner=company.rep, region=company.germany, email=MAIL)
    bo = contact(made)
    await store(writer, made, bo)
    for given in ({"value": "a@b.example"}, {"value": "c@d.example", "contact": bo.node, "isPrimary": True}):
        assert (
            codes(await write(graph, company.rep, "contactPointCreate", customer=made.node, kind="EMAIL", **given))
            == []
        )
    assert await reached(writer, made) == (MAIL, None)


@pytest.mark.parametrize(
    ("kind", "value"), [("EMAIL", "acme"), ("PHONE", "12"), ("WEBSITE", "a b")], ids=["mail", "number", "page"]
)
async def test_a_value_is_of_its_kind(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection, kind: str, value: str
) -> None:
    async with watched(writer) as change:
        made = await write(graph, company.rep, "contactPointCreate", customer=theirs.node, kind=kind, value=value)
    assert (codes(made), change.tables) == ([("INVALID", ["value"])], [])
