"""From the first chance to the delivered order."""

import strawberry

from app.models.enums import (
    ContractStatus,
    FulfillmentStatus,
    OpportunityStage,
    OpportunityType,
    OrderStatus,
    QuoteStatus,
)
from app.services.processes import contracts, leads, opportunities, orders, quotes
from graphql_schema.making import REQUIRED, Part, empty, fill_input, listed, maybe
from graphql_schema.mutations.steps import Step
from graphql_schema.scalars import EmailAddress, Exact, PhoneNumber

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

_QUOTES = (
    Step(
        "Quote",
        "Send",
        "Send a quote to the customer. It must have lines.",
        quotes.send,
        sets={"status": QuoteStatus.DELIVERED},
    ),
    Step(
        "Quote",
        "Accept",
        "Accept a quote for the customer, while it is valid: an order with the same lines follows, not yet confirmed.",
        quotes.accept,
        sets={"status": QuoteStatus.CLOSED_ACCEPTED},
        brings={"order": "Order"},
    ),
    Step(
        "Quote",
        "Expire",
        "Let a quote expire of which `validUntil` is past.",
        quotes.expire,
        sets={"status": QuoteStatus.EXPIRED},
    ),
)
_CONTRACTS = (
    Step(
        "Contract",
        "Sign",
        "Note when the customer, or we, signed a contract. When both have, it is signed.",
        contracts.sign,
        takes=("customerSignedOn", "companySignedOn"),
        sets={"status": ContractStatus.SIGNED},
    ),
    Step(
        "Contract",
        "Renew",
        "Renew a contract that is active or expired: another follows it, a draft on the same terms, from the day after its last"
        " and for as long.",
        contracts.renew,
        sets={"status": ContractStatus.RENEWED},
        brings={"following": "Contract"},
    ),
    Step(
        "Contract",
        "Terminate",
        "End a contract before its time: on `endDate`, or else today.",
        contracts.terminate,
        takes=("endDate",),
        sets={"status": ContractStatus.TERMINATED},
    ),
)
CONTACT = empty("LeadContactInput")
fill_input(
    CONTACT,
    "Whom one talks to about a lead.",
    [
        Part("displayName", maybe(str), "Name shown in lists and headings. Must be given."),
        Part("givenName", maybe(str), "Given names."),
        Part("familyName", maybe(str), "Family name."),
        Part("email", maybe(EmailAddress), "E-mail address."),
        Part("phone", maybe(PhoneNumber), "Telephone number."),
        Part("jobTitle", maybe(str), "Position in the organisation."),
    ],
)
_LEADS = (
    Step(
        "Opportunity",
        "Convert",
        "Make an opportunity of a lead: it is then at the first stage of the sales process. With `contact`, a contact of the"
        " customer is made, too, whom one talks to about it.",
        leads.convert,
        sets={"type": OpportunityType.OPPORTUNITY, "stageCode": OpportunityStage.PROSPECTING},
        asks=(Part("contact", maybe(CONTACT), "A contact to be made."),),
        brings={"customer": "Customer", "contact": "Contact"},
        called="lead",
    ),
)
STEPS = (*_LEADS, *_OPPORTUNITIES, *_ORDERS, *_QUOTES, *_CONTRACTS)
