"""`accessAt` over a history of changes drawn at random: each answer is what a replay gives."""

from __future__ import annotations

import random
from collections import Counter

import asyncpg

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.past import Story, clock, now, then
from tests.http.asking import Asking

CHANGES = 200


async def test_every_answer_equals_what_was_answered_then(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    draw = random.Random(7)  # noqa: S311
    story = Story(graph, writer, company, draw)
    await story.begin()
    questions, answers = list(story.questions()), []
    while story.done < CHANGES:
        await story.step()
        row, field = draw.choice(questions)
        before = await clock(writer)
        answers.append((row, field, before, await now(graph, company.admin, row, field), await clock(writer)))
    await story.bring_back()
    found = Counter[str]()
    for row, field, before, answer, after in answers:
        told = await then(graph, company.admin, row, before, field)
        expected = answer["nodes"] if answer else []
        if told["nodes"] != expected:  # unless a time came while it was asked
            told = await then(graph, company.admin, row, after, field)
        assert (told["gaps"], told["nodes"]) == ([], expected), (row, field, before)
        found.update([node["state"] for node in expected] or ["NOBODY"])
    assert min(found[each] for each in ("PLAIN", "MASKED", "NOBODY")) > 10, found
