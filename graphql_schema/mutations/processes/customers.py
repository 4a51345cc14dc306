"""Who is answerable for a customer."""

from app.services.processes import transfers
from app.services.processes.transfers import OpenWork
from graphql_schema.making import Part, listed, make_enum, maybe
from graphql_schema.mutations.steps import Step

_MEANING = {
    OpenWork.OPPORTUNITIES: "Opportunities and leads at an open stage.",
    OpenWork.TASKS: "Tasks that are neither done nor called off.",
    OpenWork.TICKETS: "Tickets that are not solved or closed.",
}
WORK = make_enum(OpenWork, "Open work of a customer's owner.", _MEANING.__getitem__)


def _count(work: OpenWork) -> Part:
    return Part(work.value.lower(), maybe(int), f"How many {work.value.lower()} go along, of those in view.")


STEPS = (
    Step(
        "Customer",
        "Transfer",
        "Give a customer to another owner, department or region, with all that lies where it does; and those of the former"
        " owner's open opportunities, tasks and tickets for it that `include` names. With `validateOnly` it tells how many.",
        transfers.transfer,
        takes=("owner", "department", "region"),
        asks=(Part("include", maybe(listed(WORK)), "What of the former owner's open work goes along."),),
        tells=tuple(map(_count, OpenWork)),
    ),
)
