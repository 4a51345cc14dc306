"""Explain: which rules speak of a row or a field, what they compared, and the smallest change that would grant."""

from policies.explaining.explaining import Explaining
from policies.explaining.told import Change, Explanation, PartTold, RuleTold, Wish
from policies.explaining.truths import Truth

__all__ = ["Change", "Explaining", "Explanation", "PartTold", "RuleTold", "Truth", "Wish"]
