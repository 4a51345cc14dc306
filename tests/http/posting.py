"""Requests of an administrator, as bytes."""

from __future__ import annotations

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking
from tests.http.wire import Header, Sent, send

JSON = (b"content-type", b"application/json")
ASK = b'{"query": "{ __typename }"}'
COST = {"requested": 0, "limit": 5_000, "budget": None, "remaining": None, "restoreRate": None}
ANSWER = {"data": {"__typename": "Query"}, "extensions": {"cost": COST}}


def bearer(graph: Asking, who: Row) -> Header:
    """The header by which somebody asks."""
    return (b"authorization", graph.bearer(who)["Authorization"].encode())


async def post(graph: Asking, company: Company, *body: bytes, headers: tuple[Header, ...] = (JSON,)) -> Sent:
    """What is answered to a body, which may come in pieces."""
    return await send(graph.app, headers=[bearer(graph, company.admin), *headers], body=body)
