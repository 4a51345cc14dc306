"""A company whose people write, and read what was written."""

from tests.http.fixtures import company, graph, log, writer

__all__ = ["company", "graph", "log", "writer"]
