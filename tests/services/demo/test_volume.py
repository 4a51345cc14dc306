"""How the demo company grows."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest

from app.services.demo.account import PROFILES
from app.services.demo.company import CHUNK, found, grow
from app.services.demo.organisation import role_names
from app.services.demo.source import Source
from app.services.stages import STAGES

STAGE_IDS = {(stage.pipeline, stage.code): UUID(int=place) for place, stage in enumerate(STAGES)}
ROLE_IDS = {code: UUID(int=place) for place, code in enumerate(role_names())}
VOLUME = {
    "customers": 20_000,
    "contacts": 60_000,
    "interactions": 400_000,
    "opportunities": 60_000,
    "orders": 120_000,
    "order_lines": 360_000,
    "tickets": 80_000,
    "campaign_members": 100_000,
}


def _grown(customers: int) -> tuple[Counter[str], int, int]:
    """Rows of each table, campaigns, and the most customers that were in memory at once."""
    source = Source(1)
    world, rows, _ = found(source, STAGE_IDS, ROLE_IDS, customers)
    counts: Counter[str] = Counter()
    most = 0
    for piece in grow(world, source, customers):
        most = max(most, len(piece["customers"]))
        counts.update({table: len(some) for table, some in piece.items()})
    return counts, len(rows["campaigns"]), most


@pytest.mark.parametrize("customers", [10, 100, 1_200])
def test_volume_is_in_proportion_to_customers(customers: int) -> None:
    counts, campaigns, most = _grown(customers)
    assert {table: counts[table] for table in VOLUME} == {t: n * customers // 20_000 for t, n in VOLUME.items()}
    assert campaigns == max(17, customers // 100)
    assert most == min(customers, CHUNK)


def test_twenty_thousand_customers_have_two_hundred_campaigns() -> None:
    _, rows, _ = found(Source(1), STAGE_IDS, ROLE_IDS, 20_000)
    assert len(rows["campaigns"]) == 200


def test_ten_customers_are_typical_of_all() -> None:
    assert len(PROFILES) == 10
    for name, per_customer in {
        "contacts": 3,
        "interactions": 20,
        "opportunities": 3,
        "orders": 6,
        "tickets": 4,
    }.items():
        assert sum(getattr(profile, name) for profile in PROFILES) == 10 * per_customer


@pytest.mark.parametrize("customers", [1, 7, 13])
def test_any_number_of_customers_can_be_made(customers: int) -> None:
    counts, _, _ = _grown(customers)
    assert counts["customers"] == customers
