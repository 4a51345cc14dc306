"""Strands: the rows of one type that have a place in a customer's timeline, each at one of its moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from graphql_schema.entities import Entity, Graph
from graphql_schema.sight import readable
from policies.access import Access
from policies.catalogue import Field, Relation

CUSTOMER = "Customer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows of a type stand: the type, the customer's list of them, the field that is their moment."""

    entity: str
    list: str
    moment: str
    doc: str


PLACES = (
    Place("Interaction", "interactions", "occurredAt", "Interactions, when they began or will begin."),
    Place("Order", "orders", "orderedAt", "Orders, when they were placed."),
    Place("Ticket", "tickets", "openedAt", "Tickets, when they came in."),
    Place("Opportunity", "opportunities", "openedAt", "Leads and opportunities, when work on them began."),
    Place("Quote", "quotes", "createdAt", "Quotes, when they were made."),
    Place("Contract", "contracts", "startDate", "Contracts, at the beginning (UTC) of their first day."),
    Place(
        "CampaignMember",
        "campaignMemberships",
        "statusAt",
        "Campaigns that reached the customer or a contact, when they last got further.",
    ),
    Place("SurveyResponse", "surveyResponses", "respondedAt", "Surveys, when they were answered."),
)
"""All types, each with its documented moment."""


@dataclass(frozen=True)
class Strand:
    """A place in a graph."""

    graph: Graph
    place: Place

    @property
    def entity(self) -> Entity:
        return self.graph[self.place.entity]

    @cached_property
    def relation(self) -> Relation:
        """From the customer to the rows."""
        return self.graph[CUSTOMER].resource.relations[self.place.list]

    @cached_property
    def moment(self) -> Field:
        """When a row happened."""
        return self.entity.resource.fields[self.place.moment]

    def seen(self, access: Access) -> bool:
        """Whether any row can ever have a place: some is visible, with its customer and its moment."""
        customer = self.graph[CUSTOMER]
        listed = readable(self.graph, access, customer, customer.members[self.place.list])
        return listed and self.moment.name in access.on(self.entity.resource).readable


def strands(graph: Graph) -> Iterator[Strand]:
    """All strands."""
    return (Strand(graph, place) for place in PLACES)
