"""A minute that slides: what is left of a quota, and when more of it is."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.identity.grants import Client
from app.identity.quotas import Allowance, Quota, Unit, quotas_of
from graphql_schema.budgets.counting import Here
from graphql_schema.budgets.windows import Window

ME, OTHER = UUID(int=1), UUID(int=2)

WINDOWS = [
    (Window(0, 0, 60), 100, 1),
    (Window(0, 100, 60), 0, 61),  # the first comes back once the next minute runs
    (Window(0, 100, 1), 0, 2),
    (Window(100, 0, 60), 0, 1),
    (Window(100, 0, 30), 50, 1),
    (Window(60, 40, 60), 0, 1),
    (Window(60, 40, 30), 30, 1),
    (Window(60, 80, 10), 10, 1),
    (Window(60, 95, 10), 0, 6),
    (Window(0, -5, 30), 100, 1),  # given back what was taken in the minute before
]


@pytest.mark.parametrize(("window", "remaining", "wait"), WINDOWS, ids=range(len(WINDOWS)))
def test_a_window_tells_what_is_left_and_when_one_more_is(window: Window, remaining: int, wait: int) -> None:
    assert window.remaining(100) == remaining
    assert window.wait(100, 1) == wait


@pytest.mark.parametrize("points", [1, 7, 30, 60, 100])
@pytest.mark.parametrize("at", [0.0, 12.5, 59.9])
@pytest.mark.parametrize("before", [0, 1, 50, 100])
async def test_what_did_not_fit_does_after_the_time_that_was_told(before: int, at: float, points: int) -> None:
    now, quota = [0.0], Quota("user", ME, Unit.COST, 100)
    counters = Here(clock=lambda: now[0])
    await counters.take(quota, before)
    now[0] = 60 + at
    fits = True
    while fits:
        fits, _ = await counters.take(quota, 9)
    fits, window = await counters.take(quota, points)
    if not fits:
        now[0] += window.wait(quota.most, points)
        fits, _ = await counters.take(quota, points)
    assert fits


async def test_no_more_is_taken_in_a_minute_than_there_is() -> None:
    now, quota = [0.0], Quota("user", ME, Unit.REQUESTS, 60)
    counters = Here(clock=lambda: now[0])
    taken: list[float] = []
    for second in range(600):
        now[0] = second / 2
        while (await counters.take(quota, 1))[0]:
            taken.append(now[0])
    for end in range(60, 300):
        assert sum(end - 60 < at <= end for at in taken) <= 2 * 60
    assert len(taken) <= 60 * 6


async def test_holders_and_units_are_counted_apart_and_the_last_are_remembered() -> None:
    counters = Here(remembered=2, clock=lambda: 0)
    for quota in (
        Quota("user", ME, Unit.COST, 10),
        Quota("user", ME, Unit.REQUESTS, 10),
        Quota("user", OTHER, Unit.COST, 10),
    ):
        fits, window = await counters.take(quota, 4)
        assert (fits, window.remaining(10)) == (True, 6)
    assert list(counters._counted) == [(ME, Unit.REQUESTS), (OTHER, Unit.COST)]


HOUSE = Allowance(60, None)
OWN = Client(OTHER, is_own=False, requests_per_minute=5, cost_per_minute=1_000)
QUOTAS: list[tuple[UUID, Client | None, Allowance, list[tuple[str, UUID, int]]]] = [
    (ME, None, Allowance(), []),
    (ME, None, Allowance(60, 500), [("user-requests", ME, 60), ("user-cost", ME, 500)]),
    (ME, Client(OTHER, is_own=False), Allowance(), []),
    (ME, Client(OTHER, is_own=False), HOUSE, [("user-requests", ME, 60)]),
    (ME, OWN, Allowance(), [("client-requests", OTHER, 5), ("client-cost", OTHER, 1_000)]),
    (ME, OWN, HOUSE, [("user-requests", ME, 60), ("client-requests", OTHER, 5), ("client-cost", OTHER, 1_000)]),
    (OTHER, Client(OTHER, is_own=False), HOUSE, [("client-requests", OTHER, 60)]),
    (OTHER, OWN, HOUSE, [("client-requests", OTHER, 5), ("client-cost", OTHER, 1_000)]),
]


@pytest.mark.parametrize(("subject", "client", "house", "expected"), QUOTAS, ids=range(len(QUOTAS)))
def test_a_user_and_the_client_count_each_by_their_figures(
    subject: UUID, client: Client | None, house: Allowance, expected: list[tuple[str, UUID, int]]
) -> None:
    assert [(each.name, each.holder, each.most) for each in quotas_of(subject, client, house)] == expected
