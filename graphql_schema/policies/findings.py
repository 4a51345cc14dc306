"""What is to be said of a policy's documents: by lint, and by tests that fail."""

from __future__ import annotations

from dataclasses import asdict

from app.services.policies.checking import Finding
from graphql_schema.making import Part, empty, fill_type

FINDING = empty("PolicyFinding")
fill_type(
    FINDING,
    "Something found in a policy's documents or tests.",
    [
        Part("check", str, "What found it: a check of lint, `fault`, or `test`."),
        Part("severity", str, "`error`, which keeps the policy from coming into force, or `warning`."),
        Part("file", str, "The file that it is in."),
        Part("line", int, "The line, from 1; 0 where it is in no file."),
        Part("column", int, "The column, from 1."),
        Part("role", str, "The role that it is about; empty: none."),
        Part("message", str, "What was found."),
    ],
)


def told(finding: Finding) -> dict[str, object]:
    """A finding as it is told."""
    return asdict(finding)
