"""Which steps a record can take from where it stands, and where they lead.

machine      Transitions: a table of steps by status; the only way to take one
sales        leads, quotes, contracts, orders
service      tickets
marketing    campaigns
policies     versions of the policy
work         tasks
"""

from app.services.transitions.machine import Transitions, possible, step
from app.services.transitions.marketing import CAMPAIGNS
from app.services.transitions.policies import POLICIES
from app.services.transitions.sales import (
    CONTRACTS,
    FULFILLMENTS,
    LEADS,
    ORDERS,
    PAYMENTS,
    QUOTES,
    Quantities,
    fulfilling_step,
    returning_step,
)
from app.services.transitions.service import TICKETS
from app.services.transitions.work import TASKS

__all__ = [
    "CAMPAIGNS",
    "CONTRACTS",
    "FULFILLMENTS",
    "LEADS",
    "ORDERS",
    "PAYMENTS",
    "POLICIES",
    "QUOTES",
    "TASKS",
    "TICKETS",
    "Quantities",
    "Transitions",
    "fulfilling_step",
    "possible",
    "returning_step",
    "step",
]
