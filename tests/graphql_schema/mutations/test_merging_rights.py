"""What a merge may take over is bounded by what its caller sees: nobody reads by merging."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
import yaml

from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.test_merging import merge
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

MINE = {"owner": {"eq": "$me"}}
CASES: dict[str, tuple[list[Any], Any]] = {
    "masked on the merged": (
        [{"allow": ["merge"], "on": "Customer", "fields": "all"}],
        ("FORBIDDEN", ["choices", "0", "field"]),
    ),
    "granted and plain": (
        [
            {"allow": ["merge"], "on": "Customer", "fields": "all"},
            {"allow": ["read"], "on": "Customer", "fields": {"names": ["taxId"]}},
        ],
        None,
    ),
    "granted on the survivor alone": (
        [
            {"allow": ["merge"], "on": "Customer", "when": MINE, "fields": "all"},
            {"allow": ["read"], "on": "Customer", "fields": {"names": ["taxId"]}},
        ],
        ("FORBIDDEN", ["merged", "0"]),
    ),
    "granted but for the field": (
        [
            {"allow": ["merge"], "on": "Customer", "fields": {"classes": ["BUSINESS"]}},
            {"allow": ["read"], "on": "Customer", "fields": {"names": ["taxId"]}},
        ],
        ("FORBIDDEN", ["choices", "0", "field"]),
    ),
    "denied on customers of the other": (
        [
            {"allow": ["merge"], "on": "Customer", "fields": "all"},
            {"allow": ["read"], "on": "Customer", "fields": {"names": ["taxId"]}},
            {"deny": ["merge"], "on": "Customer", "when": {"tier": {"eq": "BASIC"}}},
        ],
        ("FORBIDDEN", ["merged", "0"]),
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_a_value_is_taken_over_only_by_who_sees_it_plain_and_may_merge_it(
    graph: Asking, company: Company, writer: asyncpg.Connection, name: str
) -> None:
    rules, error = CASES[name]
    role = {"role": "sales_rep", "includes": ["employee"], "rules": [*READ, *rules]}
    await activate(writer, {**read_folder(DEFAULT_RULES), "sales_rep.yaml": yaml.safe_dump(role)})
    kept, lost = pair(company)
    await store(writer, kept, lost)
    async with watched(writer) as change:
        choices = [{"field": "taxId", "from": lost.node}]
        made = await merge(graph, company.rep, id=kept.node, merged=[lost.node], choices=choices)
    if error is None:
        assert (made["customer"]["taxId"], codes(made)) == (lost.values["tax_id"], [])
    else:
        assert (codes(made), change.tables) == ([error], [])


READ = [
    {"allow": ["read"], "on": "Customer", "fields": {"classes": ["PUBLIC", "BUSINESS"]}},
    {"allow": ["read"], "on": "Customer", "fields": {"names": ["taxId"]}, "mask": {"taxId": "last4"}},
    {"allow": ["read"], "on": "Customer", "when": MINE, "fields": {"names": ["taxId"]}},
]


def pair(company: Company) -> tuple[Row, Row]:
    """A customer of the representative's, and another's."""
    kept = customer("Acme", owner=company.rep, region=company.germany, tier="KEY")
    number = f"DE{kept.key.int % 10**9:09}"
    return kept, customer("Acme Ltd", owner=company.manager, region=company.germany, tax_id=number, tier="BASIC")
