"""A shop's files and the mapping that imports them."""

from __future__ import annotations

from app.services.importing import Counts
from tests.services.importing.imports import Imports

SHOP = """
mapping: shop
system: shop
files:
  people: {name: people.csv, optional: true}
  customers: {name: customers.csv, optional: true}
  orders: {name: orders.csv, optional: true}
  lines: {name: lines.csv, optional: true}
rows:
  user:
    table: users
    file: people
    key: id
    match: email
    fields:
      email: mail
      display_name: name
      manager_id: {ref: user, key: boss}
  customer:
    table: customers
    file: customers
    key: id
    fields:
      kind: {column: kind, default: {const: ORGANIZATION}}
      display_name: name
      given_name: given
      tax_id: tax
      annual_revenue: revenue
      currency: {const: USD}
      first_ordered_at: {rollup: {of: order, by: customer_id, take: ordered_at, function: min}}
      owner_id: {ref: user, key: owner, unknown: "null"}
  order:
    table: orders
    file: orders
    key: number
    fields:
      customer_id: {ref: customer, key: customer}
      number: number
      ordered_at: day
      currency: {const: USD}
      subtotal: {rollup: {of: line, by: order_id, take: line_total, function: sum}}
      total: {rollup: {of: line, by: order_id, take: line_total, function: sum}, plus: freight}
      shipping: freight
  line:
    table: order_lines
    file: lines
    key: {template: "{order}/{position}"}
    fields:
      order_id: {ref: order, key: order}
      position: position
      quantity: quantity
      unit_price: price
      line_total: {compute: "{quantity} * {price}", round: 4}
      currency: {const: USD}
"""
FILES = {
    "people.csv": "id,mail,name,boss\n1,ann@x.example,Ann,2\n2,bob@x.example,Bob,\n",
    "customers.csv": "id,name,kind,given,tax,revenue,owner\nc1,One,,,DE1,1000.5,1\nc2,Two,,,,,\nc3,Three,,,,,9\n",
    "orders.csv": "number,customer,day,freight\no1,c1,2024-05-02,5\no2,c1,2024-05-01,\no3,c2,2024-06-01,1.5\n",
    "lines.csv": "order,position,quantity,price\no1,1,2,10.25\no1,2,1,0.5\no3,1,3,1\n",
}
ALL_NEW = {
    "user": Counts(2, 2),
    "customer": Counts(3, 3),
    "order": Counts(3, 3),
    "line": Counts(3, 3),
}
DISTINCT = """
mapping: flat
system: flat
files: {lines: {name: lines.csv}}
rows:
  customer:
    table: customers
    file: lines
    distinct: true
    key: customer
    fields: {kind: {const: ORGANIZATION}, display_name: customer, annual_revenue: revenue, currency: {const: EUR}}
"""


async def counts(imports: Imports, files: dict[str, str] | None = None, mapping: str = SHOP) -> dict[str, Counts]:
    """By rule, what an import came to."""
    report = await imports.run(mapping, FILES if files is None else files)
    assert all(rule.counts.balanced for rule in report.rules)
    return {rule.rule: rule.counts for rule in report.rules}


async def rejected(imports: Imports) -> list[str]:
    """Lines of the rejects file, without its header."""
    return imports.rejects.read_text("utf-8").splitlines()[1:] if imports.rejects.exists() else []
