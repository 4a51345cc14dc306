"""`clients`: those that the caller might have made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.identity.oauth.clients import OWN
from app.identity.oauth.documents import DOCUMENTS
from app.identity.oauth.registering import NAMED
from app.models import OAuthClient
from app.services.clients import giving, grantable
from graphql_schema.building import EntityTypes
from graphql_schema.clients.types import CLIENT, COLUMNS, MOST_DOCUMENTS
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed
from graphql_schema.making import Part, listed, maybe
from policies.predicates import Row
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

MOST = 1_000
_LISTS = ("scopes", "redirectUris")


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = f"The clients whose roles the caller may give, by code; at most {MOST}."
    return Part("clients", maybe(listed(CLIENT)), told)


def _clients(reader: Reader) -> sa.Subquery:
    """Those clients, with the codes of what they hold."""
    client, mine = OAuthClient.__table__, grantable(reader.access).subquery(reader.name("m"))
    codes = [
        sa.select(table.c.code).where(table.c.id == client.c[f"{name}_id"]).scalar_subquery().label(name)
        for name, table in NAMED.items()
    ]
    found = sa.select(*client.columns, *codes).join_from(client, mine, mine.c.id == client.c.id)
    return found.order_by(client.c.code).limit(MOST).subquery(reader.name("c"))


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    rows = _clients(reader)
    told = few([(item, _value(reader, item, rows)) for item in selected.children()])
    listed_ = sa.select(sa.func.json_agg(aggregate_order_by(told, rows.c.code))).select_from(rows)
    empty = sa.literal_column("'[]'::json", sa.JSON())
    return sa.func.coalesce(listed_.correlate_except(rows).scalar_subquery(), empty, type_=sa.JSON())


def _value(reader: Reader, item: Selected, rows: sa.Subquery) -> Column:
    if item.name == TYPENAME:
        return constant("Client")
    if item.name == "itself":
        return constant(OWN) == sa.any_(rows.c.grant_types)
    if item.name == "networks":
        return sa.func.to_json(sa.cast(rows.c.networks, sa.ARRAY(sa.Text())))
    if item.name == "trustedCount":
        return sa.select(sa.func.count()).where(DOCUMENTS.c.client_id == rows.c.id).scalar_subquery()
    if item.name == "trustedDocuments":
        return _documents(reader, item, rows)
    value: Column = rows.c[COLUMNS.get(item.name, item.name)]
    return sa.func.to_json(value) if item.name in _LISTS else value


def _documents(reader: Reader, item: Selected, rows: sa.Subquery) -> Column:
    """The first of a client's documents, by name."""
    ordered = (DOCUMENTS.c.name, DOCUMENTS.c.digest)
    id_ = sa.func.concat("sha256:", sa.func.encode(DOCUMENTS.c.digest, constant("hex")))
    asked = sa.select(*ordered, id_.label("id")).where(DOCUMENTS.c.client_id == rows.c.id)
    found = asked.order_by(*ordered).limit(MOST_DOCUMENTS).correlate(rows).subquery(reader.name("d"))
    values = {TYPENAME: constant("ClientDocument"), "id": found.c.id, "name": found.c.name}
    told = few([(each, values[each.name]) for each in item.children()])
    listed_ = sa.select(sa.func.json_agg(aggregate_order_by(told, found.c.name, found.c.digest))).select_from(found)
    empty = sa.literal_column("'[]'::json", sa.JSON())
    return sa.func.coalesce(listed_.scalar_subquery(), empty, type_=sa.JSON())


CLIENTS = Computed("clients", _part, _compile, lambda _graph, access: giving(access).possible, cost=20)
