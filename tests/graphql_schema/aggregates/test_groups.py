"""Groups and their measures, to the last digit, as several roles see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.aggregates.scene import Scene
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

MONEY = "base byCurrency { currency amount }"


def eur(amount: str) -> dict[str, str]:
    return {"currency": "EUR", "amount": amount}


def usd(amount: str) -> dict[str, str]:
    return {"currency": "USD", "amount": amount}


def money(base: str | None, *amounts: dict[str, str]) -> dict[str, Any]:
    return {"base": base, "byCurrency": list(amounts)}


@pytest.fixture
def ask(graph: Asking, company: Company, scene: Scene) -> Any:
    """Asks, as somebody of the company, for one field of Query: its nodes."""

    async def asked(who: str, query: str, variables: Any = None) -> Any:
        before = graph.engine.statements
        data = await graph.data(getattr(company, who), query, variables)
        assert graph.engine.statements == before + 1
        (found,) = data.values()
        return found["nodes"]

    return asked


BY_STATUS = [
    ("finance", [("DRAFT", 2, money("30.0000", eur("37.0000"))),
                 ("FULFILLED", 2, money("145.0000", eur("100.0000"), usd("50.0000")))]),
    ("rep", [("DRAFT", 1, money(None)),
             ("FULFILLED", 2, money("145.0000", eur("100.0000"), usd("50.0000")))]),
    ("colleague", [("DRAFT", 1, money(None))]),
    ("manager", [("DRAFT", 2, money("30.0000", eur("37.0000"))),
                 ("FULFILLED", 2, money("145.0000", eur("100.0000"), usd("50.0000")))]),
    ("nobody", []),
]  # fmt: skip


@pytest.mark.parametrize(("who", "expected"), BY_STATUS, ids=[row[0] for row in BY_STATUS])
async def test_sums_are_those_of_what_the_caller_sees(ask: Any, who: str, expected: list[Any]) -> None:
    query = f"{{ ordersAggregate(groupBy: [{{field: STATUS}}]) {{ nodes {{ keys {{ status }} count sum {{ total {{ {MONEY} }} }} }} }} }}"
    if who == "nobody":
        query = query.replace(f" sum {{ total {{ {MONEY} }} }}", "")
    found = await ask(who, query)
    assert [(node["keys"]["status"], node["count"], node["sum"]["total"]) for node in found] == expected


async def test_without_groups_there_is_one_row_of_all(ask: Any) -> None:
    query = f"{{ ordersAggregate {{ nodes {{ count sum {{ total {{ {MONEY} }} }} }} }} }}"
    assert await ask("finance", query) == [
        {"count": 4, "sum": {"total": money("175.0000", eur("137.0000"), usd("50.0000"))}}
    ]


@pytest.mark.parametrize("by", ["", ", groupBy: []"])
async def test_of_nothing_there_are_no_sums_and_no_means(ask: Any, by: str) -> None:
    measures = (
        f"count sum {{ total {{ {MONEY} }} }} avg {{ total {{ base }} }} min {{ orderedAt }} countDistinct {{ status }}"
    )
    query = f'{{ ordersAggregate(where: {{number: {{eq: "none"}}}}{by}) {{ nodes {{ {measures} }} }} }}'
    assert await ask("finance", query) == [
        {
            "count": 0,
            "sum": {"total": money(None)},
            "avg": {"total": {"base": None}},
            "min": {"orderedAt": None},
            "countDistinct": {"status": 0},
        }
    ]


MONTHS = [
    ("UTC", [("2026-01", "100.0000"), ("2026-02", "75.0000"), ("2026-03", None)]),
    ("Europe/Berlin", [("2026-02", "175.0000"), ("2026-03", None)]),
    ("Pacific/Kiritimati", [("2026-02", "175.0000"), ("2026-04", None)]),
]


@pytest.mark.parametrize(("zone", "expected"), MONTHS, ids=[row[0] for row in MONTHS])
async def test_a_month_begins_when_it_does_in_its_time_zone(ask: Any, zone: str, expected: list[Any]) -> None:
    query = """query ($zone: String) { ordersAggregate(groupBy: [{field: ORDERED_AT, bucket: MONTH, timeZone: $zone}])
        { nodes { keys { orderedAt { label start end } } sum { total { base } } } } }"""
    found = await ask("finance", query, {"zone": zone})
    assert [(node["keys"]["orderedAt"]["label"], node["sum"]["total"]["base"]) for node in found] == expected


async def test_the_ends_of_a_span_filter_its_rows(ask: Any, graph: Asking, company: Company) -> None:
    query = """{ ordersAggregate(groupBy: [{field: ORDERED_AT, bucket: QUARTER, timeZone: "America/New_York"}])
        { nodes { keys { orderedAt { start end } } count } } }"""
    (node,) = await ask("finance", query)
    assert node == {
        "keys": {"orderedAt": {"start": "2026-01-01T05:00:00+00:00", "end": "2026-04-01T04:00:00+00:00"}},
        "count": 4,
    }
    where = {"orderedAt": {"gte": node["keys"]["orderedAt"]["start"], "lt": node["keys"]["orderedAt"]["end"]}}
    data = await graph.data(
        company.finance, "query ($w: OrderWhere) { orders(where: $w) { totalCount } }", {"w": where}
    )
    assert data == {"orders": {"totalCount": 4}}


TREES = [
    ("{field: REGION}", [("France", 1), ("Germany", 3)]),
    ("{field: REGION, level: 1}", [("World", 4)]),
    ("{field: REGION, level: 2}", [("Europe", 4)]),
    ("{field: REGION, level: 50}", [("France", 1), ("Germany", 3)]),
]
NAMES = {"Fr": "France", "De": "Germany", "Eu": "Europe", "World": "World"}


@pytest.mark.parametrize(("by", "expected"), TREES, ids=[row[0] for row in TREES])
async def test_regions_are_rolled_up_to_a_level(ask: Any, by: str, expected: list[tuple[str, int]]) -> None:
    query = f"{{ ordersAggregate(groupBy: [{by}]) {{ nodes {{ keys {{ region {{ id name }} }} count }} }} }}"
    found = await ask("finance", query)
    assert sorted((NAMES[node["keys"]["region"]["name"]], node["count"]) for node in found) == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [(1, [("/light/", 2), (None, 1)]), (2, [("/light/bulbs/", 1), ("/light/lamps/", 1), (None, 1)])],
)
async def test_categories_are_rolled_up_to_a_level(ask: Any, level: int, expected: list[Any]) -> None:
    query = """query ($level: Int) { orderLinesAggregate(groupBy: [{field: PRODUCT_CATEGORY_PATH, level: $level}])
        { nodes { keys { productCategoryPath } count } } }"""
    found = await ask("finance", query, {"level": level})
    assert [(node["keys"]["productCategoryPath"], node["count"]) for node in found] == expected


async def test_several_keys_make_a_group_each_and_those_not_asked_are_null(ask: Any) -> None:
    query = """{ ordersAggregate(groupBy: [{field: OWNER}, {field: CAMPAIGN}, {field: STATUS}],
            orderBy: [{aggregate: COUNT, direction: DESC}, {field: STATUS}])
        { nodes { keys { owner { displayName } campaign { id } status channel } count } } }"""
    found = await ask("finance", query)
    assert [(node["keys"]["owner"], node["keys"]["status"], node["count"]) for node in found] == [
        ({"displayName": "Rep"}, "FULFILLED", 2),
        *sorted([({"displayName": "Colleague"}, "DRAFT", 1), (None, "DRAFT", 1)], key=lambda each: each[0] is None),
    ]
    assert {(node["keys"]["campaign"], node["keys"]["channel"]) for node in found} == {(None, None)}


async def test_rows_of_a_customer_are_keys_like_any_other(ask: Any, scene: Scene) -> None:
    query = """{ orderLinesAggregate(groupBy: [{field: ORDER}, {field: PRODUCT}])
        { nodes { keys { order { total { amount } } product { sku } } count sum { quantity } } } }"""
    found = await ask("finance", query)
    order = {"total": {"amount": "100.0000"}}
    assert found == [
        {"keys": {"order": order, "product": {"sku": "lamp"}}, "count": 1, "sum": {"quantity": "3.000"}},
        {"keys": {"order": order, "product": None}, "count": 2, "sum": {"quantity": "2.500"}},
    ]


async def test_measures_are_exact(ask: Any) -> None:
    query = f"""{{ ordersAggregate {{ nodes {{
        avg {{ total {{ {MONEY} }} }} min {{ total {{ {MONEY} }} orderedAt }} max {{ total {{ base }} orderedAt }}
        countDistinct {{ customer region status currency }} }} }} }}"""
    assert await ask("finance", query) == [
        {
            "avg": {"total": money("58.333333", eur("45.666667"), usd("50.000000"))},
            "min": {"total": money("30.0000", eur("7.0000"), usd("50.0000")), "orderedAt": "2026-01-31T23:30:00+00:00"},
            "max": {"total": {"base": "100.0000"}, "orderedAt": "2026-03-31T12:00:00+00:00"},
            "countDistinct": {"customer": 3, "region": 2, "status": 2, "currency": 2},
        }
    ]


HAVING = [
    ("{aggregate: COUNT, value: {gte: 3}}", []),
    ("{aggregate: COUNT, value: {eq: 1}}", ["b", "c"]),
    ("{aggregate: SUM, field: TOTAL, value: {gt: 30}}", ["a"]),
    ("{aggregate: SUM, field: TOTAL, value: {between: {from: 30, to: 145}}}", ["a", "b"]),
    ("{aggregate: SUM, field: TOTAL, value: {isNull: true}}", ["c"]),
    ("{aggregate: SUM, field: TOTAL, value: {isNull: false}}, {aggregate: COUNT, value: {lt: 2}}", ["b"]),
    ("{aggregate: COUNT_DISTINCT, field: CURRENCY, value: {in: [2, 3]}}", ["a"]),
]


@pytest.mark.parametrize(("having", "expected"), HAVING, ids=[row[0] for row in HAVING])
async def test_groups_are_kept_by_their_measures(ask: Any, having: str, expected: list[str]) -> None:
    query = f"""{{ ordersAggregate(groupBy: [{{field: CUSTOMER}}], having: [{having}])
        {{ nodes {{ keys {{ customer {{ displayName }} }} sum {{ total {{ base }} }} countDistinct {{ currency }} }} }} }}"""
    found = await ask("finance", query)
    assert sorted(node["keys"]["customer"]["displayName"] for node in found) == expected


ORDERS = [
    ("{aggregate: SUM, field: TOTAL, direction: DESC, nulls: LAST}", "abc"),
    ("{aggregate: SUM, field: TOTAL, direction: DESC}", "cab"),
    ("{aggregate: SUM, field: TOTAL}", "bac"),
    ("{aggregate: SUM, field: TOTAL, nulls: FIRST}", "cba"),
    ("{aggregate: COUNT, direction: DESC}, {aggregate: MIN, field: ORDERED_AT, direction: DESC}", "acb"),
]


@pytest.mark.parametrize(("order", "expected"), ORDERS, ids=[row[0] for row in ORDERS])
@pytest.mark.parametrize("first", [1, 2, 3, 4])
async def test_groups_come_in_order_and_it_is_said_whether_there_are_more(
    graph: Asking, company: Company, scene: Scene, order: str, expected: str, first: int
) -> None:
    query = f"""query ($first: Int) {{ a: ordersAggregate(groupBy: [{{field: CUSTOMER}}], orderBy: [{order}], first: $first)
        {{ x: hasMore nodes {{ keys {{ customer {{ displayName }} }} sum {{ total {{ base }} }} min {{ orderedAt }} }} y: nodes {{ count }} }} }}"""
    found = (await graph.data(company.finance, query, {"first": first}))["a"]
    names = "".join(node["keys"]["customer"]["displayName"] for node in found["nodes"])
    assert (names, found["x"]) == (expected[:first], first < 3)
    assert [node["count"] for node in found["y"]] == [{"a": 2}.get(name, 1) for name in names]


async def test_each_customer_has_groups_of_its_own(ask: Any) -> None:
    query = f"""{{ customers(orderBy: [{{field: DISPLAY_NAME}}]) {{ nodes {{ displayName
        ordersAggregate(groupBy: [{{field: STATUS}}]) {{ nodes {{ keys {{ status }} count sum {{ total {{ {MONEY} }} }} }} }} }} }} }}"""
    assert [(node["displayName"], node["ordersAggregate"]["nodes"]) for node in await ask("finance", query)] == [
        ("a", [{"keys": {"status": "FULFILLED"}, "count": 2,
                "sum": {"total": money("145.0000", eur("100.0000"), usd("50.0000"))}}]),
        ("b", [{"keys": {"status": "DRAFT"}, "count": 1, "sum": {"total": money("30.0000", eur("30.0000"))}}]),
        ("c", [{"keys": {"status": "DRAFT"}, "count": 1, "sum": {"total": money(None, eur("7.0000"))}}]),
    ]  # fmt: skip


RELATED = [
    ("admin", [("KEY", 1, 1, "1000.0000"), ("STANDARD", 2, 2, "24.0000")]),
    ("rep", [("KEY", 1, 1, "1000.0000"), ("STANDARD", 1, 1, None)]),
    ("colleague", [("STANDARD", 1, 1, None)]),
]


@pytest.mark.parametrize(("who", "expected"), RELATED, ids=[row[0] for row in RELATED])
async def test_customers_by_tier_have_the_sum_of_their_won_deals(ask: Any, who: str, expected: list[Any]) -> None:
    query = """{ customersAggregate(groupBy: [{field: TIER}]) { nodes { keys { tier } count
        won: opportunities(where: {stage: {outcome: {eq: WON}}}) { count sum { amount { base } } } } } }"""
    if who != "admin":  # the others read no outcomes
        query = query.replace("{stage: {outcome: {eq: WON}}}", '{stageCode: {eq: "WON"}}')
    found = await ask(who, query)
    assert [
        (node["keys"]["tier"], node["count"], node["won"]["count"], node["won"]["sum"]["amount"]["base"])
        for node in found
    ] == expected


async def test_related_rows_that_are_missing_count_nothing(ask: Any) -> None:
    query = """{ customersAggregate(groupBy: [{field: OWNER}], orderBy: [{aggregate: COUNT}]) { nodes { keys { owner { displayName } }
        tickets { count sum { compensation { base byCurrency { amount } } } countDistinct { status } } } } }"""
    nothing = {"count": 0, "sum": {"compensation": {"base": None, "byCurrency": []}}, "countDistinct": {"status": 0}}
    found = await ask("admin", query)
    assert [node["tickets"] for node in found] == [nothing] * 3
    assert {node["keys"]["owner"] and node["keys"]["owner"]["displayName"] for node in found} == {
        "Rep", "Colleague", None,
    }  # fmt: skip


async def test_amounts_can_be_asked_for_under_any_name(ask: Any) -> None:
    query = """{ ordersAggregate { nodes { __typename s: sum { __typename t: total { __typename c: byCurrency
        { __typename a: amount b: amount currency } } } k: keys { __typename status } } } }"""
    assert await ask("finance", query) == [
        {
            "__typename": "OrderGroup",
            "s": {
                "__typename": "OrderNumbers",
                "t": {
                    "__typename": "Amounts",
                    "c": [
                        {"__typename": "CurrencyAmount", "a": amount, "b": amount, "currency": currency}
                        for currency, amount in (("EUR", "137.0000"), ("USD", "50.0000"))
                    ],
                },
            },
            "k": {"__typename": "OrderKeys", "status": None},
        }
    ]


async def test_a_measure_of_what_is_never_read_is_null(graph: Asking, company: Company, scene: Scene) -> None:
    query = """{ customersAggregate { nodes { count countDistinct { taxId tier } max { birthDate annualRevenue { base } }
        mergedCustomers { count countDistinct { taxId } } } } }"""
    (group,) = (await graph.data(company.marketer, query))["customersAggregate"]["nodes"]
    assert group == {
        "count": 3,
        "countDistinct": {"taxId": None, "tier": 2},
        "max": {"birthDate": None, "annualRevenue": None},
        "mergedCustomers": {"count": 0, "countDistinct": {"taxId": None}},
    }
