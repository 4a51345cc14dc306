"""Whom a segment's rule would find, before anybody saves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services.errors import Forbidden, Invalid, Refused, UserError
from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Graph
from graphql_schema.making import REQUIRED, Part, maybe
from graphql_schema.mutations import inputs, segments
from graphql_schema.mutations.declaring import Mutation, Request, Shown
from graphql_schema.mutations.payloads import make_payload
from graphql_schema.scalars import JSON
from policies.access import Access
from policies.document import Action

NAME = "segmentPreview"
_SEGMENT = CATALOGUE[segments.SEGMENT]
USUAL = 10
"""Customers shown where nothing is said."""

_GIVEN = (
    Part(segments.RULE, JSON, "A filter of customers, `CustomerWhere`.", default=REQUIRED),
    Part("first", maybe(int), f"How many to show, at most {segments.MOST}; absent: {USUAL}."),
)
_TOLD = (Part("count", maybe(int), "How many customers it finds, of those in view."),)


def preview(graph: Graph, types: Mapping[str, EntityTypes]) -> Mutation:
    """The mutation that shows whom a rule finds; it writes nothing."""
    shown = (Shown("customers", graph["Customer"], many=True),)
    return Mutation(
        name=NAME,
        description="Whom a segment with a rule would hold, as the caller sees customers. Nothing is written.",
        input=inputs.make_input("SegmentPreviewInput", f"For `{NAME}`.", _GIVEN),
        payload=make_payload("SegmentPreviewPayload", f"What came of `{NAME}`.", shown, types, _TOLD),
        shown=shown,
        run=_run,
        possible=_possible,
    )


def _possible(access: Access) -> bool:
    """Whether somebody may ever write a rule."""
    actions = (Action.CREATE, Action.UPDATE)
    return any(access.permits(action, _SEGMENT, [segments.RULE]).possible for action in actions)


async def _run(unit: UnitOfWork, request: Request) -> Outcome:
    if not _possible(unit.access):
        raise Refused([Forbidden("forbidden")])
    first = request.given.get("first")
    first = USUAL if first is None else first
    errors: list[UserError] = list(_faults(first))
    try:
        count, keys = await segments.sample(request, unit, request.given[segments.RULE], first)
    except Refused as refusal:
        errors += refusal.errors
    if errors:
        raise Refused(errors)
    customers = [Draft(request.graph["Customer"].resource, {}, row={"id": key}) for key in keys]
    told = Draft(_SEGMENT, {}, row={"id": uuid7()}, told={"count": count})
    return {"customers": customers, "": [told]}


def _faults(first: int) -> Iterator[UserError]:
    if first < 1:
        yield Invalid("too_small", ("first",), min=1)
    if first > segments.MOST:
        yield Invalid("too_great", ("first",), max=segments.MOST)
