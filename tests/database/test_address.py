"""What an address tells of where a database is."""

from __future__ import annotations

import pytest

from app.database.address import is_local

ADDRESSES = [
    ("postgresql://me@/there", True),
    ("postgresql://me@/there?host=/run/postgresql", True),
    ("postgresql://me@localhost/there", True),
    ("postgresql://me@127.0.0.1:5433/there", True),
    ("postgresql://me@[::1]/there", True),
    ("postgresql://me@db.example/there", False),
    ("postgresql://me@10.0.0.7/there", False),
    ("postgresql://me@/there?host=one&host=other", False),
]


@pytest.mark.parametrize(("address", "local"), ADDRESSES)
def test_a_database_is_on_this_machine_where_its_address_says_so(address: str, *, local: bool) -> None:
    assert is_local(address) is local
