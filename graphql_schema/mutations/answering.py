"""Runs a mutation, and reads back what is selected of its payload: in one transaction, by the compiler, under the same rights.

What is selected is planned before anything is written, so that a selection which cannot be answered leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg
import orjson
import sqlalchemy as sa
from graphql import GraphQLResolveInfo, GraphQLSchema
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.authority import Rights
from app.identity.proof import Stale, Unsettled
from app.services import retrying
from app.services.errors import Refused, UserError
from app.services.messages import message
from app.services.records.constraints import mistake
from app.services.records.drafts import Draft
from app.services.records.storing import as_json
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork, writing
from graphql_schema import ids
from graphql_schema.compiler.operands import BadInput, Written, value_of
from graphql_schema.compiler.plans import Plan, gather, operands
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Operation, Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Entity, Graph
from graphql_schema.failures import refused
from graphql_schema.mutations.declaring import Mutation, Request, Shown
from graphql_schema.mutations.payloads import CODE
from policies.predicates import Row, bound

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
Payload: TypeAlias = Mapping[str, Any]
"""By response key, what a payload holds."""

ROUNDS = 3
"""How often a write is tried that others stand in the way of."""
AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class _Undone(Exception):
    """Ends a transaction of which nothing is to be kept."""


@dataclass
class Writing:
    """The mutations of one request."""

    graph: Graph
    connect: Connect
    rights: Rights
    renew: Callable[[], Awaitable[Rights | None]]
    """Reads the caller's rights anew."""
    fits: Callable[[Rights], GraphQLSchema]
    """The schema that a caller with such rights sees."""
    operation: Operation
    request_id: str
    language: str
    key: str | None = None
    """The name that the caller gives the whole request."""
    written: bool = False
    """Whether anything was."""
    _plans: dict[str, _Read] = field(default_factory=dict, repr=False)

    async def answer(self, info: GraphQLResolveInfo[Any], mutation: Mutation, given: Mapping[str, Any]) -> Payload:
        """What came of a mutation.

        Raises GraphQLError for a selection that cannot be answered, Stale before anything was written, Unsettled.
        """
        for _ in range(ROUNDS):
            try:
                return await self._once(info, mutation, given)
            except Stale:
                if not self.written:
                    raise
                await self._follow()
            except AGAIN:
                continue
        raise Unsettled

    async def _follow(self) -> None:
        """Goes on under the rights of now. Raises Unsettled where the caller sees another schema with these."""
        rights = await self.renew()
        if rights is None or self.fits(rights) is not self.operation.schema:
            raise Unsettled
        self.rights = rights

    async def _once(self, info: GraphQLResolveInfo[Any], mutation: Mutation, given: Mapping[str, Any]) -> Payload:
        read = self._planned(info, mutation)
        only_validate = bool(given.get("validateOnly"))
        again = retrying.asked(mutation.name, given, self.key, str(info.path.key)) if not only_validate else None
        try:
            return await self._written(mutation, Request(self.graph, given, only_validate), read, again)
        except Refused as wrong:
            errors = wrong.errors
        except asyncpg.IntegrityConstraintViolationError as violation:
            errors = (mistake(violation),)
        if again is not None:
            async with self.connect() as connection, connection.begin():
                await retrying.keep_refusal(connection, self.rights.principal.id, again, errors)
        return read.payload({}, errors, self.language)

    async def _written(
        self, mutation: Mutation, request: Request, read: _Read, again: retrying.Again | None
    ) -> Payload:
        payload: Payload = {}
        changes = mutation.changes_rights
        try:
            async with (
                self.connect() as connection,
                writing(connection, self.rights, changes_rights=changes, request_id=self.request_id) as unit,
            ):
                outcome = await retrying.once(unit, again, lambda: mutation.run(unit, request))
                if request.only_validate:
                    await unit.finish()
                    payload = read.payload({}, (), self.language)
                    raise _Undone
                payload = read.payload(await read.fragments(unit, outcome), (), self.language)
        except _Undone:
            return payload
        self.written = True
        return payload

    def _planned(self, info: GraphQLResolveInfo[Any], mutation: Mutation) -> _Read:
        key = str(info.path.key)
        selected = Selected(self.operation, info.parent_type, key, tuple(info.field_nodes), (key,))
        reader = Reader(self.graph, self.rights.access)
        shown = {each.name: each for each in mutation.shown}
        try:
            fields = selected.children()
            asked = [(item, shown[item.name]) for item in fields if item.name in shown and not shown[item.name].gone]
            columns = [_expression(reader, item, of) for item, of in asked]
            found = [operand for column in columns for operand in operands(column)]
            for operand in (*found, *reader.checked):
                if not isinstance(operand, Written):
                    value_of(operand, self.rights.principal.values, self.operation.variables)
        except (BadInput, NotReadable) as fault:
            raise refused(fault) from None
        plan = gather(columns, (), reader.checked) if columns else None
        return _Read(self.operation.variables, mutation, fields, [item for item, _ in asked], plan)


def _expression(reader: Reader, selected: Selected, shown: Shown) -> sa.ColumnElement[Any]:
    resource = shown.entity.resource

    def is_it(row: Row) -> sa.ColumnElement[bool]:
        keys = (row[name] == bound(Written(shown.name, i), sa.Uuid()) for i, name in enumerate(resource.key))
        return sa.and_(*keys)

    return sa.cast(reader.one(shown.entity, selected.children(), is_it), sa.Text())


@dataclass(frozen=True)
class _Read:
    """What is selected of a payload, planned."""

    variables: Mapping[str, Any]
    mutation: Mutation
    fields: Sequence[Selected]
    asked: Sequence[Selected]
    plan: Plan | None

    async def fragments(self, unit: UnitOfWork, outcome: Outcome) -> Mapping[str, Any]:
        """By response key, what is shown of the records written."""
        found: dict[str, Any] = {}
        if self.plan is not None:
            keys = {Written(name, i): part for name, of in outcome.items() for i, part in enumerate(of[0].key)}
            values = self.plan.values(unit.rights.principal.values_with(keys), self.variables)
            row = await (await unit.driver).fetchrow(self.plan.sql, *values)
            for item, json in zip(self.asked, row, strict=True):
                found[item.key] = orjson.Fragment(json if json is not None else "null")
        gone = {each.name: each.entity for each in self.mutation.shown if each.gone}
        found |= {item.key: _id(gone[item.name], outcome[item.name][0]) for item in self.fields if item.name in gone}
        return found

    def payload(self, fragments: Mapping[str, Any], errors: Sequence[UserError], language: str) -> Payload:
        """The whole payload."""
        told = [_told(error, language) for error in errors]
        made: dict[str, Any] = {item.key: None for item in self.fields}
        return made | dict(fragments) | {item.key: told for item in self.fields if item.name == "userErrors"}


def _id(entity: Entity, draft: Draft) -> str:
    *owner, key = draft.key
    return ids.encode(ids.NodeId(entity.tag, owner[0] if owner else None, key))


def _told(error: UserError, language: str) -> dict[str, Any]:
    return {
        "code": CODE(str(error.code)),
        "field": list(error.field) or None,
        "message": message(error, language),
        "params": orjson.loads(as_json(dict(error.params))) or None,
    }
