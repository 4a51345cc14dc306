"""From the first chance to the delivered order."""

import strawberry

from app.models.enums import FulfillmentStatus, OrderStatus
from app.services.processes import opportunities, orders
from graphql_schema.making import REQUIRED, Part, empty, fill_input, listed, maybe
from graphql_schema.mutations.steps import Step
from graphql_schema.scalars import Exact

QUANTITY = empty("OrderLineQuantityInput")
fill_input(
    QUANTITY,
    "A line of an order, and how many of it.",
    [
        Part("id", strawberry.ID, "The line.", default=REQUIRED),
        Part("quantity", Exact, "How many units, more than zero.", default=REQUIRED),
    ],
)


def _lines(description: str) -> Part:
    return Part("lines", maybe(listed(QUANTITY)), description)


_OPPORTUNITIES = (
    Step(
        "Opportunity",
        "StageChange",
        "Move an opportunity to another stage of its pipeline. Probability and forecast category follow the stage; to close it"
        " as lost needs a reason.",
        opportunities.change_stage,
        takes=("stage", "lostReason"),
    ),
)

_ORDERS = (
    Step(
        "Order",
        "Confirm",
        "Confirm an order: what its lines need is taken from stock. Where there is too little of a product, INSUFFICIENT_STOCK"
        " says at which lines, counted from 0 as they are shown, and nothing is taken.",
        orders.confirm,
        sets={"status": OrderStatus.UNFULFILLED},
    ),
    Step(
        "Order",
        "Fulfill",
        "Deliver an order, or a part of it.",
        orders.fulfill,
        sets={"status": OrderStatus.FULFILLED, "fulfillmentStatus": FulfillmentStatus.FULFILLED},
        asks=(_lines("What is delivered; absent: all that is left."),),
    ),
    Step(
        "Order",
        "Return",
        "Take back what was delivered, or a part of it. It comes back into stock, and `refunded` is what it cost, with tax and"
        " less its share of the discount; delivery is not paid back.",
        orders.give_back,
        sets={"status": OrderStatus.RETURNED, "fulfillmentStatus": FulfillmentStatus.RETURNED},
        asks=(_lines("What comes back; absent: all that was delivered."),),
    ),
    Step(
        "Order",
        "Cancel",
        "Cancel an order of which nothing was delivered. What it took comes back into stock.",
        orders.cancel,
        sets={"status": OrderStatus.CANCELED, "fulfillmentStatus": FulfillmentStatus.CANCELED},
    ),
)
STEPS = (*_OPPORTUNITIES, *_ORDERS)
