"""A served company with orders and deals whose sums can be told by heart."""

from tests.graphql_schema.aggregates.scene import scene
from tests.http.fixtures import company, graph, log, writer

__all__ = ["company", "graph", "log", "scene", "writer"]
