"""A served company, and customers of it."""

from tests.graphql_schema.paging import customers
from tests.http.fixtures import company, graph, log, unlimited, writer

__all__ = ["company", "customers", "graph", "log", "unlimited", "writer"]
