"""`policy`: what a version of the policy says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import strawberry

from app.models.enums import PolicyStatus
from app.services.policies.looking import read_policy
from app.services.policies.reading import Version, readable, version
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Told
from graphql_schema.filters import enum_type
from graphql_schema.ids import NodeId, encode
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.policies.matrix import ASKED, LINE, lines
from graphql_schema.policies.roles import CODES, ROLE
from graphql_schema.policies.roles import roles as told_roles
from graphql_schema.scalars import JSON, DateTime
from policies.drafting.tables import tables
from policies.faults import PolicyError
from policies.rules import Policy
from policies.words import Words, words_of

TAG = 6
"""Of the ids of versions."""

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
        Part("id", strawberry.ID, "Its id, as a `PolicyVersion`."),
        Part("number", int, "Counts the versions, from 1."),
        Part("status", enum_type(PolicyStatus), "Where it stands."),
        Part("version", maybe(int), "Counts its changes; what `expectedVersion` is compared with."),
        Part("author", maybe(str), "Name of who wrote it."),
        Part("note", maybe(str), "Why it was made."),
        Part("basedOn", maybe(int), "Number of the version that it was made from."),
        Part("activatedAt", maybe(DateTime), "When it came into force."),
        Part("roles", maybe(listed(ROLE)), "Its roles and scopes, by code; null: this release cannot read it.", CODES),
        Part("matrix", maybe(listed(LINE)), "What each role alone sees of each type; null: as `roles`.", ASKED),
        Part("files", listed(FILE), "The documents of its roles and scopes, by name."),
        Part("tests", listed(FILE), "The documents of its tests, by name."),
        Part("tables", JSON, "What its tests say, by file: people and, with their lines, cases; null: no table."),
    ],
)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    which = Part("version", maybe(int), "Its number; without it, the one in force.")
    return Part("policy", maybe(POLICY), "A version of the policy; null where its documents are not in view.", (which,))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    rights = asking.rights
    found = await version(asking.read, rights.access, rights.principal, arguments.get("version"))
    return found and _told(found, rights.access.policy, words_of(asking.language))


def _told(found: Version, active: Policy, words: Words) -> Mapping[str, Any]:
    async def read(tell: Callable[[Policy], list[Mapping[str, Any]]]) -> Any:
        """What is told of the policy, if this release can read it."""
        try:
            return await asyncio.to_thread(lambda: tell(read_policy(found.texts, active)))
        except PolicyError:
            return None

    return {
        "id": encode(NodeId(TAG, None, found.key)),
        "number": found.number,
        "status": PolicyStatus(found.status),
        "version": found.version,
        "author": found.author,
        "note": found.note,
        "basedOn": found.based_on,
        "activatedAt": found.activated_at,
        "roles": lambda _info, codes=None: read(lambda policy: list(told_roles(policy, found.texts, codes, words))),
        "matrix": lambda _info, roles=None, resources=None: read(lambda policy: lines(policy, roles, resources, words)),
        "files": _files(found.texts),
        "tests": _files(found.tests),
        "tables": lambda _info: tables(found.tests),
    }


def _files(texts: Mapping[str, str]) -> list[Mapping[str, str]]:
    return [{"name": name, "text": texts[name]} for name in sorted(texts)]


VERSION = Told("policy", _part, _tell, lambda _graph, access: readable(access), cost=20)
