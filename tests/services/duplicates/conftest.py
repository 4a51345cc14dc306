"""A served company, for the live check, and whoever asks it."""

from __future__ import annotations

from tests.http.fixtures import company, graph, log, writer

__all__ = ["company", "graph", "log", "writer"]
