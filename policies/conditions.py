"""Conditions: one language for policies, query filters, segments, saved views and alerts.

    Condition = And(conditions) | Or(conditions) | Not(condition)
              | Compare(field, operator, operand)
              | Single(relation, condition)                 on the one related row
              | Quantified(relation, quantifier, condition)  on the list of related rows
              | Entry(fields, key, operator, operand)        which no document has, either
    Operand   = Constant(value) | Attribute(name, assignment) | Unknown | Pair(low, high)
                | Unmasked(resource, field)                  which no document names
                | what a caller's compiler adds

All are frozen and compare by value, so equal grounds are seen to be equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from policies.catalogue import Catalogue, Kind, Resource


class Operator(StrEnum):
    """How a field is compared with an operand."""

    EQ = "eq"
    NEQ = "neq"
    IN = "in"
    NOT_IN = "notIn"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    STARTS_WITH = "startsWith"
    CONTAINS = "contains"
    WITHIN = "within"
    IS_NULL = "isNull"


class Quantifier(StrEnum):
    """How many of the related rows must meet a condition."""

    SOME = "some"
    NONE = "none"
    EVERY = "every"


LISTS = frozenset({Operator.IN, Operator.NOT_IN})
"""Operators whose operand is a list."""

_ORDERED = (Operator.EQ, Operator.IN, Operator.GT, Operator.GTE, Operator.LT, Operator.LTE, Operator.BETWEEN)
_CHOSEN = (Operator.EQ, Operator.NEQ, Operator.IN, Operator.NOT_IN)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.ID: (Operator.EQ, Operator.IN, Operator.IS_NULL),
    Kind.TEXT: (*_CHOSEN, Operator.STARTS_WITH, Operator.CONTAINS, Operator.IS_NULL),
    Kind.ENUM: (*_CHOSEN, Operator.IS_NULL),
    Kind.TREE: (Operator.EQ, Operator.IN, Operator.WITHIN, Operator.IS_NULL),
    Kind.INTEGER: (*_ORDERED, Operator.IS_NULL),
    Kind.DECIMAL: (*_ORDERED, Operator.IS_NULL),
    Kind.MONEY: (*_ORDERED, Operator.IS_NULL),
    Kind.BOOLEAN: (Operator.EQ, Operator.IS_NULL),
    Kind.TIME: (*_ORDERED, Operator.IS_NULL),
    Kind.DATE: (*_ORDERED, Operator.IS_NULL),
    Kind.JSON: (),
}
"""The operators of each kind of field."""


class Operand:
    """What a field is compared with. Each kind is frozen."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Constant(Operand):
    """A value written in the condition; for lists a tuple."""

    value: Hashable


@dataclass(frozen=True, slots=True)
class Attribute(Operand):
    """A value of the principal: `me`, `reports`, `now`, or one of an assignment (`regions`, `departments`, `purpose`).

    `of` is set once a rule is bound: the position of the assignment; for `me` and `reports` of a ceiling, which one.
    """

    name: str
    of: int | None = None


PURPOSE = ("purpose", "PURPOSE")
"""The purpose of a request: its code, and the code as a constant of a list is written, in capital letters."""


@dataclass(frozen=True, slots=True)
class Unknown(Operand):
    """A value that the principal lacks: neither true nor false in any comparison."""


@dataclass(frozen=True, slots=True)
class Unmasked(Operand):
    """The keys of the rows of a resource on which a field is unmasked for the principal; `by` names the key's columns."""

    resource: str
    field: str
    by: tuple[str, ...]

    @property
    def columns(self) -> tuple[UnmaskedKeys, ...]:
        """The keys by column."""
        return tuple(UnmaskedKeys(self.resource, self.field, name) for name in self.by)


@dataclass(frozen=True, slots=True)
class UnmaskedKeys(Operand):
    """One column of the keys of the rows on which a field is unmasked for the principal."""

    resource: str
    field: str
    column: str


@dataclass(frozen=True, slots=True)
class Pair(Operand):
    """The two ends of `between`, both included."""

    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against an operand. `currency` narrows a comparison of money."""

    field: str
    operator: Operator
    operand: Operand
    currency: Operand | None = None


@dataclass(frozen=True, slots=True)
class And:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition


@dataclass(frozen=True, slots=True)
class Single:
    """The one related row is there and meets the condition."""

    relation: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Quantified:
    """Some, none or every one of the related rows meets the condition."""

    relation: str
    quantifier: Quantifier
    condition: Condition


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the JSON objects in some fields, against an operand; unknown unless a row defines it so.

    Of several fields the first that has the key counts. Values of another kind than the operand's are none. Without an operator
    it is asked whether a list contains the operand.
    """

    fields: tuple[str, ...]
    key: Operand
    kind: Kind
    operator: Operator | None
    operand: Operand
    resource: str
    """What defines it: a row of this resource meets the condition."""
    defined: Condition


Condition: TypeAlias = Compare | And | Or | Not | Single | Quantified | Entry

ALWAYS = And(())
NEVER = Or(())


def conjuncts(condition: Condition) -> frozenset[Condition]:
    """The conditions that must all hold; none for `ALWAYS`."""
    if isinstance(condition, And):
        return frozenset().union(*map(conjuncts, condition.conditions))
    return frozenset({condition})


def with_operands(condition: Condition, change: Callable[[Operand], Operand]) -> Condition:
    """The same condition with each operand changed; of a pair, each end."""
    if isinstance(condition, Compare):
        currency = change(condition.currency) if condition.currency is not None else None
        return replace(condition, operand=_changed(condition.operand, change), currency=currency)
    if isinstance(condition, (And, Or)):
        return replace(condition, conditions=tuple(with_operands(c, change) for c in condition.conditions))
    if isinstance(condition, Entry):
        defined, operand = with_operands(condition.defined, change), _changed(condition.operand, change)
        return replace(condition, key=change(condition.key), operand=operand, defined=defined)
    return replace(condition, condition=with_operands(condition.condition, change))


def _changed(operand: Operand, change: Callable[[Operand], Operand]) -> Operand:
    return Pair(change(operand.low), change(operand.high)) if isinstance(operand, Pair) else change(operand)


def fields_read(condition: Condition, on: Resource, catalogue: Catalogue) -> Iterator[tuple[Resource, str]]:
    """Each field that the condition compares or joins by, with its resource."""
    if isinstance(condition, Compare):
        yield on, condition.field
    elif isinstance(condition, (And, Or)):
        for part in condition.conditions:
            yield from fields_read(part, on, catalogue)
    elif isinstance(condition, Not):
        yield from fields_read(condition.condition, on, catalogue)
    elif isinstance(condition, Entry):
        yield from ((on, name) for name in condition.fields)
    else:
        relation = on.relations[condition.relation]
        target = catalogue[relation.target]
        yield from (((target if relation.many else on), name) for name in relation.fields)
        yield from fields_read(condition.condition, target, catalogue)
