"""Mistakes in what finds rows by words: the search of lists and of everything."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole, near

MATCHING = "graphql_schema/searching/matching.py"
RANKING = "graphql_schema/searching/ranking.py"
RESULTS = "graphql_schema/searching/results.py"
SOUGHT = "graphql_schema/searching/sought.py"

_HITS = (
    "Query.search SearchResultConnection.nodes SearchResult.rank SearchResult.node SearchResultConnection.totalCount"
)

SEARCHING: tuple[Hole, ...] = near(
    _HITS,
    hole(
        "a search of fields that are masked or withheld on the row",
        MATCHING,
        "    return row[companion(field.column.name, STATE)] == constant(State.PLAIN.value)\n",
        '    return row[companion(field.column.name, STATE)] != constant("never")\n',
    ),
    hole(
        "a search of fields that are never plain",
        SOUGHT,
        "        tuple(field for field, state in states if state is State.PLAIN),\n",
        "        tuple(field for field, state in states if state is not None),\n",
    ),
    hole(
        "what the index finds, taken as it is",
        MATCHING,
        "        if not sometimes:\n            return sa.true()\n",
        "        if sometimes or not sometimes:\n            return sa.true()\n",
    ),
    hole(
        "hits among all rows, seen or not",
        RESULTS,
        "        view = reader.view(entity.resource, Needs(states=matching.states))\n",
        "        view = reader.view(entity.resource, Needs(states=matching.states))\n"
        "        view = view if matching.states else planted.table(entity.resource)\n",
    ),
    hole(
        "a rank of fields that are not plain",
        RANKING,
        "    return found if field in matching.sought.always else sa.case((plain(field, row), found))\n",
        "    return found\n",
    ),
)
