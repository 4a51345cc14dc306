"""Inputs of mutations, made from the members of entities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import strawberry

from app.models.extending import CUSTOM, fields_of
from app.services.records.rules import WHEN_MADE
from app.services.records.statements import DEFINING
from graphql_schema.building import output_type
from graphql_schema.custom.reading import DEFINITION
from graphql_schema.entities import Amount, Entity, Key, Member, One, Subject, Value
from graphql_schema.making import REQUIRED, Part, empty, fill_input, maybe
from graphql_schema.mutations.reserved import BY_PROCESS
from graphql_schema.scalars import JSON, CurrencyCode, Exact
from policies.access import Access
from policies.catalogue import Field
from policies.document import Action

MONEY = empty("MoneyInput")
fill_input(
    MONEY,
    "An amount of money.",
    [
        Part("amount", Exact, "The amount, exact; zero or more.", default=REQUIRED),
        Part(
            "currency",
            maybe(CurrencyCode),
            "Its currency, ISO 4217; without it, the record's. All amounts of a record have one currency.",
        ),
    ],
)

ID = Part("id", strawberry.ID, "Which one.", default=REQUIRED)
VERSION = Part("expectedVersion", maybe(int), "Refused where the `version` is another by now.")
COMMON = (
    Part("validateOnly", maybe(bool), "Check everything, write nothing."),
    Part("idempotencyKey", maybe(str), "Sent again with this within 24 hours, it is done once."),
)
CONTROLS = frozenset({"id", "expectedVersion", "validateOnly", "idempotencyKey"})
"""Names in inputs that are no fields of the record."""


def settable(entity: Entity, *, new: bool) -> Mapping[str, Member]:
    """The members that a new record, or a change of one, may be given."""
    return {name: member for name, member in entity.members.items() if _is_settable(entity, name, member, new=new)}


def _is_settable(entity: Entity, name: str, member: Member, *, new: bool) -> bool:
    held = list(held_by(entity, member))
    if isinstance(member, Key) or not held or name in BY_PROCESS.get(entity.name, ()):
        return False
    if not new and name in WHEN_MADE.get(entity.name, ()):
        return False
    fixed = {field.column.name for field in held} & set(entity.resource.key)
    return all(field.spec.settable for field in held) and (new or not fixed)


def held_by(entity: Entity, member: Member) -> Iterator[Field]:
    """The fields that a member is held by."""
    if isinstance(member, (Value, Amount)):
        yield member.field
    elif isinstance(member, One):
        yield entity.resource.fields[member.relation.field]
    elif isinstance(member, Subject):
        names = dict.fromkeys(name for relation in member.relations.values() for name in relation.fields)
        yield from (entity.resource.fields[name] for name in names)


def unset(entity: Entity, access: Access, actions: Collection[Action]) -> Iterator[str]:
    """The members that a caller with an access can never set, by none of some actions."""
    for name, member in settable(entity, new=True).items():
        fields = [field.name for field in held_by(entity, member)]
        ways = (all(access.permits(action, entity.resource, [each]).possible for each in fields) for action in actions)
        if not any(ways):
            yield name
    if CUSTOM in entity.members and not any(_sets_custom(entity, access, action) for action in actions):
        yield CUSTOM


def _sets_custom(entity: Entity, access: Access, action: Action) -> bool:
    """Whether a caller with an access can ever set a custom field."""
    known = access.on(DEFINITION).readable.issuperset(DEFINING)
    holders = fields_of(entity.resource).values()
    return known and any(access.permits(action, entity.resource, [each]).possible for each in holders)


def parts(entity: Entity, *, new: bool) -> Iterator[Part]:
    """The input's fields for the members of an entity."""
    for name, member in settable(entity, new=new).items():
        yield Part(name, _annotation(member), _description(entity, name, member, new=new))
    if CUSTOM in entity.members:
        yield Part(
            CUSTOM, maybe(JSON), "Custom fields: an object of values by key; null clears a value, and absent keys stay."
        )


def part(entity: Entity, name: str, *, new: bool = False) -> Part:
    """The input's field for one member."""
    return Part(name, _annotation(entity.members[name]), _description(entity, name, entity.members[name], new=new))


def _annotation(member: Member) -> object:
    if isinstance(member, Value):
        return output_type(member.field)
    return maybe(MONEY) if isinstance(member, Amount) else maybe(strawberry.ID)


def _description(entity: Entity, name: str, member: Member, *, new: bool) -> str:
    doc = "What it is about." if isinstance(member, Subject) else next(held_by(entity, member)).doc
    return f"{doc} Must be given." if new and needed(entity, name, member) else doc


def needed(entity: Entity, name: str, member: Member) -> bool:
    """Whether a new record must be given it."""
    column = next(held_by(entity, member)).column
    return not column.nullable and column.server_default is None and name not in _FOUND


_FOUND = frozenset({"orderedAt", "openedAt", "occurredAt", "sentAt", "obtainedAt", "stage", "currency", "number"})
"""Fields that cannot be empty and are filled in where nothing is said."""


def make_input(title: str, description: str, given: Iterable[Part]) -> type:
    """An input type."""
    made = empty(title)
    fill_input(made, description, [*given, *COMMON])
    return made
