"""Runs a mutation, and reads back what is selected of its payload: in one transaction, by the compiler, under the same rights.

What is selected is planned before anything is written, so that a selection which cannot be answered leaves nothing behind.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
from graphql import GraphQLResolveInfo, GraphQLSchema
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.authority import Rights
from app.identity.proof import Stale, Unsettled
from app.services import auditing, retrying
from app.services.errors import HiddenConflict, RateLimited, Refused, UserError
from app.services.records.constraints import mistake
from app.services.writing import writing
from graphql_schema.compiler.operands import BadInput
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Operation, Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Graph
from graphql_schema.failures import refused
from graphql_schema.mutations import watched
from graphql_schema.mutations.declaring import Mutation, Request
from graphql_schema.mutations.selection import Payload, Selection, planned

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

ROUNDS = 3
"""How often a write is tried that others stand in the way of."""
AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


@dataclass(frozen=True)
class Plans:
    """What is selected of payloads, kept for all requests of one shape under one grant shape."""

    kept: OrderedDict[Hashable, Selection]
    shape: Hashable
    remembered: int = 2_000

    def get(self, key: str) -> Selection | None:
        """What is selected of the payload of a response key, where it is known."""
        return self.kept.get((self.shape, key))

    def put(self, key: str, selection: Selection) -> Selection:
        """Keeps it."""
        self.kept[self.shape, key] = selection
        if len(self.kept) > self.remembered:
            self.kept.popitem(last=False)
        return selection


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
    schema: GraphQLSchema
    """The schema of everything."""
    operation: Operation
    plans: Plans
    request_id: str
    language: str
    key: str | None = None
    """The name that the caller gives the whole request."""
    written: bool = False
    """Whether anything was."""
    four_eyes: bool = False
    """Whether nobody has a policy come into force alone."""

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
        self.plans = Plans(OrderedDict(), None)

    async def _once(self, info: GraphQLResolveInfo[Any], mutation: Mutation, given: Mapping[str, Any]) -> Payload:
        read = self._selection(info, mutation)
        only_validate = bool(given.get("validateOnly"))
        again = None
        try:
            if not only_validate:
                again = retrying.asked(mutation.name, given, self.key, str(info.path.key))
            return await self._written(mutation, Request(self.graph, given, only_validate, self.schema), read, again)
        except Refused as wrong:
            errors = wrong.errors
        except asyncpg.IntegrityConstraintViolationError as violation:
            errors = (mistake(violation),)
        await self._keep(mutation, again, errors)
        return read.payload({}, errors, self.language)

    async def _keep(self, mutation: Mutation, again: retrying.Again | None, errors: Sequence[UserError]) -> None:
        """Keeps what is wrong: for who asks again, and the hidden values that it tells of for the audit trail."""
        is_hidden = any(isinstance(error, HiddenConflict) for error in errors)
        passes = any(isinstance(error, RateLimited) for error in errors)
        if not is_hidden and (again is None or passes):
            return
        async with self.connect() as connection, connection.begin():
            principal = self.rights.principal
            if again is not None and not passes:
                await retrying.keep_refusal(connection, principal, again, errors)
            await auditing.record_clashes(connection, principal.id, self.request_id, mutation.name, errors)

    async def _written(
        self, mutation: Mutation, request: Request, read: Selection, again: retrying.Again | None
    ) -> Payload:
        payload: Payload = {}
        if mutation.before is not None and mutation.possible(self.rights.access):
            async with self.connect() as connection:
                await mutation.before(connection, request)
        try:
            async with (
                self.connect() as connection,
                writing(
                    connection,
                    self.rights,
                    changes_rights=mutation.changes_rights,
                    request_id=self.request_id,
                    four_eyes=self.four_eyes,
                ) as unit,
            ):
                outcome = await retrying.once(unit, again, lambda: mutation.run(unit, request))
                if request.only_validate:
                    await unit.finish()
                    found = await read.beside(unit, outcome, self.operation.variables, self.language)
                    payload = read.payload({**read.told(outcome), **found}, (), self.language)
                    raise _Undone
                errors = [error for drafts in outcome.values() for draft in drafts for error in draft.errors]
                auditing.note_clashes(unit, mutation.name, errors)
                await watched.note(unit, self.graph, outcome)
                shown = await read.read(unit, outcome, self.operation.variables, self.language)
                payload = read.payload(shown, (), self.language)
        except _Undone:
            return payload
        self.written = True
        return payload

    def _selection(self, info: GraphQLResolveInfo[Any], mutation: Mutation) -> Selection:
        """What is selected of the payload, and can be answered. Raises GraphQLError."""
        key = str(info.path.key)
        try:
            found = self.plans.get(key)
            if found is None:
                selected = Selected(self.operation, info.parent_type, key, tuple(info.field_nodes), (key,))
                found = self.plans.put(key, planned(Reader(self.graph, self.rights.access), mutation, selected))
            found.check(self.rights, self.operation.variables)
        except (BadInput, NotReadable) as fault:
            raise refused(fault) from None
        return found
