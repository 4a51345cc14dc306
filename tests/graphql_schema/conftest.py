"""A served company, and customers of it."""

from tests.graphql_schema.paging import customers
from tests.graphql_schema.planned import entered, rows
from tests.http.fixtures import company, graph, log, unlimited, writer

__all__ = ["company", "customers", "entered", "graph", "log", "rows", "unlimited", "writer"]
