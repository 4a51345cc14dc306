"""A served company whose doings are audited."""

from tests.http.fixtures import company, graph, log, writer

__all__ = ["company", "graph", "log", "writer"]
