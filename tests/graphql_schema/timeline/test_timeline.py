"""`Customer.timeline`: what has a place, where, and for whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from graphql_schema.schema import SCHEMA
from graphql_schema.timeline.strands import PLACES
from tests.graphql_schema.answers import faults_of_data
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, interaction, store
from tests.graphql_schema.timeline.stories import Stories, day, moment, reference, told
from tests.http.asking import Asking

ROLES = (
    "admin",
    "manager",
    "rep",
    "colleague",
    "agent",
    "marketer",
    "finance",
    "auditor",
    "partner",
    "vague",
    "blurred",
)
PAGE = """
    query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
        customer(id: $id) {
            timeline(first: $first, after: $after, last: $last, before: $before) {
                totalCount
                nodes { __typename ... on Node { id } }
                edges { cursor at node { __typename ... on Node { id } } }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            }
        }
    }
"""


@pytest.fixture(scope="module")
async def stories(writer: asyncpg.Connection, company: Company) -> Stories:
    """What happened."""
    return await told(writer, company)


async def page(graph: Asking, who: Row, of: Row, **arguments: Any) -> Any:
    """A page of a timeline."""
    variables = {"id": of.node, **arguments}
    data = await graph.data(who, PAGE, variables)
    assert faults_of_data(SCHEMA._schema, PAGE, data, variables) == []
    return data["customer"]["timeline"]


def who_of(company: Company, stories: Stories, role: str) -> Row:
    """The user of a role."""
    found: Row = getattr(stories if role in ("vague", "blurred") else company, role)
    return found


async def asked(graph: Asking, who: Row, of: Row, arguments: str, selected: str) -> Any:
    """What a timeline answers."""
    query = f"query($id: ID!) {{ customer(id: $id) {{ timeline{arguments} {{ {selected} }} }} }}"
    return (await graph.data(who, query, {"id": of.node}))["customer"]["timeline"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["ada", "bo", "cleo"])
async def test_it_holds_what_the_lists_hold_newest_first(
    graph: Asking, company: Company, stories: Stories, role: str, name: str
) -> None:
    who, of = who_of(company, stories, role), getattr(stories, name)
    if (await graph.data(who, "query($id: ID!) { customer(id: $id) { id } }", {"id": of.node}))["customer"] is None:
        return
    expected = await reference(graph, who, of)
    found = await page(graph, who, of, first=100)
    assert [(moment(edge["at"]), edge["node"]["id"]) for edge in found["edges"]] == expected
    assert [node["id"] for node in found["nodes"]] == [node for _, node in expected]
    assert found["totalCount"] == len(expected)


EXPECTED = {
    ("admin", "ada"): 12,
    ("rep", "ada"): 11,
    ("agent", "ada"): 5,
    ("marketer", "ada"): 2,
    ("partner", "ada"): 1,
    ("vague", "ada"): 5,
    ("blurred", "ada"): 5,
    ("rep", "bo"): 40,
    ("marketer", "bo"): 0,
    ("admin", "cleo"): 0,
}


@pytest.mark.parametrize(("role", "name"), EXPECTED)
async def test_roles_see_so_much(graph: Asking, company: Company, stories: Stories, role: str, name: str) -> None:
    who, of = who_of(company, stories, role), getattr(stories, name)
    assert (await asked(graph, who, of, "", "totalCount"))["totalCount"] == EXPECTED[role, name]


@pytest.mark.parametrize(
    ("role", "name", "size"),
    [("admin", "ada", 1), ("admin", "ada", 3), ("rep", "bo", 7), ("vague", "bo", 5), ("partner", "bo", 3)],
)
async def test_pages_walked_to_either_end_are_the_whole(
    graph: Asking, company: Company, stories: Stories, role: str, name: str, size: int
) -> None:
    who, of = who_of(company, stories, role), getattr(stories, name)
    expected = [node for _, node in await reference(graph, who, of)]
    down: list[str] = []
    info: Any = {"hasNextPage": True, "endCursor": None}
    while info["hasNextPage"]:
        found = await page(graph, who, of, first=size, after=info["endCursor"])
        info = found["pageInfo"]
        assert info["hasPreviousPage"] is bool(down)
        assert (info["startCursor"], info["endCursor"]) == (found["edges"][0]["cursor"], found["edges"][-1]["cursor"])
        down += [node["id"] for node in found["nodes"]]
    assert down == expected
    up: list[str] = []
    info = {"hasPreviousPage": True, "startCursor": None}
    while info["hasPreviousPage"]:
        found = await page(graph, who, of, last=size, before=info["startCursor"])
        info = found["pageInfo"]
        assert info["hasNextPage"] is bool(up)
        up = [node["id"] for node in found["nodes"]] + up
    assert up == expected


async def test_between_two_cursors_lies_what_is_between(graph: Asking, company: Company, stories: Stories) -> None:
    whole = await page(graph, company.admin, stories.ada, first=100)
    cursors = [edge["cursor"] for edge in whole["edges"]]
    ids = [node["id"] for node in whole["nodes"]]
    for way in ({"first": 2}, {"last": 2}):
        found = await page(graph, company.admin, stories.ada, after=cursors[3], before=cursors[9], **way)
        assert [node["id"] for node in found["nodes"]] == (ids[4:6] if "first" in way else ids[7:9])
        assert (found["pageInfo"]["hasPreviousPage"], found["pageInfo"]["hasNextPage"]) == (True, True)


async def test_inserts_shift_no_page(
    graph: Asking, company: Company, stories: Stories, writer: asyncpg.Connection
) -> None:
    first = await page(graph, company.rep, stories.bo, first=5)
    newer, older = (interaction(stories.bo, occurred_at=at) for at in (day(50), day(26) - dt.timedelta(hours=1)))
    await store(writer, newer, older)
    try:
        second = await page(graph, company.rep, stories.bo, first=5, after=first["pageInfo"]["endCursor"])
    finally:
        await writer.execute("DELETE FROM interactions WHERE id = ANY($1)", [newer.key, older.key])
    after = [node for _, node in await reference(graph, company.rep, stories.bo)][5:]
    expected = [node for node in (node["id"] for node in second["nodes"]) if node != older.node]
    assert older.node in [node["id"] for node in second["nodes"]]
    assert newer.node not in [node["id"] for node in second["nodes"]]
    assert after[: len(expected)] == expected


# What is selected


async def test_an_item_shows_what_is_asked_of_its_type(graph: Asking, company: Company, stories: Stories) -> None:
    selected = """
        edges { at node {
            __typename
            ... on Order { number total { amount } customer { displayName } }
            ... on Quote { number } ... on Contract { number startDate }
            ... on Interaction { subject owner { displayName } }
            ...Asked
        } }
    """
    fragment = "fragment Asked on Ticket { number messages { totalCount } }"
    query = f"query($id: ID!) {{ customer(id: $id) {{ timeline(since: $since) {{ {selected} }} }} }} {fragment}"
    query = query.replace("$since", f'"{day(3).date()}T00:00:00Z", until: "{day(4).date()}T00:00:00Z"')
    data = await graph.data(company.rep, query, {"id": stories.ada.node})
    noon, morning = "2026-02-03T12:00:00+00:00", "2026-02-03T00:00:00+00:00"
    assert data["customer"]["timeline"]["edges"] == [
        {"at": noon, "node": {"__typename": "Interaction", "subject": "Thanks", "owner": {"displayName": "Rep"}}},
        {"at": noon, "node": {"__typename": "Ticket", "number": "T-1", "messages": {"totalCount": 0}}},
        {
            "at": noon,
            "node": {
                "__typename": "Order",
                "number": "A-1",
                "total": {"amount": "0.0000"},
                "customer": {"displayName": "Ada"},
            },
        },
        {"at": noon, "node": {"__typename": "Quote", "number": "Q-1"}},
        {"at": morning, "node": {"__typename": "Contract", "number": "K-1", "startDate": "2026-02-03"}},
    ]


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("nodes { __typename }", {"nodes": [{"__typename": "SurveyResponse"}, {"__typename": "CampaignMember"}]}),
        ("nodes { ... on Order { id } }", {"nodes": [{}, {}]}),
        ("edges { at }", {"edges": [{"at": "2026-02-06T12:00:00+00:00"}, {"at": "2026-02-05T12:00:00+00:00"}]}),
        ("pageInfo { hasNextPage }", {"pageInfo": {"hasNextPage": True}}),
        ("__typename t: totalCount u: totalCount", {"__typename": "CustomerTimelineConnection", "t": 10, "u": 10}),
        (
            "a: edges { __typename n: node { ... on SurveyResponse { score } } } "
            "b: nodes { ... on CampaignMember { status } }",
            {
                "a": [
                    {"__typename": "CustomerTimelineEdge", "n": {"score": 4}},
                    {"__typename": "CustomerTimelineEdge", "n": {}},
                ],
                "b": [{}, {"status": "OPENED"}],
            },
        ),
    ],
)
async def test_each_part_answers_alone_and_together(
    graph: Asking, company: Company, stories: Stories, selected: str, expected: Any
) -> None:
    until = f'until: "{day(100).isoformat()}"'
    found = await asked(graph, company.rep, stories.ada, f"(first: 2, {until})", selected)
    assert found == expected


EMPTY: Any = {
    "totalCount": 0,
    "nodes": [],
    "edges": [],
    "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
}


@pytest.mark.parametrize("role", ["admin", "rep", "marketer", "partner", "vague"])
async def test_a_customer_of_whom_there_is_nothing_has_an_empty_page(
    graph: Asking, company: Company, stories: Stories, role: str
) -> None:
    assert await page(graph, who_of(company, stories, role), stories.cleo, first=1) == EMPTY
    assert await page(graph, who_of(company, stories, role), stories.cleo, last=1) == EMPTY


# Types and times


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.entity)
async def test_types_leave_out_all_others(graph: Asking, company: Company, stories: Stories, place: Any) -> None:
    name = {"CampaignMember": "CAMPAIGN_MEMBER", "SurveyResponse": "SURVEY_RESPONSE"}.get(
        place.entity, place.entity.upper()
    )
    expected = [
        node
        for _, node in await reference(graph, company.admin, stories.ada)
        if node in await _ids(graph, company.admin, stories.ada, place.list)
    ]
    found = await asked(graph, company.admin, stories.ada, f"(types: [{name}, {name}])", "nodes { ... on Node { id } }")
    assert [node["id"] for node in found["nodes"]] == expected
    assert expected


async def _ids(graph: Asking, who: Row, of: Row, name: str) -> set[str]:
    query = f"query($id: ID!) {{ customer(id: $id) {{ {name}(first: 100) {{ nodes {{ id }} }} }} }}"
    data = await graph.data(who, query, {"id": of.node})
    return {node["id"] for node in data["customer"][name]["nodes"]}


async def test_types_come_in_variables_too(graph: Asking, company: Company, stories: Stories) -> None:
    query = """query($id: ID!, $types: [TimelineType!], $one: TimelineType! = ORDER) { customer(id: $id) {
        a: timeline(types: $types) { totalCount } b: timeline(types: [$one, TICKET]) { totalCount } } }"""
    for types, count in ((["ORDER"], 2), (["TICKET", "QUOTE"], 3), ([], 0), (None, 12)):
        data = await graph.data(company.admin, query, {"id": stories.ada.node, "types": types})
        assert data["customer"] == {"a": {"totalCount": count}, "b": {"totalCount": 4}}
    data = await graph.data(company.admin, query, {"id": stories.ada.node, "one": "QUOTE"})
    assert data["customer"] == {"a": {"totalCount": 12}, "b": {"totalCount": 3}}


async def test_since_is_included_and_until_is_not(graph: Asking, company: Company, stories: Stories) -> None:
    query = """query($id: ID!, $since: DateTime, $until: DateTime) { customer(id: $id) {
        timeline(since: $since, until: $until) { totalCount nodes { __typename } } } }"""

    async def count(since: dt.datetime | None, until: dt.datetime | None) -> int:
        times = {"since": since and since.isoformat(), "until": until and until.isoformat()}
        data = await graph.data(company.rep, query, {"id": stories.bo.node, **times})
        found = data["customer"]["timeline"]
        assert len(found["nodes"]) == min(found["totalCount"], 10)
        return int(found["totalCount"])

    assert await count(day(3), day(6)) == 4
    assert await count(day(3), None) == 36
    assert await count(None, day(3)) == 4
    assert await count(day(3), day(3)) == 0
    assert await count(None, None) == 40


# What is masked, withheld or never seen


async def test_a_masked_moment_orders_by_its_mask(graph: Asking, company: Company, stories: Stories) -> None:
    found = await page(graph, stories.vague, stories.ada, first=100)
    assert [(edge["at"][:10], edge["node"]["__typename"]) for edge in found["edges"]] == [
        ("2027-03-07", "Interaction"),
        ("2026-02-03", "Quote"),
        ("2026-02-01", "Interaction"),
        ("2026-02-01", "Order"),
        ("2026-02-01", "Order"),
    ]
    assert found["edges"][3]["at"] == "2026-02-01T00:00:00+00:00"


async def test_what_has_a_withheld_moment_has_no_place(graph: Asking, company: Company, stories: Stories) -> None:
    selected = "nodes { ... on Interaction { subject } }"
    found = await asked(graph, stories.vague, stories.ada, "(types: [INTERACTION])", f"totalCount {selected}")
    assert found == {"totalCount": 2, "nodes": [{"subject": "To come"}, {"subject": "A call"}]}


async def test_a_type_by_whose_moment_nobody_goes_is_refused_where_it_is_named(
    graph: Asking, company: Company, stories: Stories
) -> None:
    query = "query($id: ID!) { customer(id: $id) { timeline(types: [ORDER, TICKET]) { totalCount } } }"
    answer = await graph.ask(stories.vague, query, {"id": stories.ada.node})
    assert answer["data"] == {"customer": None}
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "FIELD_NOT_READABLE"
    assert error["extensions"]["argument"] == "timeline.types"
    assert error["message"].startswith("Ticket.openedAt")


async def test_a_type_of_which_no_row_is_ever_seen_is_empty_by_right(
    graph: Asking, company: Company, stories: Stories
) -> None:
    found = await asked(
        graph, company.marketer, stories.ada, "(types: [ORDER, TICKET])", "totalCount nodes { __typename }"
    )
    assert found == {"totalCount": 0, "nodes": []}


@pytest.mark.parametrize(
    ("role", "types"),
    [("partner", {"ORDER"}), ("blurred", {"ORDER", "INTERACTION", "QUOTE"})],
    ids=["partner", "blurred"],
)
async def test_a_tailored_schema_lacks_types_that_never_have_a_place(
    graph: Asking, company: Company, stories: Stories, role: str, types: set[str]
) -> None:
    query = """{ of: __type(name: "TimelineType") { enumValues { name } }
                 item: __type(name: "TimelineItem") { possibleTypes { name } } }"""
    data = await graph.data(who_of(company, stories, role), query)
    assert {value["name"] for value in data["of"]["enumValues"]} == types
    assert {value["name"].upper() for value in data["item"]["possibleTypes"]} == types
    refused = "query($id: ID!) { customer(id: $id) { timeline(types: [TICKET]) { totalCount } } }"
    response = await graph.post(who_of(company, stories, role), refused, {"id": stories.ada.node})
    assert list(response.json()) == ["errors"]
