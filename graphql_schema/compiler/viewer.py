"""`viewer`: who asks, and through what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from graphql_schema import ids
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from policies.access import Access
from policies.conditions import Attribute, Constant
from policies.predicates import bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

_TEXTS = ARRAY(sa.Text())
_CLIENT: Mapping[str, Column] = {
    TYPENAME: constant("ViewerClient"),
    "code": bound(Attribute("client code"), sa.Text()),
    "name": bound(Attribute("client name"), sa.Text()),
    "roles": sa.func.to_json(bound(Attribute("client roles"), _TEXTS)),
}


def viewer(reader: Reader, selected: Selected) -> Column:
    """The JSON of `viewer`. What is told of oneself is told as far as the token's scopes let it."""
    return reader.object([_PARTS[item.name](reader, item).label(item.key) for item in selected.children()])


def _own(name: str) -> Callable[[Reader, Selected], Column]:
    return lambda _reader, _item: bound(Attribute(name), sa.Text())


def _id(reader: Reader, _item: Selected) -> Column:
    return ids.expression(reader.graph["User"].tag, bound(Attribute("me"), sa.Uuid()), None)


def _user(reader: Reader, item: Selected) -> Column:
    me = bound(Attribute("me"), sa.Uuid())
    return reader.one(reader.graph["User"], item.children(), lambda row: row["id"] == me)


def _roles(reader: Reader, _item: Selected) -> Column:
    return sa.func.to_json(bound(Constant(effective(reader.access)), _TEXTS))


def effective(access: Access) -> tuple[str, ...]:
    """Codes of the roles that decide what an access shows: none where something bounds it that holds none."""
    own, *ceilings = access.shape
    return tuple(sorted({held.role for held in own})) if all(ceilings) else ()


def _client(_reader: Reader, item: Selected) -> Column:
    told = few([(child, _CLIENT[child.name]) for child in item.children()])
    return sa.case((_CLIENT["code"].is_not(None), told))


def _scopes(_reader: Reader, _item: Selected) -> Column:
    return sa.func.to_json(bound(Attribute("client scopes"), _TEXTS))


_PARTS: Mapping[str, Callable[[Reader, Selected], Column]] = {
    TYPENAME: lambda _reader, _item: constant("Viewer"),
    "id": _id,
    "displayName": _own("name"),
    "email": _own("email"),
    "user": _user,
    "roles": _roles,
    "client": _client,
    "scopes": _scopes,
}
