"""Tables for the rows of cases: the catalogue's own, for as long as a transaction lasts, without constraints.

Temporary tables stand before others of the same name, so the compiler's statements read them as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from policies.catalogue import Catalogue
from policies.fragments import DIALECT


def temporary_tables(catalogue: Catalogue) -> str:
    """What makes them."""
    return ";\n".join(str(CreateTable(_copy(resource.table)).compile(dialect=DIALECT)) for resource in catalogue)


def _copy(table: sa.Table) -> sa.Table:
    if table.schema is not None:
        raise ValueError(f"{table.fullname}: a temporary table cannot stand before one that names its schema")
    return sa.Table(table.name, sa.MetaData(), *map(_column, table.columns), prefixes=["TEMPORARY"])


def _column(column: sa.Column[object]) -> sa.Column[object]:
    """The column with what the database sets by itself."""
    computed = [sa.Computed(column.computed.sqltext, persisted=True)] if column.computed is not None else []
    default = None if computed else column.server_default
    return sa.Column(column.name, column.type, *computed, server_default=default, nullable=True)
