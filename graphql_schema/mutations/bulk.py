"""Bulk upsert of every entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import strawberry

from app.services.records.drafts import Draft
from app.services.records.upserting import MOST, upsert
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes, upper_snake, words
from graphql_schema.entities import Entity
from graphql_schema.making import REQUIRED, Part, empty, fill_input, fill_type, listed, make_enum, maybe
from graphql_schema.mutations import inputs, segments
from graphql_schema.mutations.declaring import RESULTS, Mutation, Request, Shown
from graphql_schema.mutations.given import draft
from graphql_schema.mutations.payloads import CURSOR, ERRORS
from policies.access import Access
from policies.document import Action

ACTIONS = (Action.CREATE, Action.UPDATE)


class ErrorPolicy(Enum):
    REJECT_ALL = "REJECT_ALL"
    REJECT_FAILED = "REJECT_FAILED"


_MEANING = {
    ErrorPolicy.REJECT_ALL: "Nothing is written where anything is wrong with any input.",
    ErrorPolicy.REJECT_FAILED: "Inputs with which something is wrong are left out, the others are written.",
}
make_enum(ErrorPolicy, "What becomes of inputs with mistakes, and of those beside them.", _MEANING.__getitem__)


def bulk(entity: Entity, types: Mapping[str, EntityTypes], *, changes_rights: bool) -> Mutation:
    """The mutation that makes or changes many records of an entity."""
    title, name = f"{entity.name}BulkUpsert", f"{entity.single}BulkUpsert"
    one, shown = words(entity.single), Shown(entity.single, entity, many=True)
    item = empty(f"{entity.name}UpsertInput")
    known = Part("id", maybe(strawberry.ID), "Which one; without it, it is matched, or new.")
    fill_input(item, f"One {one} to make or to change.", [known, inputs.VERSION, *inputs.parts(entity, new=True)])
    result = empty(f"{entity.name}UpsertResult")
    fill_type(
        result,
        f"What came of one {one}.",
        [
            Part(entity.single, maybe(types[entity.name].object), "What was written, as it is seen."),
            Part("created", maybe(bool), "Whether it is new; null where nothing was written."),
            ERRORS,
        ],
    )
    payload = empty(f"{title}Payload")
    results = Part(RESULTS, listed(result), "One for each input, in their order; none where all was refused.")
    fill_type(payload, f"What came of `{name}`.", [results, CURSOR, ERRORS])
    return Mutation(
        name=name,
        description=f"Make or change up to {MOST} {words(entity.plural)} at once. Absent fields stay as they are; null clears.",
        input=inputs.make_input(f"{title}Input", f"For `{name}`.", _parts(entity, types, item)),
        payload=payload,
        shown=(shown,),
        run=lambda unit, request: _run(entity, unit, request),
        possible=lambda access: _possible(entity, access),
        closed=lambda access: ((item.__name__, name) for name in inputs.unset(entity, access, ACTIONS)),
        changes_rights=changes_rights,
    )


def _parts(entity: Entity, types: Mapping[str, EntityTypes], item: type) -> Iterator[Part]:
    yield Part("inputs", listed(item), f"At most {MOST}.", default=REQUIRED)
    order_field = types[entity.name].order_field
    if order_field is not None:
        told = "The fields by which a record is found that is there already, among those in view."
        yield Part("matchBy", maybe(listed(order_field)), told)
    yield Part("errorPolicy", ErrorPolicy, "What becomes of inputs with mistakes.", default=ErrorPolicy.REJECT_ALL)


async def _run(entity: Entity, unit: UnitOfWork, request: Request) -> Outcome:
    given = request.given

    def make() -> list[Draft]:
        items: list[Any] = given["inputs"]
        drafts = [draft(request.graph, entity, item, ("inputs", str(i))) for i, item in enumerate(items)]
        segments.check(unit, request, drafts)
        return drafts

    names = {upper_snake(name): name for name in entity.sortable}
    match_by = [names[upper_snake(_plain(each))] for each in given.get("matchBy") or ()]
    reject_all = _plain(given["errorPolicy"]) == ErrorPolicy.REJECT_ALL.value
    found = await upsert(unit, make, match_by, reject_all=reject_all, only_validate=request.only_validate)
    return {entity.single: found}


def _plain(value: Any) -> str:
    return str(value.value if isinstance(value, Enum) else value)


def _possible(entity: Entity, access: Access) -> bool:
    return any(each.possible for action in ACTIONS for each in access.ways(action, entity.resource))
