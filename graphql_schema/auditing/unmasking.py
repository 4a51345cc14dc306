"""`unmask` and `unmaskEnd`: a masked field of one record opened to the caller, for a time and a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from app.models.ids import uuid7
from app.services import unmasking
from app.services.clients import ASSIGNMENT
from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.unmasking import LONGEST, MOST_UNMASKS, USUAL, Opening
from app.services.writing import UnitOfWork
from graphql_schema.making import Part, maybe
from graphql_schema.mutations import inputs
from graphql_schema.mutations.declaring import Mutation, Request
from graphql_schema.mutations.given import ref
from graphql_schema.mutations.payloads import make_payload
from graphql_schema.scalars import DateTime

_FIELD = Part("field", maybe(str), "Name of the field, such as `taxId`. Must be given.")
_WHY = (
    Part("reason", maybe(str), "Why; the audit trail keeps it. Must be given."),
    Part("minutes", maybe(int), f"For how long: at most {LONGEST}, {USUAL} where nothing is said."),
)
_UNTIL = Part("until", maybe(DateTime), "When it is masked again.")
Do = Callable[[UnitOfWork, Opening], Awaitable[Mapping[str, Any]]]


async def _open(unit: UnitOfWork, asked: Opening) -> Mapping[str, Any]:
    return {"until": (await unmasking.unmask(unit, asked)).isoformat()}


async def _close(unit: UnitOfWork, asked: Opening) -> Mapping[str, Any]:
    await unmasking.close(unit, asked)
    return {}


def mutations() -> Iterator[Mutation]:
    """Both."""
    told = (
        "Have a masked field of a record shown plain to the caller for a time. It is audited, and may be done"
        f" {MOST_UNMASKS} times an hour."
    )
    yield _mutation("unmask", told, (inputs.ID, _FIELD, *_WHY), (_UNTIL,), _open)
    yield _mutation("unmaskEnd", "Have a field that was unmasked masked again.", (inputs.ID, _FIELD), (), _close)


def _mutation(name: str, told: str, given: tuple[Part, ...], shown: tuple[Part, ...], do: Do) -> Mutation:
    title = name[0].upper() + name[1:]

    async def run(unit: UnitOfWork, request: Request) -> Outcome:
        return {"": [Draft(ASSIGNMENT, {}, row={"id": uuid7()}, told=dict(await do(unit, _asked(request))))]}

    return Mutation(
        name=name,
        description=told,
        input=inputs.make_input(f"{title}Input", f"For `{name}`.", given),
        payload=make_payload(f"{title}Payload", f"What came of `{name}`.", (), {}, shown),
        shown=(),
        run=run,
        possible=unmasking.possible,
        changes_rights=True,
    )


def _asked(request: Request) -> Opening:
    said = {part.name: request.given.get(part.name) for part in (_FIELD, *_WHY)}
    return Opening(request.given["id"], ref(request.graph, request.given["id"]), **said)
