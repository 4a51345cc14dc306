"""A served company."""

from tests.http.fixtures import _quiet_logs, company, graph, writer

__all__ = ["_quiet_logs", "company", "graph", "writer"]
