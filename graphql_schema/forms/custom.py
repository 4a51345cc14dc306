"""What forms tell of custom fields, from the caller's view of their definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app.models.enums import FieldType
from app.models.extending import fields_of, is_extended
from app.services.custom.values import LARGEST, LONGEST, SCALE
from graphql_schema.compiler.parts import TYPENAME, Needs, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.custom.reading import DEFINITION, Column, worded
from graphql_schema.entities import Entity
from graphql_schema.forms.types import FIELD, OPTION
from policies.access import Access
from policies.catalogue import DataClass
from policies.document import Action
from policies.predicates import literal as constant

READ = (
    "key",
    "label",
    "hint",
    "dataType",
    "required",
    "requiredWhen",
    "pattern",
    "min",
    "max",
    "options",
    "dataClass",
    "filterable",
)
_NULL = sa.cast(sa.null(), sa.Text())


@dataclass(frozen=True, slots=True)
class Classes:
    """The data classes whose custom fields a caller may ever read, set in a new record, or change."""

    read: frozenset[DataClass]
    create: frozenset[DataClass]
    update: frozenset[DataClass]

    @property
    def all(self) -> frozenset[DataClass]:
        """Those of which anything is told."""
        return self.read | self.create | self.update


def classes(access: Access, entity: Entity) -> Classes:
    """What a caller may do with the custom fields of an entity, by data class."""
    resource = entity.resource
    held = fields_of(resource) if is_extended(resource) and access.on(DEFINITION).visible else {}

    def setting(action: Action) -> frozenset[DataClass]:
        return frozenset(of for of, name in held.items() if access.permits(action, resource, [name]).possible)

    readable = frozenset(of for of, name in held.items() if name in access.on(resource).readable)
    return Classes(readable, setting(Action.CREATE), setting(Action.UPDATE))


def fields(reader: Reader, entity: Entity, asked: Sequence[Selected], told: Classes) -> sa.Select[Any]:
    """The custom fields of an entity, each with its place `n` and as JSON."""
    definitions = reader.view(DEFINITION, Needs({"entity", "isCustom", *READ}))
    of, c = _Of(reader, definitions, told), definitions.c
    parts = [of.part(item).label(item.key) for item in asked]
    number = sa.func.row_number().over(order_by=(c.key, c.id))
    found = sa.select(number.label("n"), reader.object(parts).label("value")).select_from(definitions)
    own = (c.entity == constant(entity.name), c.is_custom, c.key.is_not(None), _among(c.data_class, told.all))
    return found.where(*own).correlate_except(definitions)


def _among(column: Column, values: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(column == constant(each) for each in sorted(values)))


@dataclass(frozen=True)
class _Of:
    reader: Reader
    definitions: sa.Subquery
    told: Classes

    def part(self, item: Selected) -> Column:
        if item.name == TYPENAME:
            return constant(FIELD)
        if item.name == "options":
            return self._options(item)
        return _PARTS[item.name](self.definitions.c, self.told)

    def _options(self, item: Selected) -> Column:
        """The options as a list; NULL where none are chosen from."""
        c = self.definitions.c
        is_list = sa.func.jsonb_typeof(c.options) == sa.literal_column("'array'", sa.Text())
        whole = sa.case((is_list, c.options), else_=sa.literal_column("'[]'::jsonb", JSONB()))
        listed = sa.func.jsonb_array_elements(whole).table_valued(
            sa.column("value", JSONB()), with_ordinality="n", name=self.reader.name("o")
        )
        each = listed.render_derived()
        is_text = sa.func.jsonb_typeof(each.c.value) == sa.literal_column("'string'", sa.Text())
        text = each.c.value.op("#>>", return_type=sa.Text())(sa.literal_column("'{}'::text[]"))
        named = each.c.value.op("->>", return_type=sa.Text())(constant("value"))
        value: Column = sa.case((is_text, text), else_=named)
        label = worded(each.c.value.op("->", return_type=JSONB())(constant("label")), value)
        parts = {TYPENAME: constant(OPTION), "value": value, "label": label}
        shown = few([(child, parts[child.name]) for child in item.children()])
        found = sa.func.json_agg(aggregate_order_by(shown, each.c.n))
        return sa.select(found).select_from(each).where(value.is_not(None)).correlate_except(each).scalar_subquery()


def _is(c: Any, *types: FieldType) -> sa.ColumnElement[bool]:
    return _among(c.data_type, [each.value for each in types])


def _length(c: Any, bound: Column, otherwise: int | None) -> Column:
    """A bound of a text's length; it is made a whole number only where it is small."""
    fits = sa.and_(bound >= sa.literal_column("0"), bound <= sa.literal_column(str(LONGEST)))
    fallback = sa.null() if otherwise is None else sa.literal_column(str(otherwise))
    found = sa.case((fits, sa.cast(sa.func.trunc(bound), sa.Integer())), else_=sa.cast(fallback, sa.Integer()))
    return sa.case((_is(c, FieldType.TEXT), found))


def _number(c: Any, bound: Column, *, least: bool) -> Column:
    """A bound of a number, within what its type takes, as text."""
    whens = []
    for type_, most in LARGEST.items():
        end = (0 if type_ is FieldType.MONEY else -most) if least else most
        own, nearest = sa.literal_column(f"{end}::numeric", sa.Numeric()), sa.func.greatest if least else sa.func.least
        whens.append((_is(c, type_), nearest(bound, own, type_=sa.Numeric())))
    return sa.cast(sa.func.trim_scale(sa.case(*whens)), sa.Text())


_PARTS: Mapping[str, Callable[[Any, Classes], Column]] = {
    "name": lambda c, _: c.key,
    "type": lambda c, _: c.data_type,
    "format": lambda c, _: _NULL,
    "label": lambda c, _: worded(c.label, c.key),
    "hint": lambda c, _: worded(c.hint, _NULL),
    "required": lambda c, told: sa.and_(c.required, _among(c.data_class, told.create)),
    "requiredWhen": lambda c, _: c.required_when,
    "settableOnCreate": lambda c, told: _among(c.data_class, told.create),
    "settableOnUpdate": lambda c, told: _among(c.data_class, told.update),
    "minLength": lambda c, _: _length(c, c.min, None),
    "maxLength": lambda c, _: _length(c, c.max, LONGEST),
    "pattern": lambda c, _: c.pattern,
    "min": lambda c, _: _number(c, c.min, least=True),
    "max": lambda c, _: _number(c, c.max, least=False),
    "decimals": lambda c, _: sa.case(
        (_is(c, FieldType.INTEGER), sa.literal_column("0")),
        (_is(c, FieldType.DECIMAL, FieldType.MONEY), sa.literal_column(str(SCALE))),
    ),
    "targets": lambda c, _: sa.cast(sa.null(), sa.JSON()),
    "dataClass": lambda c, _: c.data_class,
    "custom": lambda c, _: sa.true(),
    "filterable": lambda c, _: c.filterable,
}
"""By name of the API, what is told of a definition."""
