"""Drafts of the policy that are compared with reads: the scene of the tests of shadow mode."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import asyncpg

from graphql_schema.ids import NodeId, encode
from graphql_schema.shadowing.shadowing import Shadowing, Time
from tests.graphql_schema.policies.asking import do
from tests.graphql_schema.policies.looking import RULES
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

NAMES = "{ customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName email taxId } } }"
TOLD = """query ($version: Int!) { policyShadow(version: $version) {
    since compared dropped failed uncountable
    operations { roles operation compared refused differing types { type gained lost fields { field plain masked withheld } } }
} }"""
SHOWN = "policyVersion { number shadowShare shadowUntil version }"
LATER = "2126-01-01T00:00:00Z"


def deny(role: str, what: str, on: str = "Customer") -> dict[str, str]:
    """The rules, with something denied to a role."""
    return {**RULES, f"{role}.yaml": f"{RULES[f'{role}.yaml']}\n  - deny: [read]\n    on: {on}\n    {what}\n"}


def soon() -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()


class Shadows:
    """Drafts of the policy, and one process that compares as many reads as it is asked to."""

    def __init__(self, graph: Asking, admin: Row, writer: asyncpg.Connection) -> None:
        self.graph, self.admin, self.writer = graph, admin, writer

    def _repr_pretty_(self, printer: Any, cycle: object) -> None:
        printer.text("shadows")

    @property
    def process(self) -> Shadowing:
        return self.graph.app.graph.shadowing

    async def draft(self, rules: Mapping[str, str], status: str = "DRAFT") -> tuple[int, str]:
        """Number and id of a version."""
        row = await self.writer.fetchrow(
            "INSERT INTO policy_versions (id, number, status, document)"
            " SELECT gen_random_uuid(), max(number) + 1, $1, $2::text::jsonb FROM policy_versions RETURNING id, number",
            status, json.dumps({"files": dict(rules)}),
        )  # fmt: skip
        assert row is not None
        return row["number"], encode(NodeId(6, None, row["id"]))

    async def begin(self, rules: Mapping[str, str], share: str = "100") -> int:
        """A draft that is compared from now on, in the place of any other."""
        await self.writer.execute("UPDATE policy_versions SET shadow_until = NULL WHERE shadow_until IS NOT NULL")
        await self.process.settle()
        await self.writer.execute("DELETE FROM policy_shadow_counts")
        number, id_ = await self.draft(rules)
        given = {"id": id_, "shadowShare": share, "shadowUntil": soon()}
        payload = await do(self.graph, self.admin, "policyShadowStart", given, SHOWN)
        assert payload["userErrors"] == [], payload
        self.process.time = Time(1_000, 1_000_000)
        await self.process.refresh()
        return number

    async def told(self, number: int, who: Row | None = None) -> Any:
        await self.process.settle()
        return (await self.graph.data(who or self.admin, TOLD, {"version": number}))["policyShadow"]


async def ask(shadows: Shadows, who: Row, query: str = NAMES, **more: Any) -> None:
    """Asks, and waits for what comes of it."""
    await shadows.graph.ask(who, query, **more)
    await shadows.process.settle()


def counts(told: Any) -> dict[str, tuple[int, int, dict[str, tuple[int, int, int]]]]:
    """Of the one operation that was asked: by type, rows gained and lost, and by field how many turned."""
    [operation] = told["operations"]
    return {
        each["type"]: (each["gained"], each["lost"], {
            field["field"]: (field["plain"], field["masked"], field["withheld"]) for field in each["fields"]
        }) for each in operation["types"]
    }  # fmt: skip
