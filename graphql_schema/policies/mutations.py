"""`policyDraftCreate`, `policyRollback` and `policyTestRun`: what is not a step of one version."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import Refused, Required
from app.services.policies import activating, checking, versions
from app.services.policies.versions import VERSION
from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Entity
from graphql_schema.making import Part, listed, maybe
from graphql_schema.mutations import inputs
from graphql_schema.mutations.declaring import Mutation, Request, Run, Shown
from graphql_schema.mutations.payloads import make_payload
from graphql_schema.policies.findings import FINDING, told
from policies.access import Access
from policies.document import Action

_NOTE = Part("note", maybe(str), "Why.")
_OR_ACTIVE = Part("version", maybe(int), "Number of a version; without it, the one in force.")
_FROM = Part("from", maybe(int), "Number of the version; without it, the one in force.")
_BACK = Part("version", maybe(int), "Number of a version that was in force.")
_MADE = ("document", "status")


def mutations(entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> Iterator[Mutation]:
    """All of them."""
    entity = entities[VERSION.name]
    shown = (Shown(entity.single, entity),)

    def making(name: str, description: str, given: Part, make: _Make, *, activates: bool) -> Mutation:
        async def run(unit: UnitOfWork, request: Request) -> Outcome:
            return {entity.single: [await make(unit, request)]}

        made = _mutation(name, description, (given, _NOTE), shown, types, run, _makes(activates=activates))
        ahead = _judge if activates else None
        return replace(made, closed=lambda access: _unnoted(access, name), before=ahead)

    begun = "Begin a draft with the documents of a version."
    yield making("policyDraftCreate", begun, _FROM, _begin, activates=False)
    back = "Bring a version that was in force back into force, as a new version."
    yield making("policyRollback", back, _BACK, _roll_back, activates=True)
    tested = "Run the tests of a version, and lint it. Nothing is changed."
    more = (
        Part("cases", int | None, "How many cases were put to it."),
        Part("findings", maybe(listed(FINDING)), "What lint found, and what is not as the tests expect."),
    )
    run = _mutation("policyTestRun", tested, (_OR_ACTIVE,), (), types, _test, _reads, more)
    yield replace(run, before=_judge)


_Make = Callable[[UnitOfWork, Request], Awaitable[Draft]]


async def _begin(unit: UnitOfWork, request: Request) -> Draft:
    given = request.given
    return await versions.begin(unit, given.get("from"), given.get("note"), only_validate=request.only_validate)


async def _roll_back(unit: UnitOfWork, request: Request) -> Draft:
    given = request.given
    if given.get("version") is None:
        raise Refused([Required("required", ("version",))])
    return await versions.roll_back(unit, given["version"], given.get("note"), only_validate=request.only_validate)


async def _judge(connection: AsyncConnection, request: Request) -> None:
    await activating.judge_ahead(connection, request.given.get("version"))


async def _test(unit: UnitOfWork, request: Request) -> Outcome:
    of = await versions.source(unit, request.given.get("version"))
    verdict = await checking.judge(await unit.driver, of.documents)
    await auditing.note(unit, Kind.POLICY_TESTED, str(of.number))
    findings = [told(each) for each in (*verdict.findings, *verdict.failed)]
    return {"": [Draft(VERSION, {}, row={"id": of.id}, told={"cases": verdict.cases, "findings": findings})]}


def _makes(*, activates: bool) -> Callable[[Access], bool]:
    def possible(access: Access) -> bool:
        makes = access.permits(Action.CREATE, VERSION, _MADE).possible
        return (
            _reads(access) and makes and (not activates or access.permits(Action.UPDATE, VERSION, ["status"]).possible)
        )

    return possible


def _unnoted(access: Access, name: str) -> Iterator[tuple[str, str]]:
    if not access.permits(Action.CREATE, VERSION, ["note"]).possible:
        yield f"{name[:1].upper()}{name[1:]}Input", "note"


def _reads(access: Access) -> bool:
    return {"number", "status", "document"} <= access.on(VERSION).readable


def _mutation(
    name: str,
    description: str,
    given: Iterable[Part],
    shown: tuple[Shown, ...],
    types: Mapping[str, EntityTypes],
    run: Run,
    possible: Callable[[Access], bool],
    more: Iterable[Part] = (),
) -> Mutation:
    title = name[:1].upper() + name[1:]
    return Mutation(
        name=name,
        description=description,
        input=inputs.make_input(f"{title}Input", f"For `{name}`.", given),
        payload=make_payload(f"{title}Payload", f"What came of `{name}`.", shown, types, more),
        shown=shown,
        run=run,
        possible=possible,
        changes_rights=bool(shown),
    )
