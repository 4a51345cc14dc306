"""`where` and `orderBy` as callers write them → conditions and order terms over views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from graphql_schema.compiler.arguments import Leaf, Tree
from graphql_schema.compiler.converting import CONVERSIONS, customer_of, each, key_of, place_in_tree, same
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.entities import Amount, Computed, Entity, Graph, Key, Many, Member, One, Value
from graphql_schema.sight import readable
from policies.access import Access, State
from policies.catalogue import Field, Kind
from policies.conditions import (
    ALWAYS,
    LISTS,
    And,
    Compare,
    Condition,
    Constant,
    Not,
    Operand,
    Operator,
    Or,
    Pair,
    Quantified,
    Quantifier,
    Single,
)
from policies.predicates import companion

MOST_LEVELS = 20
"""Levels of conditions in conditions."""
MOST_CONDITIONS = 500
"""Conditions in all filters of an operation, those inside others counted, too."""


class NotReadable(Exception):
    """A field in a filter or order that is never plain or masked for the caller."""

    def __init__(self, entity: str, field: str, place: Place) -> None:
        super().__init__(f"{entity}.{field}")
        self.entity, self.field, self.place = entity, field, place


@dataclass(frozen=True)
class Filter:
    """Reads filters of one caller's rights."""

    graph: Graph
    access: Access
    conditions: Iterator[int]
    """Counts the conditions of all filters of an operation."""
    strict: bool = True
    """Whether fields that the caller never reads are refused; not on a list that is empty by right."""
    level: int = 0
    """How many conditions stand around."""

    @cached_property
    def _inside(self) -> Filter:
        return replace(self, level=self.level + 1)

    def condition(self, tree: Tree, on: Entity, place: Place) -> Condition:
        """The condition that a `where` input states; absent operators state nothing.

        Raises BadInput for a null operand or too deep a nest, NotReadable for a field that the caller never reads.
        """
        if self.level > MOST_LEVELS:
            raise BadInput(f"conditions are nested deeper than {MOST_LEVELS} levels", place)
        self._count(place)
        return And(tuple(self._entry(name, part, on, (*place, name)) for name, part in _object(tree, place).items()))

    def _entry(self, name: str, tree: Tree, on: Entity, place: Place) -> Condition:
        if tree is None:
            raise BadInput("null is no condition; leave it out, or ask with isNull", place)
        if name in ("AND", "OR", "NOT"):
            return self._combined(name, tree, on, place)
        if name in ("eq", "in"):
            return self._own_key(name, tree, on, place)
        if name == "isNull":
            raise BadInput("isNull is asked of a single relation itself", place)
        if self.strict and not readable(self.graph, self.access, on, on.members[name]):
            raise NotReadable(on.name, name, place)
        return self._member(on.members[name], tree, on, place)

    def _member(self, member: Member, tree: Tree, on: Entity, place: Place) -> Condition:
        if isinstance(member, Key):
            return And(tuple(self._own_key(op, part, on, (*place, op)) for op, part in _object(tree, place).items()))
        if isinstance(member, One):
            return self._single(member, tree, place)
        if isinstance(member, Many):
            return self._quantified(member, tree, place)
        if isinstance(member, Computed):
            return self._computed(member, tree, place)
        assert isinstance(member, (Value, Amount))
        return compared(member.field, _object(tree, place), place)

    def _computed(self, member: Computed, tree: Tree, place: Place) -> Condition:
        assert member.filtering is not None
        for _ in _list(tree):
            self._count(place)
        return member.filtering.condition(tree, place)

    def _count(self, place: Place) -> None:
        """Raises BadInput where there are too many conditions."""
        if next(self.conditions) > MOST_CONDITIONS:
            raise BadInput(f"an operation has at most {MOST_CONDITIONS} conditions", place)

    def _combined(self, name: str, tree: Tree, on: Entity, place: Place) -> Condition:
        if name == "NOT":
            return Not(self._inside.condition(tree, on, place))
        parts = tuple(self._inside.condition(part, on, place) for part in _list(tree))
        return And(parts) if name == "AND" else Or(parts)

    def _own_key(self, operator: str, tree: Tree, on: Entity, place: Place) -> Condition:
        leaf = _leaf(tree, place)
        if operator == "isNull":
            return Compare("id", Operator.IS_NULL, Constant(leaf.value))
        parts = [("id", key_of(on))]
        if on.resource.owned:  # the key begins with the customer, and so does its index
            parts.append(("customer", customer_of(on)))
        many = operator == "in"
        return And(
            tuple(
                Compare(name, Operator(operator), Converted(leaf.operand, each(convert) if many else convert, place))
                for name, convert in parts
            )
        )

    def _single(self, member: One, tree: Tree, place: Place) -> Condition:
        target, parts = self.graph[member.relation.target], dict(_object(tree, place))
        absent = parts.pop("isNull", ())
        found: list[Condition] = []
        if absent != ():
            leaf = _leaf(absent, (*place, "isNull"))
            there = Single(member.relation.name, ALWAYS)
            found.append(Not(there) if leaf.value else there)
        if parts or not found:
            found.append(Single(member.relation.name, self._inside.condition(parts, target, place)))
        return And(tuple(found))

    def _quantified(self, member: Many, tree: Tree, place: Place) -> Condition:
        target = self.graph[member.relation.target]
        return And(
            tuple(
                Quantified(member.relation.name, Quantifier(q), self._inside.condition(part, target, (*place, q)))
                for q, part in _object(tree, place).items()
            )
        )


def _object(tree: Tree, place: Place) -> Mapping[str, Tree]:
    if not isinstance(tree, Mapping):
        raise BadInput("null is no condition; leave it out, or ask with isNull", place)
    return tree


def _list(tree: Tree) -> Sequence[Tree]:
    assert isinstance(tree, Sequence)
    return tree


def _leaf(tree: Tree, place: Place) -> Leaf:
    if not isinstance(tree, Leaf):
        raise BadInput("null is no operand; leave it out, or ask with isNull", place)
    return tree


def compared(field: Field, operators: Mapping[str, Tree], place: Place) -> Condition:
    """A field against each of the operators given."""
    currency = None
    if field.spec.kind is Kind.MONEY and "currency" in operators:
        inside = (*place, "currency")
        currency = Converted(_leaf(operators["currency"], inside).operand, CONVERSIONS[Kind.TEXT], inside)
    return And(
        tuple(
            Compare(field.name, Operator(name), _operand(field, Operator(name), tree, (*place, name)), currency)
            for name, tree in operators.items()
            if not (name == "currency" and field.spec.kind is Kind.MONEY)
        )
    )


def _operand(field: Field, operator: Operator, tree: Tree, place: Place) -> Operand:
    convert = place_in_tree if operator is Operator.WITHIN else CONVERSIONS.get(field.spec.kind, same)
    return operand(convert, operator, tree, place)


def operand(convert: Callable[[Any, Place], Any], operator: Operator, tree: Tree, place: Place) -> Operand:
    """What an operator compares with, converted. Raises BadInput for null."""
    if operator is Operator.BETWEEN:
        ends = _object(tree, place)
        low, high = (
            Converted(_leaf(ends[end], (*place, end)).operand, convert, (*place, end)) for end in ("from", "to")
        )
        return Pair(low, high)
    leaf = _leaf(tree, place)
    if operator is Operator.IS_NULL:
        return Constant(leaf.value)  # a plan is made for each of the two
    return Converted(leaf.operand, each(convert) if operator in LISTS else convert, place)


@dataclass(frozen=True, slots=True)
class Term:
    """One step of an order: a column of the view, its direction, and where NULL stands."""

    name: str
    """The field's name; `id` or `customer` for the keys."""
    column: str
    type_: Any
    descending: bool
    nulls_first: bool
    nullable: bool


def key_terms(on: Entity, *, descending: bool) -> tuple[Term, ...]:
    """The last tie-breakers: the primary key, in the direction of what comes before."""
    held = {field.column.name: field for field in on.resource.fields.values()}
    keys = (held[name] for name in on.resource.key)
    return tuple(Term(key.name, key.column.name, key.column.type, descending, descending, False) for key in keys)


def order(tree: Tree, on: Entity, access: Access, place: Place) -> tuple[Term, ...]:
    """The terms of an `orderBy`, ended by the key: a total order.

    Raises NotReadable for a field that the caller never reads; but a list that is empty by right has any order.
    """
    found: dict[str, Term] = {}
    for part in _list(tree or ()):
        term = _term(_object(part, place), on, access, place)
        found.setdefault(term.name, term)  # a second time orders nothing
    terms = tuple(found.values())
    descending = terms[-1].descending if terms else False
    return (*terms, *key_terms(on, descending=descending))


def _term(part: Mapping[str, Tree], on: Entity, access: Access, place: Place) -> Term:
    name = str(_leaf(part["field"], place).value.value)
    field = on.sortable[name]
    rights = access.on(on.resource)
    if rights.visible and field.name not in rights.readable:
        raise NotReadable(on.name, name, place)
    descending = str(_leaf(part["direction"], place).value.value) == "DESC"
    asked = part.get("nulls")
    first = str(asked.value.value) == "FIRST" if isinstance(asked, Leaf) else descending
    column = sort_column(field)

    nullable = bool(field.column.nullable) or rights.state(field.name) is not State.PLAIN or column != field.column.name
    return Term(field.name, column, field.column.type, descending, first, nullable)


def sort_column(field: Field) -> str:
    """The view's column that a field is ordered by: of money the base amount, so that currencies compare."""

    if field.spec.kind is Kind.MONEY and len(field.spec.companions) > 1:
        return companion(field.column.name, field.spec.companions[1])
    return field.column.name
