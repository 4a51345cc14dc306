"""Customers that are one are merged, and a merge is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import strawberry

from app.services.merging.checking import MOST, Choice, Merger
from app.services.merging.merging import merge
from app.services.merging.tables import CUSTOMER
from app.services.merging.told import DAYS
from app.services.merging.undoing import unmerge
from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Entity
from graphql_schema.making import REQUIRED, Part, empty, fill_input, listed, maybe
from graphql_schema.mutations import inputs
from graphql_schema.mutations.declaring import Mutation, Request, Shown
from graphql_schema.mutations.given import ref
from graphql_schema.mutations.payloads import make_payload
from policies.access import Access
from policies.document import Action

CHOICE = empty("MergeChoice")
fill_input(
    CHOICE,
    "A field that is to hold what another customer says.",
    [
        Part("field", str, "Name of the field, such as `email`.", default=REQUIRED),
        Part("from", strawberry.ID, "The customer whose value it is to hold.", default=REQUIRED),
    ],
)
_INPUT = (
    Part("id", strawberry.ID, "The customer that stays.", default=REQUIRED),
    inputs.VERSION,
    Part("merged", listed(strawberry.ID), f"Those that become part of it, at most {MOST}.", default=REQUIRED),
    Part(
        "choices",
        maybe(listed(CHOICE)),
        "Fields that are to hold what one of these says; all others stay as they are. An amount comes with its currency.",
    ),
)


def mutations(entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> Iterator[Mutation]:
    """The mutations."""
    customer = entities["Customer"]
    stays = Shown("customer", customer)
    yield Mutation(
        name="customerMerge",
        description=(
            "Merge customers that are one: all that they have becomes that of the one that stays, and they are deleted."
            f" Within {DAYS} days it can be undone."
        ),
        input=inputs.make_input("CustomerMergeInput", "For `customerMerge`.", _INPUT),
        payload=make_payload("CustomerMergePayload", "What came of `customerMerge`.", (stays,), types),
        shown=(stays,),
        run=_merge,
        possible=_possible,
    )
    both = (stays, Shown("survivor", customer))
    told = "Undo the merge of a customer: what was its own goes back; what came to the other since stays there."
    merged = Part("id", strawberry.ID, "The customer that was merged.", default=REQUIRED)
    yield Mutation(
        name="customerUnmerge",
        description=told,
        input=inputs.make_input("CustomerUnmergeInput", "For `customerUnmerge`.", (merged,)),
        payload=make_payload("CustomerUnmergePayload", "What came of `customerUnmerge`.", both, types),
        shown=both,
        run=_unmerge,
        possible=_possible,
    )


async def _merge(unit: UnitOfWork, request: Request) -> Outcome:
    graph, given = request.graph, request.given
    survivor = Draft(CUSTOMER, {}, ref=ref(graph, given["id"]), version=given.get("expectedVersion"))
    merged = [
        Draft(CUSTOMER, {}, ("merged", str(number)), ref(graph, each)) for number, each in enumerate(given["merged"])
    ]
    choices = [Choice(each["field"], ref(graph, each["from"])) for each in given.get("choices") or ()]
    await merge(unit, Merger(survivor, merged, choices), only_validate=request.only_validate)
    return {"customer": [survivor]}


async def _unmerge(unit: UnitOfWork, request: Request) -> Outcome:
    graph = request.graph
    merged = Draft(CUSTOMER, {}, ref=ref(graph, request.given["id"]))
    survivor = await unmerge(unit, merged, only_validate=request.only_validate)
    return {"customer": [merged], "survivor": [survivor]}


def _possible(access: Access) -> bool:
    return any(each.possible for each in access.ways(Action.MERGE, CUSTOMER))
