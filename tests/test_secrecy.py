"""What no log may hold is known by its shape; what it may hold is not taken for it."""

from __future__ import annotations

import pytest

from tests.secrecy import FORBIDDEN, said

TOLD = {
    "a JSON Web Token": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "a bearer or basic credential": "Authorization: Bearer abcdef",
    "a secret, a code, a cookie": "code=aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5kL7nP9r",
    "an e-mail address": "asked by rep@example.com",
    "a telephone number": "+4930901820",
    "a password": "Password of somebody",
    "a database's address": "postgresql://me:hidden@here/there",
    "a statement": "SELECT email FROM users",
    "a document": "query Names { viewer { id } }",
    "variables": '{"variables": {"a": 1}}',
}
HARMLESS = (
    '{"request_id":"0193c8b7e4f17a2c9d5e6f708192a3b4","principal":"0193c8b7-e4f1-7a2c-9d5e-6f708192a3b4","status":200,'
    '"document":"a3f5c8e9b2d4f6a8","operation":"CustomersOfARegionWithTheirOrders","ms":1.5,"event":"request"}',
    '{"exception":"/srv/venv/lib/python3.11/site-packages/graphql_schema/engine.py:120 answer\\nKeyError"}',
)


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_what_no_log_may_hold_is_found(kind: str) -> None:
    assert kind in said(f'{{"event": "{TOLD[kind]}"}}' if kind != "variables" else TOLD[kind])


@pytest.mark.parametrize("line", HARMLESS, ids=["a request", "a failure"])
def test_what_a_log_holds_is_not_taken_for_it(line: str) -> None:
    assert said(line) == []
