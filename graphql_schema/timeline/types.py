"""The types of `Customer.timeline`."""

from __future__ import annotations

from collections.abc import Mapping

from graphql_schema.building import EntityTypes, upper_snake
from graphql_schema.common import PageInfo
from graphql_schema.compiler.pages import INSIDE
from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum, union
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
    fill_type(
        edge,
        "A place in a customer's timeline.",
        [
            Part("cursor", str, "Opaque; for `after` and `before`."),
            Part("at", DateTime, "The item's moment, by which it has its place; as much of it as the caller sees."),
            Part("node", item, "What stands there."),
        ],
    )
    fill_type(
        connection,
        "A page of a customer's timeline.",
        [
            Part("edges", listed(edge), "The page's items with their cursors and moments."),
            Part("nodes", listed(item), "The page's items."),
            Part("pageInfo", PageInfo, "Where the page stands."),
            Part("totalCount", int, "How many there are on all pages; counted only when asked."),
        ],
    )
    return Part(
        "timeline",
        connection,
        "What happened with the customer, of every type in view, newest first. Each type has its place by one of its "
        "moments; what has no such moment, or none that the caller sees, has no place.",
        (
            Part("types", maybe(listed(of)), "Only these; without it all. An empty list finds nothing."),
            Part("since", maybe(DateTime), "Only what happened at this moment or later."),
            Part("until", maybe(DateTime), "Only what happened before this moment."),
            Part("first", maybe(int), f"How many, from the newest: 1 to 100, {INSIDE} where nothing is said."),
            Part("after", maybe(str), "Only what comes after this cursor: what is older."),
            Part("last", maybe(int), "How many, from the oldest: 1 to 100."),
            Part("before", maybe(str), "Only what comes before this cursor: what is newer."),
        ),
    )
