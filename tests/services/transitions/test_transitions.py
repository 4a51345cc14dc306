"""Each process as a decision table: what can be done in which status, where it leads, and that nothing else can."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from app.models.base import Base
from app.services.errors import Code, InvalidState
from app.services.transitions import (
    CAMPAIGNS,
    CONTRACTS,
    FULFILLMENTS,
    LEADS,
    ORDERS,
    PAYMENTS,
    QUOTES,
    TASKS,
    TICKETS,
    Quantities,
    Transitions,
    fulfilling_step,
    possible,
    returning_step,
    step,
)

MACHINES: Mapping[str, Transitions[Any]] = {
    "leads": LEADS,
    "quotes.status": QUOTES,
    "contracts.status": CONTRACTS,
    "orders.status": ORDERS,
    "orders.fulfillment_status": FULFILLMENTS,
    "orders.payment_status": PAYMENTS,
    "tickets.status": TICKETS,
    "campaigns.status": CAMPAIGNS,
    "tasks.status": TASKS,
}

TABLES = {
    "leads": """
        assign   NEW ASSIGNED IN_PROCESS RECYCLED > ASSIGNED
        start    NEW ASSIGNED RECYCLED            > IN_PROCESS
        recycle  NEW ASSIGNED IN_PROCESS DEAD     > RECYCLED
        convert  NEW ASSIGNED IN_PROCESS RECYCLED > CONVERTED
        discard  NEW ASSIGNED IN_PROCESS RECYCLED > DEAD
    """,
    "quotes.status": """
        send       DRAFT NEGOTIATION ON_HOLD                     > DELIVERED
        negotiate  DELIVERED                                     > NEGOTIATION
        hold       DRAFT DELIVERED NEGOTIATION                   > ON_HOLD
        confirm    DELIVERED NEGOTIATION                         > CONFIRMED
        accept     DELIVERED NEGOTIATION CONFIRMED               > CLOSED_ACCEPTED
        decline    DRAFT DELIVERED NEGOTIATION ON_HOLD CONFIRMED > CLOSED_LOST
        expire     DELIVERED NEGOTIATION ON_HOLD                 > EXPIRED
        reopen     ON_HOLD CLOSED_LOST EXPIRED                   > DRAFT
    """,
    "contracts.status": """
        submit     DRAFT                         > IN_REVIEW
        revise     IN_REVIEW                     > DRAFT
        sign       DRAFT IN_REVIEW               > SIGNED
        start      SIGNED                        > ACTIVE
        renew      ACTIVE EXPIRED                > RENEWED
        expire     ACTIVE                        > EXPIRED
        terminate  DRAFT IN_REVIEW SIGNED ACTIVE > TERMINATED
    """,
    "orders.status": """
        place        DRAFT                                            > UNCONFIRMED
        confirm      DRAFT UNCONFIRMED                                > UNFULFILLED
        expire       UNCONFIRMED                                      > EXPIRED
        cancel       DRAFT UNCONFIRMED UNFULFILLED                    > CANCELED
        fulfillPart  UNFULFILLED PARTIALLY_FULFILLED                  > PARTIALLY_FULFILLED
        fulfill      UNFULFILLED PARTIALLY_FULFILLED                  > FULFILLED
        fulfillPart  PARTIALLY_RETURNED                               > PARTIALLY_RETURNED
        fulfill      PARTIALLY_RETURNED                               > PARTIALLY_RETURNED
        returnPart   PARTIALLY_FULFILLED FULFILLED PARTIALLY_RETURNED > PARTIALLY_RETURNED
        return       FULFILLED PARTIALLY_RETURNED                     > RETURNED
    """,
    "orders.fulfillment_status": """
        cancel       UNFULFILLED                                      > CANCELED
        expire       UNFULFILLED                                      > CANCELED
        fulfillPart  UNFULFILLED PARTIALLY_FULFILLED                  > PARTIALLY_FULFILLED
        fulfill      UNFULFILLED PARTIALLY_FULFILLED                  > FULFILLED
        fulfillPart  PARTIALLY_RETURNED                               > PARTIALLY_RETURNED
        fulfill      PARTIALLY_RETURNED                               > PARTIALLY_RETURNED
        returnPart   PARTIALLY_FULFILLED FULFILLED PARTIALLY_RETURNED > PARTIALLY_RETURNED
        return       FULFILLED PARTIALLY_RETURNED                     > RETURNED
    """,
    "orders.payment_status": """
        request     NOT_CHARGED REFUSED                                > PENDING
        cancel      NOT_CHARGED PENDING REFUSED                        > CANCELLED
        refuse      PENDING                                            > REFUSED
        chargePart  NOT_CHARGED PENDING REFUSED PARTIALLY_CHARGED      > PARTIALLY_CHARGED
        charge      NOT_CHARGED PENDING REFUSED PARTIALLY_CHARGED      > FULLY_CHARGED
        refundPart  PARTIALLY_CHARGED FULLY_CHARGED PARTIALLY_REFUNDED > PARTIALLY_REFUNDED
        refund      PARTIALLY_CHARGED FULLY_CHARGED PARTIALLY_REFUNDED > FULLY_REFUNDED
    """,
    "tickets.status": """
        assign         NEW ASSIGNED IN_PROGRESS                  > ASSIGNED
        assign         PENDING_CUSTOMER                          > PENDING_CUSTOMER
        start          NEW ASSIGNED                              > IN_PROGRESS
        reply          NEW ASSIGNED IN_PROGRESS                  > IN_PROGRESS
        reply          PENDING_CUSTOMER                          > PENDING_CUSTOMER
        reply          RESOLVED                                  > RESOLVED
        wait           NEW ASSIGNED IN_PROGRESS                  > PENDING_CUSTOMER
        resume         PENDING_CUSTOMER                          > IN_PROGRESS
        escalate       NEW                                       > NEW
        escalate       ASSIGNED                                  > ASSIGNED
        escalate       IN_PROGRESS                               > IN_PROGRESS
        escalate       PENDING_CUSTOMER                          > PENDING_CUSTOMER
        resolve        NEW ASSIGNED IN_PROGRESS PENDING_CUSTOMER > RESOLVED
        reject         NEW ASSIGNED IN_PROGRESS PENDING_CUSTOMER > REJECTED
        markDuplicate  NEW ASSIGNED IN_PROGRESS PENDING_CUSTOMER > DUPLICATE
        close          RESOLVED                                  > CLOSED
        reopen         RESOLVED CLOSED REJECTED DUPLICATE        > IN_PROGRESS
    """,
    "campaigns.status": """
        launch    PLANNING INACTIVE        > ACTIVE
        pause     ACTIVE                   > INACTIVE
        complete  ACTIVE INACTIVE          > COMPLETE
        cancel    PLANNING ACTIVE INACTIVE > CANCELED
    """,
    "tasks.status": """
        start     NOT_STARTED DEFERRED         > STARTED
        defer     NOT_STARTED STARTED          > DEFERRED
        complete  NOT_STARTED STARTED DEFERRED > COMPLETED
        cancel    NOT_STARTED STARTED DEFERRED > CANCELED
        reopen    DEFERRED COMPLETED CANCELED  > NOT_STARTED
    """,
}

ENDS = {
    "leads": {"CONVERTED": "", "DEAD": "recycle"},
    "quotes.status": {"CLOSED_ACCEPTED": "", "CLOSED_LOST": "reopen", "EXPIRED": "reopen"},
    "contracts.status": {"EXPIRED": "renew", "TERMINATED": "", "RENEWED": ""},
    "orders.status": {"RETURNED": "", "CANCELED": "", "EXPIRED": ""},
    "orders.fulfillment_status": {"RETURNED": "", "CANCELED": ""},
    "orders.payment_status": {"FULLY_REFUNDED": "", "CANCELLED": ""},
    "tickets.status": {"CLOSED": "reopen", "REJECTED": "reopen", "DUPLICATE": "reopen"},
    "campaigns.status": {"COMPLETE": "", "CANCELED": ""},
    "tasks.status": {"COMPLETED": "reopen", "CANCELED": "reopen"},
}
"""Where a process is over, and the ways out of there."""


def enum_of(machine: Transitions[Any]) -> type[StrEnum]:
    return type(machine.begins)


def expected(name: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for line in TABLES[name].strip().splitlines():
        (taken, *before), after = line.partition(">")[0].split(), line.partition(">")[2].strip()
        for status in before:
            assert (taken, status) not in found
            found[taken, status] = after
    return found


EACH = pytest.mark.parametrize("name", MACHINES)
CASES = [(name, status, taken) for name, it in MACHINES.items() for status in enum_of(it) for taken in sorted(it.steps)]


@pytest.mark.parametrize(("name", "status", "taken"), CASES, ids=lambda part: str(part))
def test_a_step_leads_where_the_table_says_or_cannot_be_taken(name: str, status: str, taken: str) -> None:
    machine, table = MACHINES[name], expected(name)
    for current in (status, str(status)):
        if (taken, current) in table:
            assert step(machine, taken, current) == table[taken, current]
            assert taken in possible(machine, current)
        else:
            with pytest.raises(InvalidState) as caught:
                step(machine, taken, current)
            assert (caught.value.code, caught.value.reason, caught.value.field) == (
                Code.INVALID_STATE,
                "not_possible_now",
                (),
            )
            assert caught.value.params == {"step": taken, "status": current, "possible": possible(machine, current)}


@EACH
def test_the_tables_are_about_the_same_steps(name: str) -> None:
    assert {taken for taken, _ in expected(name)} == MACHINES[name].steps


@EACH
def test_a_table_is_total(name: str) -> None:
    machine = MACHINES[name]
    assert set(machine.table) == set(enum_of(machine))
    assert all(isinstance(after, enum_of(machine)) for steps in machine.table.values() for after in steps.values())


@EACH
def test_every_status_is_reached_from_the_first(name: str) -> None:
    machine = MACHINES[name]
    reached = {machine.begins}
    for _ in enum_of(machine):
        reached |= {after for status in reached for after in machine.table[status].values()}
    assert reached == set(enum_of(machine))


@EACH
def test_what_is_over_has_no_way_out_but_those_named(name: str) -> None:
    machine = MACHINES[name]
    assert {status: " ".join(possible(machine, status)) for status in ENDS[name]} == ENDS[name]
    assert all(len(possible(machine, status)) > 1 for status in enum_of(machine) if status not in ENDS[name])


@EACH
def test_from_everywhere_an_end_is_reached(name: str) -> None:
    machine = MACHINES[name]
    ending = set(ENDS[name])
    for _ in enum_of(machine):
        ending |= {status for status, steps in machine.table.items() if ending & set(steps.values())}
    assert ending == set(enum_of(machine))


@pytest.mark.parametrize("name", [name for name in MACHINES if "." in name])
def test_a_process_begins_where_a_new_row_does(name: str) -> None:
    table, _, column = name.partition(".")
    default: Any = Base.metadata.tables[table].c[column].server_default
    assert str(default.arg) == MACHINES[name].begins


def test_an_unknown_status_has_no_steps() -> None:
    assert possible(TICKETS, "LOST") == ()
    with pytest.raises(InvalidState):
        step(TICKETS, "assign", "LOST")


def quantities(*lines: tuple[str, str, str]) -> list[Quantities]:
    return [Quantities(*map(Decimal, line)) for line in lines]


@pytest.mark.parametrize(
    ("lines", "fulfilling", "returning"),
    [
        (quantities(("2", "1", "0"), ("1", "1", "0")), "fulfillPart", "returnPart"),
        (quantities(("2", "2.000", "0"), ("1", "1", "0")), "fulfill", "returnPart"),
        (quantities(("2", "2", "2"), ("1", "1", "0.5")), "fulfill", "returnPart"),
        (quantities(("2", "2", "2"), ("1", "1", "1.0")), "fulfill", "return"),
        (quantities(("2", "2", "2"), ("1", "0", "0")), "fulfillPart", "returnPart"),
    ],
)
def test_whether_an_order_is_whole_follows_from_its_lines(
    lines: list[Quantities], fulfilling: str, returning: str
) -> None:
    assert fulfilling_step(lines) == fulfilling
    assert returning_step(lines) == returning
