"""Which schema a request is answered by: that of the rights it is answered under, made once for each grant shape."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from app.settings import Settings
from benchmarks.shapes import QUERIES, counted, settle
from graphql_schema.schema import COMPLETE
from graphql_schema.tailoring.schemas import Schemas
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import Row, assign, customer, interaction, order, store, ticket, user
from tests.http.asking import Asking, asking
from tests.http.fixtures import UNLIMITED

VENDOR = """
role: vendor
schema: tailored
rules:
  - {allow: [read], on: [Customer, Contact], fields: {names: [displayName, email]}}
  - {allow: [update], on: Customer, fields: {names: [email, tier]}}
"""
SHIPPER = """
role: shipper
schema: tailored
rules:
  - {allow: [read], on: Order, fields: {names: [number, status]}}
"""
CALLER = """
role: caller
schema: tailored
rules:
  - {allow: [read], on: [Interaction, Order], fields: {classes: [PUBLIC, BUSINESS]}}
"""
QUERY = "{ customers(orderBy: {field: DISPLAY_NAME}) { nodes { displayName email } } }"
NO_EMAIL = {"message": "Cannot query field 'email' on type 'Customer'.", "locations": [{"line": 1, "column": 67}]}
NO_CUSTOMERS = {"message": "Cannot query field 'customers' on type 'Query'.", "locations": [{"line": 1, "column": 3}]}


@dataclass(frozen=True)
class Served:
    """A process over a company that has three tailored roles more, and a connection on which changes are made."""

    graph: Asking
    writer: asyncpg.Connection
    company: Company
    vendor: Row
    shipper: Row
    caller: Row

    async def told(self, who: Row, query: str = QUERY) -> Any:
        """The names and addresses that a user is told, or why not."""
        answer = await self.graph.ask(who, query)
        if "errors" in answer:
            return [{name: error[name] for name in ("message", "locations")} for error in answer["errors"]]
        return [tuple(node.values()) for node in answer["data"]["customers"]["nodes"]]


@pytest.fixture
async def served(fresh_database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Served]:
    writer = await asyncpg.connect(fresh_database.dsn)
    company = await found(writer)
    more = {"vendor.yaml": VENDOR, "shipper.yaml": SHIPPER, "caller.yaml": CALLER}
    await activate(writer, {**read_folder(DEFAULT_RULES), **more})
    vendor, shipper, caller = people = user("vendor"), user("shipper"), user("caller")
    await store(writer, *people, customer("German", region=company.germany, email="german@example.com"))
    for role, who in zip(("vendor", "shipper", "caller"), people, strict=True):
        await assign(writer, who, role)
    async with asking(fresh_database.dsn, settings.model_copy(update=UNLIMITED)) as graph:
        yield Served(graph, writer, company, vendor, shipper, caller)
    await writer.close()


EMAIL = [("German", "german@example.com")]


async def test_one_text_is_answered_to_each_by_the_schema_of_their_rights(served: Served) -> None:
    company = served.company
    expected: list[tuple[Row, Any]] = [
        (company.admin, EMAIL),
        (company.partner, [NO_EMAIL]),
        (served.vendor, EMAIL),
        (served.shipper, [NO_CUSTOMERS]),
        (company.rep, [("German", "g•••@example.com")]),
    ]
    for who, told in (*expected, *reversed(expected), *expected):
        assert await served.told(who) == told
    assert served.graph.engine.schemas.made == 3


async def test_plans_of_one_text_are_apart_for_each_schema(served: Served) -> None:
    query = "{ customers { nodes { displayName access { withheld } } } }"
    for who, withheld in (
        (served.company.rep, ["birthDate", "taxId"]),
        (served.vendor, []),
        (served.company.partner, []),
    ):
        for _ in range(2):
            answer = await served.graph.data(who, query)
            told = answer["customers"]["nodes"][0]["access"]["withheld"]
            assert [name for name in told if name in ("birthDate", "taxId")] == withheld
    assert len(served.graph.engine._plans) == 3


CHANGES: dict[str, tuple[str, list[Any], str, list[Any]]] = {
    "a tailored role is taken": ("vendor", EMAIL, "DELETE FROM role_assignments WHERE user_id = $1", []),
    "a tailored role becomes another": (
        "vendor", EMAIL,
        "UPDATE role_assignments SET role_id = (SELECT id FROM roles WHERE code = 'shipper') WHERE user_id = $1",
        [NO_CUSTOMERS],
    ),
    "a tailored role becomes a complete one": (
        "shipper", [NO_CUSTOMERS],
        "UPDATE role_assignments SET role_id = (SELECT id FROM roles WHERE code = 'admin') WHERE user_id = $1",
        EMAIL,
    ),
    "a complete role becomes a tailored one, without a region": (
        "admin", EMAIL,
        "UPDATE role_assignments SET role_id = (SELECT id FROM roles WHERE code = 'partner') WHERE user_id = $1",
        [NO_CUSTOMERS],
    ),
}  # fmt: skip


def _who(served: Served, name: str) -> Row:
    found: Row = getattr(served, name, None) or getattr(served.company, name)
    return found


@pytest.mark.parametrize("change", CHANGES)
async def test_once_rights_change_a_known_document_is_validated_anew(served: Served, change: str) -> None:
    name, before, statement, after = CHANGES[change]
    who = _who(served, name)
    for _ in range(2):
        assert await served.told(who) == before
    await served.writer.execute(statement, who.key)
    for _ in range(2):
        assert await served.told(who) == after


@pytest.mark.parametrize("change", CHANGES)
async def test_rights_that_change_while_a_request_is_answered_decide_its_schema(served: Served, change: str) -> None:
    name, before, statement, after = CHANGES[change]
    who, engine = _who(served, name), served.graph.engine
    assert await served.told(who) == before
    read = engine.read

    async def after_the_change(sql: str, *values: object) -> Any:
        engine.read = read
        await served.writer.execute(statement, who.key)
        return await read(sql, *values)

    engine.read = after_the_change
    assert await served.told(who) == after


async def test_what_something_is_about_is_told_where_its_type_is_left(served: Served) -> None:
    of = customer("French")
    placed, asked = order(of, number="O"), ticket(of)
    about = ((placed, "ORDER"), (asked, "TICKET"))
    calls = [interaction(of, subject=kind, subject_type=kind, subject_id=row.key) for row, kind in about]
    await store(served.writer, of, placed, asked, *calls)
    query = "{ interactions { nodes { subject about { __typename ...on Order { number } } } } }"
    for _ in range(2):
        assert (await served.graph.data(served.caller, query))["interactions"]["nodes"] == [
            {"subject": "ORDER", "about": {"__typename": "Order", "number": "O"}},
            {"subject": "TICKET", "about": None},
        ]
    refused = await served.graph.ask(served.caller, query.replace("Order", "Ticket"))
    assert [error["message"] for error in refused["errors"]] == ["Unknown type 'Ticket'."]


async def test_access_tells_of_no_field_that_the_callers_schema_lacks(served: Served) -> None:
    query = "{ customers { nodes { access { canUpdate updatable masked withheld } } } }"
    (node,) = (await served.graph.data(served.vendor, query))["customers"]["nodes"]
    assert node["access"] == {"canUpdate": True, "updatable": ["email"], "masked": [], "withheld": []}


async def test_a_policy_that_is_activated_changes_the_schema(served: Served) -> None:
    documents = {**read_folder(DEFAULT_RULES), "shipper.yaml": SHIPPER}
    for fields, told in (("[displayName]", [NO_EMAIL]), ("[displayName, email]", EMAIL), ("[displayName]", [NO_EMAIL])):
        await activate(served.writer, {**documents, "vendor.yaml": VENDOR.replace("[displayName, email]", fields)})
        assert await served.told(served.vendor) == told


async def test_a_stranger_and_a_user_who_left_learn_nothing_of_any_schema(served: Served) -> None:
    await served.writer.execute("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", served.vendor.key)
    engine = served.graph.engine
    for query in (
        QUERY,
        "{ nonsense }",
        "{ __schema { types { name } } }",
        "{",
        "query($w: CustomerWhere) { __typename }",
    ):
        gone = await served.graph.post(served.vendor, query)
        stranger = await served.graph.client.post("/graphql", json={"query": query})
        for response in (gone, stranger):
            assert response.status_code == 401
            answer = response.json()
            del answer["errors"][0]["extensions"]["requestId"]
            assert answer == {
                "errors": [{"message": "a valid bearer token is needed", "extensions": {"code": "UNAUTHENTICATED"}}]
            }
    assert (engine.schemas.made, len(engine.documents._parsed), engine.statements) == (0, 0, 0)


async def test_requests_that_come_at_once_make_a_schema_once(served: Served) -> None:
    told = await asyncio.gather(*(served.told(served.vendor, f"{QUERY} # {i}") for i in range(20)))
    assert told == [EMAIL] * 20
    assert served.graph.engine.schemas.made == 1


async def test_schemas_are_forgotten_when_they_are_many_together_with_their_documents(served: Served) -> None:
    engine = served.graph.engine
    engine.schemas.remembered = 2
    everyone = (served.company.partner, served.vendor, served.shipper)
    for made, who in enumerate((*everyone, *everyone), 1):
        await served.graph.data(who, "{ viewer { displayName } }")
        await served.graph.data(who, "{ viewer { id } }")
        assert engine.schemas.made == made
    kept = set(engine.schemas._known.values())
    assert len(kept) == 2
    assert {schema for schema, _, _ in engine.documents._prepared} == kept
    assert len(engine.documents._prepared) == 4


async def test_nothing_holds_a_schema_that_was_forgotten(served: Served) -> None:
    engine = served.graph.engine
    assert await served.told(served.vendor) == EMAIL
    assert await served.told(served.vendor, "{ nonsense }")
    await served.graph.data(
        served.vendor, "query($t: CustomerWhere) { customers(where: $t) { totalCount } }", {"t": {}}
    )
    (forgotten,) = map(weakref.ref, engine.schemas._known.values())
    engine.schemas.remembered = 1
    await served.told(served.shipper)
    gc.collect()
    assert forgotten() is None
    assert len(engine._plans) == 2


async def test_the_schema_that_was_used_lately_is_kept_longest(served: Served) -> None:
    served.graph.engine.schemas.remembered = 2
    for who in (served.vendor, served.shipper, served.vendor, served.company.partner, served.vendor):
        await served.graph.data(who, "{ viewer { displayName } }")
    assert served.graph.engine.schemas.made == 3


async def test_documents_of_all_schemas_together_are_so_many_at_most(served: Served) -> None:
    documents = served.graph.engine.documents
    documents._parsed.most = documents._prepared.most = 5
    for i in range(4):
        for who in (served.vendor, served.company.partner, served.company.admin):
            await served.graph.data(who, f"{{ a{i}: viewer {{ displayName }} }}")
    assert (len(documents._prepared), len(documents._parsed)) == (5, 4)


async def test_schemas_and_plans_are_counted_by_shape_and_not_by_user(fresh_database: TemporaryDatabase) -> None:
    users = await settle(fresh_database.dsn, 150, 50)
    _, schemas, plans, everybody = await counted(fresh_database.dsn, users, 50)
    assert (schemas.schemas, schemas.principals) == (25, 50)
    assert plans.plans == everybody.plans == 50 * len(QUERIES)
    assert (everybody.schemas, everybody.principals) == (25, 150)


def test_as_many_schemas_are_remembered_as_was_decided() -> None:
    assert Schemas(COMPLETE).remembered == 64
