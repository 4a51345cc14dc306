"""Asking for what is done with policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg

from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

SHOWN = "policyVersion { id number status version }"
SEEN = "{ policyVersions(first: 100) { nodes { number } } }"
RULE = {"allow": ["read"], "on": "PolicyVersion", "fields": {"names": ["number"]}}
"""By which those of a role see that there are versions."""


async def do(graph: Asking, who: Row, name: str, given: Mapping[str, Any], shown: str = SHOWN) -> Any:
    """The payload of a mutation."""
    title = name[:1].upper() + name[1:]
    text = f"""mutation M($i: {title}Input!) {{ {name}(input: $i) {{
        {shown} userErrors {{ code field message params }} }} }}"""
    return (await graph.data(who, text, {"i": given}))[name]


async def done(graph: Asking, who: Row, name: str, given: Mapping[str, Any], shown: str = SHOWN) -> Any:
    """The version that a mutation leaves, with which nothing is wrong."""
    payload = await do(graph, who, name, given, shown)
    assert payload["userErrors"] == [], payload
    return payload["policyVersion"]


async def refused(graph: Asking, who: Row, name: str, given: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """Code, place and message of what stands in the way of a mutation."""
    payload = await do(graph, who, name, given)
    assert payload["policyVersion"] is None
    return [(each["code"], each["field"], each["message"]) for each in payload["userErrors"]]


async def drafted(graph: Asking, who: Row, **given: Any) -> Any:
    """A new draft."""
    return await done(graph, who, "policyDraftCreate", given)


async def seen(graph: Asking, who: Row) -> list[int]:
    """The numbers of the versions that somebody sees."""
    return [node["number"] for node in (await graph.data(who, SEEN))["policyVersions"]["nodes"]]


async def statuses(writer: asyncpg.Connection) -> dict[int, str]:
    """The status of each version, by number."""
    return {row["number"]: row["status"] for row in await writer.fetch("SELECT number, status FROM policy_versions")}


async def kinds(writer: asyncpg.Connection, number: int) -> list[str]:
    """What was noted of a version."""
    rows = await writer.fetch("SELECT kind FROM audit_events WHERE subject = $1 ORDER BY seq", str(number))
    return [row["kind"] for row in rows]
