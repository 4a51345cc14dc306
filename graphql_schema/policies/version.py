"""`policy`: what a version of the policy says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.policies.reading import Version, readable, version
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Told
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import DateTime

FILE = empty("PolicyFile")
fill_type(
    FILE,
    "A document of the policy.",
    [Part("name", str, "Name of the file."), Part("text", str, "What it holds, byte for byte: YAML.")],
)
POLICY = empty("Policy")
fill_type(
    POLICY,
    "A version of the policy.",
    [
        Part("number", int, "Counts the versions, from 1."),
        Part("note", maybe(str), "Why it was made."),
        Part("activatedAt", maybe(DateTime), "When it came into force."),
        Part("files", listed(FILE), "The documents of its roles and scopes, by name."),
        Part("tests", listed(FILE), "The documents of its tests, by name."),
    ],
)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    which = Part("version", maybe(int), "Its number; without it, the one in force.")
    return Part("policy", maybe(POLICY), "A version of the policy; null where its documents are not in view.", (which,))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    rights = asking.rights
    found = await version(asking.read, rights.access, rights.principal, arguments.get("version"))
    return found and _told(found)


def _told(found: Version) -> Mapping[str, Any]:
    return {
        "number": found.number,
        "note": found.note,
        "activatedAt": found.activated_at,
        "files": _files(found.texts),
        "tests": _files(found.tests),
    }


def _files(texts: Mapping[str, str]) -> list[Mapping[str, str]]:
    return [{"name": name, "text": texts[name]} for name in sorted(texts)]


VERSION = Told("policy", _part, _tell, lambda _graph, access: readable(access), cost=20)
