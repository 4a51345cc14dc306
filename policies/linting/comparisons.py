"""What one comparison tells of another on the same field.

Nothing is told of operands that differ and are not both constants, but that `$me` is one of `$reports`;
nor of `startsWith` and `contains`, which fold case as the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from policies.catalogue import Field, Kind
from policies.conditions import Attribute, Compare, Constant, Operator, Pair
from policies.predicates import Reading

_TEST: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: lambda value, operand: value == operand,
    Operator.NEQ: lambda value, operand: value != operand,
    Operator.IN: lambda value, operand: value in operand,
    Operator.NOT_IN: lambda value, operand: value not in operand,
    Operator.GT: lambda value, operand: value > operand,
    Operator.GTE: lambda value, operand: value >= operand,
    Operator.LT: lambda value, operand: value < operand,
    Operator.LTE: lambda value, operand: value <= operand,
    Operator.WITHIN: lambda value, operand: value.startswith(operand),
}
"""As SIMPLE of the compiler, for those that need no folding."""

_WEAKER: Mapping[Operator, frozenset[Operator]] = {
    Operator.EQ: frozenset({Operator.GTE, Operator.LTE, Operator.WITHIN}),
    Operator.GT: frozenset({Operator.GTE}),
    Operator.LT: frozenset({Operator.LTE}),
}
"""What follows from a comparison for the same operand, whatever it is."""

_CONTRARY = frozenset(
    frozenset(pair)
    for pair in (
        (Operator.EQ, Operator.NEQ),
        (Operator.EQ, Operator.GT),
        (Operator.EQ, Operator.LT),
        (Operator.GT, Operator.LT),
        (Operator.GT, Operator.LTE),
        (Operator.LT, Operator.GTE),
        (Operator.IN, Operator.NOT_IN),
    )
)
"""What cannot both hold for the same operand, whatever it is."""

_ME, _REPORTS = Attribute("me"), Attribute("reports")


@dataclass(frozen=True, slots=True)
class _Span:
    """Values from one end to the other; an end is (value, whether it is included), or None where it is open."""

    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None

    def holds(self, other: _Span) -> bool:
        """Whether all of the other lies within."""
        return _reaches(self.low, other.low, lambda ours, theirs: ours < theirs) and _reaches(
            self.high, other.high, lambda ours, theirs: ours > theirs
        )

    def is_empty(self) -> bool:
        """Whether no value can lie within."""
        if self.low is None or self.high is None:
            return False
        (low, low_in), (high, high_in) = self.low, self.high
        return bool(low > high or (low == high and not (low_in and high_in)))


def _reaches(
    ours: tuple[Any, bool] | None, theirs: tuple[Any, bool] | None, beyond: Callable[[Any, Any], bool]
) -> bool:
    if ours is None or theirs is None:
        return ours is None
    return beyond(ours[0], theirs[0]) or (ours[0] == theirs[0] and (ours[1] or not theirs[1]))


def _span(comparison: Compare) -> _Span | None:
    operand = comparison.operand
    if isinstance(operand, Pair) and isinstance(operand.low, Constant) and isinstance(operand.high, Constant):
        return _Span((operand.low.value, True), (operand.high.value, True))
    if not isinstance(operand, Constant):
        return None
    included = comparison.operator in (Operator.GTE, Operator.LTE)
    if comparison.operator in (Operator.GT, Operator.GTE):
        return _Span(low=(operand.value, included))
    if comparison.operator in (Operator.LT, Operator.LTE):
        return _Span(high=(operand.value, included))
    return None


def _named(comparison: Compare, one: Operator, several: Operator) -> frozenset[Any] | None:
    """The constants that one of two operators names; None for other comparisons."""
    operand = comparison.operand
    if not isinstance(operand, Constant) or comparison.operator not in (one, several):
        return None
    return frozenset({operand.value}) if comparison.operator is one else frozenset(cast(tuple[Any, ...], operand.value))


def _values(comparison: Compare) -> frozenset[Any] | None:
    """The only values for which it holds; None where there are others."""
    return _named(comparison, Operator.EQ, Operator.IN)


def _excluded(comparison: Compare) -> frozenset[Any] | None:
    """The only values for which it does not hold; None where there are others."""
    return _named(comparison, Operator.NEQ, Operator.NOT_IN)


def _accepts(comparison: Compare, value: Any) -> bool | None:
    """Whether it holds for a value; None where that is not known."""
    operand, span = comparison.operand, _span(comparison)
    if span is not None:
        return span.holds(_Span((value, True), (value, True)))
    if comparison.operator is Operator.IS_NULL and isinstance(operand, Constant):
        return operand.value is False
    if isinstance(operand, Constant) and comparison.operator in _TEST:
        return _TEST[comparison.operator](value, operand.value)
    return None


def _is_null(comparison: Compare, *, null: bool) -> bool:
    return comparison.operator is Operator.IS_NULL and comparison.operand == Constant(null)


def follows(wanted: Compare, given: Compare, field: Field, reading: Reading) -> bool:
    """Whether one comparison holds wherever the other does; both are read the same way."""
    if wanted == given:
        return True
    if wanted.currency != given.currency:
        return False
    if _is_null(wanted, null=False):  # an absent value is unknown to the other: possible, but not certain
        is_other = given.operator is not Operator.IS_NULL and field.spec.kind is not Kind.MONEY
        return is_other and reading is Reading.CERTAIN
    if wanted.operand == given.operand and wanted.operator in _WEAKER.get(given.operator, ()):
        return True
    if (given.operator, given.operand) == (Operator.EQ, _ME):
        return (wanted.operator, wanted.operand) == (Operator.IN, _REPORTS)
    return _follows_of_constants(wanted, given)


def _follows_of_constants(wanted: Compare, given: Compare) -> bool:
    values = _values(given)
    if values is not None:
        return all(_accepts(wanted, value) for value in values)
    ours, theirs = _span(wanted), _span(given)
    if ours is not None and theirs is not None:
        return ours.holds(theirs)
    without, of = _excluded(wanted), _excluded(given)
    if without is not None and of is not None:
        return without <= of
    return _are_within(given, wanted) and str(_constant(given)).startswith(str(_constant(wanted)))


def _are_within(*comparisons: Compare) -> bool:
    return all(c.operator is Operator.WITHIN and isinstance(c.operand, Constant) for c in comparisons)


def _constant(comparison: Compare) -> object:
    assert isinstance(comparison.operand, Constant)
    return comparison.operand.value


def contradict(one: Compare, other: Compare, field: Field) -> bool:
    """Whether no value makes both true."""
    null = next((c for c in (one, other) if _is_null(c, null=True)), None)
    if null is not None:
        return one != other and field.spec.kind is not Kind.MONEY
    if one.currency != other.currency:
        return False
    if one.operand == other.operand and frozenset({one.operator, other.operator}) in _CONTRARY:
        return True
    return any(_excludes(a, b) for a, b in ((one, other), (other, one))) or _are_apart(one, other)


def _excludes(one: Compare, other: Compare) -> bool:
    values = _values(one)
    return values is not None and all(_accepts(other, value) is False for value in values)


def _are_apart(one: Compare, other: Compare) -> bool:
    if _are_within(one, other):
        places = str(_constant(one)), str(_constant(other))
        return not places[0].startswith(places[1]) and not places[1].startswith(places[0])
    spans = [span for span in (_span(one), _span(other)) if span is not None]
    low = [span.low for span in spans if span.low is not None]
    high = [span.high for span in spans if span.high is not None]
    return any(_Span(a, b).is_empty() for a in low for b in high)


def is_impossible(comparison: Compare, field: Field) -> bool:
    """Whether no value that the column can hold makes it true."""
    span, values = _span(comparison), _values(comparison)
    if span is not None and span.is_empty():
        return True
    if _is_null(comparison, null=True):
        return not field.column.nullable
    length = getattr(field.column.type, "length", None)
    if values is None or not isinstance(length, int):
        return False
    return all(isinstance(value, str) and len(value) > length for value in values)
