"""`search` of Query: typed hits, best first, from the caller's views alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.graphql_schema.searching.conftest import Found
from tests.http.asking import Asking

NAMED = " ".join(
    f"... on {type_} {{ name: {field} }}"
    for type_, field in {
        "Customer": "displayName",
        "Contact": "displayName",
        "ContactPoint": "value",
        "Opportunity": "named: name",
        "Order": "number",
        "Ticket": "number",
        "Product": "sku",
        "User": "displayName",
        "Region": "code",
    }.items()
).replace("name: named: name", "name")
HITS = f"nodes {{ rank field highlight {{ text matched }} node {{ __typename {NAMED} }} }}"


async def hits(graph: Asking, who: Row, words: str, types: str = "") -> list[tuple[str, str, int, str, str]]:
    """Of each hit: type, name, rank, field, and the value with what matched in brackets."""
    query = f"query($words: String!) {{ search(query: $words, {types}) {{ totalCount {HITS} }} }}"
    found = (await graph.data(who, query, {"words": words}))["search"]
    assert found["totalCount"] == len(found["nodes"])
    return [
        (hit["node"]["__typename"], hit["node"]["name"], hit["rank"], hit["field"], _marked(hit["highlight"]))
        for hit in found["nodes"]
    ]


def _marked(parts: list[Any]) -> str:
    return "".join(f"[{part['text']}]" if part["matched"] else part["text"] for part in parts)


MINE, THEIRS, HIDDEN, CHINESE = "Müller & Söhne GmbH", "Smørrebrød A/S", "Müller Frères", "株式会社 山田商店"


async def test_hits_come_best_first_then_by_type_and_key(graph: Asking, company: Company, found: Found) -> None:
    assert await hits(graph, company.admin, "müller") == [
        ("Customer", MINE, 34, "displayName", "[Müller] & Söhne GmbH"),
        ("Customer", HIDDEN, 34, "displayName", "[Müller] Frères"),
        ("Opportunity", "Ersatzteile für Müller", 33, "name", "Ersatzteile für [Müller]"),
    ]
    assert [hit[:4] for hit in await hits(graph, company.admin, "mull")] == [
        ("Customer", MINE, 24, "displayName"),
        ("Customer", HIDDEN, 24, "displayName"),
        ("Opportunity", "Ersatzteile für Müller", 23, "name"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("zoe", [("Contact", "Zoë Ångström", 34, "displayName", "[Zoë] Ångström"), ("Contact", "Zoë Zimmer", 34, "displayName", "[Zoë] Zimmer")]),
        ("zoe soehne.example.com", [("Contact", "Zoë Ångström", 33, "email", "[zoe]@[soehne].[example].[com]")]),
        ("söhne anna", [("Customer", MINE, 14, "displayName", "Müller & [Söhne] GmbH")]),
        ("030 12345678", [("Customer", MINE, 33, "phone", "+[493012345678]")]),
        ("030 7654321", [("ContactPoint", "030/765 4321", 32, "value", "[030]/765 4321")]),
        ("de123", [("Customer", MINE, 23, "taxId", "[DE123456789]")]),
        ("山田", [("Customer", CHINESE, 34, "displayName", "株式会社 [山田]商店")]),
        ("한국전력", [("Customer", CHINESE, 33, "legalName", "[한국전력]공사")]),
        ("so2026000134", [("Order", "SO-2026-000134", 34, "number", "[SO-2026-000134]")]),
        ("000135", [("Order", "SO-2026-000135", 34, "number", "SO-2026-[000135]")]),
        ("lieferung", [("Ticket", "T-2026-0077", 32, "subject", "[Lieferung] beschädigt")]),
        ("sku0042", [("Product", "SKU-0042", 34, "sku", "[SKU-0042]")]),
        ("none such", []),
    ],
)  # fmt: skip
async def test_each_type_is_found_in_its_fields(
    graph: Asking, company: Company, found: Found, words: str, expected: list[Any]
) -> None:
    assert await hits(graph, company.admin, words) == expected


@pytest.mark.parametrize(
    ("who", "words", "expected"),
    [
        ("rep", "müller", ["Customer " + MINE, "Opportunity Ersatzteile für Müller"]),
        ("rep", "fjord", []),
        ("rep", "zimmer fjord", []),
        ("rep", "zimmer", ["Contact Zoë Zimmer"]),
        ("rep", "soehne", ["Customer " + MINE, "Contact Zoë Ångström"]),
        ("rep", "de123456789", []),
        ("rep", "so 2026", ["Order SO-2026-000134"]),
        ("rep", "colleague@example.com", []),
        ("rep", "colleague", ["User Colleague"]),
        ("agent", "müller", ["Customer " + MINE, "Customer " + HIDDEN]),
        ("agent", "fjord", ["Customer " + THEIRS, "Contact Zoë Zimmer"]),
        ("partner", "müller", ["Customer " + MINE]),
        ("marketer", "soehne", []),
        ("nobody", "müller", []),
    ],
)
async def test_nobody_finds_what_is_not_plain_in_their_view(
    graph: Asking, company: Company, found: Found, who: str, words: str, expected: list[str]
) -> None:
    types = "nodes { node { __typename ... on Customer { n: displayName } ... on Order { n: number } %s } } totalCount"
    more = "" if who == "partner" else (
        "... on Contact { n: displayName } ... on Opportunity { n: name } ... on User { n: displayName }"
    )  # fmt: skip
    query = f"query($words: String!) {{ search(query: $words) {{ {types % more} }} }}"
    if who == "nobody":
        query = "query($words: String!) { search(query: $words) { nodes { node { __typename } } totalCount } }"
    data = (await graph.data(getattr(company, who), query, {"words": words}))["search"]
    assert [f"{hit['node']['__typename']} {hit['node']['n']}" for hit in data["nodes"]] == expected
    assert data["totalCount"] == len(expected)


@pytest.mark.parametrize(("who", "together"), [("agent", [(14, "displayName")]), ("rep", [])])
async def test_a_masked_field_has_no_part_in_a_hit(
    graph: Asking, company: Company, found: Found, who: str, together: list[tuple[int, str]]
) -> None:
    """The name begins with the first word, the e-mail has the second; the representative sees that masked."""
    seen = await hits(graph, getattr(company, who), "smorr fjord", "types: [CUSTOMER]")
    assert [hit[2:4] for hit in seen] == together
    alone = await hits(graph, getattr(company, who), "smorr", "types: [CUSTOMER]")
    assert [hit[2:4] for hit in alone] == [(24, "displayName")]


async def test_pages_go_on_where_the_last_one_ended(graph: Asking, company: Company, found: Found) -> None:
    query = """query($after: String) { search(query: "müller", first: 1, after: $after) { totalCount
        edges { cursor node { __typename rank } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    seen, after = [], None
    for i in range(3):
        page = (await graph.data(company.admin, query, {"after": after}))["search"]
        [edge] = page["edges"]
        info = {
            "hasNextPage": i < 2,
            "hasPreviousPage": i > 0,
            "startCursor": edge["cursor"],
            "endCursor": edge["cursor"],
        }
        assert (page["totalCount"], page["pageInfo"]) == (3, info)
        seen.append(edge["node"]["rank"])
        after = edge["cursor"]
    assert seen == [34, 34, 33]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("types: [OPPORTUNITY]", ["Opportunity"]),
        ("types: [OPPORTUNITY, CUSTOMER, OPPORTUNITY]", ["Customer", "Customer", "Opportunity"]),
        ("types: [ORDER, CONTACT]", []),
        ("types: []", []),
        ("types: null", ["Customer", "Customer", "Opportunity"]),
    ],
)
async def test_types_narrow_the_search(
    graph: Asking, company: Company, found: Found, types: str, expected: list[str]
) -> None:
    assert [hit[0] for hit in await hits(graph, company.admin, "müller", types)] == expected
    query = 'query($of: [SearchType!]) { search(query: "müller", types: $of) { nodes { node { __typename } } } }'
    given = types.partition("[")[2].strip("]").replace(" ", "")
    variables = {"of": None if "null" in types else [name for name in given.split(",") if name]}
    data = await graph.data(company.admin, query, variables)
    assert [hit["node"]["__typename"] for hit in data["search"]["nodes"]] == expected


async def test_aliases_and_names_of_types_are_kept(graph: Asking, company: Company, found: Found) -> None:
    query = """{ a: search(query: "so2026000134") { __typename n: nodes { __typename h: highlight { __typename t: text m: matched }
        x: node { id } y: node { ... on Order { number customer { displayName } } } r: rank } }
        b: search(query: "müller") { totalCount } c: search(query: "müller") { __typename } }"""
    data = await graph.data(company.rep, query)
    assert data == {
        "a": {
            "__typename": "SearchResultConnection",
            "n": [
                {
                    "__typename": "SearchResult",
                    "h": [{"__typename": "SearchHighlight", "t": "SO-2026-000134", "m": True}],
                    "x": {"id": found.number.node},
                    "y": {"number": "SO-2026-000134", "customer": {"displayName": MINE}},
                    "r": 34,
                }
            ],
        },
        "b": {"totalCount": 2},
        "c": {"__typename": "SearchResultConnection"},
    }


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ('query: "a"', "query"),
        (f'query: "{"ab " * 3_400}"', "query"),
        ('query: "ab", first: 0', "first"),
        ('query: "ab", first: 101', "first"),
        ('query: "ab", first: -1', "first"),
        ('query: "ab", after: "x"', "after"),
        ('query: "ab", after: "W10="', "after"),
    ],
    ids=range(7),
)
@pytest.mark.parametrize("parts", ["nodes { rank }", "totalCount", "__typename"])
async def test_what_cannot_be_asked_is_refused(
    graph: Asking, company: Company, arguments: str, argument: str, parts: str
) -> None:
    for who in (company.admin, company.nobody):
        assert await graph.faults(who, f"{{ search({arguments}) {{ {parts} }} }}") == [("BAD_USER_INPUT", argument)]


async def test_a_type_of_which_nothing_is_searched_for_the_caller_is_refused(graph: Asking, company: Company) -> None:
    query = '{ search(query: "fjord", types: [%s]) { totalCount } }'
    assert await graph.faults(company.auditor, query % "CUSTOMER, CONTACT_POINT") == [("FIELD_NOT_READABLE", "types")]
    assert await graph.data(company.marketer, query % "CONTACT_POINT") == {"search": {"totalCount": 0}}
    assert await graph.data(company.auditor, '{ search(query: "fjord") { totalCount } }') == {
        "search": {"totalCount": 0}
    }


async def test_a_partner_can_ask_for_what_it_sees_and_nothing_else(graph: Asking, company: Company) -> None:
    query = '{ __type(name: "SearchType") { enumValues { name } } }'
    data = await graph.data(company.partner, query)
    assert [value["name"] for value in data["__type"]["enumValues"]] == ["CUSTOMER", "ORDER"]
