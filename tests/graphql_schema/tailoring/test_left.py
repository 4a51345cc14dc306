"""What is left of a small schema once some of it is withdrawn, and that what is made of it is just that."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema, build_schema, is_scalar_type, print_schema, validate_schema

from graphql_schema.tailoring.closed import Closed
from graphql_schema.tailoring.left import Anatomy
from graphql_schema.tailoring.tailored import tailored

COMPLETE = build_schema("""
    interface Node { id: ID! }
    type Shop implements Node { id: ID! name: String items(where: ItemWhere, first: Int): [Item!]! sold: Thing paid: Pay }
    type Item implements Node { id: ID! price: Float currency: Currency }
    type Box implements Node { id: ID! }
    union Thing = Item | Box
    input ItemWhere { AND: [ItemWhere!] price: Range shop: ShopWhere }
    input ShopWhere { AND: [ShopWhere!] name: Text items: ItemListWhere }
    input ItemListWhere { some: ItemWhere }
    input Range { from: Float! to: Float! in: Currency }
    input Text { eq: String }
    enum Currency { EUR USD }
    enum Pay { CARD CASH }
    input Order { field: Pay! direction: Text }
    input ShopUpdateInput { id: ID! name: String pay: Pay }
    input ItemUpdateInput { id: ID! set: ItemSet! }
    input ItemSet { price: Float }
    type ShopPayload { shop: Shop codes: [String!] }
    type Query { node(id: ID!): Node shops(where: ShopWhere, orderBy: [Order!]): [Shop] shop(by: ShopWhere!): Shop }
    type Mutation { shopUpdate(input: ShopUpdateInput!): ShopPayload itemUpdate(input: ItemUpdateInput!): Item }
""")


def _left(closed: Closed) -> GraphQLSchema:
    found = tailored(COMPLETE, Anatomy(COMPLETE).without(closed))
    assert validate_schema(found) == []
    return found


def _elements(schema: GraphQLSchema) -> set[str]:
    """All that has a name in a schema, scalars left out."""
    found = set()
    for name, type_ in schema.type_map.items():
        if not name.startswith("__") and not is_scalar_type(type_):
            fields = getattr(type_, "fields", {})
            parts = [*fields, *getattr(type_, "values", ()), *(of.name for of in getattr(type_, "types", ()))]
            found |= {name, *(f"{name}.{part}" for part in parts)}
            found |= {f"{name}.{part}({of})" for part, field in fields.items() for of in getattr(field, "args", ())}
    return found


WHAT: list[tuple[str, Closed, set[str]]] = [
    ("nothing", Closed(), set()),
    ("a field", Closed(elements=frozenset({("Shop", "name")})), {"Shop.name"}),
    ("a value", Closed(elements=frozenset({("Pay", "CASH")})), {"Pay.CASH"}),
    ("all fields of a filter, and of another that leads to it alone",
     Closed(elements=frozenset({("ItemWhere", "price"), ("ItemWhere", "shop"), ("ItemWhere", "AND")})),
     {"ItemWhere", "ItemWhere.price", "ItemWhere.shop", "ItemWhere.AND", "Range", "Range.from", "Range.to", "Range.in",
      "Shop.items(where)", "ItemListWhere", "ItemListWhere.some", "ShopWhere.items"}),
    ("all values of an enum that an input requires",
     Closed(elements=frozenset({("Pay", "CASH"), ("Pay", "CARD")})),
     {"Pay", "Pay.CASH", "Pay.CARD", "Shop.paid", "Order", "Order.field", "Order.direction", "Query.shops(orderBy)",
      "ShopUpdateInput.pay"}),
    ("a type", Closed(frozenset({"Item"})),
     {"Item", "Item.id", "Item.price", "Item.currency", "Shop.items", "Shop.items(where)", "Shop.items(first)",
      "Thing.Item", "Mutation.itemUpdate", "Mutation.itemUpdate(input)", "ItemUpdateInput", "ItemUpdateInput.id",
      "ItemUpdateInput.set", "ItemSet", "ItemSet.price"}),
    ("all members of a union", Closed(frozenset({"Item", "Box"})),
     {"Item", "Item.id", "Item.price", "Item.currency", "Shop.items", "Shop.items(where)", "Shop.items(first)",
      "Thing", "Thing.Item", "Thing.Box", "Box", "Box.id", "Shop.sold", "Mutation.itemUpdate",
      "Mutation.itemUpdate(input)", "ItemUpdateInput", "ItemUpdateInput.id", "ItemUpdateInput.set", "ItemSet",
      "ItemSet.price"}),
    ("an input", Closed(frozenset({"ShopWhere"})),
     {"ShopWhere", "ShopWhere.AND", "ShopWhere.name", "ShopWhere.items", "ItemListWhere", "ItemListWhere.some",
      "ItemWhere.shop", "Query.shop", "Query.shop(by)", "Query.shops(where)"}),
    ("the last field of a required input", Closed(elements=frozenset({("ItemSet", "price")})),
     {"ItemSet", "ItemSet.price", "ItemUpdateInput", "ItemUpdateInput.id", "ItemUpdateInput.set",
      "Mutation.itemUpdate", "Mutation.itemUpdate(input)"}),
    ("all mutations", Closed(frozenset({"ShopUpdateInput", "ItemUpdateInput"})),
     {"ShopUpdateInput", "ShopUpdateInput.id", "ShopUpdateInput.name", "ShopUpdateInput.pay", "ItemUpdateInput",
      "ItemUpdateInput.id", "ItemUpdateInput.set", "ItemSet", "ItemSet.price", "ShopPayload", "ShopPayload.shop",
      "ShopPayload.codes", "Mutation", "Mutation.shopUpdate", "Mutation.shopUpdate(input)", "Mutation.itemUpdate",
      "Mutation.itemUpdate(input)"}),
]  # fmt: skip


@pytest.mark.parametrize(("closed", "gone"), [case[1:] for case in WHAT], ids=[case[0] for case in WHAT])
def test_what_is_withdrawn_is_gone_with_all_that_is_nothing_without_it(closed: Closed, gone: set[str]) -> None:
    assert _elements(COMPLETE) - _elements(_left(closed)) == gone


def test_without_anything_withdrawn_the_schema_is_the_same() -> None:
    assert print_schema(_left(Closed())) == print_schema(COMPLETE)


def test_what_nothing_leads_to_is_gone_and_what_an_interface_stands_for_is_not() -> None:
    left = _left(Closed(frozenset({"Shop", "Item", "ItemUpdateInput"})))
    assert {name for name in left.type_map if not name.startswith("__")} == {
        "Query", "Node", "Box", "Mutation", "ShopUpdateInput", "ShopPayload", "Pay", "ID", "String", "Boolean",
    }  # fmt: skip
