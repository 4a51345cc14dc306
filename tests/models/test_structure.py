"""Keys, references, indexes and names of all tables."""

from __future__ import annotations

import re
from itertools import chain

import pytest
import sqlalchemy as sa

from app.models import Base
from policies.catalogue import Reference

TABLES = list(Base.metadata.sorted_tables)
OWNED = [table for table in TABLES if "resource" in table.info and "customer_id" in table.c]


def _indexed(table: sa.Table) -> list[tuple[str, ...]]:
    keys = [c for c in table.constraints if isinstance(c, (sa.PrimaryKeyConstraint, sa.UniqueConstraint))]
    return [tuple(column.name for column in item.columns) for item in chain(keys, table.indexes)]


def test_rows_of_a_customer_are_keyed_by_customer_and_id() -> None:
    assert len(OWNED) == 20
    assert {tuple(table.primary_key.columns.keys()) for table in OWNED} == {("customer_id", "id")}


def test_rows_of_one_customer_refer_to_each_other_within_it() -> None:
    owned = {table.name for table in OWNED}
    for table in OWNED:
        for key in table.foreign_key_constraints:
            assert (key.column_keys[0] == "customer_id" and len(key.column_keys) == 2) == (
                key.referred_table.name in owned
            ), key.name


def test_unique_keys_of_a_customers_rows_contain_the_customer() -> None:
    for table in OWNED:
        constraints = {c.name: c.columns.keys() for c in table.constraints if isinstance(c, sa.UniqueConstraint)}
        indexes = {i.name: i.columns.keys() for i in table.indexes if i.unique}
        assert [name for name, columns in (constraints | indexes).items() if "customer_id" not in columns] == []


def test_an_index_serves_every_foreign_key() -> None:
    missing = [
        key.name
        for table in TABLES
        for key in table.foreign_key_constraints
        if key.name != "fk_opportunities_stage"  # its first column alone finds the rows
        and not any(index[: len(key.column_keys)] == tuple(key.column_keys) for index in _indexed(table))
    ]
    assert missing == []


@pytest.mark.parametrize("scope", ["owner_id", "department_id", "region_id"])
def test_an_index_serves_every_scope_column(scope: str) -> None:
    scoped = [table for table in TABLES if scope in table.c]
    assert len(scoped) == {"owner_id": 25, "department_id": 27, "region_id": 27}[scope]
    assert [table.name for table in scoped if (scope,) not in _indexed(table)] == []


@pytest.mark.parametrize(
    ("table", "time"),
    [
        ("interactions", "occurred_at"),
        ("orders", "ordered_at"),
        ("tickets", "opened_at"),
        ("ticket_messages", "sent_at"),
        ("opportunities", "created_at"),
        ("quotes", "created_at"),
        ("contracts", "start_date"),
        ("tasks", "due_at"),
        ("consents", "obtained_at"),
        ("survey_responses", "responded_at"),
        ("campaign_members", "status_at"),
    ],
)
def test_what_a_customer_view_reads_newest_first_is_indexed_so(table: str, time: str) -> None:
    assert ("customer_id", time, "id") in _indexed(Base.metadata.tables[table])


def test_every_declared_reference_is_a_foreign_key() -> None:
    for table in TABLES:
        keys = {key.column_keys[-1]: key for key in table.foreign_key_constraints if len(key.column_keys) < 3}
        for column in table.columns:
            to: Reference | None = column.info.get("reference")
            assert to is None or keys[column.name].referred_table.name == to.table, str(column)


def test_names_follow_the_convention_and_fit_postgresql() -> None:
    prefixes = {
        sa.PrimaryKeyConstraint: "pk",
        sa.UniqueConstraint: "uq",
        sa.CheckConstraint: "ck",
        sa.ForeignKeyConstraint: "fk",
        sa.Index: "ix",
    }
    for table in TABLES:
        named: list[sa.Constraint | sa.Index] = [*table.constraints, *table.indexes]
        for item in named:
            name = str(item.name)
            assert re.match(rf"{prefixes[type(item)]}_{table.name}", name), name
            assert len(name) <= 63, name


def test_no_column_is_a_float() -> None:
    assert [str(c) for table in TABLES for c in table.columns if isinstance(c.type, (sa.Float, sa.Double))] == []


def test_every_text_is_ordered_by_code_points() -> None:
    texts = [c for table in TABLES for c in table.columns if isinstance(c.type, sa.String)]
    assert [str(c) for c in texts if c.type.collation != "C"] == []  # type: ignore[attr-defined]
