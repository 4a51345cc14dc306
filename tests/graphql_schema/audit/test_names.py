"""`auditNames`: what is called what of which events tell the key, as far as it is in view."""

from __future__ import annotations

from typing import Any

from tests.graphql_schema.company import Company
from tests.http.asking import Asking

QUERY = "query ($keys: [String!]!) { auditNames(keys: $keys) { key id type name } }"


async def names(graph: Asking, who: Any, *keys: str) -> Any:
    return (await graph.data(who, QUERY, {"keys": list(keys)}))["auditNames"]


async def test_what_is_in_view_is_called_by_its_name(graph: Asking, company: Company) -> None:
    rep, germany = company.rep, company.germany
    assert await names(graph, company.auditor, str(rep.key), str(germany.key), "7", str(company.admin.key)[:-1]) == [
        {"key": str(rep.key), "id": rep.node, "type": "User", "name": "Rep"},
        {"key": str(germany.key), "id": germany.node, "type": "Region", "name": "De"},
    ]


async def test_nothing_is_called_anything_for_who_reads_no_event(graph: Asking, company: Company) -> None:
    assert await names(graph, company.nobody, str(company.rep.key)) is None


async def test_so_many_are_told_at_once(graph: Asking, company: Company) -> None:
    answer = await graph.ask(company.auditor, QUERY, {"keys": ["7"] * 201})
    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("BAD_USER_INPUT", "keys")
