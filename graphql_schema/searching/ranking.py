"""How well a row is found, and in which field: whole numbers, told from the fields that are plain on it alone.

grade   3  every word of the query stands in the field as it is
        2  every word of the query stands in it, or begins one that does
        1  some word, or part of one
rank    10 × the best grade, plus the field's weight; of fields that rank the same the first counts
score   16 × rank, plus 15 less the field's place, so that the greatest tells both
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from graphql_schema.searching.matching import Matching, plain
from graphql_schema.searching.sought import label, weight
from graphql_schema.searching.tokens import computed, labels
from policies.catalogue import Field
from policies.predicates import Row
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

GRADES, PLACES = 10, 16
"""A weight is less than the first, and a resource has at most as many searched fields as the second."""


def score(matching: Matching, tokens: Row, row: Row) -> Column:
    """The score of a candidate; NULL where none of its plain fields holds anything of the query."""
    fields = matching.sought.fields
    return sa.func.greatest(*(_of(matching, field, place, tokens, row) for place, field in enumerate(fields)))


def rank(found: Column) -> Column:
    """The rank in a score."""
    return found // _number(PLACES)


def place(found: Column) -> Column:
    """The field's place in a score, counted from 0."""
    return _number(PLACES - 1) - found % _number(PLACES)


def _of(matching: Matching, field: Field, place: int, tokens: Row, row: Row) -> Column:
    """The score of one field."""
    asked, own = matching.asked, labels([field])
    queries = (
        computed("search_query", asked, own, sa.true()),
        computed("search_query", asked, own),
        computed("search_any", asked, constant(label(field))),
    )
    grades = [(tokens["tokens"].op("@@")(query), grade) for query, grade in zip(queries, (3, 2, 1), strict=True)]
    found = sa.case(
        *((holds, _number((GRADES * grade + weight(field)) * PLACES + PLACES - 1 - place)) for holds, grade in grades)
    )
    return found if field in matching.sought.always else sa.case((plain(field, row), found))


def _number(value: int) -> Column:
    return sa.literal_column(str(value), sa.Integer())
