"""What must hold between the fields of one row, as decision tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.models.catalogue import CATALOGUE
from app.services.checks import CHECKS, Check
from app.services.checks.past import HAPPENED, SKEW, today
from app.services.values.defaults import default
from policies.catalogue import Kind

KEY, OTHER = UUID(int=1), UUID(int=2)
JUNE, JULY = dt.date(2026, 6, 30), dt.date(2026, 7, 1)
NINE, TEN = (dt.datetime(2026, 6, 30, hour, tzinfo=dt.UTC) for hour in (9, 10))
ONE, TWO = Decimal(1), Decimal(2)
TODAY = today()
Told = list[tuple[str, str, dict[str, Any]]]


def told(entity: str, row: dict[str, Any]) -> Told:
    """Code's class, field and params of all mistakes of a row."""
    errors = [error for check in CHECKS[entity] for error in check.run(row)]
    return [(f"{type(error).__name__} {error.reason}", ".".join(error.field), dict(error.params)) for error in errors]


@pytest.mark.parametrize(
    ("entity", "row", "mistakes"),
    [
        ("Campaign", {"starts_on": JUNE, "ends_on": JUNE}, []),
        ("Campaign", {"starts_on": JULY, "ends_on": JUNE}, [("Invalid before", "endsOn", {"other": "startsOn"})]),
        ("Campaign", {"starts_on": JULY, "ends_on": None}, []),
        ("Campaign", {"starts_on": None, "ends_on": JUNE}, []),
        ("Campaign", {}, []),
        ("Ticket", {"opened_at": TEN, "resolved_at": NINE}, [("Invalid before", "resolvedAt", {"other": "openedAt"})]),
        ("Contract", {"renewal_notice_date": JUNE, "end_date": JULY}, []),
        (
            "Contract",
            {"renewal_notice_date": JULY, "end_date": JUNE},
            [("Invalid before", "endDate", {"other": "renewalNoticeDate"})],
        ),
        ("Order", {"refunded": ONE, "total": ONE}, []),
        ("Order", {"refunded": TWO, "total": ONE}, [("Invalid exceeds", "refunded", {"other": "total"})]),
        ("Order", {"refunded": TWO}, [("Invalid exceeds", "refunded", {"other": "total"})]),
        ("OrderLine", {"quantity": TWO, "fulfilled_quantity": TWO, "returned_quantity": TWO}, []),
        (
            "OrderLine",
            {"quantity": ONE, "fulfilled_quantity": TWO, "returned_quantity": Decimal(3)},
            [
                ("Invalid exceeds", "returnedQuantity", {"other": "fulfilledQuantity"}),
                ("Invalid exceeds", "fulfilledQuantity", {"other": "quantity"}),
            ],
        ),
    ],
)
def test_what_is_in_order(entity: str, row: dict[str, Any], mistakes: Told) -> None:
    assert told(entity, row) == mistakes


@pytest.mark.parametrize(
    ("entity", "row", "mistakes"),
    [
        ("Region", {"id": KEY, "parent_id": OTHER}, []),
        ("Region", {"id": KEY, "parent_id": None}, []),
        ("Region", {"id": KEY, "parent_id": KEY}, [("Invalid itself", "parent", {})]),
        ("User", {"id": KEY, "manager_id": KEY}, [("Invalid itself", "manager", {})]),
        (
            "CustomerRelation",
            {"customer_id": KEY, "id": OTHER, "related_customer_id": KEY},
            [("Invalid itself", "relatedCustomer", {})],
        ),
        ("CurrencyRate", {"currency": "EUR", "base_currency": "USD"}, []),
        (
            "CurrencyRate",
            {"currency": "EUR", "base_currency": "EUR"},
            [("Invalid same", "currency", {"other": "baseCurrency"})],
        ),
        ("Address", {"latitude": ONE, "longitude": ONE}, []),
        ("Address", {"latitude": None, "longitude": None}, []),
        ("Address", {"latitude": ONE}, [("Required required_with", "longitude", {"other": "latitude"})]),
        ("Address", {"longitude": ONE}, [("Required required_with", "latitude", {"other": "longitude"})]),
        ("Product", {"list_price": ONE, "currency": "EUR"}, []),
        ("Product", {"currency": "EUR"}, []),
        ("Product", {"list_price": ONE}, [("Required without_currency", "listPrice", {})]),
        (
            "Campaign",
            {"budget": TWO, "committed": ONE},
            [("Required without_currency", "budget", {}), ("Required without_currency", "committed", {})],
        ),
    ],
)
def test_what_differs_and_what_belongs_together(entity: str, row: dict[str, Any], mistakes: Told) -> None:
    assert told(entity, row) == mistakes


@pytest.mark.parametrize(
    ("row", "mistakes"),
    [
        ({"kind": "INDIVIDUAL", "given_name": "A", "family_name": "B", "birth_date": JUNE}, []),
        ({"kind": "ORGANIZATION", "legal_name": "A", "employee_band": "GIANT"}, []),
        (
            {"kind": "ORGANIZATION", "given_name": "A", "family_name": "B", "birth_date": JUNE},
            [("Invalid only_persons", field, {}) for field in ("givenName", "familyName", "birthDate")],
        ),
        (
            {"kind": "INDIVIDUAL", "legal_name": "A", "employee_band": "GIANT"},
            [("Invalid only_organizations", field, {}) for field in ("legalName", "employeeBand")],
        ),
        ({"kind": None, "given_name": "A", "legal_name": "A"}, []),
        ({"kind": "INDIVIDUAL", "birth_date": TODAY}, []),
        (
            {"kind": "INDIVIDUAL", "birth_date": TODAY + dt.timedelta(days=2)},
            [("Invalid in_future", "birthDate", {})],
        ),
        ({"kind": "INDIVIDUAL", "birth_date": dt.date(TODAY.year - 150, 1, 1)}, []),
        (
            {"kind": "INDIVIDUAL", "birth_date": dt.date(TODAY.year - 151, 12, 31)},
            [("Invalid too_long_ago", "birthDate", {"years": 150})],
        ),
    ],
)
def test_who_has_which_name_and_age(row: dict[str, Any], mistakes: Told) -> None:
    assert told("Customer", row) == mistakes


@pytest.mark.parametrize(("entity", "column"), [(entity, column) for entity in HAPPENED for column in HAPPENED[entity]])
def test_what_has_taken_place_is_not_in_the_future(entity: str, column: str) -> None:
    resource = CATALOGUE[entity]
    field = resource.fields[resource.of_column(column) or ""]
    now: dt.date = TODAY if field.spec.kind is Kind.DATE else dt.datetime.now(dt.UTC)
    late: Told = [("Invalid in_future", field.name, {})]
    assert [told(entity, {column: now + ahead}) for ahead in (dt.timedelta(0), 2 * SKEW + dt.timedelta(days=2))] == [
        [],
        late,
    ]


@pytest.mark.parametrize(
    ("country", "area", "fits"),
    [
        ("DE", "DE-BY", True),
        ("AT", "DE-BY", False),
        ("PR", "US-PR", True),
        ("US", "US-PR", True),
        ("PR", "US-CA", False),
        ("HK", "CN-HK", True),
        (None, "DE-BY", True),
        ("DE", None, True),
    ],
)
def test_a_state_lies_in_its_country(country: str | None, area: str | None, *, fits: bool) -> None:
    mistakes = [] if fits else [("Invalid elsewhere", "adminArea", {"country": country})]
    assert told("Address", {"country": country, "admin_area": area}) == mistakes


@pytest.mark.parametrize(
    ("row", "mistakes"),
    [
        ({"metric": "REVENUE", "target_amount": ONE, "currency": "EUR"}, []),
        ({"metric": "ORDER_COUNT", "target_quantity": ONE}, []),
        ({"metric": "REVENUE"}, [("Required required", "targetAmount", {})]),
        ({"metric": "ORDER_COUNT"}, [("Required required", "targetQuantity", {})]),
        (
            {"metric": "REVENUE", "target_quantity": ONE},
            [
                ("Required required", "targetAmount", {}),
                ("Invalid not_measured", "targetQuantity", {"metric": "REVENUE"}),
            ],
        ),
        (
            {"metric": "NEW_CUSTOMERS", "target_quantity": ONE, "target_amount": ONE, "currency": "EUR"},
            [("Invalid not_measured", "targetAmount", {"metric": "NEW_CUSTOMERS"})],
        ),
    ],
)
def test_a_target_has_the_measure_of_its_metric(row: dict[str, Any], mistakes: Told) -> None:
    assert told("SalesTarget", row) == mistakes


@pytest.mark.parametrize(
    ("entity", "row", "mistakes"),
    [
        ("Segment", {"kind": "DYNAMIC", "rule": {}}, []),
        ("Segment", {"kind": "STATIC"}, []),
        ("Segment", {"kind": "DYNAMIC"}, [("Required required", "rule", {})]),
        ("Segment", {"kind": "STATIC", "rule": {}}, [("Invalid only_dynamic", "rule", {})]),
        ("Campaign", {"committed": TWO, "budget": TWO, "currency": "EUR"}, []),
        ("Campaign", {"committed": TWO, "currency": "EUR"}, []),
        ("Campaign", {"committed": TWO, "budget": ONE, "currency": "EUR", "budget_overridden": True}, []),
        (
            "Campaign",
            {"committed": TWO, "budget": ONE, "currency": "EUR"},
            [("BudgetExceeded over_budget", "committed", {})],
        ),
        ("Survey", {"scale_min": 0, "scale_max": 1}, []),
        ("Survey", {"scale_min": 1, "scale_max": 1}, [("Invalid no_scale", "scaleMax", {"other": "scaleMin"})]),
        ("SurveyResponse", {"scale_min": 0, "scale_max": 10, "score": 10}, []),
        ("SurveyResponse", {"scale_min": 1, "scale_max": 5, "score": 0}, [("Invalid too_small", "score", {"min": 1})]),
        ("SurveyResponse", {"scale_min": 1, "scale_max": 5, "score": 6}, [("Invalid too_great", "score", {"max": 5})]),
        ("FieldDefinition", {"min": ONE, "max": ONE}, []),
        ("FieldDefinition", {"min": TWO, "max": ONE}, [("Invalid exceeds", "min", {"other": "max"})]),
        ("FieldDefinition", {"data_type": "CHOICE", "options": ["a"]}, []),
        ("FieldDefinition", {"data_type": "CHOICES", "options": []}, [("Required required", "options", {})]),
    ],
)
def test_what_else_belongs_together(entity: str, row: dict[str, Any], mistakes: Told) -> None:
    assert told(entity, row) == mistakes


@pytest.mark.parametrize(
    ("entity", "fields"),
    [
        ("Region", [("parent",)]),
        ("CustomerRelation", [("relatedCustomer",)]),
        ("Segment", [("kind", "rule")]),
        ("OrderLine", [("returnedQuantity", "fulfilledQuantity"), ("fulfilledQuantity", "quantity")]),
        ("QuoteLine", []),
    ],
)
def test_a_check_names_the_fields_that_it_compares(entity: str, fields: list[tuple[str, ...]]) -> None:
    assert [check.fields for check in CHECKS[entity]] == fields


def test_a_check_that_only_fields_kept_by_the_system_could_break_is_not_made() -> None:
    def settable(entity: str, check: Check) -> bool:
        return any(CATALOGUE[entity].fields[name].spec.settable for name in check.fields)

    assert [
        (entity, check) for entity, checks in CHECKS.items() for check in checks if not settable(entity, check)
    ] == []


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("customers.lifecycle_stage", "PROSPECT"),
        ("customers.legal_hold", False),
        ("products.active", True),
        ("customers.custom", {}),
        ("orders.total", Decimal(0)),
        ("tickets.reopened_count", 0),
        ("customers.created_at", None),
        ("customers.display_name", None),
    ],
)
def test_a_column_that_is_absent_holds_its_default(title: str, value: object) -> None:
    table, _, column = title.partition(".")
    (found,) = (resource.table for resource in CATALOGUE if resource.table.name == table)
    assert default(found.c[column]) == value


def test_every_default_can_be_read() -> None:
    columns = [field.column for resource in CATALOGUE for field in resource.fields.values()]
    given = [each for each in columns if each.server_default is not None and not isinstance(each.type, sa.DateTime)]
    assert len(given) > 60
    assert [column for column in given if default(column) is None] == []
