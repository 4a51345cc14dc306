"""Rows that are right, and for each CHECK of the database one that is wrong by it alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from policies.catalogue import FieldSpec, Kind, Resource

KEY, OTHER = UUID(int=1), UUID(int=2)
NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 31)
SOUND: Mapping[Kind, Any] = {
    Kind.ID: OTHER,
    Kind.TEXT: "x",
    Kind.TREE: "/a/",
    Kind.INTEGER: 1,
    Kind.DECIMAL: Decimal(1),
    Kind.MONEY: Decimal(1),
    Kind.BOOLEAN: True,
    Kind.TIME: NOON,
    Kind.DATE: DAY,
    Kind.JSON: {},
}
CODES = {"currency": "EUR", "base_currency": "USD"}
ALSO: Mapping[str, dict[str, Any]] = {
    "CustomerRelation": {"customer_id": KEY},
    "SalesTarget": {"metric": "ORDER_COUNT", "target_quantity": Decimal(1)},
    "Segment": {"kind": "STATIC"},
    "Survey": {"scale_min": 0, "scale_max": 10},
    "SurveyResponse": {"scale_min": 0, "scale_max": 10},
}
BAD: Mapping[str | Kind, Any] = {
    "EmailAddress": "x",
    "PhoneNumber": "+1",
    "CurrencyCode": "e1",
    "CountryCode": "1",
    Kind.TEXT: "?",
    Kind.TREE: "/a//b/",
    Kind.ENUM: "?",
    Kind.TIME: dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    Kind.DATE: dt.date(1, 1, 1),
}
"""What the CHECK of a column refuses, by its scalar or kind."""
WRONG: Mapping[str, dict[str, Any]] = {
    "addresses_coordinates": {"latitude": Decimal(1)},
    "campaigns_has_currency": {"budget": Decimal(1)},
    "campaigns_parent_is_another": {"parent_id": KEY},
    "campaigns_starts_on_ends_on": {"starts_on": DAY, "ends_on": DAY.replace(day=30)},
    "campaigns_within_budget": {"committed": Decimal(2), "budget": Decimal(1), "currency": "EUR"},
    "consents_obtained_at_expires_at": {"expires_at": NOON.replace(hour=11)},
    "contact_points_valid_from_valid_to": {"valid_from": DAY, "valid_to": DAY.replace(day=30)},
    "contracts_has_currency": {"total": Decimal(1)},
    "contracts_start_date_end_date": {"start_date": DAY, "end_date": DAY.replace(day=30)},
    "currency_rates_two_currencies": {"currency": "EUR", "base_currency": "EUR"},
    "customer_relations_related_to_another": {"customer_id": KEY, "related_customer_id": KEY},
    "customers_has_currency": {"annual_revenue": Decimal(1)},
    "customers_kind_fields": {"kind": "ORGANIZATION", "birth_date": DAY},
    "data_quality_issues_other_is_another": {"customer_id": KEY, "other_customer_id": KEY},
    "departments_parent_is_another": {"parent_id": KEY},
    "field_definitions_range": {"min": Decimal(2), "max": Decimal(1)},
    "interactions_occurred_at_ends_at": {"ends_at": NOON.replace(hour=11)},
    "interactions_subject": {"subject_id": OTHER},
    "opportunities_has_currency": {"amount": Decimal(1)},
    "opportunities_opened_at_closed_at": {"opened_at": NOON, "closed_at": NOON.replace(hour=11)},
    "order_lines_returned_quantity_fulfilled_quantity_quantity": {"fulfilled_quantity": Decimal(2)},
    "orders_refunded_total": {"refunded": Decimal(1)},
    "products_has_currency": {"list_price": Decimal(1)},
    "regions_parent_is_another": {"parent_id": KEY},
    "role_assignments_valid_from_valid_to": {"valid_from": NOON, "valid_to": NOON.replace(hour=11)},
    "sales_targets_has_currency": {"metric": "REVENUE", "target_quantity": None, "target_amount": Decimal(1)},
    "sales_targets_measure": {"metric": "REVENUE"},
    "sales_targets_period_start_period_end": {"period_end": DAY.replace(day=30)},
    "segment_members_added_at_removed_at": {"removed_at": NOON.replace(hour=11)},
    "segments_kind_rule": {"kind": "DYNAMIC"},
    "survey_responses_scale": {"scale_min": 10, "scale_max": 10},
    "survey_responses_score": {"score": 11},
    "survey_responses_sent_at_responded_at": {"sent_at": NOON, "responded_at": NOON.replace(hour=11)},
    "surveys_scale": {"scale_min": 10},
    "tasks_subject": {"subject_type": "ORDER"},
    "tickets_duplicate_of_another": {"duplicate_of_id": KEY},
    "tickets_has_currency": {"compensation": Decimal(1)},
    "tickets_opened_at_closed_at": {"closed_at": NOON.replace(hour=11)},
    "tickets_opened_at_first_responded_at": {"first_responded_at": NOON.replace(hour=11)},
    "tickets_opened_at_resolved_at": {"resolved_at": NOON.replace(hour=11)},
    "users_manager_is_another": {"manager_id": KEY},
}
"""What makes a row wrong by a CHECK of several columns."""


def sound(resource: Resource) -> dict[str, Any]:
    """A row with what must be given, and nothing else."""
    lacking = [
        column
        for column in resource.table.columns
        if not column.nullable and column.server_default is None and column.computed is None
    ]
    return {column.name: _sound(column) for column in lacking} | {"id": KEY} | ALSO.get(resource.name, {})


def _sound(column: sa.Column[Any]) -> Any:
    spec: FieldSpec = column.info["field"]
    return next(iter(spec.enum)).value if spec.enum else CODES.get(column.name, SOUND[spec.kind])


def columns_of(constraint: sa.CheckConstraint, resource: Resource) -> list[sa.Column[Any]]:
    """The columns that a constraint names."""
    words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", str(constraint.sqltext))))
    return [column for column in resource.table.columns if column.name in words]


def wrong(constraint: sa.CheckConstraint, columns: list[sa.Column[Any]]) -> dict[str, Any]:
    """What makes a sound row wrong by a constraint."""
    name = str(constraint.name).removeprefix("ck_")
    if name in WRONG:
        return WRONG[name]
    (column,) = columns
    spec: FieldSpec = column.info["field"]
    if name.endswith(f"{column.name}_number"):
        return {column.name: Decimal("NaN")}
    if spec.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
        least = re.search(r"(?:>=?|BETWEEN) (-?\d+)", str(constraint.sqltext))
        assert least is not None, name
        value = int(least[1]) - (0 if " > " in str(constraint.sqltext) else 1)
        return {column.name: value if spec.kind is Kind.INTEGER else Decimal(value)} | _in_euros(column)
    return {column.name: BAD[spec.scalar or spec.kind]}


def _in_euros(column: sa.Column[Any]) -> dict[str, Any]:
    return {"currency": "EUR"} if column.info["field"].kind is Kind.MONEY else {}
