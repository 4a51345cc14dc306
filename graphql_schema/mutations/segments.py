"""Rules of segments: filters of customers that are kept, and asked later with the eyes of the segment's owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from graphql import GraphQLError, GraphQLInputObjectType, coerce_input_value, validate_input_value
from sqlalchemy.dialects.postgresql import ARRAY

from app.services.errors import Invalid, Refused, UserError
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork
from graphql_schema.compiler.arguments import from_value
from graphql_schema.compiler.operands import BadInput
from graphql_schema.compiler.parts import Needs
from graphql_schema.compiler.plans import Plan, gather
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.where import Filter, NotReadable
from graphql_schema.mutations.declaring import Request
from policies.access import Access
from policies.conditions import Constant, fields_read
from policies.predicates import Compiler, Reading
from policies.principal import Principal

SEGMENT, RULE = "Segment", "rule"
MOST = 100
"""Customers of a sample."""

Asked: TypeAlias = Callable[[sa.Select[Any]], Sequence[sa.ColumnElement[Any]]]
"""What is asked of the customers that a rule finds, of which the select gives the keys in order."""


def check(unit: UnitOfWork, request: Request, drafts: Iterable[Draft]) -> None:
    """Notes what is wrong with rules that are given, as their writer reads customers."""
    for draft in drafts:
        rule = draft.given.get(RULE)
        if draft.resource.name == SEGMENT and rule is not None:
            try:
                _values(_plan(request, unit.access, rule, _all), unit.rights.principal)
            except Refused as refusal:
                for error in refusal.errors:
                    draft.note(error)


async def find(request: Request, unit: UnitOfWork, principal: Principal, access: Access, rule: object) -> list[UUID]:
    """The customers whom a rule finds as somebody sees them. Raises Refused for one that cannot be asked."""
    found: list[UUID] = (await _ask(unit, _plan(request, access, rule, _all), principal))[0]
    return found


async def sample(request: Request, unit: UnitOfWork, rule: object, most: int) -> tuple[int, list[UUID]]:
    """How many customers a rule finds as the caller sees them, and so many of them. Raises Refused."""
    count, keys = await _ask(unit, _plan(request, unit.access, rule, _some), unit.rights.principal)
    return count, keys[:most]


async def _ask(unit: UnitOfWork, plan: Plan, principal: Principal) -> Any:
    return await (await unit.driver).fetchrow(plan.sql, *_values(plan, principal))


def _all(keys: sa.Select[Any]) -> Sequence[sa.ColumnElement[Any]]:
    return [sa.func.array(keys.scalar_subquery(), type_=ARRAY(sa.Uuid()))]


def _some(keys: sa.Select[Any]) -> Sequence[sa.ColumnElement[Any]]:
    count = sa.select(sa.func.count()).select_from(keys.order_by(None).subquery("k"))
    return [count.scalar_subquery(), *_all(keys.limit(MOST))]


def _values(plan: Plan, principal: Principal) -> list[Any]:
    try:
        return plan.values(principal.values, {})
    except BadInput as fault:
        raise Refused([Invalid("no_condition", fault.place)]) from None


def _plan(request: Request, access: Access, rule: object, asked: Asked) -> Plan:
    """The statement of a rule. Raises Refused with everything that is wrong with it."""
    where = request.schema.type_map["CustomerWhere"]
    assert isinstance(where, GraphQLInputObjectType)
    faults: list[UserError] = []

    def note(_fault: GraphQLError, path: list[str | int]) -> None:
        faults.append(Invalid("no_condition", (RULE, *map(str, path))))

    validate_input_value(rule, where, note)
    if faults:
        raise Refused(faults)
    coerced = coerce_input_value(rule, where)
    try:
        return _compiled(Reader(request.graph, access), from_value(where, coerced, Constant(coerced)), asked)
    except BadInput as fault:
        raise Refused([Invalid("no_condition", fault.place)]) from None
    except NotReadable as fault:
        raise Refused([Invalid("not_readable", fault.place)]) from None


def _compiled(reader: Reader, tree: Any, asked: Asked) -> Plan:
    customers = reader.graph["Customer"]
    resource, catalogue = customers.resource, reader.graph.catalogue
    condition = Filter(reader.graph, reader.access, reader.conditions).condition(tree, customers, (RULE,))
    fields = {name for on, name in fields_read(condition, resource, catalogue) if on is resource}
    view = reader.view(resource, Needs(fields))
    holds = Compiler(catalogue, reader.rows, Reading.ASKED).predicate(condition, resource, view.c)
    keys = sa.select(view.c.id).select_from(view).where(holds).order_by(view.c.id)
    return gather(asked(keys), (), reader.checked)
