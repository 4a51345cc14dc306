"""Beginnings of processes: records made by the rules of a process, not as a caller likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.records import rules
from app.services.records.creating import create
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Entity
from graphql_schema.mutations import inputs
from graphql_schema.mutations.declaring import Mutation, Request, Shown
from graphql_schema.mutations.given import draft
from graphql_schema.mutations.payloads import make_payload
from policies.access import Access
from policies.document import Action


@dataclass(frozen=True)
class Beginning:
    """A record that a process makes, as the API offers it.

    `takes` names the members of the entity that the caller may give, for which the caller needs the right to create
    them. `service` looks at the records before they are written.
    """

    entity: str
    name: str
    description: str
    service: rules.Step
    takes: tuple[str, ...]

    def mutation(self, entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> Mutation:
        """The mutation."""
        entity = entities[self.entity]
        title = self.name[:1].upper() + self.name[1:]
        shown = (Shown(entity.single, entity),)
        given = [inputs.part(entity, name, new=True) for name in self.takes]
        return Mutation(
            name=self.name,
            description=self.description,
            input=inputs.make_input(f"{title}Input", f"For `{self.name}`.", given),
            payload=make_payload(f"{title}Payload", f"What came of `{self.name}`.", shown, types),
            shown=shown,
            run=lambda unit, request: self._run(entity, unit, request),
            possible=lambda access: self._possible(entity, access),
        )

    async def _run(self, entity: Entity, unit: UnitOfWork, request: Request) -> Outcome:
        drafts = [draft(request.graph, entity, request.given)]
        await create(unit, drafts, only_validate=request.only_validate, step=self.service)
        return {entity.single: drafts}

    def _possible(self, entity: Entity, access: Access) -> bool:
        return access.permits(Action.CREATE, entity.resource, ()).possible
