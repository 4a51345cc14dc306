"""What is wrong with a timeline's arguments is refused where it stands, before any SQL, whatever is asked of the page."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, interaction, store
from tests.http.asking import Asking, faults_of
from tests.http.hearing import PROOF, Heard, overheard

PARTS = ("nodes { __typename }", "edges { cursor }", "pageInfo { hasNextPage }", "totalCount", "__typename")
KEY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> AsyncIterator[tuple[Asking, Heard]]:
    """A process, and what it says to the database."""
    async with overheard(database.dsn, settings) as found:
        await found[0].data(company.rep, "{ viewer { id } }")
        await found[0].data(company.marketer, "{ viewer { id } }")
        yield found


@pytest.fixture(scope="module")
async def ada(writer: Any, company: Company) -> Row:
    """A customer with a call."""
    ada = customer("Ada", owner=company.rep, region=company.germany)
    await store(writer, ada, interaction(ada))
    return ada


def encoded(*values: Any) -> str:
    """A cursor as text."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


SIZES = {
    "first: 0": "first",
    "first: -1": "first",
    "first: 101": "first",
    "last: 0": "last",
    "last: 101": "last",
    "first: 1, last: 1": "last",
}
TIMES = {
    'since: "2026-01-02T00:00:00Z", until: "2026-01-01T23:59:59.999999Z"': "until",
    'since: "0001-01-01T23:59:59Z"': "since",
    'since: "9999-12-31T00:00:00Z"': "since",
    'until: "9999-12-30T00:00:00.000001Z"': "until",
    'until: "0001-01-01T00:00:00Z", since: "0001-01-02T00:00:00Z"': "until",
}
CURSORS = {
    f"{way}: {json.dumps(cursor)}": way
    for way in ("after", "before")
    for cursor in ("", "x", "§", encoded(), encoded("00000000", "2026-01-01T00:00:00+00:00", 32, KEY))
}
WRONG = SIZES | TIMES | CURSORS


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("arguments", WRONG)
async def test_what_is_wrong_is_refused_where_it_stands(
    served: tuple[Asking, Heard], company: Company, part: str, arguments: str
) -> None:
    graph, heard = served
    heard.taken()
    query = f"{{ customers {{ nodes {{ timeline({arguments}) {{ {part} }} }} }} }}"
    assert await graph.faults(company.rep, query) == [("BAD_USER_INPUT", f"nodes.timeline.{WRONG[arguments]}")]
    assert heard.taken() == [PROOF]


@pytest.mark.parametrize("arguments", ["first: 0", next(iter(TIMES)), 'after: "x"', 'types: [], before: "x"'])
async def test_it_is_refused_though_nothing_has_a_place(
    served: tuple[Asking, Heard], company: Company, arguments: str
) -> None:
    graph, heard = served
    heard.taken()
    for who, given in ((company.marketer, f"types: [ORDER], {arguments}"), (company.rep, f"types: [], {arguments}")):
        given = given.replace("types: [], types: []", "types: []").replace(
            "types: [ORDER], types: []", "types: [ORDER]"
        )
        query = f"{{ customers {{ nodes {{ timeline({given}) {{ nodes {{ __typename }} }} }} }} }}"
        [(code, _)] = await graph.faults(who, query)
        assert code == "BAD_USER_INPUT"
    assert heard.taken() == [PROOF, PROOF]


@pytest.mark.parametrize(
    "since", ["2026-02-30T00:00:00Z", "yesterday", "2026-01-01", "10000-01-01T00:00:00Z", "2026-01-01T25:00:00Z"]
)
async def test_a_moment_that_is_none_is_no_moment(served: tuple[Asking, Heard], company: Company, since: str) -> None:
    graph, _ = served
    for query in (
        f'{{ customers {{ nodes {{ timeline(since: "{since}") {{ totalCount }} }} }} }}',
        "query($since: DateTime) { customers { nodes { timeline(since: $since) { totalCount } } } }",
    ):
        answer = (await graph.post(company.rep, query, {"since": since} if "$" in query else None)).json()
        assert [code for code, _ in faults_of(answer)] == ["BAD_USER_INPUT"]


FORGED: list[tuple[Any, ...]] = [
    ("2026-01-01T00:00:00", 32, KEY),
    ("2026-01-01", 32, KEY),
    ("infinity", 32, KEY),
    ("9999-12-31T23:59:59-14:00", 32, KEY),
    (None, 32, KEY),
    (7, 32, KEY),
    ("2026-01-01T00:00:00+00:00", None, KEY),
    ("2026-01-01T00:00:00+00:00", "32", KEY),
    ("2026-01-01T00:00:00+00:00", True, KEY),
    ("2026-01-01T00:00:00+00:00", 10**41, KEY),
    ("2026-01-01T00:00:00+00:00", 32, None),
    ("2026-01-01T00:00:00+00:00", 32, "x"),
    ("2026-01-01T00:00:00+00:00", 32),
    ("2026-01-01T00:00:00+00:00", 32, KEY, KEY),
    (),
]
PAGE = "query($id: ID!, $c: String) { customer(id: $id) { timeline(after: $c) { edges { cursor } } } }"


async def _cursor(graph: Asking, who: Row, of: Row) -> str:
    data = await graph.data(who, PAGE, {"id": of.node})
    found: str = data["customer"]["timeline"]["edges"][0]["cursor"]
    return found


@pytest.mark.parametrize("values", FORGED)
async def test_a_forged_cursor_is_refused_by_a_known_plan_too(
    served: tuple[Asking, Heard], company: Company, ada: Row, values: tuple[Any, ...]
) -> None:
    graph, _ = served
    head, *_ = json.loads(base64.urlsafe_b64decode(await _cursor(graph, company.rep, ada)))
    variables = {"id": ada.node, "c": encoded(head, *values)}
    assert await graph.faults(company.rep, PAGE, variables) == [("BAD_USER_INPUT", "timeline.after")]


async def test_a_cursor_of_another_list_is_refused(served: tuple[Asking, Heard], company: Company, ada: Row) -> None:
    graph, _ = served
    lists = "{ interactions { edges { cursor } } } "
    query = f"query($id: ID!) {{ customer(id: $id) {lists.strip()} }}"
    data = await graph.data(company.rep, query, {"id": ada.node})
    foreign = data["customer"]["interactions"]["edges"][0]["cursor"]
    answer = await graph.ask(company.rep, PAGE, {"id": ada.node, "c": foreign})
    assert answer["errors"][0]["message"] == "this cursor belongs to another order"
    own = await _cursor(graph, company.rep, ada)
    query = "query($c: String) { interactions(after: $c) { nodes { id } } }"
    assert await graph.faults(company.rep, query, {"c": own}) == [("BAD_USER_INPUT", "after")]


async def test_times_in_variables_are_compared_by_a_known_plan_too(
    served: tuple[Asking, Heard], company: Company, ada: Row
) -> None:
    graph, _ = served
    query = """query($id: ID!, $since: DateTime, $until: DateTime) {
        customer(id: $id) { timeline(since: $since, until: $until) { totalCount } } }"""
    early, late = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"
    for _ in range(2):
        data = await graph.data(company.rep, query, {"id": ada.node, "since": early, "until": late})
        assert data == {"customer": {"timeline": {"totalCount": 1}}}
        wrong = {"id": ada.node, "since": late, "until": early}
        assert await graph.faults(company.rep, query, wrong) == [("BAD_USER_INPUT", "timeline.until")]
        assert await graph.data(company.rep, query, {"id": ada.node, "since": late}) == {
            "customer": {"timeline": {"totalCount": 0}}
        }
