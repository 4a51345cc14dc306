"""The schema is as graphql-eslint recommends, and Relay asks."""

from __future__ import annotations

import json

from tests.npm.node import HERE, NEEDED, command, node
from tests.process import ROOT

pytestmark = NEEDED
SCHEMA = "schema.graphql"
ON_PURPOSE = [
    ("relay-edge-types", "ChangeEdge"),
    ("no-typename-prefix", "contactPoints"),
    ("no-typename-prefix", "contactPointsAggregate"),
    ("relay-edge-types", "DuplicateCandidateEdge"),
    ("no-typename-prefix", "orderedAt"),
    ("relay-edge-types", "SearchResultEdge"),
]
"""Changes, candidates and results are found and not kept, so they are no nodes; three names are what everybody calls the thing."""


async def test_the_schema_keeps_the_rules_of_graphql_eslint_and_relay() -> None:
    config = str(HERE / "schema.eslint.mjs")
    eslint = command("eslint", "eslint")
    told = await node(
        eslint, "-c", config, "--format", "json", SCHEMA, cwd=ROOT, environment={"SCHEMA": SCHEMA}, well=(0, 1)
    )
    (file,) = json.loads(told)
    lines = (ROOT / SCHEMA).read_text().splitlines()
    found = [(message["ruleId"].rpartition("/")[2], lines[message["line"] - 1]) for message in file["messages"]]
    assert [(rule, _name(line)) for rule, line in found] == ON_PURPOSE


def _name(line: str) -> str:
    """The type or field that a line declares."""
    return line.removeprefix("type ").strip().partition(":")[0].partition(" ")[0].partition("(")[0]
