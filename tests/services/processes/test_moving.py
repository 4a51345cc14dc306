"""Where a record stands is told only to one who sees that plain."""

from __future__ import annotations

import pytest

from app.models.catalogue import CATALOGUE
from app.services.processes.moving import move
from app.services.records.drafts import Draft
from app.services.transitions import TICKETS


def closed_ticket(state: str) -> Draft:
    """A closed ticket, whose status the caller sees in such a state."""
    row = {"status": "CLOSED"}
    return Draft(CATALOGUE["Ticket"], {}, row=dict(row), old=row, states={"status": state})


@pytest.mark.parametrize(
    ("state", "reason", "params"),
    [
        ("plain", "not_possible_now", {"step": "wait", "status": "CLOSED", "possible": ("reopen",)}),
        ("masked", "not_possible", {}),
        ("withheld", "not_possible", {}),
    ],
    ids=["plain", "masked", "withheld"],
)
def test_a_refusal_names_the_status_only_where_it_is_plain(state: str, reason: str, params: dict[str, object]) -> None:
    draft = closed_ticket(state)
    assert not move(draft, TICKETS, "wait")
    assert [(error.reason, dict(error.params)) for error in draft.errors] == [(reason, params)]
    assert draft.row == {"status": "CLOSED"}


def test_a_step_that_can_be_taken_is_taken() -> None:
    draft = closed_ticket("withheld")
    assert move(draft, TICKETS, "reopen")
    assert (draft.row["status"], draft.errors) == ("IN_PROGRESS", [])
