"""The made-up customers, and how well those that are one are told from those that are not."""

from __future__ import annotations

from app.models.enums import CustomerKind
from app.services.duplicates import THRESHOLD, candidates, profile, score
from benchmarks.duplicates.truth import Quality, judged, truth


def test_a_seed_makes_the_same_rows_and_another_others() -> None:
    made = truth(5, 200)
    assert (made.rows, made.pairs) == (truth(5, 200).rows, truth(5, 200).pairs)
    assert made.rows != truth(6, 200).rows
    assert len({row.id for row in made.rows}) == len(made.rows) == 200
    assert {row.kind for row in made.rows} == set(CustomerKind)
    assert all(len(pair) == 2 for pair in made.pairs)


def test_quality_counts_what_is_right() -> None:
    made = truth(5, 200)
    right, *others = made.pairs
    wrong = frozenset(row.id for row in made.rows[:2] if row.id)
    assert judged([right, wrong], made) == Quality(found=2, right=1, true=len(others) + 1)
    assert (Quality(4, 3, 6).precision, Quality(4, 3, 6).recall) == (0.75, 0.5)
    assert (Quality(0, 0, 0).precision, Quality(0, 0, 0).recall) == (1.0, 1.0)


def test_duplicates_are_found_and_hardly_anything_else() -> None:
    made = truth(7, 3_000)
    found = (pair for pair in candidates(map(profile, made.rows)) if score(*pair).value >= THRESHOLD)
    quality = judged((frozenset(each.id for each in pair if each.id) for pair in found), made)
    assert quality.precision >= 0.97
    assert quality.recall >= 0.9
