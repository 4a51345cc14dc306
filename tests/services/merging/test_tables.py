"""A merge knows every table: whose rows move, what there is one of, and what is kept beside rows."""

from __future__ import annotations

import sqlalchemy as sa

from app.models import Base
from app.services.merging.clashes import CLASHES, SamePoint
from app.services.merging.tables import LINKS, OWNED, POINTING, REKEYED

TABLES = Base.metadata.tables


def test_every_table_that_keeps_a_customer_moves_or_says_why_not() -> None:
    keeping = {name for name, table in TABLES.items() if "customer_id" in table.c}
    assert keeping == {*OWNED, *REKEYED, "search_tokens", "unmasks"}


def test_every_reference_to_a_customer_is_known() -> None:
    pointing = {
        (name, column.name)
        for name, table in TABLES.items()
        for column in table.columns
        if "reference" in column.info and column.info["reference"].table == "customers"
    }
    owning = {(name, "customer_id") for name in OWNED}
    assert pointing == owning | set(POINTING.items()) | {("customers", "merged_into_id")}


def test_what_there_is_one_of_with_each_customer_is_what_the_indexes_say() -> None:
    indexes = {
        (name, frozenset(index.columns.keys()) - {"customer_id"}, _condition(index))
        for name in OWNED
        for index in TABLES[name].indexes
        if index.unique
    }
    known = {
        (name, frozenset(clash.columns), " AND ".join([*_said(clash.flag, clash.among), "deleted_at IS NULL"]))
        for name, clashes in CLASHES.items()
        for clash in clashes
        if not isinstance(clash, SamePoint)
    }
    assert indexes == known


def _condition(index: sa.Index) -> str:
    return str(index.dialect_options["postgresql"]["where"])


def _said(flag: str, among: tuple[tuple[str, object], ...]) -> list[str]:
    said = [f"{name} IS NULL" if value is None else f"{name} = '{value}'" for name, value in among]
    return [flag, *said] if flag else said


def test_what_is_referred_to_is_made_first() -> None:
    places = {name: place for place, name in enumerate(OWNED)}
    for name, links in LINKS.items():
        for link in links:
            if not link.fixed and link.target != name:
                assert places[link.target] < places[name], (name, link.column)
