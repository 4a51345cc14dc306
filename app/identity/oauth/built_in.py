"""The clients that come with the product: pages of our own, which sign people in as any front end does."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.clients import CODE, REFRESH
from app.identity.oauth.declaring import LOOPBACK, fault_of
from app.models.ids import uuid7


class BuiltIn(NamedTuple):
    """A page of our own: the code and name of its client, and where it is."""

    code: str
    name: str
    path: str


PAGES = (BuiltIn("graphiql", "GraphiQL", "/graphql"), BuiltIn("console", "Policy console", "/admin"))
SCOPES = ("openid", "profile", "graph")
_ENSURE = sa.text("""
    INSERT INTO oauth_clients AS c (id, code, name, is_public, is_own, redirect_uris, grant_types, scopes)
    VALUES (:id, :code, :name, true, true, :uris, :grants, :scopes)
    ON CONFLICT (code) DO UPDATE SET redirect_uris = (excluded.redirect_uris || ARRAY(
        SELECT uri FROM unnest(c.redirect_uris) AS uri WHERE uri <> ALL (excluded.redirect_uris)
    ))[1:20]
    WHERE c.is_own AND c.is_public AND NOT c.redirect_uris @> excluded.redirect_uris
""")


def addresses(here: str, path: str) -> list[str]:
    """Where a page is, served at an address; on this very machine it has two names. None where browsers keep no secret."""
    parts = urlsplit(here)
    port = f":{parts.port}" if parts.port is not None else ""
    names = {parts.hostname or "", *({"127.0.0.1", "localhost"} if parts.hostname in LOOPBACK else ())}
    found = [here, *(f"{parts.scheme}://{name}{port}" for name in sorted(names) if ":" not in name)]
    return [uri for each in dict.fromkeys(found) if not fault_of(uri := f"{each}{path}")]


def is_assured(uri: str, here: str) -> bool:
    """Whether nobody else can be where users are sent back to (RFC 8252, section 8.6).

    Any app may claim a scheme, and any program listen on a port of the user's machine: but for ours, while we are there.
    """
    return uri.startswith("https:") or any(uri in addresses(here, page.path) for page in PAGES)


async def ensure(connection: AsyncConnection, here: str) -> None:
    """Makes the clients, or has them come back to this address, too, and to the last ones before. One that is shut out stays so."""
    for page in PAGES:
        told = {"id": uuid7(), "code": page.code, "name": page.name, "uris": addresses(here, page.path)}
        await connection.execute(_ENSURE, {**told, "grants": [CODE, REFRESH], "scopes": [*SCOPES]})
