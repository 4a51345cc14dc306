"""A served company, with customers, deals and orders whose sums can be told by heart."""

from tests.http.fixtures import company, graph, log, writer

__all__ = ["company", "graph", "log", "writer"]
