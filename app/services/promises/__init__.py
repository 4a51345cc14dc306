"""What we promise about tickets: how soon a first answer and a solution come, and whether they did.

promise    Promise, and which one fits a ticket
shipped    the promises of a company that has made none
reading    the JSON document of a region's own
terms      when a ticket's promise is due, what stands still while it waits for the customer, what the ticket keeps of it
"""

from app.services.promises.promise import Clock, Promise, TicketFacts, promise_for
from app.services.promises.reading import read_promises
from app.services.promises.shipped import SHIPPED
from app.services.promises.terms import Breaches, DueTimes, Pause, breached, due_times, extended, kept, paused, resumed

__all__ = [
    "SHIPPED",
    "Breaches",
    "Clock",
    "DueTimes",
    "Pause",
    "Promise",
    "TicketFacts",
    "breached",
    "due_times",
    "extended",
    "kept",
    "paused",
    "promise_for",
    "read_promises",
    "resumed",
]
