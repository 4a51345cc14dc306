"""The examples of docs/aggregates.md answer what is said beside them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.graphql_schema.aggregates.scene import Scene
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

TEXT = (Path(__file__).parents[3] / "docs" / "aggregates.md").read_text("utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```\s+```json\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("query", "answer"), EXAMPLES, ids=range(len(EXAMPLES)))
async def test_an_example_answers_what_is_said(
    graph: Asking, company: Company, scene: Scene, query: str, answer: str
) -> None:
    assert await graph.data(company.finance, query) == json.loads(answer)


def test_each_example_has_an_answer() -> None:
    assert len(EXAMPLES) == TEXT.count("```graphql") == 4
