"""`search` of a list: every word in a field that is plain for the caller on that very row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.graphql_schema.searching.conftest import Found
from tests.http.asking import Asking

MINE, THEIRS, HIDDEN, CHINESE = "Müller & Söhne GmbH", "Smørrebrød A/S", "Müller Frères", "株式会社 山田商店"


async def names(graph: Asking, who: Row, words: str, more: str = "") -> list[str]:
    """The names of the customers found."""
    query = f"query($words: String!) {{ customers(search: $words, {more} orderBy: [{{field: DISPLAY_NAME}}]) {{ nodes {{ displayName }} totalCount }} }}"
    found = (await graph.data(who, query, {"words": words}))["customers"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["displayName"] for node in found["nodes"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # words, whatever their case, accents and form; all of them; what begins with them
        ("müller", [MINE, HIDDEN]),
        ("MULLER", [MINE, HIDDEN]),
        ("mu\u0308ller", [MINE, HIDDEN]),
        ("ｍüller", [MINE, HIDDEN]),
        ("mull", [MINE, HIDDEN]),
        ("mu", []),
        ("müller söhne", [MINE]),
        ("söhne müller", [MINE]),
        ("grosshandel", [MINE]),
        ("GROẞHANDEL", [MINE]),
        ("smorrebrod", [THEIRS]),
        ("SMØRREBRØD a/s", [THEIRS]),
        ("müller smørrebrød", []),
        ("üller", []),
        # over several fields
        ("söhne anna", [MINE]),
        ("frères jean", [HIDDEN]),
        # e-mail, whole and by its parts
        ("anna.muller@soehne.example.com", [MINE]),
        ("anna.muller", [MINE]),
        ("@soehne.example.com", [MINE]),
        ("soehne.exam", [MINE]),
        ("example.com", [MINE, HIDDEN, THEIRS]),
        ("example.com fjord", [THEIRS]),
        # telephone, as it is written and from its last digits
        ("+493012345678", [MINE]),
        ("0049 30 12345678", [MINE]),
        ("+49 (0)30 1234-5678", [MINE]),
        ("030/12345678", [MINE]),
        ("(030) 12 34 56 78", [MINE]),
        ("12345678", [MINE]),
        ("5678", [MINE]),
        ("678", []),
        ("78", []),
        ("müller 030 12345678", [MINE]),
        ("0140506070", [HIDDEN]),
        # a tax number by its parts
        ("de123456789", [MINE]),
        ("123456789", [MINE]),
        ("DK 99887766", [THEIRS]),
        # any two characters
        ("山田", [CHINESE]),
        ("株式", [CHINESE]),
        ("会社山田", [CHINESE]),
        ("田山 株式", []),
        ("商店 전력", [CHINESE]),
        ("한국", [CHINESE]),
        ("국 한국", [CHINESE]),
        ("국力", []),
        ("店 山田", [CHINESE]),
        ("muller 店", []),
        # nothing but what it says
        ("m% 'x\\ | & ! :* <-> ()", []),
        ("müller:*", [MINE, HIDDEN]),
        ("'müller'", [MINE, HIDDEN]),
        ("none such", []),
    ],
)
async def test_what_an_administrator_finds(
    graph: Asking, company: Company, found: Found, words: str, expected: list[str]
) -> None:
    assert await names(graph, company.admin, words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("müller", [MINE]),
        ("frères", []),
        # plain on the representative's own alone
        ("anna.muller", [MINE]),
        ("5678", [MINE]),
        ("söhne 030 12345678", [MINE]),
        ("lars", []),
        ("fjord", []),
        ("87654321", []),
        ("4321", []),
        ("smørrebrød lars", []),
        ("smørrebrød", [THEIRS]),
        ("example.com", [MINE]),
        # the mask is not searched, either
        ("l•••@fjord.example.com", []),
        # never readable
        ("DE123456789", []),
        ("söhne DE123456789", []),
    ],
)
async def test_what_a_representative_finds(
    graph: Asking, company: Company, found: Found, words: str, expected: list[str]
) -> None:
    assert await names(graph, company.rep, words) == expected


@pytest.mark.parametrize(
    ("who", "words", "expected"),
    [
        ("finance", "de123456789", [MINE]),
        ("finance", "anna", []),
        ("finance", "5678", []),
        ("auditor", "de123456789", []),
        ("auditor", "smørrebrød", [THEIRS]),
        ("auditor", "fjord", []),
        ("agent", "fjord", [THEIRS]),
        ("agent", "frères", [HIDDEN]),
        ("marketer", "müller", [MINE, HIDDEN]),
        ("marketer", "soehne", []),
        ("partner", "müller", [MINE]),
        ("partner", "soehne", []),
        ("nobody", "müller", []),
    ],
)
async def test_each_role_finds_by_what_it_sees_plain(
    graph: Asking, company: Company, found: Found, who: str, words: str, expected: list[str]
) -> None:
    if who == "nobody":
        query = '{ customers(search: "müller") { totalCount nodes { id } } }'
        assert await graph.data(company.nobody, query) == {"customers": {"totalCount": 0, "nodes": []}}
    else:
        assert await names(graph, getattr(company, who), words) == expected


OTHERS: list[tuple[str, str, str, list[str]]] = [
    ("orders", "number", "so-2026-000134", ["SO-2026-000134"]),
    ("orders", "number", "SO2026000134", ["SO-2026-000134"]),
    ("orders", "number", "so 2026", ["SO-2026-000134", "SO-2026-000135"]),
    ("orders", "number", "2026 000134", ["SO-2026-000134"]),
    ("orders", "number", "134", ["SO-2026-000134"]),
    ("orders", "number", "0001", ["SO-2026-000134", "SO-2026-000135"]),
    ("tickets", "number", "t2026", ["T-2026-0077"]),
    ("tickets", "number", "lieferung", ["T-2026-0077"]),
    ("tickets", "number", "beschad 77", ["T-2026-0077"]),
    ("contacts", "displayName", "angstrom", ["Zoë Ångström"]),
    ("contacts", "displayName", "zoe", ["Zoë Zimmer", "Zoë Ångström"]),
    ("contactPoints", "value", "030 7654321", ["030/765 4321"]),
    ("contactPoints", "value", "+49 30 7654321", ["030/765 4321"]),
    ("contactPoints", "value", "fjord_trading", ["fjord_trading"]),
    ("opportunities", "name", "ersatz", ["Ersatzteile für Müller"]),
    ("products", "name", "sku0042", ["Ölfilter groß"]),
    ("products", "name", "42 olfilter", ["Ölfilter groß"]),
    ("users", "displayName", "colleague@example", ["Colleague"]),
    ("regions", "name", "fr", ["Fr"]),
]


@pytest.mark.parametrize(("plural", "field", "words", "expected"), OTHERS)
async def test_other_lists_are_searched_too(
    graph: Asking, company: Company, found: Found, plural: str, field: str, words: str, expected: list[str]
) -> None:
    query = f"query($words: String) {{ {plural}(search: $words) {{ nodes {{ {field} }} }} }}"
    data = await graph.data(company.admin, query, {"words": words})
    assert sorted(node[field] for node in data[plural]["nodes"]) == sorted(expected)


async def test_a_search_stands_beside_a_filter_an_order_and_a_page(
    graph: Asking, company: Company, found: Found
) -> None:
    where = 'where: {region: {eq: "%s"}},' % company.germany.node  # noqa: UP031 braces
    assert await names(graph, company.admin, "müller", where) == [MINE]
    query = 'query($after: String) { customers(search: "example.com", first: 1, after: $after, orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName } pageInfo { endCursor hasNextPage } } }'
    seen, after = [], None
    for _ in range(3):
        page = (await graph.data(company.admin, query, {"after": after}))["customers"]
        seen += [node["displayName"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [MINE, HIDDEN, THEIRS]
    assert not page["pageInfo"]["hasNextPage"]


async def test_related_rows_are_searched_within_each_row(graph: Asking, company: Company, found: Found) -> None:
    query = """{ customers(search: "example.com", orderBy: [{field: DISPLAY_NAME}]) { nodes {
        contacts(search: "zoe") { totalCount nodes { displayName } } orders(search: "so") { nodes { number } } } } }"""
    data: Any = await graph.data(company.admin, query)
    assert [node["contacts"]["totalCount"] for node in data["customers"]["nodes"]] == [1, 0, 1]
    assert [len(node["orders"]["nodes"]) for node in data["customers"]["nodes"]] == [1, 1, 0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "at least 2 letters"),
        ("a", "at least 2 letters"),
        ("田", "at least 2 letters"),
        ("-- a !", "at least 2 letters"),
        ("%%%%", "at least 2 letters"),
        ("x" * 201, "at most 200 characters"),
        ("ab " * 3_400, "at most 200 characters"),
        ("ab " * 11, "at most 10 words"),
        ("ab\0", "NUL"),
    ],
    ids=range(9),
)
@pytest.mark.parametrize("parts", ["nodes { id }", "totalCount", "__typename"])
async def test_what_cannot_be_searched_for_is_refused(
    graph: Asking, company: Company, words: str, message: str, parts: str
) -> None:
    for role in (company.admin, company.nobody):
        answer = await graph.ask(
            role, f"query($words: String) {{ customers(search: $words) {{ {parts} }} }}", {"words": words}
        )
        [error] = answer["errors"]
        assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("BAD_USER_INPUT", "search")
        assert message in error["message"]


async def test_null_is_nothing_to_search_for(graph: Asking, company: Company) -> None:
    assert await graph.faults(company.admin, "{ customers(search: null) { totalCount } }") == [
        ("BAD_USER_INPUT", "search")
    ]


async def test_a_list_of_which_no_searched_field_is_ever_plain_is_refused(graph: Asking, company: Company) -> None:
    query = '{ contactPoints(search: "fjord") { __typename } }'
    assert await graph.faults(company.auditor, query) == [("FIELD_NOT_READABLE", "search")]
    assert await graph.data(company.marketer, '{ contactPoints(search: "fjord") { totalCount } }') == {
        "contactPoints": {"totalCount": 0}
    }
