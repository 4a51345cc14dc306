"""Types of duplicates."""

from __future__ import annotations

from functools import cache
from typing import Any

from graphql_schema.listing import fill_connection
from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum

EVIDENCE = empty("DuplicateEvidence")
fill_type(
    EVIDENCE,
    "How alike two customers are in a field.",
    [
        Part("field", str, "Name of the field."),
        Part("likeness", int, "How alike: 0 to 100."),
    ],
)

STATUSES = {
    "OPEN": "Nobody has decided.",
    "DISMISSED": "They are two.",
    "MERGED": "They are one.",
}
STATUS = name_enum(
    "DuplicateStatus", {name: name for name in STATUSES}, "What became of a pair.", lambda each: STATUSES[each.value]
)


@cache
def connection(customer: Any, node_id: Any) -> type:
    """The type of a list of pairs."""
    candidate = empty("DuplicateCandidate")
    fill_type(
        candidate,
        "Two customers that may be one.",
        [
            Part("id", node_id, "Opaque; for `duplicateDismiss`. It is that of the data quality issue."),
            Part("customer", maybe(customer), "The one; null where it is not in view."),
            Part("other", maybe(customer), "The other; null where it is not in view."),
            Part("score", maybe(int), "How sure it is: 0 to 100."),
            Part("evidence", listed(EVIDENCE), "What that rests on, of the fields that are seen plain on both."),
            Part("status", maybe(STATUS), "What became of it."),
        ],
    )
    edge, made = empty("DuplicateCandidateEdge"), empty("DuplicateCandidateConnection")
    fill_connection(edge, made, candidate, "pairs")
    return made
