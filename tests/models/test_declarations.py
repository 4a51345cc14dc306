"""What every column says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

import pytest
import sqlalchemy as sa

from app.models import Base, enums
from app.models.enums import Choice, description_of
from app.models.extending import COLUMNS
from app.models.insight import JUDGED
from policies.catalogue import DataClass, FieldSpec, Kind, read_catalogue

CATALOGUE = read_catalogue(Base.metadata)
GRAPH = [table for table in Base.metadata.sorted_tables if "resource" in table.info]
PLUMBING = {"created_by", "updated_by", "deleted_at"}
OF_RIGHTS = {"role_assignments.purposes", "audit_events.actor"}
"""What rights, or whose rights, rest on, and the graph does not show."""
NEVER_CHANGED = {"audit_events.created_by", "audit_events.updated_by"}
"""Columns that are not there, as the rows are written by the house alone."""
UNCLASSIFIED = {"customers.custom"}
"""Custom fields without a class."""

LISTS: list[type[StrEnum]] = [DataClass, *(getattr(enums, name) for name in enums.__all__ if name[0].isupper())]


def _columns() -> Iterator[sa.Column[object]]:
    for table in GRAPH:
        yield from table.columns


def test_there_are_thirty_six_resources() -> None:
    assert len(GRAPH) == len(CATALOGUE.resources) == 36


def test_every_column_is_classified() -> None:
    silent = {str(c) for c in _columns() if "field" not in c.info and "part_of" not in c.info}
    unclassified = {str(c) for c in _columns() if "field" in c.info and c.info["field"].data_class is None}
    assert silent == {f"{table.name}.{name}" for table in GRAPH for name in PLUMBING} - NEVER_CHANGED | OF_RIGHTS
    assert unclassified == UNCLASSIFIED


def test_every_column_and_table_is_described_in_a_sentence() -> None:
    sentence = re.compile(r"^[A-Z`].*\.$", re.DOTALL)
    every = [c for table in Base.metadata.tables.values() for c in (table, *table.columns)]
    assert [str(item) for item in every if not sentence.match(item.comment or "")] == []
    assert [str(c) for c in _columns() if "field" in c.info and c.doc != c.comment] == []


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.__name__)
def test_every_value_of_a_list_is_described_and_shouts(listing: type[StrEnum]) -> None:
    if listing is not Choice:
        assert [m for m in listing if not re.fullmatch(r"[A-Z][A-Z_]*", m.value) or m.name != m.value] == []
        assert [m for m in listing if not description_of(m).endswith(".")] == []
        assert listing.__doc__


def test_no_list_of_rows_has_the_name_of_a_field() -> None:
    clashes = {
        f"{resource.name}.{relation.name}"
        for resource in CATALOGUE
        for relation in resource.relations.values()
        if relation.many and relation.name in resource.fields
    }
    assert clashes == set()


def test_every_amount_is_financial_and_has_its_companions() -> None:
    for column in _columns():
        spec: FieldSpec | None = column.info.get("field")
        if spec is not None and spec.kind is Kind.MONEY:
            assert spec.data_class is DataClass.FINANCIAL, str(column)
            assert set(spec.companions) <= set(column.table.columns.keys()), str(column)


def _source(column: sa.Column[object], name: str) -> sa.Column[object]:
    """What a derivative is made from: a column of its table, or of the customers'."""
    table, _, own = name.rpartition(".")
    return Base.metadata.tables["customers"].c[own] if table == "customer" else column.table.c[own]


def test_a_derivative_is_of_a_class_of_its_sources() -> None:
    for column in _columns():
        spec: FieldSpec | None = column.info.get("field")
        if spec is not None and spec.sources:
            sources = {_source(column, name).info["field"].data_class for name in spec.sources}
            assert spec.data_class in sources, str(column)


def test_what_may_be_wrong_with_a_customer_says_so_of_each_delicate_value() -> None:
    delicate = {DataClass.CONTACT, DataClass.IDENTITY, DataClass.FINANCIAL}
    customers = Base.metadata.tables["customers"].c
    values = {c.name for c in customers if "field" in c.info and c.info["field"].data_class in delicate}
    values -= set(COLUMNS.values())  # nothing is told of custom fields
    assert set(JUDGED) == {f"customer.{name}" for name in values - {"fx_rate", "fx_date"}}


def test_a_row_that_follows_its_customer_copies_its_scope() -> None:
    copies = {str(c): c.info["field"].copies for c in _columns() if "field" in c.info and c.info["field"].copies}
    tables = {name.partition(".")[0] for name in copies}
    scope = ("owner_id", "department_id", "region_id")
    assert copies == {f"{table}.{name}": f"customer.{name}" for table in tables for name in scope}
    assert tables == {
        "contacts", "contact_points", "addresses", "consents", "customer_relations", "quote_lines", "order_lines",
        "ticket_messages", "survey_responses", "campaign_members", "segment_members", "customer_scores",
        "data_quality_issues",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "data_class"),
    [
        ("customers.display_name", DataClass.BUSINESS),
        ("customers.email", DataClass.CONTACT),
        ("customers.tax_id", DataClass.IDENTITY),
        ("customers.birth_date", DataClass.IDENTITY),
        ("customers.annual_revenue", DataClass.FINANCIAL),
        ("contact_points.value_normalized", DataClass.CONTACT),
        ("addresses.line1", DataClass.CONTACT),
        ("addresses.city", DataClass.BUSINESS),
        ("consents.evidence", DataClass.SENSITIVE),
        ("interactions.recording_url", DataClass.SENSITIVE),
        ("interactions.external_id", DataClass.SECRET),
        ("users.subject", DataClass.SECRET),
        ("users.display_name", DataClass.PUBLIC),
        ("users.email", DataClass.CONTACT),
        ("regions.name", DataClass.PUBLIC),
        ("products.sku", DataClass.PUBLIC),
        ("products.list_price", DataClass.FINANCIAL),
        ("opportunities.stage_code", DataClass.BUSINESS),
        ("customer_scores.value", DataClass.FINANCIAL),
        ("customer_scores.band", DataClass.FINANCIAL),
        ("data_quality_issues.field", DataClass.IDENTITY),
    ],
)
def test_delicate_columns_have_the_class_that_was_decided(column: str, data_class: DataClass) -> None:
    table, name = column.split(".")
    assert Base.metadata.tables[table].c[name].info["field"].data_class is data_class
