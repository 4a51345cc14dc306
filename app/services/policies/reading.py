"""Versions of the policy, as far as they are in somebody's view."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.models.catalogue import CATALOGUE
from policies.access import Access
from policies.conditions import Constant
from policies.predicates import bound
from policies.principal import Principal
from policies.statements import statement

Read = Callable[..., Awaitable[Any]]
"""Runs one statement and gives its first row."""

VERSION = CATALOGUE["PolicyVersion"]
_USER = CATALOGUE["User"]
_FIELDS = ("number", "status", "document", "note", "activatedAt", "author", "basedOn", "version")


@dataclass(frozen=True, slots=True)
class Version:
    """A version whose documents are seen plain."""

    key: UUID
    number: int
    status: str
    note: str | None
    activated_at: dt.datetime | None
    author: str | None
    """The name of who wrote it."""
    based_on: int | None
    """The number of the version that it was made from."""
    version: int | None
    """Counts the changes of its row."""
    texts: Mapping[str, str]
    """The documents of the rules, by file name."""
    tests: Mapping[str, str]


def readable(access: Access) -> bool:
    """Whether an access can ever show the documents of a version."""
    return {"number", "status", "document"} <= access.on(VERSION).readable


async def version(read: Read, access: Access, principal: Principal, number: int | None = None) -> Version | None:
    """The version of a number, or the active one; None where its documents are not seen plain."""
    rows = access.view(VERSION, _FIELDS).subquery()
    wanted = rows.c.status == "ACTIVE" if number is None else rows.c.number == bound(Constant(number), sa.Integer())
    author, base = access.view(_USER, ["displayName"]).subquery(), access.view(VERSION, ["number"]).subquery()
    columns = (rows.c.id, rows.c.number, rows.c.status, rows.c.note, rows.c.activated_at, rows.c.version)
    others = (author.c.display_name.label("author"), base.c.number.label("based_on"))
    document = sa.cast(rows.c.document, sa.Text()).label("document")
    joined = rows.outerjoin(author, author.c.id == rows.c.author).outerjoin(base, base.c.id == rows.c.based_on)
    found = sa.select(*columns, *others, document).select_from(joined)
    asked = statement(found.where(wanted, rows.c.document.is_not(None)))
    row = await read(asked.sql, *asked.values(principal.values))
    return _version(row) if row else None


def _version(row: Mapping[str, Any]) -> Version | None:
    document = json.loads(row["document"])
    texts = document.get("files") if isinstance(document, dict) else None
    if not isinstance(texts, dict):
        return None
    tests = document.get("tests") or {}
    names = ("number", "status", "note", "activated_at", "author", "based_on", "version")
    return Version(key=row["id"], texts=texts, tests=tests, **{name: row[name] for name in names})
