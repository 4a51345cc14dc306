"""UUIDv7 keys, RFC 9562: time first, so that a table's newest rows stand together."""

from __future__ import annotations

import os
import random
import threading
import time
from uuid import UUID

_VERSION, _VARIANT = 0x7 << 76, 0b10 << 62
_COUNTER_BITS, _TAIL_BITS = 42, 32


def pack(milliseconds: int, counter: int, tail: int) -> UUID:
    """A UUIDv7 of a Unix time in milliseconds, a counter of 42 bits and a tail of 32 bits."""
    high, low = counter >> 30, counter & (1 << 30) - 1
    return UUID(int=milliseconds << 80 | _VERSION | high << 64 | _VARIANT | low << _TAIL_BITS | tail)


_bits = random.Random()  # noqa: S311 keys are unique, and no secret
os.register_at_fork(after_in_child=_bits.seed)


class Clock:
    """Ever greater pairs of time and counter (RFC 9562, section 6.2, method 1); safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds, self._counter = 0, 0

    def tick(self, now: int) -> tuple[int, int]:
        """The next pair at a time in milliseconds; a clock set back is not followed."""
        with self._lock:
            self._counter += 1
            if now > self._milliseconds:
                self._milliseconds, self._counter = now, _bits.getrandbits(_COUNTER_BITS - 1)
            elif self._counter >> _COUNTER_BITS:
                self._milliseconds, self._counter = self._milliseconds + 1, 0
            return self._milliseconds, self._counter


_clock = Clock()


def uuid7() -> UUID:
    """A new key, greater than all made before in this process."""
    return pack(*_clock.tick(time.time_ns() // 1_000_000), _bits.getrandbits(_TAIL_BITS))
