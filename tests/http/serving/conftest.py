"""A served company."""

from tests.http.fixtures import company, log, writer

__all__ = ["company", "log", "writer"]
