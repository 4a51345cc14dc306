"""The engine: a request → the bytes of its answer.

A pure read whose plan is known goes straight to the database. Everything else is executed by
graphql-core, whose root resolvers plan and hand their plans to a loader that gathers them into one
statement; what it gathered for a pure read is the plan of the next one. A look as somebody that is
all that is asked needs no executor.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import orjson
from graphql import GraphQLError, OperationType
from graphql.execution import ExecutionResult, execute

from app.database import DatabaseUnavailable
from app.identity.authority import Authority, Rights
from app.identity.bearer import Bearer
from app.identity.grants import Client
from app.identity.peers import Network, NotFromHere, peer_of
from app.identity.principals import Read
from app.identity.proof import COLUMNS, Stale, Unsettled, proof_columns
from app.services.auditing import Looks
from graphql_schema.alone import alone
from graphql_schema.asking import Asking, Met
from graphql_schema.budgets import Budgets, CostExceeded
from graphql_schema.compiler.costs import Cost, cost
from graphql_schema.compiler.documents import Documents, Invalid, Prepared, Subscribes, Unread
from graphql_schema.compiler.operands import LANGUAGE, BadInput
from graphql_schema.compiler.plans import Plan, gather
from graphql_schema.compiler.selection import select
from graphql_schema.entities import Graph
from graphql_schema.execution import Introspected, PassingThrough
from graphql_schema.failures import COST_EXCEEDED, formatted, is_internal, oversized, refused
from graphql_schema.introspecting import Introspecting
from graphql_schema.kept import Kept
from graphql_schema.mutations.answering import Connect, Plans, Writing
from graphql_schema.mutations.selection import Selection
from graphql_schema.noting import Note
from graphql_schema.reading import SUBJECTS, Known, Reading
from graphql_schema.requests import Answer, Asked, Request, plan_key
from graphql_schema.tailoring.schemas import Schemas
from graphql_schema.trusting import Trusting

T = TypeVar("T")

LARGEST = 100_000_000
"""Characters of the plans that are kept."""
PROOF = gather([], proof_columns(SUBJECTS))
"""The proof alone."""
ROUNDS = 3
"""How often a statement is tried when rights change under it."""


@dataclass
class Engine:
    """Answers requests over one database."""

    graph: Graph
    schemas: Schemas
    documents: Documents
    authority: Authority
    read: Read
    connect: Connect
    """Gives connections to write on."""
    trusting: Trusting
    note: Read
    """Runs one statement that writes, by itself, and gives its first row."""
    looks: Looks
    budgets: Budgets = field(default_factory=Budgets)
    proxies: tuple[Network, ...] = ()
    """The house's own, which are believed in what they say of those before them."""
    longest: int = 10_000_000
    """Bytes of the answer to a query."""
    four_eyes: bool = False
    """Whether nobody has a policy come into force alone."""
    introspecting: Introspecting = field(default_factory=Introspecting)
    remembered: int = 2_000
    statements: int = 0
    """How many statements have been sent for answers."""
    _selections: OrderedDict[Hashable, Selection] = field(default_factory=OrderedDict, repr=False)

    def __post_init__(self) -> None:
        self._plans: Kept[Hashable, Known] = Kept(self.remembered, LARGEST)
        self._costs: Kept[Hashable, Cost] = Kept(self.remembered, LARGEST)
        self._met: Kept[tuple[UUID, UUID], Met] = Kept(self.remembered, self.remembered)

    async def answer(
        self,
        request: Request,
        bearer: Bearer,
        *,
        queries_only: bool = False,
        event: bool = False,
        note: Note | None = None,
    ) -> Answer | None:
        """The answer for a bearer; None for one who may not sign in. What is worth a note on the way is noted.

        Of a subscription it is an `event`, as of now.

        Raises NotFromHere where its client may not ask from there, Invalid for a request that cannot be executed,
        Subscribes for a subscription where no event is asked,
        CostExceeded or Spent for one that is too dear, Unsettled when rights keep changing, NoPolicy.
        """
        noted = Note() if note is None else note

        async def work(kept: Rights) -> Answer:
            noted.rights = kept
            rights = kept.declaring(request.purpose) if request.purpose else kept
            try:
                if kept.client is not None:
                    self._check_place(request, kept.client)
                if kept.quotas and not noted.standing:
                    await self.budgets.enter(bearer, kept.quotas, noted.standing)
                told = self._admitted(request, kept.client)
                look_up = self.trusting.look_up
                text = await look_up(request.text, request.digest, kept.client) if told is None else told
                prepared = self._prepared(text, request.operation, rights, queries_only=queries_only, event=event)
                variables = prepared.coerce(request.variables)
            except Unread:
                raise
            except (Invalid, NotFromHere):
                await self._prove(rights)
                raise
            variables[LANGUAGE.name] = request.language
            noted.prepared = prepared
            asked = Asked(request, prepared, variables, rights, bearer, noted)
            if request.explain:
                return await self._explained(asked)
            key = plan_key(text, asked)
            known = self._known(key)
            found = None
            if known and known.told and not rights.quotas:
                noted.cost = known.cost.once
                found = await self._hit(known, known.told, asked)
            answer = found or await self._charged(asked, key, known)
            noted.read = asked if prepared.is_query and not answer.code else None
            return answer if len(answer.body) <= self.longest else self._bounded(answer, asked)

        return await self._with_rights(bearer, work)

    def _admitted(self, request: Request, client: Client | None) -> str | None:
        """The text that is asked, as a client may; None where it has to be looked up. Raises Untrusted."""
        if client is None and request.digest is None:
            return request.text
        return self.trusting.text(request.text, request.digest, client)

    def _check_place(self, request: Request, client: Client) -> None:
        """Raises NotFromHere where a client may not ask from where a request comes."""
        if client.networks:
            client.check(peer_of(request.path(), self.proxies))

    async def knows(self, bearer: Bearer) -> bool:
        """Whether a bearer may ask now. Raises Unsettled, NoPolicy."""

        async def work(rights: Rights) -> bool:
            await self._prove(rights)
            return True

        return bool(await self._with_rights(bearer, work))

    def _prepared(
        self, text: str, operation: str | None, rights: Rights, *, queries_only: bool, event: bool
    ) -> Prepared:
        """The operation asked, valid for the schema that the caller sees. Raises Invalid."""
        found = self.documents.prepare(self.schemas.of(rights.access), text, operation)
        if not found.is_query:
            kind = found.node.operation
            if kind is OperationType.SUBSCRIPTION and not event:
                raise Subscribes
            if kind is OperationType.MUTATION and queries_only:
                raise Invalid([GraphQLError("only queries can be asked this way")])
        return found

    async def _with_rights(self, bearer: Bearer, work: Callable[[Rights], Awaitable[T]]) -> T | None:
        """What work comes to under a bearer's rights, once they are those of its statement; None without any.

        Raises Unsettled.
        """
        for _ in range(ROUNDS):
            rights = await self.authority.rights(bearer)
            if rights is None:
                return None
            try:
                return await work(rights)
            except Stale:
                self.authority.forget(bearer)
        raise Unsettled

    def _known(self, key: Hashable) -> Known | None:
        found = self._plans.get(key)
        if found is not None:
            self._plans.move_to_end(key)
        return found

    async def _hit(self, known: Known, told: bytes, asked: Asked) -> Answer | None:
        """The answer of a known plan; None where a value cannot be what it stands for: the long way says where."""
        try:
            values = known.plan.values(asked.rights.principal.values, asked.variables)
        except BadInput:
            return None
        return Answer(known.join(await self.run(known.plan, values, asked.rights), told))

    async def run(self, plan: Plan, values: Sequence[Any], rights: Rights) -> Any:
        """The statement's one row. Raises Stale."""
        self.statements += 1
        row = await self.read(plan.sql, *values)
        rights.check(row[-COLUMNS:])
        return row

    async def _charged(self, asked: Asked, key: Hashable, known: Known | None) -> Answer:
        """The answer, for which the caller is charged, unless none comes of it. Raises CostExceeded, Spent."""
        priced = known.cost if known else await self._price(asked, key)
        quotas, standing = asked.rights.quotas, asked.note.standing if asked.rights.quotas else {}
        requested = priced.of(asked.variables)
        asked.note.cost = requested
        try:
            self.budgets.check(requested, quotas)
        except CostExceeded:
            await self._prove(asked.rights)
            raise
        if quotas:
            await self.budgets.charge(quotas, requested, standing)
        told = orjson.dumps(self.budgets.told(requested, quotas, standing))
        try:
            found = await self._hit(known, told, asked) if known else None
            return found or await self._miss(asked, key, priced, told)
        except (Stale, Invalid, DatabaseUnavailable):
            await self.budgets.refund(quotas, requested, standing)
            raise

    async def _look(
        self, asker: Asked, rights: Rights, text: str, variables: Mapping[str, Any], operation: str | None
    ) -> bytes:
        """The answer to a query under other rights, for which who asks is charged. Raises Invalid, Stale."""
        try:
            prepared = self._prepared(text, operation, rights, queries_only=True, event=False)
            values = prepared.coerce(variables)
        except Invalid:
            await self._prove(rights)
            raise
        values[LANGUAGE.name] = asker.request.language
        request = replace(asker.request, text=text, variables=variables, operation=operation)
        asked = Asked(request, prepared, values, rights, asker.bearer, asker.note)
        key = plan_key(text, asked)
        return (await self._charged(asked, key, self._known(key))).body

    async def _price(self, asked: Asked, key: Hashable) -> Cost:
        """What an operation costs of which no plan is kept. Raises Invalid."""
        found = self._costs.get(key)
        if found is None:
            found = (await self._priced(asked)).folded()
            if asked.prepared.is_query:
                self._costs.put(key, found, len(asked.request.text))
        else:
            self._costs.move_to_end(key)
        return found

    async def _priced(self, asked: Asked) -> Cost:
        """What the operation costs. Raises Invalid."""
        node = asked.prepared.node
        root_type = asked.prepared.schema.get_root_type(node.operation)
        operation = asked.prepared.operation(asked.variables)
        try:
            return cost(self.graph, select(operation, root_type, [node.selection_set])) if root_type else Cost()
        except BadInput as found:
            await self._prove(asked.rights)
            raise Invalid([refused(found)]) from None

    async def _explained(self, asked: Asked) -> Answer:
        """What the operation costs, which is not run."""
        priced = await self._priced(asked)
        await self._prove(asked.rights)
        quotas, standing = asked.rights.quotas, asked.note.standing
        await self.budgets.charge(quotas, 0, standing)
        told = self.budgets.told(priced.of(asked.variables), quotas, standing)
        lines = [{"path": ".".join(place), "cost": points} for place, points in priced.lines(asked.variables)]
        return Answer(orjson.dumps({"data": None, "extensions": {"cost": {**told, "fields": lines}}}))

    async def _miss(self, asked: Asked, key: Hashable, priced: Cost, told: bytes) -> Answer:
        writing = self._writing(asked, key) if asked.prepared.node.operation is OperationType.MUTATION else None
        asking = self._asking(asked)
        reading = Reading(self.graph, self.run, asked.prepared, asked.rights, asked.variables, asking, writing)
        result = await self._execute(asked, reading)
        if reading.failure is not None:
            raise reading.failure
        if reading.unproved or not (reading.told or reading.plans or reading.written):
            await self._prove(asked.rights)
        if not (reading.told or reading.plans or reading.written):
            await self.budgets.refund(asked.rights.quotas, priced.of(asked.variables), asked.note.standing)
        if not (result.errors or reading.told) and len(reading.plans) == 1 and asked.prepared.pure(asked.variables):
            plain = orjson.dumps(self.budgets.told(priced.once, (), {}))
            self._remember(key, reading.known(priced, None if priced.inside else plain), len(asked.request.text))
        return self._answer(result, asked.request.id, told)

    def _remember(self, key: Hashable, made: Known, length: int) -> None:
        """Keeps a plan, of a text of so many characters."""
        self._plans.put(key, made, len(made.plan.sql) + length)

    def _asking(self, asked: Asked) -> Asking:
        return Asking(
            asked.rights,
            self.read,
            self.connect,
            self.authority,
            self.schemas,
            self.documents,
            partial(self._look, asked),
            self.note,
            self._met,
            self.looks,
            asked.request.id,
            asked.request.language,
        )

    def _writing(self, asked: Asked, key: Hashable) -> Writing:
        request, bearer = asked.request, asked.bearer

        async def renew() -> Rights | None:
            self.authority.forget(bearer)
            rights = await self.authority.rights(bearer)
            return rights.declaring(request.purpose) if rights and request.purpose else rights

        return Writing(
            self.graph,
            self.connect,
            asked.rights,
            renew,
            lambda rights: self.schemas.of(rights.access),
            self.schemas.complete.schema,
            asked.prepared.operation(asked.variables),
            Plans(self._selections, key),
            request.id,
            request.language,
            request.key,
            four_eyes=self.four_eyes,
        )

    async def _execute(self, asked: Asked, reading: Reading) -> ExecutionResult:
        given = asked.request.variables
        if found := alone(self.graph, asked.prepared):
            return await found.result(reading, asked.variables)
        reading.introspected = await self.introspecting.told(asked.prepared, given, asked.variables)
        executed = execute(
            asked.prepared.schema,
            asked.prepared.document,
            context_value=reading,
            variable_values=dict(given),
            operation_name=asked.request.operation,
            executor_class=Introspected if reading.introspected else PassingThrough,
            hide_suggestions=True,
        )
        try:
            result = await executed if isinstance(executed, Awaitable) else executed
        except asyncio.CancelledError:
            reading.cancel()
            raise
        assert isinstance(result, ExecutionResult)
        return result

    async def _prove(self, rights: Rights) -> None:
        """Runs the proof alone, for what was answered without SQL. Raises Stale."""
        await self.run(PROOF, PROOF.values(rights.principal.values, {}), rights)

    def _bounded(self, answer: Answer, asked: Asked) -> Answer:
        """The answer, unless it is a query's, which can be asked again for less. What was written has to be told."""
        if asked.prepared.node.operation is OperationType.MUTATION:
            return answer
        errors = [formatted(oversized(self.longest), asked.request.id)]
        return Answer(orjson.dumps({"data": None, "errors": errors}), COST_EXCEEDED)

    def _answer(self, result: ExecutionResult, request_id: str, told: bytes) -> Answer:
        extensions = {"cost": orjson.Fragment(told)}
        if not result.errors:
            return Answer(orjson.dumps({"data": result.data, "extensions": extensions}))
        errors = [formatted(error, request_id) for error in result.errors]
        failures = (error.original_error for error in result.errors if is_internal(error))
        body = orjson.dumps({"data": result.data, "errors": errors, "extensions": extensions})
        return Answer(body, errors[0]["extensions"]["code"], next(failures, None))
