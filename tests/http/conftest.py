"""A served company."""

from tests.http.fixtures import company, graph, log, writer

__all__ = ["company", "graph", "log", "writer"]
