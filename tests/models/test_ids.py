"""Keys are UUIDv7 and only ever grow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from app.models.ids import Clock, pack, uuid7


def test_the_parts_stand_where_rfc_9562_puts_them() -> None:
    assert pack(0x017F22E279B0, 0xCC3 << 30 | 0x18C4DC0C, 0x0C07398F) == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")


def test_version_and_variant() -> None:
    key = uuid7()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")


def test_keys_grow_within_a_process_and_are_unique_across_threads() -> None:
    def make(_: int) -> list[UUID]:
        return [uuid7() for _ in range(2_000)]

    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(make, range(16)))
    assert all(run == sorted(run) for run in runs)
    assert len({key for run in runs for key in run}) == 32_000


def test_a_clock_that_is_set_back_is_not_followed() -> None:
    clock = Clock()
    first = clock.tick(1_000)
    assert clock.tick(1_000) == (1_000, first[1] + 1)
    assert clock.tick(10) == (1_000, first[1] + 2)
    assert clock.tick(1_001)[0] == 1_001


def test_a_counter_that_is_full_moves_the_time() -> None:
    clock = Clock()
    clock.tick(1_000)
    clock._counter = (1 << 42) - 1
    assert clock.tick(1_000) == (1_001, 0)
    assert clock.tick(1_000) == (1_001, 1)
