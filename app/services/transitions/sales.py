"""The processes of leads, quotes, contracts and orders."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from app.models.enums import (
    ContractStatus,
    FulfillmentStatus,
    LeadStatus,
    OrderStatus,
    PaymentStatus,
    QuoteStatus,
)
from app.services.transitions.machine import Transitions

_L, _Q, _C = LeadStatus, QuoteStatus, ContractStatus
_O, _F, _P = OrderStatus, FulfillmentStatus, PaymentStatus

_QUALIFYING = {"convert": _L.CONVERTED, "discard": _L.DEAD}

LEADS = Transitions(
    _L.NEW,
    {
        _L.NEW: {"assign": _L.ASSIGNED, "start": _L.IN_PROCESS, "recycle": _L.RECYCLED, **_QUALIFYING},
        _L.ASSIGNED: {"assign": _L.ASSIGNED, "start": _L.IN_PROCESS, "recycle": _L.RECYCLED, **_QUALIFYING},
        _L.IN_PROCESS: {"assign": _L.ASSIGNED, "recycle": _L.RECYCLED, **_QUALIFYING},
        _L.RECYCLED: {"assign": _L.ASSIGNED, "start": _L.IN_PROCESS, **_QUALIFYING},
        _L.CONVERTED: {},
        _L.DEAD: {"recycle": _L.RECYCLED},
    },
)

_DECIDING = {"accept": _Q.CLOSED_ACCEPTED, "decline": _Q.CLOSED_LOST}
_OUT = {"hold": _Q.ON_HOLD, "confirm": _Q.CONFIRMED, "expire": _Q.EXPIRED, **_DECIDING}

QUOTES = Transitions(
    _Q.DRAFT,
    {
        _Q.DRAFT: {"send": _Q.DELIVERED, "hold": _Q.ON_HOLD, "decline": _Q.CLOSED_LOST},
        _Q.DELIVERED: {"negotiate": _Q.NEGOTIATION, **_OUT},
        _Q.NEGOTIATION: {"send": _Q.DELIVERED, **_OUT},
        _Q.ON_HOLD: {
            "send": _Q.DELIVERED,
            "reopen": _Q.DRAFT,
            "decline": _Q.CLOSED_LOST,
            "expire": _Q.EXPIRED,
        },
        _Q.CONFIRMED: _DECIDING,
        _Q.CLOSED_ACCEPTED: {},
        _Q.CLOSED_LOST: {"reopen": _Q.DRAFT},
        _Q.EXPIRED: {"reopen": _Q.DRAFT},
    },
)

_SIGNING = {"sign": _C.SIGNED, "terminate": _C.TERMINATED}

CONTRACTS = Transitions(
    _C.DRAFT,
    {
        _C.DRAFT: {"submit": _C.IN_REVIEW, **_SIGNING},
        _C.IN_REVIEW: {"revise": _C.DRAFT, **_SIGNING},
        _C.SIGNED: {"start": _C.ACTIVE, "terminate": _C.TERMINATED},
        _C.ACTIVE: {"renew": _C.RENEWED, "expire": _C.EXPIRED, "terminate": _C.TERMINATED},
        _C.EXPIRED: {"renew": _C.RENEWED},
        _C.TERMINATED: {},
        _C.RENEWED: {},
    },
)
"""A contract is signed by the step when both sides have signed; renewed, when another follows it."""

ORDERS = Transitions(
    _O.DRAFT,
    {
        _O.DRAFT: {"place": _O.UNCONFIRMED, "confirm": _O.UNFULFILLED, "cancel": _O.CANCELED},
        _O.UNCONFIRMED: {"confirm": _O.UNFULFILLED, "cancel": _O.CANCELED, "expire": _O.EXPIRED},
        _O.UNFULFILLED: {
            "fulfillPart": _O.PARTIALLY_FULFILLED,
            "fulfill": _O.FULFILLED,
            "cancel": _O.CANCELED,
        },
        _O.PARTIALLY_FULFILLED: {
            "fulfillPart": _O.PARTIALLY_FULFILLED,
            "fulfill": _O.FULFILLED,
            "returnPart": _O.PARTIALLY_RETURNED,
        },
        _O.FULFILLED: {"returnPart": _O.PARTIALLY_RETURNED, "return": _O.RETURNED},
        _O.PARTIALLY_RETURNED: {
            "fulfillPart": _O.PARTIALLY_RETURNED,
            "fulfill": _O.PARTIALLY_RETURNED,
            "returnPart": _O.PARTIALLY_RETURNED,
            "return": _O.RETURNED,
        },
        _O.RETURNED: {},
        _O.CANCELED: {},
        _O.EXPIRED: {},
    },
)
"""The whole order. Its delivery takes the same steps, but those before there is something to deliver."""

FULFILLMENTS = Transitions(
    _F.UNFULFILLED,
    {
        _F.UNFULFILLED: {
            "fulfillPart": _F.PARTIALLY_FULFILLED,
            "fulfill": _F.FULFILLED,
            "cancel": _F.CANCELED,
            "expire": _F.CANCELED,
        },
        _F.PARTIALLY_FULFILLED: {
            "fulfillPart": _F.PARTIALLY_FULFILLED,
            "fulfill": _F.FULFILLED,
            "returnPart": _F.PARTIALLY_RETURNED,
        },
        _F.FULFILLED: {"returnPart": _F.PARTIALLY_RETURNED, "return": _F.RETURNED},
        _F.PARTIALLY_RETURNED: {
            "fulfillPart": _F.PARTIALLY_RETURNED,
            "fulfill": _F.PARTIALLY_RETURNED,
            "returnPart": _F.PARTIALLY_RETURNED,
            "return": _F.RETURNED,
        },
        _F.RETURNED: {},
        _F.CANCELED: {},
    },
)

_CHARGING = {"chargePart": _P.PARTIALLY_CHARGED, "charge": _P.FULLY_CHARGED}
_REFUNDING = {"refundPart": _P.PARTIALLY_REFUNDED, "refund": _P.FULLY_REFUNDED}

PAYMENTS = Transitions(
    _P.NOT_CHARGED,
    {
        _P.NOT_CHARGED: {"request": _P.PENDING, "cancel": _P.CANCELLED, **_CHARGING},
        _P.PENDING: {"refuse": _P.REFUSED, "cancel": _P.CANCELLED, **_CHARGING},
        _P.PARTIALLY_CHARGED: {**_CHARGING, **_REFUNDING},
        _P.FULLY_CHARGED: _REFUNDING,
        _P.PARTIALLY_REFUNDED: _REFUNDING,
        _P.FULLY_REFUNDED: {},
        _P.REFUSED: {"request": _P.PENDING, "cancel": _P.CANCELLED, **_CHARGING},
        _P.CANCELLED: {},
    },
)
"""What was charged is paid back, not called off: the payment of an order that is cancelled takes a step of its own."""


class Quantities(NamedTuple):
    """How many of an order's line were ordered, delivered and came back."""

    ordered: Decimal
    fulfilled: Decimal
    returned: Decimal


def fulfilling_step(lines: Iterable[Quantities]) -> str:
    """The step of an order after a delivery: whether all of it is delivered."""
    return "fulfill" if all(line.fulfilled == line.ordered for line in lines) else "fulfillPart"


def returning_step(lines: Iterable[Quantities]) -> str:
    """The step of an order after something came back: whether all of it did."""
    return "return" if all(line.returned == line.ordered for line in lines) else "returnPart"
