"""What a new record holds though nobody says so: who is answerable for it, where it lies, in which currency it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from app.models.ids import uuid7
from app.services.errors import Required
from app.services.records.drafts import Draft
from app.services.records.locking import Customers
from app.services.records.statements import SCOPE
from app.services.writing import UnitOfWork
from policies.catalogue import Field
from policies.conditions import Constant, Operand
from policies.document import Action


def fill(unit: UnitOfWork, drafts: Iterable[Draft], customers: Customers, now: dt.datetime) -> None:
    """Fills rows of new records, and notes what is missing."""
    for draft in drafts:
        draft.row |= {"id": uuid7(), "created_by": unit.actor, "updated_by": unit.actor}
        _copy(draft, customers.get(draft.row["customer_id"], {}) if draft.row.get("customer_id") else {})
        _begin(draft, now)


def preset(unit: UnitOfWork, drafts: Iterable[Draft], action: Action) -> None:
    """Gives fields the values that the policy's presets say."""
    for draft in drafts:
        for name, operand in unit.access.presets(action, draft.resource).items():
            value = _value(operand, unit.rights.principal.values)
            draft.row[draft.resource.fields[name].column.name] = value


def _value(operand: Operand, values: Mapping[Operand, object]) -> object:
    return operand.value if isinstance(operand, Constant) else values[operand]


def _copy(draft: Draft, customer: Mapping[str, Any]) -> None:
    """Owner, department and region are the customer's, unless the record may have its own and says so."""
    for name in SCOPE:
        column = draft.resource.table.c.get(name)
        if column is None or not customer:
            continue
        if column.info["field"].copies:
            draft.row[name] = customer[name]
        else:
            draft.row.setdefault(name, customer[name])
    currency = draft.resource.table.c.get("currency")
    if currency is not None and customer.get("currency") and draft.row.get("currency") is None and _is_priced(draft):
        draft.row["currency"] = customer["currency"]


def _is_priced(draft: Draft) -> bool:
    """Whether a currency is needed: the column asks for one, or there is an amount."""
    amounts = (field.column.name for field in draft.resource.fields.values() if "currency" in field.spec.companions)
    return not draft.resource.table.c.currency.nullable or any(draft.row.get(name) is not None for name in amounts)


BEGINS: Mapping[str, str] = {
    "Opportunity": "opened_at",
    "Order": "ordered_at",
    "Ticket": "opened_at",
    "Interaction": "occurred_at",
    "TicketMessage": "sent_at",
    "Consent": "obtained_at",
    "SurveyResponse": "sent_at",
    "CampaignMember": "status_at",
    "SegmentMember": "added_at",
}
"""The time of a record that is now where nothing else is said, by resource."""


def _begin(draft: Draft, now: dt.datetime) -> None:
    column = BEGINS.get(draft.resource.name)
    if column is not None and draft.row.get(column) is None:
        draft.row[column] = now


def missing(drafts: Iterable[Draft], filled: Mapping[str, frozenset[str]]) -> None:
    """Notes fields that must be given and are not; those that are filled in, where nothing else is wrong."""
    for draft in drafts:
        own = filled.get(draft.resource.name, frozenset())
        lacking = [field.name for field in draft.resource.fields.values() if _lacks(draft, field)]
        _note(draft, (name for name in lacking if name not in own))
        if not draft.errors:
            _note(draft, (name for name in lacking if name in own))


def _note(draft: Draft, names: Iterable[str]) -> None:
    faulty = {error.field[len(draft.place) :][:1] for error in draft.errors}
    for name in names:
        if (name,) not in faulty:
            draft.note(Required("required", (name,)))


def _lacks(draft: Draft, field: Field) -> bool:
    column = field.column
    has_default = column.server_default is not None or column.nullable
    return not has_default and draft.row.get(column.name) is None
