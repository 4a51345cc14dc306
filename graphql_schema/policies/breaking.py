"""Trusted documents that another policy would break: their clients would see another schema."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import strawberry
from graphql import GraphQLError

from app.services.policies.trusted import MOST, Trusted, trusted
from graphql_schema.asking import Asking
from graphql_schema.failures import without_hints
from graphql_schema.making import Part, empty, fill_type, listed
from graphql_schema.policies.types import Plain
from policies.access import access
from policies.rules import Policy

DOCUMENT = empty("PolicyImpactDocument")
fill_type(
    DOCUMENT,
    "A trusted document that would break: its client would see a schema that does not fit it.",
    [
        Part("client", strawberry.ID, "The client's `client_id`."),
        Part("id", strawberry.ID, "Its `documentId`."),
        Part("name", str, "What it is called."),
        Part("errors", listed(str), "Why."),
    ],
)


async def broken(asking: Asking, active: Policy, draft: Policy) -> tuple[list[Plain], bool]:
    """The documents that are valid now and would not be, and whether all were looked at."""
    found = await trusted(asking.read, asking.rights.access, asking.rights.principal)
    told: list[Plain] = []
    for each in found[:MOST]:
        await asyncio.sleep(0)  # others have their turn between two documents
        errors = _faults(asking, draft, each)
        if errors and not _faults(asking, active, each):
            told.append(_told(each, errors))
    return told, len(found) <= MOST


def _faults(asking: Asking, policy: Policy, each: Trusted) -> Sequence[GraphQLError]:
    """What is wrong with a document; nothing is with any where all is shown."""
    seen = access(policy, each.shape)
    return asking.documents.faults(asking.schemas.of(seen), each.document.text) if seen.tailored else ()


def _told(each: Trusted, errors: Sequence[GraphQLError]) -> Plain:
    return {
        "client": each.client,
        "id": each.document.id,
        "name": each.document.name,
        "errors": [without_hints(error.message) for error in errors],
    }
