"""Create, update, delete and restore of every entity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from app.services.ordering import RIGHTS_REST_ON
from app.services.records.changing import update
from app.services.records.creating import create
from app.services.records.deleting import delete, restore
from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes, words
from graphql_schema.entities import Entity, Graph
from graphql_schema.mutations import duplicates, inputs, segments
from graphql_schema.mutations.bulk import bulk
from graphql_schema.mutations.declaring import Mutation, Request, Run, Shown
from graphql_schema.mutations.given import draft
from graphql_schema.mutations.payloads import make_payload
from policies.access import Access
from policies.document import Action

WITHOUT = frozenset({"AuditEvent", "PolicyVersion"})
"""Entities that are changed in ways of their own, or not at all."""


class Service(Protocol):
    """What is done with drafts of one resource."""

    async def __call__(self, unit: UnitOfWork, drafts: Sequence[Draft], *, only_validate: bool = False) -> None: ...


def mutations(graph: Graph, types: Mapping[str, EntityTypes]) -> Iterator[Mutation]:
    """The mutations of all entities."""
    for entity in graph:
        if entity.name not in WITHOUT:
            yield from _Verbs(entity, types).all()
            yield bulk(entity, types, changes_rights=entity.resource.table.name in RIGHTS_REST_ON)


class _Verbs:
    def __init__(self, entity: Entity, types: Mapping[str, EntityTypes]) -> None:
        self.entity, self.types, self.what = entity, types, _article(words(entity.single))

    def all(self) -> Iterator[Mutation]:
        """The entity's mutations."""
        entity = self.entity
        creating = tuple(inputs.parts(entity, new=True))
        changing = (inputs.ID, inputs.VERSION, *inputs.parts(entity, new=False))
        one = (inputs.ID, inputs.VERSION)
        yield self._mutation("Create", f"Make {self.what}.", creating, create, Action.CREATE)
        yield self._mutation(
            "Update",
            f"Change some fields of {self.what}. Absent fields stay as they are; null clears.",
            changing,
            update,
            Action.UPDATE,
        )
        told = f"Delete {self.what}, with all that is part of it. It can be restored."
        gone = Shown(f"deleted{entity.name}Id", entity, gone=True)
        yield self._mutation("Delete", told, one, delete, Action.DELETE, gone)
        told = f"Restore {self.what} that was deleted, with all that was deleted with it."
        yield self._mutation("Restore", told, one, restore, Action.DELETE)

    def _mutation(
        self, verb: str, told: str, given: tuple[Any, ...], service: Service, action: Action, shown: Shown | None = None
    ) -> Mutation:
        entity = self.entity
        title = f"{entity.name}{verb}"
        answered = (shown or Shown(entity.single, entity),)
        beside = duplicates.BESIDE if title in duplicates.TOLD_AT else {}
        told_beside = [duplicates.part(self.types)] if beside else []
        return Mutation(
            name=f"{entity.single}{verb}",
            description=told,
            input=inputs.make_input(f"{title}Input", f"For `{entity.single}{verb}`.", given),
            payload=make_payload(
                f"{title}Payload", f"What came of `{entity.single}{verb}`.", answered, self.types, told_beside
            ),
            shown=answered,
            run=_runs(entity, answered[0].name, service),
            possible=_possible(entity, action),
            closed=_closed(entity, title, action),
            changes_rights=entity.resource.table.name in RIGHTS_REST_ON,
            beside=beside,
        )


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" and not name.startswith("u") else f"a {name}"


def _runs(entity: Entity, name: str, service: Service) -> Run:
    async def run(unit: UnitOfWork, request: Request) -> Outcome:
        drafts = [draft(request.graph, entity, request.given)]
        segments.check(unit, request, drafts)
        await service(unit, drafts, only_validate=request.only_validate)
        return {name: drafts}

    return run


def _possible(entity: Entity, action: Action) -> Callable[[Access], bool]:
    return lambda access: any(each.possible for each in access.ways(action, entity.resource))


def _closed(entity: Entity, title: str, action: Action) -> Callable[[Access], Iterator[tuple[str, str]]]:
    def closed(access: Access) -> Iterator[tuple[str, str]]:
        if action in (Action.CREATE, Action.UPDATE):
            for name in inputs.unset(entity, access, (action,)):
                yield f"{title}Input", name

    return closed
