"""A permutation of the numbers of so many digits that only the holder of a key can follow.

Numbers given in order tell: who holds two of them knows how many quotes there were in between, customers of others
among them, and a missing one that something is hidden. So what is drawn in order is enciphered: every number of eight
digits is given once, in an order that tells nothing.

It is a Feistel network on decimal digits with the ten rounds of FF1 (NIST SP 800-38G, section 5.1), whose round function
here is keyed BLAKE2b (RFC 7693) and not AES.
"""

from __future__ import annotations

from hashlib import blake2b

ROUNDS = 10


def enciphered(value: int, digits: int, key: bytes, series: str) -> int:
    """Where the permutation of a key (up to 64 bytes) and a series (up to 16) puts a number of at most so many digits."""
    widths: tuple[int, int] = (10 ** (digits // 2), 10 ** (digits - digits // 2))
    left, right = divmod(value, widths[1])
    for turn in range(ROUNDS):
        left, right = right, (left + _mixed(turn, right, digits, key, series)) % widths[turn % 2]
    return left * widths[1] + right


def _mixed(turn: int, half: int, digits: int, key: bytes, series: str) -> int:
    text = f"{turn} {digits} {half}".encode()
    return int.from_bytes(blake2b(text, digest_size=32, key=key, person=series.encode()).digest())
