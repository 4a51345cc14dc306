"""What holds of records of one kind beyond their columns: what follows from what, what is checked, what comes after.

Each kind's rules stand in a file of its own and are listed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from app.services.checks import CHECKS
from app.services.errors import InvalidState
from app.services.records.drafts import Draft, sound
from app.services.records.rules import (
    customers,
    definitions,
    documents,
    interactions,
    lines,
    numbers,
    opportunities,
    orders,
    points,
    rates,
    regions,
    rights,
    segments,
    surveys,
    tickets,
    trees,
)
from app.services.writing import UnitOfWork

Step: TypeAlias = Callable[[UnitOfWork, Sequence[Draft]], Awaitable[None]]

PREPARING: Mapping[str, tuple[Step, ...]] = {
    "Campaign": (rates.fix,),
    "ContactPoint": (points.form,),
    "Contract": (numbers.draw, rates.fix),
    "Customer": (rates.fix,),
    "Department": (trees.place,),
    "FieldDefinition": (definitions.check_unused,),
    "Opportunity": (opportunities.place, rates.fix),
    "Order": (numbers.draw, documents.reckon, rates.fix),
    "OrderLine": (lines.prepare,),
    "Quote": (numbers.draw, documents.reckon, rates.fix),
    "QuoteLine": (lines.prepare,),
    "Region": (trees.place, regions.check),
    "Role": (rights.guard,),
    "RoleAssignment": (rights.sign, rights.guard),
    "Segment": (segments.own,),
    "SurveyResponse": (surveys.scale,),
    "Ticket": (numbers.draw, rates.fix, tickets.promise),
    "User": (rights.guard,),
}
"""By resource, what fills in columns that follow from others, before anything is checked."""

FILLED: Mapping[str, frozenset[str]] = {
    "Contract": frozenset({"number"}),
    "Opportunity": frozenset({"stage", "stageCode", "pipelineCode"}),
    "Order": frozenset({"number"}),
    "OrderLine": frozenset({"currency", "lineTotal"}),
    "Quote": frozenset({"number"}),
    "QuoteLine": frozenset({"currency", "lineTotal"}),
    "SurveyResponse": frozenset({"scaleMin", "scaleMax"}),
    "Ticket": frozenset({"number"}),
}
"""By resource, fields that are filled in so: they lack only where nothing else is wrong."""

LEAVING: Mapping[str, tuple[Step, ...]] = {
    "Customer": (customers.check_unmerged,),
    "Order": (orders.check_free,),
    "OrderLine": (lines.check_open,),
    "QuoteLine": (lines.check_open,),
    "Role": (rights.leave,),
    "RoleAssignment": (rights.leave,),
    "User": (rights.leave,),
}
"""By resource, what may stand in the way of deleting a record, or of bringing it back."""

FOLLOWING: Mapping[str, tuple[Step, ...]] = {
    "ContactPoint": (points.lead_customer,),
    "Customer": (customers.take_along, points.follow_customer),
    "Department": (trees.take_along,),
    "FieldDefinition": (definitions.file,),
    "Interaction": (interactions.touch,),
    "Order": (orders.touch, documents.carry_rate),
    "OrderLine": (lines.add_up,),
    "Quote": (documents.carry_rate,),
    "QuoteLine": (lines.add_up,),
    "Region": (trees.take_along,),
}
"""By resource, what else changes once a record is written; done by the system."""


WHEN_MADE: Mapping[str, frozenset[str]] = {"Opportunity": frozenset({"type", "stage"})}
"""By resource, fields that are given when a record is made; later a step of its process alone changes them."""


def check_kept(drafts: Iterable[Draft]) -> None:
    """Notes changes that only a step of a process makes."""
    for draft in drafts:
        for name in draft.changing & WHEN_MADE.get(draft.resource.name, frozenset()):
            draft.note(InvalidState("by_step", (name,)))


async def prepare(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Fills in what follows, of records of which it is known whose they are."""
    known = [draft for draft in sound(drafts) if not draft.resource.owned or draft.row.get("customer_id") is not None]
    await _each(PREPARING, unit, known)


async def leave(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes what stands in the way of deleting or restoring."""
    await _each(LEAVING, unit, sound(drafts))


async def follow(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Does what comes after."""
    await _each(FOLLOWING, unit, drafts)


async def _each(steps: Mapping[str, tuple[Step, ...]], unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.resource.name].append(draft)
    for name, group in groups.items():
        for step in steps.get(name, ()):
            await step(unit, group)


def check(drafts: Iterable[Draft]) -> None:
    """Notes what the rows as a whole may not be, as far as callers know what is compared."""
    for draft in drafts:
        for rule in CHECKS.get(draft.resource.name, ()):
            is_due = draft.old is None or set(rule.fields) & draft.changing
            if is_due and draft.knows(*rule.fields) and not draft.faulty(rule.fields):
                for error in rule.run(draft.row):
                    draft.note(error)


def compared_with(draft: Draft, name: str) -> frozenset[str]:
    """The fields that a check compares a field with, as they are stored."""
    rules = (rule for rule in CHECKS.get(draft.resource.name, ()) if name in rule.fields)
    return frozenset(other for rule in rules for other in rule.fields) - set(draft.set)
