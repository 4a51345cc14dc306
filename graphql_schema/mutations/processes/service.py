"""From a customer's question to the answer."""

import strawberry

from app.models.enums import Channel, TicketStatus
from app.services.processes import surveys, tickets
from app.services.transitions import TICKETS
from graphql_schema.filters import enum_type
from graphql_schema.making import REQUIRED, Part, maybe
from graphql_schema.mutations.beginnings import Beginning
from graphql_schema.mutations.steps import Step, moving

STEPS = (
    Step(
        "Ticket",
        "Assign",
        "Give a ticket to a person, or to the queue of a department, or both.",
        tickets.assign,
        takes=("owner", "department"),
        sets={"status": TicketStatus.ASSIGNED},
    ),
    moving("Ticket", "Start", "Begin to work on a ticket.", TICKETS),
    Step(
        "Ticket",
        "Reply",
        "Write to the customer about a ticket; the first time counts as our first answer. Or write an internal note,"
        " which the customer does not get and which leaves the ticket where it stands.",
        tickets.reply,
        sets={"status": TicketStatus.IN_PROGRESS},
        asks=(
            Part("body", str, "The text.", default=REQUIRED),
            Part("channel", maybe(enum_type(Channel)), "How it is sent."),
            Part("internal", maybe(bool), "Whether it is a note among ourselves."),
        ),
        brings={"message": "TicketMessage"},
    ),
    Step(
        "Ticket",
        "Wait",
        "Wait for the customer. Meanwhile the time to a solution stands still; that to the first answer does not.",
        tickets.wait,
        sets={"status": TicketStatus.PENDING_CUSTOMER},
    ),
    Step(
        "Ticket",
        "Resume",
        "Wait for the customer no longer. As much time is left to a solution as when the waiting began.",
        tickets.resume,
        sets={"status": TicketStatus.IN_PROGRESS},
    ),
    Step(
        "Ticket",
        "Resolve",
        "Note what was done about a ticket, in `resolution`, which must be given.",
        tickets.resolve,
        takes=("resolution", "rootCause"),
        sets={"status": TicketStatus.RESOLVED},
    ),
    Step(
        "Ticket",
        "Reopen",
        "Take up again a ticket that was solved or closed. The time in which it was does not count.",
        tickets.reopen,
        sets={"status": TicketStatus.IN_PROGRESS},
    ),
    Step(
        "Ticket",
        "Escalate",
        "Raise priority or severity of a ticket, or both. It is then due as if it had been so pressing from the beginning.",
        tickets.escalate,
        takes=("priority", "severity"),
        sets={"status": TicketStatus.NEW},
    ),
    Step(
        "Ticket",
        "MarkDuplicate",
        "Close a ticket that tells the same as another of the customer. Where no `resolution` is given, it is the other's"
        " number.",
        tickets.mark_duplicate,
        takes=("resolution",),
        sets={"status": TicketStatus.DUPLICATE},
        asks=(Part("of", strawberry.ID, "The other ticket.", default=REQUIRED),),
    ),
    Step("Ticket", "Close", "Close a ticket that is solved.", tickets.close, sets={"status": TicketStatus.CLOSED}),
    Step(
        "Ticket",
        "Reject",
        "Close a ticket with which nothing will be done; why is said in `resolution`.",
        tickets.reject,
        takes=("resolution",),
        sets={"status": TicketStatus.REJECTED},
    ),
    Step(
        "SurveyResponse",
        "Submit",
        "Note what a customer answered: once, and on the survey's scale.",
        surveys.submit,
        takes=("score", "comment", "answers"),
    ),
)

BEGINNINGS = (
    Beginning(
        "SurveyResponse",
        "surveySend",
        "Send a survey to a customer, about a ticket, an order or a campaign, or nothing of these. What is made waits for"
        " the answer.",
        surveys.send,
        takes=("survey", "customer", "ticket", "order", "campaign", "agentUser"),
    ),
)
