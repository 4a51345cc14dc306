"""What of an entity is ever shown under an access, told from the access alone."""

from __future__ import annotations

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
)

from app.models.catalogue import CATALOGUE
from graphql_schema.building import upper_snake
from graphql_schema.entities import Amount, Computed, Entity, Many, Member, One, Subject, Value
from graphql_schema.timeline.strands import PLACES
from graphql_schema.types import GRAPH
from policies.access import Access
from policies.catalogue import Relation

PARTS = {"edges", "nodes", "pageInfo", "totalCount"}


def leads(access: Access, entity: Entity, relation: Relation) -> bool:
    """Whether a relation ever leads to a row."""
    holder = CATALOGUE[relation.target] if relation.many else entity.resource
    seen = access.on(CATALOGUE[relation.target]).visible and access.on(holder).visible
    return seen and set(relation.fields) <= access.on(holder).readable


def shows(access: Access, entity: Entity, member: Member) -> bool:
    """Whether a member shows anything on any row, ever."""
    if isinstance(member, (Value, Amount)):
        return member.field.name in access.on(entity.resource).readable
    if isinstance(member, (One, Many)):
        return leads(access, entity, member.relation)
    if isinstance(member, Subject):
        return any(leads(access, entity, relation) for relation in member.relations.values())
    if isinstance(member, Computed) and member.name.endswith("Aggregate"):
        return shows(access, entity, entity.members[member.name.removesuffix("Aggregate")])
    if isinstance(member, Computed):
        return member.name in computed(access) or (member.name != "timeline" and member.shown(GRAPH, access))
    return True


def computed(access: Access) -> dict[str, dict[str, set[str]]]:
    """By name of a computed field that ever shows anything, the elements of the types that it brings."""
    placed = {place.entity for place in PLACES if place.moment in access.on(CATALOGUE[place.entity]).readable}
    types = {"TimelineType": {upper_snake(name) for name in placed}, "TimelineItem": placed}
    page = {"CustomerTimelineConnection": PARTS, "CustomerTimelineEdge": {"cursor", "at", "node"}}
    told = {name for name, rests in OVERVIEW.items() if all(_reads(access, *of.split(".")) for of in rests.split())}
    found = {"timeline": types | page} if placed else {}
    return found | ({"overview": {"CustomerOverview": told}} if told else {})


def _reads(access: Access, entity: str, *fields: str) -> bool:
    on = access.on(CATALOGUE[entity])
    return on.visible and on.readable.issuperset(fields)


def _of(entity: str, *fields: str) -> str:
    """Names of fields of an entity, written out; the entity alone where none is named."""
    return " ".join([entity, *(f"{entity}.{name}" for name in fields)])


DEAL = _of("Opportunity", "type", "stage") + " " + _of("PipelineStage", "outcome")
SCORED = _of("SurveyResponse", "score", "scaleMin", "scaleMax", "respondedAt", "survey") + " " + _of("Survey", "kind")
OVERVIEW = {
    "contacts": "Contact",
    "interactions": _of("Interaction", "status"),
    **dict.fromkeys(("openLeads", "openOpportunities", "wonOpportunities"), DEAL),
    "orders": _of("Order", "status"),
    "activeContracts": _of("Contract", "status"),
    "openTickets": _of("Ticket", "status"),
    "overdueTickets": _of("Ticket", "status", "resolutionDueAt"),
    "openTicketsByPriority": _of("Ticket", "status", "priority"),
    "openTasks": _of("Task", "status"),
    "overdueTasks": _of("Task", "status", "dueAt"),
    **dict.fromkeys(("openPipeline", "wonAmount"), f"{DEAL} Opportunity.amount"),
    "ordered": _of("Order", "status", "total"),
    "refunded": _of("Order", "status", "refunded"),
    "outstanding": _of("Order", "status", "paymentStatus", "total"),
    "lastContact": _of("Interaction", "status", "kind", "occurredAt"),
    "lastOrder": _of("Order", "status", "orderedAt"),
    "nextTask": _of("Task", "status", "dueAt"),
    "scores": _of("CustomerScore", "kind", "asOf", "expiresAt"),
    **dict.fromkeys(("csat", "nps", "ces"), SCORED),
}
"""The parts of an overview, and all that each rests on."""


def elements(type_: GraphQLNamedType) -> set[str]:
    """The names of a type's fields, input fields, values or members."""
    if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
        return set(type_.fields)
    if isinstance(type_, GraphQLEnumType):
        return set(type_.values)
    return {of.name for of in type_.types} if isinstance(type_, GraphQLUnionType) else set()
