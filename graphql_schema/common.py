"""Types that all entities share: Node, PageInfo, Money, Access, and the order's enums."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphql_schema.making import make_enum
from graphql_schema.scalars import CurrencyCode, Exact


@strawberry.interface(description="Anything that has an id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, unique across all types.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether there are any before.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item on the page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item on the page.")


@strawberry.type(description="An amount of money.")
class Money:
    amount: Exact = strawberry.field(description="The amount, exact.")
    currency: CurrencyCode | None = strawberry.field(description="Its currency, ISO 4217.")
    base: Exact | None = strawberry.field(
        description="The amount in the base currency, at the rate of the row's business date; null without a rate."
    )


@strawberry.type(
    description="What the caller sees of a node and may do with it, so that hidden can be told from empty."
)
class Access:
    can_update: bool = strawberry.field(description="Whether the caller may change one of its fields.")
    can_delete: bool = strawberry.field(description="Whether the caller may delete it.")
    masked: list[str] = strawberry.field(description="Names of the fields of which only a part is shown.")
    withheld: list[str] = strawberry.field(
        description="Names of the fields that are not shown: null, whatever they hold."
    )
    updatable: list[str] = strawberry.field(
        description="Names of the fields that the caller may change, as the node is now."
    )


class OrderDirection(Enum):
    ASC = "ASC"
    DESC = "DESC"


class NullsOrder(Enum):
    FIRST = "FIRST"
    LAST = "LAST"


make_enum(
    OrderDirection,
    "Which way a list is ordered.",
    {OrderDirection.ASC: "Lowest first.", OrderDirection.DESC: "Highest first."}.__getitem__,
)
make_enum(
    NullsOrder,
    "Where rows without a value stand in an order.",
    {NullsOrder.FIRST: "Before all others.", NullsOrder.LAST: "After all others."}.__getitem__,
)
