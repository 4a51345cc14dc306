"""The shipped policy, as a decision table: for each role, the rows it sees and how each field is shown.

Rows stand in copies of the product's tables that have its columns but not its constraints, so that a row
can be in any region, of any owner and with every column filled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, TypeAlias

import asyncpg
import pytest

from app.models.catalogue import CATALOGUE
from policies.access import access
from policies.catalogue import Field, Kind, Resource
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.principal import Assignment, Principal
from tests.conftest import TemporaryDatabase
from tests.policies.rows import ask, key

POLICY = load(read_folder(DEFAULT_RULES), CATALOGUE)

ME, REPORT, OTHER = key(1), key(2), key(3)
MY_REGION, MY_SUBREGION, ELSEWHERE = key(11), key(12), key(13)
MY_DEPARTMENT, ANOTHER = key(21), key(22)
WHO = {"owner_id": (ME, REPORT, OTHER, None)}
WHERE = {"region_id": (MY_REGION, MY_SUBREGION, ELSEWHERE, None)}
WHICH = {"department_id": (MY_DEPARTMENT, ANOTHER)}
SCOPES = [
    dict(zip((*WHO, *WHERE, *WHICH), scope, strict=True))
    for scope in product(*WHO.values(), *WHERE.values(), *WHICH.values())
]
Row: TypeAlias = Mapping[str, Any]

NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
VALUES: dict[Kind, Any] = {
    Kind.ID: key(99),
    Kind.TEXT: "a text of some length",
    Kind.TREE: "/a/b/",
    Kind.INTEGER: 7,
    Kind.DECIMAL: Decimal(7),
    Kind.MONEY: Decimal(70),
    Kind.BOOLEAN: True,
    Kind.TIME: NOON,
    Kind.DATE: NOON.date(),
    Kind.JSON: "{}",
}
SCALARS = {
    "EmailAddress": "someone@example.com",
    "PhoneNumber": "+4930123456",
    "CurrencyCode": "EUR",
    "CountryCode": "DE",
}


def value(field: Field) -> Any:
    """What every row has in a field."""
    if field.spec.enum is not None:
        return next(iter(field.spec.enum)).value
    chosen = SCALARS.get(field.spec.scalar or "", VALUES[field.spec.kind])
    length = getattr(field.column.type, "length", None)
    return chosen[:length] if isinstance(chosen, str) and length else chosen


CUSTOMERS = {ELSEWHERE: key(10_000), MY_REGION: key(10_001)}
"""Two customers by their region, that own a row of each scope."""


def rows(resource: Resource) -> list[dict[str, Any]]:
    """A row of each scope; where a customer owns it, of each of the two. Other columns are all filled."""
    filled = {field.column.name: value(field) for field in resource.fields.values()} | _not_erased(resource)
    scopes = [{name: scope[name] for name in scope if name in resource.table.c} for scope in SCOPES]
    counted = {"version": 1} if "version" in resource.table.c else {}
    found = [filled | scope | counted | {"id": key(1000 + n)} for n, scope in enumerate(scopes)]
    if resource.name == "Customer":
        return [
            *found,
            *(filled | {"id": id_, "region_id": region, "owner_id": OTHER} for region, id_ in CUSTOMERS.items()),
        ]
    if not resource.owned:
        return found
    return [
        row | {"customer_id": customer} | _ticket(row, resource) for row in found for customer in CUSTOMERS.values()
    ]


def _not_erased(resource: Resource) -> dict[str, None]:
    return {"erased_at": None} if "erased_at" in resource.table.c else {}


def _ticket(row: Row, resource: Resource) -> dict[str, Any]:
    """A message belongs to a ticket of another scope than its own."""
    turned = key(1000 + (row["id"].int - 1000 + 1) % len(SCOPES))
    return {"ticket_id": turned} if resource.name == "TicketMessage" else {}


ROWS = {resource.name: rows(resource) for resource in CATALOGUE}
TICKETS = {(row["customer_id"], row["id"]): row for row in ROWS["Ticket"]}


@pytest.fixture(scope="module")
async def filled(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    try:
        await connection.execute("CREATE SCHEMA filled; SET search_path = filled, public")
        for resource in CATALOGUE:
            name = resource.table.name
            await connection.execute(f"CREATE TABLE filled.{name} (LIKE public.{name} INCLUDING DEFAULTS)")
            named = list(ROWS[resource.name][0])
            records = [tuple(row[column] for column in named) for row in ROWS[resource.name]]
            await connection.copy_records_to_table(name, schema_name="filled", columns=named, records=records)
        yield connection
    finally:
        await connection.close()


# The table

PLAIN, WITHHELD = "plain", "withheld"
PUBLIC_AND_BUSINESS = {"PUBLIC": PLAIN, "BUSINESS": PLAIN}


def everywhere(row: Row) -> bool:
    return True


def in_my_regions(row: Row) -> bool:
    return row["region_id"] in (MY_REGION, MY_SUBREGION)


def mine_in_my_regions(row: Row) -> bool:
    return in_my_regions(row) and row["owner_id"] == ME


def of_my_customers(row: Row) -> bool:
    return bool(row["customer_id"] == CUSTOMERS[MY_REGION])


def mine_of_my_customers(row: Row) -> bool:
    return of_my_customers(row) and row["owner_id"] == ME


def in_my_regions_or_of_my_team(row: Row) -> bool:
    return in_my_regions(row) or row["owner_id"] in (ME, REPORT)


def in_my_queue(row: Row) -> bool:
    return in_my_regions(row) and row["department_id"] == MY_DEPARTMENT


def of_my_queue(row: Row) -> bool:
    return in_my_queue(TICKETS[row["customer_id"], row["ticket_id"]])


@dataclass(frozen=True)
class Line:
    """Rows of some resources, and how their fields are shown, by class or by name."""

    resources: tuple[str, ...]
    rows: Callable[[Row], bool]
    fields: Mapping[str, str]


ALL = tuple(resource.name for resource in CATALOGUE)
TICKETED = ("Ticket", "TicketMessage")
WITH_CUSTOMER = ("Customer", *(resource.name for resource in CATALOGUE if resource.owned))
SOLD = tuple(name for name in WITH_CUSTOMER if name not in TICKETED)
SCOPED = tuple(r.name for r in CATALOGUE if {"owner", "region"} <= set(r.fields))
PEOPLE = ("Customer", "Contact")
SHOWN_TO_STAFF = ("Region", "Department", "Product", "PipelineStage", "Survey", "Campaign", "User")

EMPLOYEE = Line(SHOWN_TO_STAFF, everywhere, {"PUBLIC": PLAIN})
FIELDS = Line(("FieldDefinition",), everywhere, {"PUBLIC": PLAIN, "dataClass": PLAIN})
TABLE: dict[str, list[Line]] = {
    "employee": [EMPLOYEE, FIELDS],
    "sales_rep": [
        EMPLOYEE,
        FIELDS,
        Line(SOLD, in_my_regions, PUBLIC_AND_BUSINESS),
        Line(SOLD, mine_in_my_regions, {"CONTACT": PLAIN, "FINANCIAL": PLAIN}),
        Line(PEOPLE, in_my_regions, {"email": "s•••@example.com", "phone": "+49•••56"}),
        Line(TICKETED, of_my_customers, PUBLIC_AND_BUSINESS),
        Line(TICKETED, mine_of_my_customers, {"CONTACT": PLAIN, "FINANCIAL": PLAIN}),
    ],
    "sales_manager": [
        EMPLOYEE,
        FIELDS,
        Line(
            SCOPED,
            in_my_regions_or_of_my_team,
            PUBLIC_AND_BUSINESS
            | {"CONTACT": PLAIN, "FINANCIAL": PLAIN}
            | {"IDENTITY": "redacted", "taxId": "•••ngth", "birthDate": "2026"},
        ),
    ],
    "service_agent": [
        EMPLOYEE,
        FIELDS,
        Line(
            ("Customer", "Contact", "Interaction", "Order", "OrderLine"),
            in_my_regions,
            PUBLIC_AND_BUSINESS | {"CONTACT": PLAIN},
        ),
        Line(("Ticket",), in_my_queue, PUBLIC_AND_BUSINESS | {"CONTACT": PLAIN}),
        Line(("TicketMessage",), of_my_queue, PUBLIC_AND_BUSINESS | {"CONTACT": PLAIN}),
    ],
    "marketer": [
        EMPLOYEE,
        FIELDS,
        Line(
            ("Customer", "Campaign", "CampaignMember", "Segment", "SegmentMember", "SurveyResponse"),
            everywhere,
            PUBLIC_AND_BUSINESS,
        ),
        Line(("Customer",), everywhere, {"email": "example.com"}),
    ],
    "finance": [
        EMPLOYEE,
        FIELDS,
        Line(
            ("Customer", "Quote", "QuoteLine", "Contract", "Order", "OrderLine"),
            everywhere,
            PUBLIC_AND_BUSINESS | {"FINANCIAL": PLAIN},
        ),
        Line(("Customer",), everywhere, {"taxId": PLAIN, "email": "s•••@example.com", "phone": "+49•••56"}),
    ],
    "auditor": [
        EMPLOYEE,
        FIELDS,
        Line(
            ALL,
            everywhere,
            PUBLIC_AND_BUSINESS
            | {"FINANCIAL": PLAIN, "CONTACT": "redacted", "IDENTITY": "redacted"}
            | {"email": "s•••@example.com", "phone": "+49•••56", "taxId": "•••ngth", "birthDate": "2026"},
        ),
    ],
    "partner": [Line(("Customer", "Order", "OrderLine"), in_my_regions, PUBLIC_AND_BUSINESS)],
    "admin": [
        Line(
            ALL,
            everywhere,
            dict.fromkeys(("PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL", "SENSITIVE"), PLAIN),
        )
    ],
}


def expected(role: str, resource: Resource, row: Row) -> dict[str, tuple[Any, str]] | None:
    """The cells of a row, or None where it is not seen."""
    lines = [line for line in TABLE[role] if resource.name in line.resources and line.rows(row)]
    return {name: _cell(lines, field, row, resource) for name, field in resource.fields.items()} if lines else None


def _cell(lines: list[Line], field: Field, row: Row, resource: Resource) -> tuple[Any, str]:
    plain = row[field.column.name]
    said = {line.fields.get(field.name) or line.fields.get(field.spec.data_class or "") for line in lines}
    if PLAIN in said or field.column.name in resource.key:
        return plain, PLAIN
    masks = said - {None}
    return (_masked(masks.pop() or "", field), "masked") if masks else (None, WITHHELD)


def _masked(shown: str, field: Field) -> Any:
    if shown == "2026":
        return dt.date(2026, 1, 1)
    redacted = "•••" if field.spec.kind is Kind.TEXT else None
    return redacted if shown == "redacted" else shown


async def seen(
    connection: asyncpg.Connection, resource: Resource, who: Principal
) -> dict[Any, dict[str, tuple[Any, str]]]:
    view = access(POLICY, who.shape).view(resource, resource.fields, resource.fields)
    columns = {name: field.column.name for name, field in resource.fields.items()}
    return {
        tuple(row[column] for column in resource.key): {n: (row[c], row[f"{c}__state"]) for n, c in columns.items()}
        for row in await ask(connection, view, who)
    }


def holder(role: str, *, regions: Any = (MY_REGION, MY_SUBREGION), departments: Any = (MY_DEPARTMENT,)) -> Principal:
    return Principal(ME, (Assignment(role, departments=departments, regions=regions),), reports=(ME, REPORT))


def test_the_table_has_every_role() -> None:
    assert set(TABLE) == set(POLICY.roles)


@pytest.mark.parametrize("resource", list(CATALOGUE), ids=lambda resource: str(resource.name))
@pytest.mark.parametrize("role", TABLE)
async def test_a_role_sees_the_rows_and_fields_of_the_table(
    filled: asyncpg.Connection, role: str, resource: Resource
) -> None:
    cells = {tuple(row[c] for c in resource.key): expected(role, resource, row) for row in ROWS[resource.name]}
    assert await seen(filled, resource, holder(role)) == {k: found for k, found in cells.items() if found is not None}


@pytest.mark.parametrize("role", ["sales_rep", "service_agent", "partner"])
async def test_who_has_no_region_and_no_department_sees_none_of_what_depends_on_them(
    filled: asyncpg.Connection, role: str
) -> None:
    nowhere = holder(role, regions=(), departments=())
    rights = access(POLICY, nowhere.shape)
    shown = (*SHOWN_TO_STAFF, "FieldDefinition") if role != "partner" else ()
    assert {resource.name for resource in CATALOGUE if rights.on(resource).visible} == set(shown)
    for resource in CATALOGUE:
        if resource.name not in shown:
            assert await seen(filled, resource, nowhere) == {}


async def test_a_manager_without_a_region_sees_the_teams_rows(filled: asyncpg.Connection) -> None:
    found = await seen(filled, CATALOGUE["Customer"], holder("sales_manager", regions=()))
    owners = {(row["id"],): row["owner_id"] for row in ROWS["Customer"]}
    assert set(found) == {id_ for id_, owner in owners.items() if owner in (ME, REPORT)}


def test_no_role_is_granted_a_secret_or_an_unclassified_field() -> None:
    for role in TABLE:
        rights = access(POLICY, holder(role).shape)
        for resource in CATALOGUE:
            hidden = {name for name, f in resource.fields.items() if f.spec.data_class in (None, "SECRET")}
            assert not hidden & rights.on(resource).readable


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_who_sees_everything_reads_tables_without_asking(role: str) -> None:
    rights = access(POLICY, holder(role).shape)
    for resource in CATALOGUE:
        assert rights.on(resource).every_row
        assert all(rights.on(resource).state(name) is not None for name in resource.fields)
