"""What is told of the fields of an entity: by the columns that hold them, and by what an access may ever do."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.services.labels import field_label, option_label
from app.services.messages import ENGLISH
from app.services.values.shapes import Shape, shape_of
from graphql_schema.entities import Amount, Entity, Graph, Member, One, Subject, Value
from graphql_schema.forms.types import DOCUMENT, FIELD, OPTION
from graphql_schema.mutations.entities import WITHOUT
from graphql_schema.mutations.inputs import held_by, needed, settable
from graphql_schema.sight import readable
from policies.access import Access
from policies.catalogue import Field, Kind, Relation
from policies.document import Action

TYPES = {
    Kind.TEXT: "TEXT",
    Kind.TREE: "TEXT",
    Kind.ENUM: "CHOICE",
    Kind.INTEGER: "INTEGER",
    Kind.DECIMAL: "DECIMAL",
    Kind.MONEY: "MONEY",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIME: "TIME",
    Kind.DATE: "DATE",
    Kind.JSON: DOCUMENT,
    Kind.ID: "TEXT",
}


@dataclass(frozen=True)
class Facts:
    """What is told of the fields of an entity to a caller with an access."""

    graph: Graph
    access: Access
    entity: Entity

    @cached_property
    def _settable(self) -> Mapping[Action, Container[str]]:
        if self.entity.name in WITHOUT:
            return {Action.CREATE: (), Action.UPDATE: ()}
        return {action: settable(self.entity, new=action is Action.CREATE) for action in (Action.CREATE, Action.UPDATE)}

    def _may(self, name: str, member: Member, action: Action) -> bool:
        """Whether the caller may ever set a member."""
        fields = (field.name for field in held_by(self.entity, member))
        permits = (self.access.permits(action, self.entity.resource, [each]).possible for each in fields)
        return name in self._settable[action] and all(permits)

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """The members that the caller may ever see or set."""
        return {name: member for name, member in self.entity.members.items() if self._is_told(name, member)}

    def _is_told(self, name: str, member: Member) -> bool:
        if not isinstance(member, (Value, Amount, One, Subject)):
            return False
        sees = self.access.on(self.entity.resource).visible and readable(self.graph, self.access, self.entity, member)
        return sees or any(self._may(name, member, action) for action in (Action.CREATE, Action.UPDATE))

    def of(self, name: str, language: str) -> dict[str, Any]:
        """What is told of a member, by the names of the API."""
        member = self.members[name]
        field = next(held_by(self.entity, member))
        creates, updates = (self._may(name, member, each) for each in (Action.CREATE, Action.UPDATE))
        return {
            "__typename": FIELD,
            "name": name,
            "label": field_label(name, language),
            "hint": field.doc if language == ENGLISH else None,
            "required": creates and needed(self.entity, name, member),
            "requiredWhen": None,
            "settableOnCreate": creates,
            "settableOnUpdate": updates,
            "pattern": None,
            "dataClass": field.spec.data_class,
            "custom": False,
            "filterable": not isinstance(member, Subject) and field.spec.kind is not Kind.JSON,
            "targets": self._targets(member),
            **_form(member, field, language),
        }

    def _targets(self, member: Member) -> list[str] | None:
        """The types of record that a member refers to, as far as any such record is ever seen."""
        relations: Iterable[Relation] = [member.relation] if isinstance(member, One) else ()
        if isinstance(member, Subject):
            relations = member.relations.values()
        seen = [each.target for each in relations if self.access.on(self.graph[each.target].resource).visible]
        return seen or None


def _form(member: Member, field: Field, language: str) -> dict[str, Any]:
    """What a member takes."""
    refers = isinstance(member, (One, Subject))
    shape = Shape() if refers else shape_of(field)
    return {
        "type": "REFERENCE" if refers else TYPES[field.spec.kind],
        "format": None if refers else field.spec.scalar,
        "minLength": None,
        "maxLength": shape.longest,
        "min": None if shape.least is None else format(shape.least, "f"),
        "max": None if shape.greatest is None else format(shape.greatest, "f"),
        "decimals": shape.decimals,
        "options": [_option(value, language) for value in shape.options] if shape.options else None,
    }


def _option(value: str, language: str) -> dict[str, str]:
    return {"__typename": OPTION, "value": value, "label": option_label(value, language)}
