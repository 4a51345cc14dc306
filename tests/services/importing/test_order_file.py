"""The file that the benchmark times: what is timed is a whole import."""

from __future__ import annotations

from decimal import Decimal

from app.services.importing import Counts
from benchmarks.import_orders import MAPPING, write_orders
from tests.services.importing.imports import Imports


async def test_an_order_file_becomes_customers_products_orders_and_lines(imports: Imports) -> None:
    write_orders(imports.folder / "orders.csv", 500)
    first = {rule.rule: rule.counts for rule in (await imports.run(MAPPING)).rules}
    assert first["line"] == Counts(500, 500)
    assert all(counts.created == counts.read > 0 for counts in first.values())
    again = (await imports.run(MAPPING)).total
    assert again == Counts(again.read, unchanged=again.read)
    assert await imports.fetch(
        """SELECT sum(o.total) = (SELECT sum(line_total) FROM order_lines), count(*), bool_and(o.total = o.base_total)
           FROM orders o"""
    ) == [(True, first["order"].created, True)]
    assert await imports.value("SELECT sum(quantity) FROM order_lines") > Decimal(500)
