"""A served company."""

from tests.http.fixtures import company, graph, log, unlimited, writer

__all__ = ["company", "graph", "log", "unlimited", "writer"]
