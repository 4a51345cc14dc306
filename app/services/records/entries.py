"""Custom fields in inputs: entries of the columns of their data classes, judged by their definitions.

To the policy an entry is a part of its class's column, so the right to it is the right to that; mistakes name the entry.
Definitions that the caller does not see plain are not there for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.models.extending import COLUMNS, CUSTOM, fields_of, is_extended
from app.services.custom.definitions import Definition, read_definition
from app.services.custom.values import judged
from app.services.errors import Forbidden, Invalid, Required, UserError
from app.services.records import statements
from app.services.records.drafts import Draft, Entries
from app.services.records.given import Given
from app.services.writing import UnitOfWork
from policies.access import Access
from policies.document import Action

MOST = 200
"""Entries at once."""


async def take(unit: UnitOfWork, drafts: Sequence[Draft], action: Action) -> None:
    """Has custom fields that are given stand under the columns that hold them. Notes those that cannot be taken."""
    resource = drafts[0].resource
    if not is_extended(resource):
        return
    rows = await unit.fetch(statements.defined(unit.access), {Given("entity"): resource.name})
    defined = {row["key"]: read_definition(row) for row in rows}
    for draft in drafts:
        draft.defined = tuple(defined.values())
        if CUSTOM in draft.given:
            _spread(draft, defined, unit.access, action)


def _spread(draft: Draft, defined: Mapping[str, Definition], access: Access, action: Action) -> None:
    asked = draft.given[CUSTOM]
    draft.given = {name: value for name, value in draft.given.items() if name != CUSTOM}
    if asked is None:
        asked = {key: None for key, each in defined.items() if _holder(draft, each, access, action)}
    if not isinstance(asked, dict):
        draft.note(Invalid("no_object", (CUSTOM,)))
    elif len(asked) > MOST:
        draft.note(Invalid("too_many", (CUSTOM,), max=MOST))
    else:
        found: dict[str, dict[str, object]] = defaultdict(dict)
        for key, value in asked.items():
            try:
                definition, holder = _found(draft, defined.get(key), access, action)
                found[holder][key] = judged(definition, value)
            except UserError as error:
                draft.note(error.at((CUSTOM, key)))
        draft.given = {**draft.given, **{holder: Entries(values) for holder, values in found.items()}}
        draft.entries = {holder: tuple(values) for holder, values in found.items()}


def _found(draft: Draft, definition: Definition | None, access: Access, action: Action) -> tuple[Definition, str]:
    """A definition, and the field that holds its values. Raises UserError where there is none for the caller."""
    if definition is None:
        raise Invalid("unknown_field")
    holder = _holder(draft, definition, access, action)
    if holder is None:
        raise Forbidden("not_settable")
    return definition, holder


def _holder(draft: Draft, definition: Definition, access: Access, action: Action) -> str | None:
    """The field that holds the values of a definition; None where the caller never sets it."""
    holder = fields_of(draft.resource).get(definition.data_class) if definition.data_class else None
    return holder if holder and access.permits(action, draft.resource, [holder]).possible else None


def check(drafts: Iterable[Draft], access: Access, action: Action) -> None:
    """Notes custom fields that must be given and are not, as far as the caller may set them and knows what they hold."""
    for draft in drafts:
        for definition in draft.defined:
            holder = _holder(draft, definition, access, action)
            place = (*draft.place, CUSTOM, definition.key)
            is_told = any(error.field == place for error in draft.errors)
            if holder and not is_told and _lacks(draft, definition, holder):
                draft.note(Required("required", (CUSTOM, definition.key)))


def _lacks(draft: Draft, definition: Definition, holder: str) -> bool:
    assert definition.data_class is not None
    held = draft.row.get(COLUMNS[definition.data_class]) or {}
    is_given = definition.key in draft.entries.get(holder, ())
    if held.get(definition.key) is not None or not (is_given or draft.is_new or draft.sees(holder)):
        return False
    if definition.required and (is_given or draft.is_new):
        return True
    names = [name for name in definition.required_when if name in draft.resource.fields]
    is_due = is_given or draft.is_new or bool(draft.changing & set(names))
    return bool(names) and is_due and draft.knows(*names) and not draft.faulty(names) and _is_met(draft, definition)


def _is_met(draft: Draft, definition: Definition) -> bool:
    """Whether all that it is required with is so."""
    fields = draft.resource.fields
    wanted = ((fields[name].column.name, values) for name, values in definition.required_when.items() if name in fields)
    return all(draft.row.get(column) in values for column, values in wanted)
