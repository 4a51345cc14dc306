"""The log of what is told."""

from tests.http.fixtures import log

__all__ = ["log"]
