"""What stands in the way of a merge, and which values the customer that stays may take over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.services.errors import Forbidden, Invalid, InvalidState, NotFound, Required, UserError
from app.services.merging.moving import lock
from app.services.merging.others import owners
from app.services.merging.tables import CUSTOMER
from app.services.records import locking, rules, statements
from app.services.records.drafts import Draft, Ref, refuse
from app.services.writing import UnitOfWork
from policies.catalogue import Field, Kind
from policies.document import Action

MOST = 10
"""Customers that are merged into one at once."""
_NEVER = frozenset({"kind", "currency", "legalHold"})
_WITH_AMOUNT = ("currency", "fx_rate", "fx_date")


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that is to hold what another customer says."""

    field: str
    source: Ref


@dataclass
class Merger:
    """A merge that is asked for."""

    survivor: Draft
    merged: Sequence[Draft]
    choices: Sequence[Choice] = ()
    taken: dict[UUID, list[str]] = field(default_factory=dict)
    """By merged customer, the columns that are taken from it."""

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All customers concerned."""
        return (self.survivor, *self.merged)

    def refuse(self) -> None:
        """Raises Refused where anything is wrong, each mistake at its place in the input."""
        for draft in self.drafts:
            draft.errors = [self._placed(error) for error in draft.errors]
        refuse(self.drafts)

    def _placed(self, error: UserError) -> UserError:
        *before, last = error.field or ("",)
        if before and last == "id":
            return type(error)(error.reason, tuple(before), **error.params)
        numbers = [i for i, choice in enumerate(self.choices) if (choice.field,) == error.field]
        return type(error)(error.reason, _choice(numbers[-1]), **error.params) if numbers else error


def _choice(number: int, part: str = "field") -> tuple[str, ...]:
    return "choices", str(number), part


def choosable() -> Mapping[str, Field]:
    """The fields that can be chosen."""
    return {name: each for name, each in CUSTOMER.fields.items() if _is_choosable(each)}


def _is_choosable(each: Field) -> bool:
    spec = each.spec
    return spec.settable and spec.data_class is not None and spec.kind is not Kind.ID and each.name not in _NEVER


def columns_of(each: Field) -> tuple[str, ...]:
    """The columns that hold a field: an amount comes with its currency and rate."""
    return (each.column.name, *(_WITH_AMOUNT if each.spec.kind is Kind.MONEY else ()))


async def prepare(unit: UnitOfWork, merger: Merger) -> None:
    """Locks the customers and takes over what is chosen. Raises Refused with everything that stands in the way."""
    _check_named(merger)
    merger.refuse()
    await _find(unit, merger)
    _name_fields(unit, merger)
    await lock(unit, await _concerned(unit, merger))
    await locking.records(unit, merger.drafts, Action.MERGE)
    locking.check_versions([merger.survivor])
    if all(draft.old is not None for draft in merger.drafts):
        _check_alike(merger)
        _take(merger)
        _check_taken(merger)
    merger.refuse()


def _check_named(merger: Merger) -> None:
    keys = [locking.key_of(draft) for draft in merger.drafts]
    if not merger.merged:
        merger.survivor.note(Required("required", ("merged",)))
    if len(merger.merged) > MOST:
        merger.survivor.note(Invalid("too_many", ("merged",), max=MOST))
    for number, draft in enumerate(merger.merged, 1):
        if keys[number] is not None and keys[number] in keys[:number]:
            draft.note(Invalid("itself", ("id",)))


async def _find(unit: UnitOfWork, merger: Merger) -> None:
    """Notes customers that are not in view, before anything is locked."""
    keys = sorted({key for draft in merger.drafts if (key := locking.key_of(draft)) is not None})
    found = await unit.fetch(statements.in_view(unit.access, CUSTOMER), statements.values_of(CUSTOMER, keys))
    seen = {(row["id"],) for row in found}
    for draft in merger.drafts:
        if locking.key_of(draft) not in seen:
            draft.note(NotFound("not_found", ("id",)))
    merger.refuse()


def _name_fields(unit: UnitOfWork, merger: Merger) -> None:
    """Names the fields that are chosen, and notes those that cannot be."""
    known, sources = choosable(), {draft.ref: draft for draft in merger.drafts}
    for number, choice in enumerate(merger.choices):
        if choice.field not in known:
            merger.survivor.note(Invalid("not_allowed", _choice(number)))
        elif not unit.access.permits(Action.MERGE, CUSTOMER, [choice.field]).possible:
            merger.survivor.note(Forbidden("not_settable", _choice(number)))
        if choice.source not in sources:
            merger.survivor.note(NotFound("not_found", _choice(number, "from")))
        if [other.field for other in merger.choices].index(choice.field) != number:
            merger.survivor.note(Invalid("not_allowed", _choice(number)))
    merger.refuse()
    for draft in merger.drafts:
        chosen = [choice for choice in merger.choices if choice.source != merger.survivor.ref]
        draft.set = [choice.field for choice in chosen if draft in (merger.survivor, sources[choice.source])]


async def _concerned(unit: UnitOfWork, merger: Merger) -> set[UUID]:
    merged = [draft.ref.id for draft in merger.merged if draft.ref]
    return {*merged, *(await owners(unit, merged)), *(draft.ref.id for draft in merger.drafts if draft.ref)}


def _check_alike(merger: Merger) -> None:
    for draft in merger.merged:
        if draft.row["kind"] != merger.survivor.row["kind"]:
            told = draft.sees("kind") and merger.survivor.sees("kind")
            draft.note(Invalid("other_kind", ("id",)) if told else InvalidState("not_possible", ("id",)))
    for draft in merger.drafts:
        if draft.row["legal_hold"]:
            draft.tell(InvalidState("on_hold", ("id",)), "legalHold")


def _take(merger: Merger) -> None:
    """Has the customer that stays hold what is chosen; what follows from the others' being a part of it."""
    survivor, known = merger.survivor, choosable()
    for number, choice in _taken(merger):
        source = next(draft for draft in merger.merged if draft.ref == choice.source)
        names = columns_of(known[choice.field])
        if not all(source.sees(name) for name in _fields(names)):
            survivor.note(Forbidden("not_settable", _choice(number)))
            continue
        merger.taken.setdefault(source.row["id"], []).extend(names)
        survivor.row |= {name: source.row[name] for name in names}
        if "currency" in names and survivor.old and survivor.old["currency"] != survivor.row["currency"]:
            survivor.set.append("currency")


def _taken(merger: Merger) -> Iterator[tuple[int, Choice]]:
    return ((i, choice) for i, choice in enumerate(merger.choices) if choice.source != merger.survivor.ref)


def _fields(columns: Sequence[str]) -> Iterator[str]:
    return (name for column in columns if (name := CUSTOMER.of_column(column)) and CUSTOMER.fields[name].spec.settable)


def _check_taken(merger: Merger) -> None:
    survivor = merger.survivor
    for name in survivor.changing:
        if not survivor.knows(*rules.compared_with(survivor, name)):
            survivor.note(Forbidden("not_settable", (name,)))
    rules.check([survivor])
