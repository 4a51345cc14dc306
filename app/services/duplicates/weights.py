"""What a likeness weighs: the table of Fellegi and Sunter, "A Theory for Record Linkage", JASA 64 (1969) 1183–1210.

A field's likeness falls into one of some levels. m is the share of pairs of duplicates, u that of pairs of strangers,
whose likeness falls into a level; a level weighs log2(m / u) bits: what it adds to the logarithm of the odds that two
rows are one customer. Levels between alike and not alike follow Winkler (1990), "String Comparator Metrics and Enhanced
Decision Rules in the Fellegi-Sunter Model".

Fellegi and Sunter add the weights of fields as if strangers agreed in one independently of the others. Those of one
household or one house do not: whoever shares the address is likely to share the telephone and the family name. Of
what is `shared` so, the weightiest agreement counts whole, the next half, the next a quarter …

The shares are estimates, rounded: m as counted among made-up duplicates (benchmarks/duplicates, seed 1), u as it is
among any two customers, but no less than acquaintance makes it. One pair in 2 ** 15 is taken to be one customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log2


@dataclass(frozen=True, slots=True)
class Level:
    """Likenesses from `at_least` up to the next level, and how often they occur among duplicates and strangers."""

    at_least: int
    m: float
    u: float

    @property
    def bits(self) -> float:
        """What it adds to the evidence that two rows are one customer."""
        return log2(self.m / self.u)


@dataclass(frozen=True)
class Weights:
    """The levels of each field, the most alike first; the last begins at 0.

    `prior` is what is known without any field: how seldom any two rows are one customer.
    """

    prior: float
    shared: frozenset[str]
    fields: Mapping[str, tuple[Level, ...]]

    @cached_property
    def _bits(self) -> Mapping[str, tuple[float, ...]]:
        """By field, what each likeness weighs."""
        return {
            field: tuple(next(level.bits for level in levels if likeness >= level.at_least) for likeness in range(101))
            for field, levels in self.fields.items()
        }

    def bits(self, found: Iterable[tuple[str, int]]) -> float:
        """What the likenesses of some fields weigh together, with the prior."""
        total, together = self.prior, list[float]()
        for field, likeness in found:
            each = self._bits[field][likeness]
            if each > 0 and field in self.shared:
                together.append(each)
            else:
                total += each
        together.sort(reverse=True)
        return total + sum(each * 0.5**i for i, each in enumerate(together))


def _levels(*levels: tuple[int, float, float]) -> tuple[Level, ...]:
    return tuple(Level(*level) for level in levels)


PERSON = Weights(
    prior=-15.0,
    shared=frozenset({"familyName", "email", "phone", "addresses"}),
    fields={
        "displayName": _levels((100, 0.66, 0.0003), (90, 0.20, 0.002), (78, 0.06, 0.02), (0, 0.08, 0.9777)),
        "givenName": _levels((100, 0.72, 0.012), (90, 0.17, 0.01), (80, 0.09, 0.028), (0, 0.02, 0.95)),
        "familyName": _levels((100, 0.80, 0.003), (90, 0.13, 0.006), (0, 0.07, 0.991)),
        "birthDate": _levels((100, 0.93, 0.0001), (80, 0.05, 0.003), (0, 0.02, 0.9969)),
        "taxId": _levels((100, 0.94, 0.00001), (80, 0.04, 0.0001), (0, 0.02, 0.99989)),
        "email": _levels((100, 0.70, 0.0002), (80, 0.10, 0.0005), (0, 0.20, 0.9993)),
        "phone": _levels((100, 0.78, 0.0005), (80, 0.06, 0.0005), (0, 0.16, 0.999)),
        "addresses": _levels((85, 0.84, 0.0005), (50, 0.03, 0.002), (0, 0.13, 0.9975)),
    },
)
BODY = Weights(
    prior=-15.0,
    shared=frozenset({"email", "phone", "addresses"}),
    fields={
        "displayName": _levels((100, 0.70, 0.0005), (88, 0.15, 0.002), (75, 0.08, 0.02), (0, 0.07, 0.9775)),
        "taxId": _levels((100, 0.94, 0.00001), (80, 0.04, 0.0001), (0, 0.02, 0.99989)),
        "email": _levels((100, 0.68, 0.0003), (70, 0.22, 0.002), (0, 0.10, 0.9977)),
        "phone": _levels((100, 0.77, 0.0003), (80, 0.08, 0.0005), (0, 0.15, 0.9992)),
        "addresses": _levels((85, 0.80, 0.001), (50, 0.02, 0.002), (0, 0.18, 0.997)),
    },
)
