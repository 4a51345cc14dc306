"""The score of a pair: how probable it is that two rows are one customer, in per cent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.services.duplicates.likeness import MEASURES, Measure
from app.services.duplicates.profiles import Profile
from app.services.duplicates.weights import BODY, PERSON, Weights

THRESHOLD = 70
"""From this score on, a pair is taken for duplicates unless another score is asked for."""
CERTAIN, ALMOST = 100, 99
_MOST_BITS = 50.0


class Evidence(NamedTuple):
    """How alike two rows are in a field, by its name in the graph: 0 to 100. It holds no value."""

    field: str
    likeness: int


class Score(NamedTuple):
    """How sure it is, 0 to 100, and what that rests on. `bits` orders scores that are rounded to the same."""

    value: int
    evidence: tuple[Evidence, ...] = ()
    bits: float = 0.0


def score(one: Profile, other: Profile) -> Score:
    """Scores a pair: 100 where all that is known is the same, 0 for a person and an organisation.

    Otherwise, as Fellegi and Sunter (1969) have it, the weights of the fields that both have are added to the prior,

        bits = prior + Σ log2(m / u)        score = ⌊100 / (1 + 2 ** -bits)⌋, at most 99,

    but for what is shared in a house, see `weights`. A field that one of the two lacks is no evidence. The score is
    symmetric and needs no other rows.
    """
    if one.kind != other.kind:
        return Score(0)
    weights, measures = _OF_PERSONS if one.is_person else _OF_BODIES
    found = tuple(
        Evidence(field, likeness)
        for field, measure in measures.items()
        if (likeness := measure(one, other)) is not None
    )
    bits = weights.bits(found)
    value = CERTAIN if one.tells_the_same_as(other) else _probability(bits)
    return Score(value, found, bits)


def _measures(weights: Weights) -> tuple[Weights, Mapping[str, Measure]]:
    return weights, {field: measure for field, measure in MEASURES.items() if field in weights.fields}


_OF_PERSONS, _OF_BODIES = _measures(PERSON), _measures(BODY)


def _probability(bits: float) -> int:
    bounded = max(-_MOST_BITS, min(_MOST_BITS, bits))
    return min(ALMOST, int(100 / (1 + 2.0**-bounded)))
