"""Whatever is sent is stored or refused; what is stored stays as it is, and passes the database's own checks."""

from __future__ import annotations

from typing import Any

import asyncpg
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.enums import ContactPointKind
from app.services.errors import Invalid, Required
from app.services.values import Hints, contact_point, stored
from app.services.values.forms import COLUMNS, form_of
from app.services.values.limits import limits_of
from policies.catalogue import Field, Kind
from tests.services.values.examples import ANYTHING, COUNTRIES, FIELDS, VARIED, near

HINTS = st.builds(Hints, st.none() | COUNTRIES)
SENT = st.sampled_from(VARIED).flatmap(lambda field: st.tuples(st.just(field), near(field) | ANYTHING))


@settings(max_examples=800, deadline=None, derandomize=True)
@given(SENT, HINTS)
def test_any_value_is_stored_or_refused_and_what_is_stored_stays(sent: tuple[Field, object], hints: Hints) -> None:
    field, value = sent
    try:
        found = stored(field, value, hints)
    except Invalid:
        return
    assert stored(field, found) == found


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(ContactPointKind), st.sampled_from(VARIED).flatmap(near) | ANYTHING, HINTS)
def test_any_contact_point_is_formed_or_refused_and_stays(kind: ContactPointKind, value: object, hints: Hints) -> None:
    try:
        found = contact_point(kind, value, hints)
    except (Invalid, Required):
        return
    assert contact_point(kind, found) == found


CHECKED = [field for field in FIELDS if field.column.info.get("check") and field.spec.kind is not Kind.ENUM]
CHECKS = "SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE contype = 'c' AND conbin IS NOT NULL"


def kept(field: Field) -> list[Any]:
    """Some values that the field's column stores."""
    found: list[Any] = []

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(near(field), HINTS)
    def collect(value: object, hints: Hints) -> None:
        try:
            found.append(stored(field, value, hints))
        except Invalid:
            return

    collect()
    return [value for value in found if value is not None]


async def test_what_is_stored_passes_the_checks_of_its_column(database: Any) -> None:
    connection = await asyncpg.connect(database.dsn)
    checks = dict(await connection.fetch(CHECKS))
    dialect = sa.dialects.postgresql.dialect()  # type: ignore[no-untyped-call]
    wrong, tried = [], 0
    for field in {(f.spec.scalar, f.column.name): f for f in CHECKED}.values():
        column, values = field.column, kept(field)
        tried += len(values)
        type_ = column.type.compile(dialect=dialect).partition(" COLLATE")[0]
        failing = await connection.fetch(
            f"SELECT {column.name} AS value FROM unnest($1::{type_}[]) AS probe ({column.name})"
            f" WHERE NOT ({checks[f'ck_{column.table.name}_{column.name}']})",
            values,
        )
        wrong += [(field.title, value) for (value,) in failing]
    await connection.close()
    assert wrong == []
    assert tried > 300


def test_every_check_of_a_column_is_a_form_or_limits() -> None:
    for field in CHECKED:
        if field.spec.kind is Kind.TEXT:
            assert form_of(field.column), field.title
        elif field.spec.kind is not Kind.TREE:
            limits_of(field.column)


def test_forms_stand_at_columns_that_there_are() -> None:
    assert set(COLUMNS) <= {
        f"{field.column.table.name}.{field.column.name}" for field in FIELDS if not field.spec.scalar
    }
