"""What goes wrong with a database as a whole."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """The database cannot be reached now. Nothing is known to be wrong with the request."""


class UnfitDatabase(Exception):
    """The database does not keep what the product promises. The message names every fault and its cure."""
