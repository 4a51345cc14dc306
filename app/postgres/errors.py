"""What goes wrong with a server, told to its operator."""

from __future__ import annotations


class PostgresError(Exception):
    """PostgreSQL cannot be had as asked. The message says what is wrong and what to do."""
