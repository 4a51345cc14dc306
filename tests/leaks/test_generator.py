"""Operations reach all of the schema, whatever it comes to hold."""

from __future__ import annotations

from collections.abc import Set
from random import Random

import pytest
from graphql import GraphQLSchema, build_schema, extend_schema, parse, print_schema, validate

from graphql_schema.schema import SCHEMA
from graphql_schema.types import GRAPH
from tests.leaks.operations.coverage import Coverage
from tests.leaks.operations.generator import Generator
from tests.leaks.operations.operation import Operation
from tests.leaks.operations.values import Pool, Values

CORE = SCHEMA._schema
ENOUGH = 3_000
SAMPLE = 150
ANYTHING = Values(
    {},
    {entity.name: Pool() for entity in GRAPH},
    frozenset(entity.name for entity in GRAPH),
    {entity.name: frozenset(entity.members) for entity in GRAPH},
    {entity.name: frozenset() for entity in GRAPH},
)
"""Of someone who sees everything."""


def missing(schema: GraphQLSchema, parts: Set[str]) -> Set[str]:
    """Those of some parts of a schema that operations do not ask for."""
    generator = Generator(Random(1), Coverage(schema), aiming=1)
    for _ in range(ENOUGH):
        generator.draw(schema, ANYTHING)
        if parts <= generator.used.keys():
            break
    return parts - generator.used.keys()


def test_every_part_of_the_schema_is_asked_for() -> None:
    parts = Coverage(CORE).parts
    assert len(parts) > 4_000
    assert missing(CORE, parts) == set()


LATER = """
    extend type Customer { diary(kinds: [DiaryKind!], since: DateTime, first: Int): [DiaryEntry!]! }
    extend type Query { recall(words: String!, kinds: [DiaryKind!]): [Node] }
    enum DiaryKind { CALL NEVER_SEEN }
    union DiaryEntry = Order | Note
    type Note { text: String }
"""


def test_what_the_schema_comes_to_hold_is_asked_for_by_itself() -> None:
    schema = extend_schema(build_schema(print_schema(CORE)), parse(LATER))
    later = {
        *("Customer.diary", "Customer.diary(kinds:)", "Customer.diary(since:)", "Customer.diary(first:)"),
        *("Query.recall", "Query.recall(words:)", "Query.recall(kinds:)"),
        *("DiaryKind.CALL", "DiaryKind.NEVER_SEEN", "Note.text"),
    }
    assert later <= Coverage(schema).parts
    assert missing(schema, later) == set()


def test_a_scalar_that_nobody_can_draw_is_a_fault() -> None:
    schema = extend_schema(CORE, parse("scalar Shape extend type Query { shapes(like: Shape!): Int }"))
    with pytest.raises(KeyError, match="Shape"):
        missing(schema, {"Query.shapes"})


def _sample(seed: int) -> list[Operation]:
    generator = Generator(Random(seed), Coverage(CORE))
    return [generator.draw(CORE, ANYTHING) for _ in range(SAMPLE)]


def test_most_operations_are_valid_and_some_are_not() -> None:
    wrong = sum(bool(validate(CORE, parse(operation.text), max_errors=1)) for operation in _sample(1))
    assert 0 < wrong < 0.15 * SAMPLE


def test_a_seed_always_draws_the_same() -> None:
    assert _sample(1) == _sample(1) != _sample(2)


def test_values_come_in_the_text_and_in_variables() -> None:
    sample = _sample(1)
    assert sum(bool(each.variables) for each in sample) > SAMPLE / 3
    assert sum("where: {" in each.text for each in sample) > SAMPLE / 3
    assert sum("... on " in each.text for each in sample) > SAMPLE / 10
    assert sum("\nfragment " in each.text for each in sample) > SAMPLE / 20
    assert sum("@include" in each.text or "@skip" in each.text for each in sample) > SAMPLE / 20
    assert sum(bool(each.wishes) for each in sample) > SAMPLE / 10
    assert sum(each.by_get for each in sample) > 0
