"""Which tables have numbers, and how one is written.

What a number is made of is drawn from a sequence of the database: no writer waits for another, none draws what another
drew, and what is rolled back leaves a gap, which nobody can see for the cipher. The year is that of the document and
only for the reader: numbers are unique without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.numbering.cipher import enciphered

DIGITS = 8
"""Of a number, until a hundred million were drawn; then more."""


@dataclass(frozen=True)
class Series:
    """The numbers of a table: the letters they begin with, and the sequence they are drawn from."""

    prefix: str
    sequence: str


SERIES: Mapping[str, Series] = {
    "quotes": Series("Q", "quote_numbers"),
    "contracts": Series("C", "contract_numbers"),
    "orders": Series("SO", "order_numbers"),
    "tickets": Series("T", "ticket_numbers"),
}


def number(series: Series, year: int, drawn: int, key: bytes) -> str:
    """The number for what was drawn from a series' sequence (0 or more), by the installation's secret key."""
    digits = max(DIGITS, len(str(drawn)))
    return f"{series.prefix}-{year:04}-{enciphered(drawn, digits, key, series.prefix):0{digits}}"
