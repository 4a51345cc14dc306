"""Trusted documents that another policy would break: their clients would see another schema."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import strawberry
from graphql import GraphQLError

from app.services.policies.trusted import Trusted
from graphql_schema.compiler.documents import Documents
from graphql_schema.failures import without_hints
from graphql_schema.making import Part, empty, fill_type, listed
from graphql_schema.policies.types import Plain
from graphql_schema.tailoring.schemas import Schemas
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


async def broken(
    found: Iterable[Trusted], schemas: Schemas, documents: Documents, active: Policy, draft: Policy
) -> list[Plain]:
    """The documents that are valid now and would not be."""

    def faults(policy: Policy, each: Trusted) -> Sequence[GraphQLError]:
        """What is wrong with a document; nothing is with any where all is shown."""
        seen = access(policy, each.shape)
        return documents.faults(schemas.of(seen), each.document.text) if seen.tailored else ()

    told: list[Plain] = []
    for each in found:
        await asyncio.sleep(0)  # others have their turn between two documents
        errors = faults(draft, each)
        if errors and not faults(active, each):
            told.append(_told(each, errors))
    return told


def _told(each: Trusted, errors: Sequence[GraphQLError]) -> Plain:
    return {
        "client": each.client,
        "id": each.document.id,
        "name": each.document.name,
        "errors": [without_hints(error.message) for error in errors],
    }
