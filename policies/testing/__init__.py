"""Tests that stand beside the rules: tables of who sees what, put to the compiler's own views in PostgreSQL."""

from policies.testing.cases import Case
from policies.testing.judging import Miss, asking, misses
from policies.testing.reading import FOLDER, read_cases
from policies.testing.tables import temporary_tables

__all__ = ["FOLDER", "Case", "Miss", "asking", "misses", "read_cases", "temporary_tables"]
