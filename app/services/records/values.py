"""What a caller gives → what columns hold. Fields that nobody lets the caller set are noted, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.services.errors import Forbidden, Invalid, Required
from app.services.records.drafts import Draft, Entries, Money, Ref
from app.services.values import stored
from policies.access import Access
from policies.catalogue import Field
from policies.document import Action


def name(drafts: Iterable[Draft], access: Access, action: Action) -> None:
    """Names the fields that drafts set, and notes those that the caller can never set.

    A currency that comes with an amount is found by `take`.
    """
    for draft in drafts:
        draft.set = list(dict.fromkeys(each for part in draft.given for each in _fields(draft, part)))
        for part in draft.given:
            if not all(access.permits(action, draft.resource, [each]).possible for each in _fields(draft, part)):
                draft.note(Forbidden("not_settable", (part,)))


def take(drafts: Iterable[Draft], access: Access, action: Action) -> None:
    """Fills rows with what is given, as it is stored; references are left to be resolved."""
    for draft in drafts:
        for name, value in draft.given.items():
            fields = [*_fields(draft, name), *_currency(draft, value)]
            draft.set += [each for each in fields if each not in draft.set]
            if all(access.permits(action, draft.resource, [each]).possible for each in fields) and not isinstance(
                value, Ref
            ):
                _store(draft, name, value)


def _fields(draft: Draft, name: str) -> Iterator[str]:
    """The fields that a part of an input sets."""
    if name not in draft.resource.subjects:
        yield name
        return
    for relation in draft.resource.subjects[name].values():
        yield from relation.fields


def _currency(draft: Draft, value: object) -> Iterator[str]:
    """The currency's field where an amount changes the currency of its row."""
    given = value.currency if isinstance(value, Money) else None
    if given is not None and (draft.old is None or draft.old["currency"] != given):
        yield "currency"


def _store(draft: Draft, name: str, value: object) -> None:
    if name in draft.resource.subjects:
        for relation in draft.resource.subjects[name].values():
            draft.row |= {relation.pairs[-1][0]: None, **{column: None for _, column, _ in relation.fixed}}
        return
    field = draft.resource.fields[name]
    if isinstance(value, Money):
        _amount(draft, field, value)
    elif isinstance(value, Entries):
        _enter(draft, field, value)
    else:
        _put(draft, field, value, name)


def _amount(draft: Draft, field: Field, money: Money) -> None:
    _put(draft, field, money.amount, field.name)
    if money.currency is None:
        return
    known = draft.row.get("currency")
    if known is None or (draft.old is not None and known == draft.old["currency"]):
        _put(draft, draft.resource.fields["currency"], money.currency, field.name)
    elif known != money.currency:
        draft.note(Invalid("currency_mismatch", (field.name,), currency=known))


def _enter(draft: Draft, field: Field, entries: Entries) -> None:
    held = {**(draft.row.get(field.column.name) or {}), **entries.values}
    draft.row[field.column.name] = {key: value for key, value in held.items() if value is not None} or None


def _put(draft: Draft, field: Field, value: object, place: str) -> None:
    try:
        found = None if value is None else stored(field, value)
    except Invalid as invalid:
        draft.note(invalid.at((place,)))
        return
    if found is None and not field.column.nullable:
        draft.note(Required("required", (place,)))
    draft.row[field.column.name] = found
