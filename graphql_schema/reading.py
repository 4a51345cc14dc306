"""One execution of a request: its resolvers' plans, gathered into one statement, and what is known of it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa
from aiodataloader import DataLoader
from graphql import GraphQLError, GraphQLResolveInfo
from sqlalchemy.dialects.postgresql import ARRAY

from app.identity.authority import Rights
from app.identity.proof import COLUMNS, proof_columns
from graphql_schema.asking import Asking
from graphql_schema.compiler.costs import Cost
from graphql_schema.compiler.documents import Prepared
from graphql_schema.compiler.operands import BadInput, value_of
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.plans import Plan, gather, operands
from graphql_schema.compiler.roots import root
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Operation, Selected, select
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Graph, Told
from graphql_schema.failures import refused
from graphql_schema.introspecting import Introspected
from graphql_schema.mutations.answering import Writing
from graphql_schema.mutations.declaring import Mutation
from graphql_schema.mutations.selection import Payload
from policies.conditions import Attribute
from policies.predicates import bound

SUBJECTS = bound(Attribute("subjects"), ARRAY(sa.Uuid()))
Run: TypeAlias = Callable[[Plan, Sequence[Any], Rights], Awaitable[Any]]
"""Sends a plan's statement with its values, and gives its row. Raises Stale."""


@dataclass(frozen=True, slots=True)
class Known:
    """The plan of a pure read: its statement, and the response keys with the column of each (None: a __typename)."""

    plan: Plan
    keys: tuple[tuple[bytes, int | None], ...]
    cost: Cost
    told: bytes | None
    """`extensions.cost`, where it is the same in every answer."""

    def join(self, row: Sequence[Any], told: bytes) -> bytes:
        """The response's bytes."""
        parts = [b'{"data":{']
        for head, column in self.keys:
            parts += (head, b'"Query"' if column is None else row[column] or b"null")
        return b"".join((*parts, b'},"extensions":{"cost":', told, b"}}"))  # once, for rows may be long


@dataclass
class Reading:
    """One execution: the context of its resolvers, whose plans it gathers into one statement."""

    graph: Graph
    run: Run
    prepared: Prepared
    rights: Rights
    variables: Mapping[str, Any]
    asking: Asking
    """For what Python answers."""
    writing: Writing | None = None
    """Where the operation is a mutation."""
    introspected: Introspected = field(default_factory=dict)
    """What is told of the schema."""
    failure: Exception | None = None
    """What stopped the statement, for all fields alike."""
    plans: list[Plan] = field(default_factory=list)
    told: int = 0
    """How many fields of Query were answered by Python."""
    unproved: int = 0
    """How many of these without a proof of the rights."""
    written: int = 0
    """How many fields of Mutation were answered."""
    _task: asyncio.Task[Any] | None = None

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.graph, self.rights.access)

    @cached_property
    def _operation(self) -> Operation:
        return self.prepared.operation(self.variables)

    @cached_property
    def _loader(self) -> DataLoader[sa.ColumnElement[Any], orjson.Fragment]:
        return DataLoader(self._load, cache=False)

    def answer(self, info: GraphQLResolveInfo[Any]) -> Awaitable[orjson.Fragment]:
        """The JSON of a root field, which arrives together with its siblings'.

        Raises GraphQLError for arguments that cannot be answered, before any SQL.
        """
        key = str(info.path.key)
        selected = Selected(self._operation, info.parent_type, key, tuple(info.field_nodes), (key,))
        checked = len(self._reader.checked)
        try:
            expression = root(self._reader, selected)
            for operand in (*operands(expression), *self._reader.checked[checked:]):
                value_of(operand, self.rights.principal.values, self.variables)
        except (BadInput, NotReadable) as found:
            del self._reader.checked[checked:]
            raise refused(found) from None
        return self._loader.load(expression)

    async def tell(self, told: Told, arguments: Mapping[str, Any]) -> Any:
        """The value of a field of Query that Python answers. Raises GraphQLError for arguments that cannot be answered."""
        self.told += 1
        self.unproved += 1
        try:
            found = await told.tell(self.asking, arguments)
            self.unproved -= told.proves
            return found
        except (BadInput, NotReadable) as found:
            raise refused(found) from None
        except GraphQLError:
            raise
        except Exception as failure:
            self.failure = failure
            raise

    async def write(self, info: GraphQLResolveInfo[Any], mutation: Mutation, given: Mapping[str, Any]) -> Payload:
        """What came of a field of Mutation. What fails before anything was written stops all that follow."""
        assert self.writing is not None
        if self.failure is not None:
            raise self.failure
        self.written += 1
        try:
            return await self.writing.answer(info, mutation, given)
        except GraphQLError:
            raise
        except Exception as failure:
            self.failure = None if self.writing.written else failure
            raise

    async def _load(self, roots: list[sa.ColumnElement[Any]]) -> list[orjson.Fragment]:
        self._task = asyncio.current_task()
        plan = gather(roots, proof_columns(SUBJECTS), self._reader.checked)
        self.plans.append(plan)
        try:
            row = await self.run(plan, plan.values(self.rights.principal.values, self.variables), self.rights)
        except Exception as failure:
            self.failure = failure
            raise
        return [orjson.Fragment(found if found is not None else b"null") for found in row[:-COLUMNS]]

    def cancel(self) -> None:
        """Ends the statement that nobody waits for any more: the loader runs it in a task of its own."""
        if self._task is not None:
            self._task.cancel()

    def known(self, priced: Cost, told: bytes | None) -> Known:
        """What was gathered, as the plan of a pure read."""
        root_type = self.prepared.schema.get_root_type(self.prepared.node.operation)
        assert root_type is not None
        keys: list[tuple[bytes, int | None]] = []
        columns = 0
        for item in select(self._operation, root_type, [self.prepared.node.selection_set]):
            head = (b"," if keys else b"") + orjson.dumps(item.key) + b":"
            if item.name == TYPENAME:
                keys.append((head, None))
            else:
                keys.append((head, columns))
                columns += 1
        return Known(self.plans[0], tuple(keys), priced, told)
