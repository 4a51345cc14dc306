"""The types of `Customer.timeline`."""

from __future__ import annotations

from collections.abc import Mapping

from graphql_schema.building import EntityTypes, upper_snake
from graphql_schema.listing import NEWEST_FIRST, fill_connection
from graphql_schema.making import Part, empty, listed, maybe, name_enum, union
from graphql_schema.scalars import DateTime
from graphql_schema.timeline.strands import PLACES

TYPE, ITEM = "TimelineType", "TimelineItem"


def part(types: Mapping[str, EntityTypes]) -> Part:
    """The field, with its enum, union, edge and connection."""
    docs = {place.entity: place.doc for place in PLACES}
    of = name_enum(
        TYPE,
        {upper_snake(place.entity): place.entity for place in PLACES},
        "What has a place in a customer's timeline.",
        lambda member: docs[member.value],
    )
    item = union(
        [types[place.entity].object for place in PLACES],
        ITEM,
        description="What has a place in a customer's timeline.",
    )
    edge, connection = empty("CustomerTimelineEdge"), empty("CustomerTimelineConnection")
    at = Part("at", DateTime, "The item's moment, by which it has its place; as much of it as the caller sees.")
    fill_connection(edge, connection, item, "what happened with a customer", at)
    return Part(
        "timeline",
        connection,
        "What happened with the customer, of every type in view, newest first. Each type has its place by one of its "
        "moments; what has no such moment, or none that the caller sees, has no place.",
        (
            Part("types", maybe(listed(of)), "Only these; without it all. An empty list finds nothing."),
            Part("since", maybe(DateTime), "Only what happened at this moment or later."),
            Part("until", maybe(DateTime), "Only what happened before this moment."),
            *NEWEST_FIRST,
        ),
    )
