"""Duplicates: customers of which two rows may be one. docs/duplicates.md tells how they are found.

    details   what a customer's rows say of it, as they stand in the database or in an input
    profile   the same in normal forms, in which equal things are equal texts          (forms, names)
    keys      texts that duplicates are likely to share; who shares one is compared    (blocking)
    score     what likeness and difference, field by field, say together, 0 to 100     (likeness, weights, scoring)

`finding` does it for all customers and keeps the outcome as data quality issues; `live` for one that is about to be
made, over what its caller sees.
"""

from app.services.duplicates.details import Details, Place
from app.services.duplicates.finding import find_duplicates
from app.services.duplicates.live import Candidate, similar
from app.services.duplicates.pairs import Pair, candidates
from app.services.duplicates.profiles import Profile, profile
from app.services.duplicates.report import DuplicatesReport
from app.services.duplicates.scoring import THRESHOLD, Evidence, Score, score

__all__ = [
    "THRESHOLD",
    "Candidate",
    "Details",
    "DuplicatesReport",
    "Evidence",
    "Pair",
    "Place",
    "Profile",
    "Score",
    "candidates",
    "find_duplicates",
    "profile",
    "score",
    "similar",
]
