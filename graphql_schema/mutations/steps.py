"""Steps of processes: changes of a record that follow the rules of its process, not what a caller likes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import strawberry

from app.services.ordering import RIGHTS_REST_ON
from app.services.processes.moving import moves
from app.services.records import rules
from app.services.records.changing import update
from app.services.retrying import Outcome
from app.services.transitions import Transitions
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Entity, Graph
from graphql_schema.making import Part, maybe
from graphql_schema.mutations import inputs
from graphql_schema.mutations.declaring import Before, Mutation, Request, Shown
from graphql_schema.mutations.given import draft, ref
from graphql_schema.mutations.payloads import make_payload
from policies.access import Access
from policies.document import Action

_IDS = (strawberry.ID, maybe(strawberry.ID))


@dataclass(frozen=True)
class Step:
    """A step of a process, as the API offers it.

    `takes` names the members of the entity that the caller may give, `sets` gives fields a value in the caller's name:
    for both the caller needs the right to update them. `service` looks at the records, and fills in what follows.
    """

    entity: str
    verb: str
    description: str
    service: rules.Step | None = None
    before: rules.Step | None = None
    """Locks customers that the step concerns, which come before the record where no customer owns it."""
    ahead: Before | None = None
    """What takes long and may be done before the step has its turn."""
    takes: tuple[str, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    asks: tuple[Part, ...] = ()
    """What else the caller says, which is no member of the entity: the service finds it in `Draft.asked`."""
    made_for: Callable[[Request], rules.Step] | None = None
    """Makes the service where that has to know the whole request; then `service` is none."""
    brings: Mapping[str, str] = field(default_factory=dict)
    """By name in the payload, the entity of a record that the step makes besides: the service leaves it in `Draft.brought`."""
    called: str = ""
    """What a record at this step is called, where that is not what its entity is."""
    tells: tuple[Part, ...] = ()
    """What the payload says that is no record: the service leaves it in `Draft.told`."""

    def mutation(self, entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> Mutation:
        """The mutation."""
        entity = entities[self.entity]
        name = f"{self.called or entity.single}{self.verb}"
        title = name[:1].upper() + name[1:]
        given = (inputs.ID, inputs.VERSION, *(inputs.part(entity, each) for each in self.takes), *self.asks)
        shown = (Shown(entity.single, entity), *(Shown(each, entities[of]) for each, of in self.brings.items()))
        return Mutation(
            name=name,
            description=self.description,
            input=inputs.make_input(f"{title}Input", f"For `{name}`.", given),
            payload=make_payload(f"{title}Payload", f"What came of `{name}`.", shown, types, self.tells),
            shown=shown,
            run=lambda unit, request: self._run(entity, unit, request),
            possible=lambda access: self._possible(entity, access),
            changes_rights=entity.resource.table.name in RIGHTS_REST_ON,
            before=self.ahead,
        )

    async def _run(self, entity: Entity, unit: UnitOfWork, request: Request) -> Outcome:
        made = draft(request.graph, entity, request.given, asked=[part.name for part in self.asks])
        ids = [part.name for part in self.asks if part.annotation in _IDS and made.asked.get(part.name) is not None]
        asked = {name: _items(request.graph, value) for name, value in made.asked.items()}
        asked |= {name: ref(request.graph, made.asked[name]) for name in ids}
        drafts = [replace(made, given={**made.given, **self.sets}, asked=asked, implied=self.sets)]
        if self.before is not None:
            await self.before(unit, drafts)
        await update(
            unit,
            drafts,
            only_validate=request.only_validate,
            step=self.made_for(request) if self.made_for else self.service,
        )
        return {entity.single: drafts, **{name: [each] for name, each in drafts[0].brought.items()}}

    def _possible(self, entity: Entity, access: Access) -> bool:
        return access.permits(Action.UPDATE, entity.resource, self.sets or ()).possible and (
            bool(self.sets) or any(each.possible for each in access.ways(Action.UPDATE, entity.resource))
        )


def moving(entity: str, verb: str, description: str, machine: Transitions[Any], takes: tuple[str, ...] = ()) -> Step:
    """A step from which nothing follows but another status."""
    name = verb[:1].lower() + verb[1:]
    [status] = {steps[name] for steps in machine.table.values() if name in steps}
    return Step(entity, verb, description, moves(machine, name), takes=takes, sets={"status": status})


def _items(graph: Graph, value: Any) -> Any:
    """What a caller says; each item of a list, if it has an id, with the record that this names."""
    if not isinstance(value, list):
        return value
    return [
        {**item, "id": ref(graph, item["id"])} if isinstance(item, Mapping) and "id" in item else item for item in value
    ]
