"""How long a large order file takes: makes one, imports it twice into an empty database, prints the times.

    python benchmarks/import_orders.py [--lines 500000] [--database URL] [--profile]

The file is flat, as exports are: each line repeats its order's number, day and customer. Without a database given,
the embedded one is started over a temporary folder. Everything made is removed again.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import csv
import datetime as dt
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from sqlalchemy.engine import make_url

from app.database import connect
from app.postgres import embedded
from app.services.importing import ImportReport, parse_mapping, run_import
from migrations import upgrade

MAPPING = """
mapping: order_lines
system: benchmark
files:
  lines: {name: orders.csv}
rows:
  customer:
    table: customers
    file: lines
    distinct: true
    key: customer
    fields:
      kind: {const: ORGANIZATION}
      display_name: {template: "Customer {customer}"}
      lifecycle_stage: {const: ACTIVE}
  product:
    table: products
    file: lines
    distinct: true
    key: sku
    fields: {sku: sku, name: {template: "Product {sku}"}, list_price: unit_price, currency: currency}
  order:
    table: orders
    file: lines
    distinct: true
    key: order
    fields:
      customer_id: {ref: customer, key: customer}
      number: order
      status: {const: FULFILLED}
      ordered_at: ordered_at
      subtotal: {rollup: {of: line, by: order_id, take: line_total, function: sum}}
      total: {rollup: {of: line, by: order_id, take: line_total, function: sum}}
      currency: currency
      fx_rate: {const: 1}
      fx_date: {column: ordered_at, then: [{cut: 10}]}
  line:
    table: order_lines
    file: lines
    key: {template: "{order}/{position}"}
    fields:
      order_id: {ref: order, key: order}
      product_id: {ref: product, key: sku}
      position: position
      quantity: quantity
      unit_price: unit_price
      discount_pct: {compute: "{discount} * 100", round: 2}
      line_total: {compute: "{quantity} * {unit_price} * (1 - {discount})", round: 4}
      currency: currency
      fx_rate: {const: 1}
      fx_date: {column: ordered_at, then: [{cut: 10}]}
"""
HEADER = ["order", "ordered_at", "customer", "position", "sku", "quantity", "unit_price", "discount", "currency"]
CUSTOMERS, PRODUCTS, SECONDS_BETWEEN_ORDERS = 20_000, 500, 180


def write_orders(path: Path, lines: int) -> None:
    """A file of so many order lines, one to five for each order; always the same."""
    chance = random.Random(7)  # noqa: S311 made-up orders
    prices = [f"{chance.randint(100, 99_999) / 100:.2f}" for _ in range(PRODUCTS)]
    moment = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    written = order = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        while written < lines:
            order += 1
            moment += dt.timedelta(seconds=SECONDS_BETWEEN_ORDERS)
            begin = [f"O{order:07}", moment.isoformat(), f"C{chance.randint(1, CUSTOMERS):05}"]
            for position in range(1, min(chance.randint(1, 5), lines - written) + 1):
                product = chance.randrange(PRODUCTS)
                discount = chance.choice(["0", "0", "0", "0.05", "0.1"])
                quantity = chance.randint(1, 40)
                out.writerow([*begin, position, f"P{product:04}", quantity, prices[product], discount, "USD"])
                written += 1


@contextmanager
def a_server(folder: Path, given: str | None) -> Iterator[str]:
    """The address of a server."""
    if given is not None:
        yield given
        return
    with embedded(folder) as server:
        yield server.dsn


async def execute(address: str, statement: str) -> None:
    connection = await connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def measured(server: str, file: Path, *, profiled: bool) -> list[ImportReport]:
    """Import the file twice into a database of its own."""
    name = f"c360_benchmark_{uuid4().hex}"
    await execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        address = make_url(server).set(database=name).render_as_string(hide_password=False)
        await upgrade(address)
        profile = cProfile.Profile()
        if profiled:
            profile.enable()
        reports = [await run_import(address, parse_mapping(MAPPING, "orders.yaml"), file) for _ in range(2)]
        if profiled:
            profile.disable()
            pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(30)
        return reports
    finally:
        await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    """Make the file, import it, print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=500_000)
    parser.add_argument("--database", help="address of a server on which databases may be created")
    parser.add_argument("--profile", action="store_true", help="print where Python's time goes")
    arguments = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        file = folder / "orders.csv"
        write_orders(file, arguments.lines)
        size = file.stat().st_size / 1e6
        with a_server(folder / "server", arguments.database) as server:
            began = time.monotonic()
            first, again = asyncio.run(measured(server, file, profiled=arguments.profile))
            console.print(f"{arguments.lines:,} lines ({size:.0f} MB), {first.total.created:,} rows made")
            console.print(f"first import {first.seconds:.1f} s, the same again {again.seconds:.1f} s")
            console.print(f"with making the database, {time.monotonic() - began:.1f} s in all")


if __name__ == "__main__":
    main()
