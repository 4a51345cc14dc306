"""From a column's declaration to the function that judges its values."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from app.models import Base
from app.services.errors import Invalid
from app.services.values.documents import document
from app.services.values.forms import form_of
from app.services.values.hints import NONE_KNOWN, Hints
from app.services.values.limits import limits_of, scale_of
from app.services.values.numbers import boolean, exact, whole
from app.services.values.texts import PROSE, line, prose
from app.services.values.times import day, moment
from app.services.values.trees import path
from policies.catalogue import Field, Kind

Judge: TypeAlias = Callable[[object, Hints], object]


def required(field: Field) -> bool:
    """Whether a new row must be given a value: the column takes no NULL, and nobody else fills it."""
    column = field.column
    ours = column.primary_key and "reference" not in column.info
    return field.spec.settable and not (ours or column.nullable or column.server_default is not None)


def stored(field: Field, value: object, hints: Hints = NONE_KNOWN) -> object:
    """What a column stores for a value that a caller sent; None where it is absent or blank.

    Raises Invalid, without a place. Whether the column takes None is not asked here.
    """
    return None if value is None else judge(field.column)(value, hints)


@cache
def judge(column: sa.Column[Any]) -> Judge:
    """The function for a column's values other than None."""
    return _JUDGES[column.info["field"].kind](column)


def _text(column: sa.Column[Any]) -> Judge:
    limit, form = getattr(column.type, "length", None), form_of(column)
    if limit is None:
        return lambda value, hints: prose(value, PROSE)

    def run(value: object, hints: Hints) -> object:
        found = line(value, limit)
        if found is None or form is None:
            return found
        return line(form(found, hints), limit)

    return run


def _tree(column: sa.Column[Any]) -> Judge:
    limit = column.type.length if isinstance(column.type, sa.String) and column.type.length else PROSE

    def run(value: object, hints: Hints) -> object:
        found = line(value, limit)
        return found and line(path(found), limit)

    return run


def _choice(column: sa.Column[Any]) -> Judge:
    options = tuple(member.value for member in column.info["field"].enum)

    def run(value: object, hints: Hints) -> object:
        if not isinstance(value, str) or value not in options:
            raise Invalid("not_listed", options=options)
        return str(value)

    return run


def _exact(column: sa.Column[Any]) -> Judge:
    limits, scale = limits_of(column), scale_of(column.type)
    return lambda value, hints: exact(value, limits, scale)


def _whole(column: sa.Column[Any]) -> Judge:
    limits = limits_of(column)
    return lambda value, hints: whole(value, limits)


def _document(column: sa.Column[Any]) -> Judge:
    shape = _shape(column)
    return lambda value, hints: document(value, shape)


def _shape(column: sa.Column[Any]) -> type | None:
    """dict or list, as the model says; None where no model has the column."""
    model = next((mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is column.table), None)
    if model is None:
        return None
    (held,) = typing.get_args(typing.get_type_hints(model)[column.key])
    origins = {typing.get_origin(each) for each in (held, *typing.get_args(held))}
    return next((shape for shape in (dict, list) if shape in origins), None)


def _key(value: object) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise Invalid("no_id") from None


def _always(function: Callable[[object], object]) -> Callable[[sa.Column[Any]], Judge]:
    """For kinds of which all columns take the same."""
    return lambda column: lambda value, hints: function(value)


_JUDGES: Mapping[Kind, Callable[[sa.Column[Any]], Judge]] = {
    Kind.ID: _always(_key),
    Kind.TEXT: _text,
    Kind.ENUM: _choice,
    Kind.TREE: _tree,
    Kind.INTEGER: _whole,
    Kind.DECIMAL: _exact,
    Kind.MONEY: _exact,
    Kind.BOOLEAN: _always(boolean),
    Kind.TIME: _always(moment),
    Kind.DATE: _always(day),
    Kind.JSON: _document,
}
