"""Why there are no figures."""

from __future__ import annotations


class BenchmarkError(Exception):
    """The benchmark cannot be run, or what it found is worth nothing. The message says what to do about it."""
