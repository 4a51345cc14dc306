"""Twins are served like the product, and logged like it."""

from tests.http.fixtures import log

__all__ = ["log"]
