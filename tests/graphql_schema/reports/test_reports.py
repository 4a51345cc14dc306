"""`analyze`: reports over fields of rows, and of rows that single relations lead to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.aggregates.scene import Scene
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

QUERY = """query ($dataset: Dataset!, $dimensions: [Dimension!], $measures: [Measure!]!, $where: DatasetWhere,
    $having: [ReportHaving!], $orderBy: [ReportOrder!], $first: Int) {
  analyze(dataset: $dataset, dimensions: $dimensions, measures: $measures, where: $where, having: $having,
    orderBy: $orderBy, first: $first) { columns { name label type } rows hasMore } }"""
COUNT = {"aggregate": "COUNT"}
TOTAL = {"aggregate": "SUM", "path": "total"}


def by(*paths: str) -> list[dict[str, str]]:
    return [{"path": path} for path in paths]


@pytest.fixture
def ask(graph: Asking, company: Company, scene: Scene) -> Any:
    """Asks for a report as somebody of the company."""

    async def asked(who: str, dataset: str = "ORDERS", **more: Any) -> Any:
        return (await graph.data(getattr(company, who), QUERY, {"dataset": dataset, **more}))["analyze"]

    return asked


REPORTS: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("finance", {"dimensions": by("status"), "measures": [COUNT, TOTAL]}, [["DRAFT", 2, "30.0000"], ["FULFILLED", 2, "145.0000"]]),
    ("rep", {"dimensions": by("status"), "measures": [COUNT, TOTAL]}, [["DRAFT", 1, None], ["FULFILLED", 2, "145.0000"]]),
    ("finance", {"measures": [COUNT, TOTAL]}, [[4, "175.0000"]]),
    ("finance", {"dimensions": by("customer.tier", "customer.owner.displayName"), "measures": [COUNT]},
     [["KEY", "Rep", 2], ["STANDARD", "Colleague", 1], ["STANDARD", None, 1]]),
    ("finance", {"dimensions": by("customer.tier"), "measures": [COUNT, {**TOTAL, "currency": "USD"}, {**TOTAL, "currency": "EUR"}]},
     [["KEY", 2, "50.0000", "100.0000"], ["STANDARD", 2, None, "37.0000"]]),
    ("finance", {"dimensions": [{"path": "orderedAt", "bucket": "MONTH", "timeZone": "Europe/Berlin"}], "measures": [TOTAL]},
     [["2026-02-01", "175.0000"], ["2026-03-01", None]]),
    ("finance", {"dimensions": [{"path": "orderedAt", "bucket": "HOUR"}], "measures": [COUNT], "first": 1}, [["2026-01-31T23:00:00+00:00", 1]]),
    ("finance", {"dimensions": by("customer.region.name"), "measures": [COUNT], "orderBy": [{**COUNT, "direction": "DESC"}]},
     [["De", 3], ["Fr", 1]]),
    ("finance", {"dimensions": by("status"), "measures": [COUNT, TOTAL], "where": {"orders": {"total": {"gte": "40"}}}}, [["FULFILLED", 2, "145.0000"]]),
    ("finance", {"dimensions": by("customer.tier"), "measures": [TOTAL], "having": [{**TOTAL, "value": {"lt": "100"}}]}, [["STANDARD", "30.0000"]]),
    ("finance", {"dimensions": by("status"), "measures": [TOTAL], "orderBy": [{"path": "status", "direction": "DESC"}]},
     [["FULFILLED", "145.0000"], ["DRAFT", "30.0000"]]),
    ("finance", {"measures": [{"aggregate": "COUNT_DISTINCT", "path": "customer"}, {"aggregate": "COUNT_DISTINCT", "path": "customer.region"},
                              {"aggregate": "MIN", "path": "orderedAt"}, {"aggregate": "AVG", "path": "total"}]},
     [[3, 2, "2026-01-31T23:30:00+00:00", "58.333333"]]),
    ("nobody", {"dimensions": by("status"), "measures": [COUNT]}, []),
]  # fmt: skip


@pytest.mark.parametrize(("who", "asked", "expected"), REPORTS, ids=[f"{i}-{row[0]}" for i, row in enumerate(REPORTS)])
async def test_a_report_has_a_row_for_each_group(ask: Any, who: str, asked: dict[str, Any], expected: Any) -> None:
    assert (await ask(who, **asked))["rows"] == expected


async def test_related_rows_are_told_by_their_ids(ask: Any, company: Company, scene: Scene) -> None:
    found = await ask("finance", dimensions=by("customer", "region"), measures=[COUNT])
    assert sorted(found["rows"]) == sorted(
        [
            [scene.a.node, company.germany.node, 2],
            [scene.b.node, company.germany.node, 1],
            [scene.c.node, company.france.node, 1],
        ]
    )


async def test_columns_say_what_they_hold(ask: Any) -> None:
    found = await ask(
        "finance",
        "ORDER_LINES",
        dimensions=[
            {"path": "order.orderedAt", "bucket": "YEAR"},
            {"path": "productCategoryPath", "level": 1},
            *by("product", "order.status"),
        ],
        measures=[COUNT, {"aggregate": "SUM", "path": "quantity"}, {"aggregate": "MAX", "path": "order.orderedAt"}],
        first=1,
    )
    assert [(column["name"], column["label"], column["type"]) for column in found["columns"]] == [
        ("order.orderedAt", "Order ordered at (year)", "Date"),
        ("productCategoryPath", "Product category path", "String"),
        ("product", "Product", "ID"),
        ("order.status", "Order status", "OrderStatus"),
        ("COUNT", "Rows", "Int"),
        ("SUM(quantity)", "Sum of quantity", "Decimal"),
        ("MAX(order.orderedAt)", "Greatest order ordered at", "DateTime"),
    ]
    assert (found["rows"][0][:2], found["rows"][0][4:], found["hasMore"]) == (
        ["2026-01-01", "/light/"],
        [1, "0.500", "2026-01-31T23:30:00+00:00"],
        True,
    ) or found["rows"][0][4:] == [1, "3.000", "2026-01-31T23:30:00+00:00"]


async def test_plans_differ_by_path_and_are_found_again(ask: Any, graph: Asking) -> None:
    for path, rows in (("status", 2), ("customer.tier", 2), ("currency", 2), ("customer", 3), ("status", 2)):
        found = await ask("finance", dimensions=by(path), measures=[COUNT])
        assert (found["columns"][0]["name"], len(found["rows"])) == (path, rows)


SUM_ = {"aggregate": "SUM", "path": "total"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"dimensions": by("nothing"), "measures": [COUNT]}, "dimensions.path"),
    ({"dimensions": by("customer.nothing"), "measures": [COUNT]}, "dimensions.path"),
    ({"dimensions": by("status.customer"), "measures": [COUNT]}, "dimensions.path"),
    ({"dimensions": by("total"), "measures": [COUNT]}, "dimensions.path"),
    ({"dimensions": by("lines.product"), "measures": [COUNT]}, "dimensions.path"),
    ({"dimensions": by("customer.owner.manager.manager.manager.department"), "measures": [COUNT]}, "dimensions.path"),
    ({"dimensions": [{"path": "customer.tier", "bucket": "DAY"}], "measures": [COUNT]}, "dimensions.bucket"),
    ({"dimensions": [{"path": "orderedAt", "timeZone": "x"}], "measures": [COUNT]}, "dimensions.timeZone"),
    ({"dimensions": by(*["status"] * 21), "measures": [COUNT]}, "dimensions"),
    ({"measures": [SUM_, {**SUM_, "currency": "EUR"}], "orderBy": [SUM_]}, "orderBy"),
    ({"measures": [SUM_, SUM_], "having": [{**SUM_, "value": {"gt": "0"}}]}, "having"),
    ({"dimensions": by("orderedAt", "orderedAt"), "measures": [COUNT], "orderBy": [{"path": "orderedAt"}]}, "orderBy.path"),
    ({"measures": []}, "measures"),
    ({"measures": [{"aggregate": "SUM"}]}, "measures.path"),
    ({"measures": [{"aggregate": "COUNT", "path": "total"}]}, "measures.path"),
    ({"measures": [{"aggregate": "SUM", "path": "status"}]}, "measures.path"),
    ({"measures": [{"aggregate": "MAX", "path": "orderedAt", "currency": "EUR"}]}, "measures.currency"),
    ({"measures": [COUNT], "where": {"customers": {}}}, "where.customers"),
    ({"measures": [COUNT], "where": {"orders": {"total": {"gt": None}}}}, "where.orders.total.gt"),
    ({"measures": [COUNT], "having": [{**TOTAL, "value": {"gt": "1"}}]}, "having"),
    ({"measures": [{"aggregate": "MAX", "path": "orderedAt"}], "having": [{"aggregate": "MAX", "path": "orderedAt", "value": {"gt": "1"}}]}, "having.path"),
    ({"measures": [COUNT], "orderBy": [{"path": "status"}]}, "orderBy.path"),
    ({"measures": [COUNT], "orderBy": [{}]}, "orderBy.path"),
    ({"measures": [COUNT], "first": 0}, "first"),
    ({"measures": [COUNT], "first": 1001}, "first"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "at"), WRONG, ids=[f"{i}-{row[1]}" for i, row in enumerate(WRONG)])
async def test_what_cannot_be_answered_is_refused(
    graph: Asking, company: Company, scene: Scene, asked: dict[str, Any], at: str
) -> None:
    assert await graph.faults(company.finance, QUERY, {"dataset": "ORDERS", **asked}) == [("BAD_USER_INPUT", at)]


NEVER: list[tuple[str, dict[str, Any], str]] = [
    ("CUSTOMERS", {"dimensions": by("taxId"), "measures": [COUNT]}, "dimensions.path"),
    ("ORDERS", {"dimensions": by("customer.taxId"), "measures": [COUNT]}, "dimensions.path"),
    ("ORDERS", {"measures": [{"aggregate": "COUNT_DISTINCT", "path": "customer.taxId"}]}, "measures.path"),
    ("ORDERS", {"measures": [COUNT], "orderBy": [{"path": "customer.taxId"}]}, "orderBy.path"),
    ("ORDERS", {"measures": [COUNT], "where": {"orders": {"customer": {"taxId": {"isNull": True}}}}}, "where.orders.customer.taxId"),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "asked", "at"), NEVER, ids=[f"{i}-{row[2]}" for i, row in enumerate(NEVER)])
async def test_what_is_never_read_is_refused(
    graph: Asking, company: Company, scene: Scene, dataset: str, asked: dict[str, Any], at: str
) -> None:
    assert await graph.faults(company.rep, QUERY, {"dataset": dataset, **asked}) == [("FIELD_NOT_READABLE", at)]


@pytest.mark.parametrize("path", ["customer.taxId", "customer.neverWas", "owner.status", "total"])
async def test_a_partner_is_told_of_it_what_is_told_of_nothing(
    graph: Asking, company: Company, scene: Scene, path: str
) -> None:
    answer = await graph.ask(company.partner, QUERY, {"dataset": "ORDERS", "dimensions": by(path), "measures": [COUNT]})
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["message"]) == (
        "BAD_USER_INPUT",
        f"nothing can be asked of {path} here",
    )
