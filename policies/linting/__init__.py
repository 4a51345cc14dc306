"""Lint: what is well-formed in a policy and hardly meant. Each kind of finding is a module of one shape."""

from policies.linting.checks import CHECKS, lint
from policies.linting.findings import Check, Finding, Severity

__all__ = ["CHECKS", "Check", "Finding", "Severity", "lint"]
