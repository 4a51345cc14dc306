"""How long aggregates of 1.2 million rows take: `python -m benchmarks.aggregates` [--write].

Each is asked in turn as sales representative and as administrator, of the engine itself; and the same groups of the bare
tables are asked in SQL written by hand, to tell what is the database's own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from app.database import Database
from app.main import engine_of
from benchmarks.caller import find_caller
from benchmarks.command import administrator, run
from benchmarks.growth import Asked
from benchmarks.volume import Volume
from graphql_schema.types import GRAPH

TIMES = 12


@dataclass(frozen=True)
class Question:
    """An aggregate, and the same groups of the tables in plain SQL."""

    text: str
    sql: str
    of: str
    """The table whose rows are counted."""


QUESTIONS: Mapping[str, Question] = {
    "order lines in all": Question(
        "{ orderLinesAggregate { nodes { count sum { quantity lineTotal { base } } } } }",
        "SELECT count(*), sum(quantity), sum(base_line_total) FROM order_lines WHERE deleted_at IS NULL",
        "order_lines",
    ),
    "order lines by product category": Question(
        """{ orderLinesAggregate(groupBy: [{field: PRODUCT_CATEGORY_PATH, level: 1}]) {
            nodes { keys { productCategoryPath } count sum { lineTotal { base } } } } }""",
        """SELECT substring(product_category_path from '^/[^/]*/'), count(*), sum(base_line_total)
        FROM order_lines WHERE deleted_at IS NULL GROUP BY 1""",
        "order_lines",
    ),
    "interactions by month and kind": Question(
        """{ interactionsAggregate(groupBy: [{field: OCCURRED_AT, bucket: MONTH}, {field: KIND}], first: 1000) {
            nodes { keys { occurredAt { label } kind } count } } }""",
        """SELECT date_trunc('month', occurred_at AT TIME ZONE 'UTC'), kind, count(*)
        FROM interactions WHERE deleted_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        "interactions",
    ),
    "orders by month and region": Question(
        """{ ordersAggregate(groupBy: [{field: ORDERED_AT, bucket: MONTH}, {field: REGION}], first: 1000) {
            nodes { keys { orderedAt { label } region { code } } count sum { total { base byCurrency { currency amount } } } } } }""",
        """SELECT date_trunc('month', ordered_at AT TIME ZONE 'UTC'), region_id, count(*), sum(base_total)
        FROM orders WHERE deleted_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        "orders",
    ),
    "customers by tier with their won deals": Question(
        """{ customersAggregate(groupBy: [{field: TIER}]) {
            nodes { keys { tier } count
                opportunities(where: {stage: {outcome: {eq: WON}}}) { count sum { amount { base } } } } } }""",
        """SELECT c.tier, count(DISTINCT c.id), count(o.id), sum(o.base_amount) FROM customers c
        LEFT JOIN (opportunities o JOIN pipeline_stages s ON s.id = o.stage_id AND s.outcome = 'WON') ON o.customer_id = c.id
        GROUP BY 1""",
        "customers",
    ),
    "a report: order lines by tier and quarter": Question(
        """{ analyze(dataset: ORDER_LINES, dimensions: [{path: "customer.tier"}, {path: "order.orderedAt", bucket: QUARTER}],
            measures: [{aggregate: COUNT}, {aggregate: SUM, path: "lineTotal"}]) { rows } }""",
        """SELECT c.tier, date_trunc('quarter', o.ordered_at AT TIME ZONE 'UTC'), count(*), sum(l.base_line_total)
        FROM order_lines l JOIN orders o ON o.id = l.order_id AND o.customer_id = l.customer_id
        JOIN customers c ON c.id = l.customer_id WHERE l.deleted_at IS NULL GROUP BY 1, 2""",
        "order_lines",
    ),
}

ROWS = " UNION ALL ".join(f"SELECT count(*) AS many FROM {each.resource.table.name}" for each in GRAPH)


async def _by_hand(database: Database, sql: str) -> float:
    """Milliseconds of the statement, its rows sent as one JSON."""
    seconds = []
    for _ in range(TIMES):
        started = time.perf_counter()
        await database.read(f"SELECT json_agg(g)::text AS found FROM ({sql}) AS g")
        seconds.append(time.perf_counter() - started)
    return median(seconds[2:]) * 1_000


async def _milliseconds(asked: Asked) -> float:
    for _ in range(TIMES):
        await asked.ask()
    return median(asked.seconds[2:]) * 1_000


async def measured(_place: Volume, database: Database) -> list[str]:
    """The lines of the table."""
    people = {"administrator": await administrator(database), "representative": (await find_caller(database)).user}
    engine = engine_of(database)
    every = await database.read(f"SELECT sum(many)::bigint AS many FROM ({ROWS}) AS counts")
    lines = [
        "| aggregate | rows | SQL by hand, ms | administrator, ms | representative, ms |",
        "| --- | --: | --: | --: | --: |",
    ]
    for title, question in QUESTIONS.items():
        many = await database.read(f"SELECT count(*) AS many FROM {question.of}")
        by_hand = await _by_hand(database, question.sql)
        times = [await _milliseconds(Asked(engine, user, question.text)) for user in people.values()]
        lines.append(f"| {title} | {many['many'] if many else 0:,} | {by_hand:.0f} | {times[0]:.0f} | {times[1]:.0f} |")
    return [*lines, "", f"- {every['many'] if every else 0:,} rows in all tables; medians of {TIMES - 2}."]


def main() -> None:
    """The command."""
    run("aggregates", __doc__.partition("\n")[0], measured)


if __name__ == "__main__":
    main()
