"""What docs/custom-fields.md shows is what comes back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import asyncpg

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.http.asking import Asking

DOCS = Path(__file__).parents[3].joinpath("docs", "custom-fields.md").read_text("utf-8")
PAIRS = re.findall(r"```graphql\n(.*?)```\n\n(?:```json\n(.*?)```)?", DOCS, re.DOTALL)


async def test_every_example_is_answered_as_it_says(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    acme = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, acme)
    assert len(PAIRS) == 5
    for query, answer in PAIRS:
        who = company.admin if "fieldDefinition" in query else company.rep
        found = await graph.data(who, query.replace("CUSTOMER", acme.node) if "id:" in query else query)
        assert found == json.loads(answer) if answer else found["formSchema"]["fields"]
