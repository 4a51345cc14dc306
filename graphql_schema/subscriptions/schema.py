"""The type Subscription."""

from __future__ import annotations

from collections.abc import Mapping

from graphql_schema.building import EntityTypes
from graphql_schema.making import Part, empty, fill_type, maybe
from graphql_schema.scalars import DateTime

VIEWER_ACCESS = empty("ViewerAccess")


def subscription_type(viewer: type, types: Mapping[str, EntityTypes]) -> type:
    """The type Subscription, given the type of who asks and those of the entities."""
    fill_type(
        VIEWER_ACCESS,
        "What decides which answers the caller gets, as it is at a time.",
        [
            Part("at", DateTime, "The time."),
            Part("viewer", maybe(viewer), "Who asks, with the roles held now."),
            Part("policy", maybe(types["PolicyVersion"].object), "The policy in force, as far as it is in view."),
        ],
    )
    made = empty("Subscription")
    told = (
        "The caller's rights: at once, and whenever they change, so that what was read under others can be read again."
        " Ends with UNAUTHENTICATED once the caller may not ask any more."
    )
    fill_type(made, "Everything that is told as it happens.", [Part("viewerAccessChanged", maybe(VIEWER_ACCESS), told)])
    return made
