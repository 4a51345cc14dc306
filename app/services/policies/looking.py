"""As whom somebody may look, and the policy of which version is asked of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa

from app.identity.principals import Read
from app.models.catalogue import CATALOGUE
from app.services.auditing import Look, note_look_where
from app.services.policies.documents import loaded
from app.services.policies.reading import VERSION
from policies.access import Access, State
from policies.conditions import Attribute, Constant
from policies.document import SIMULATED, Action
from policies.loading import digest_of
from policies.permits import settled
from policies.predicates import bound, companion, literal
from policies.principal import Principal
from policies.rules import Policy
from policies.statements import Statement, statement
from policies.states import ACCESS

USER = CATALOGUE[SIMULATED]


def possible(access: Access) -> bool:
    """Whether there is anyone as whom an access ever lets look. Nobody looks as anybody from a look."""
    return access.own is None and any(each.possible for each in access.ways(Action.SIMULATE, USER))


def anybody(access: Access) -> bool:
    """Whether an access lets look as anybody at all."""
    return possible(access) and access.on(USER).every_row and settled(access.ways(Action.SIMULATE, USER)) is True


@lru_cache(maxsize=256)
def always(access: Access) -> bool:
    """Whether an access lets look as anybody, and reads the policy in force, whatever the rows hold: then neither has to be asked."""
    versions = access.on(VERSION)
    plain = all(versions.state(name) is State.PLAIN for name in ("status", "document"))
    return anybody(access) and versions.every_row and plain


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may look as a user, and reads the policy in force."""

    looks: bool
    reads: bool


LOOKED_AS = Attribute("looked as")
"""The user as whom somebody looks."""


async def standing(read: Read, access: Access, asker: Principal, user: UUID | None) -> Standing:
    """How the asker stands to a user, and to the policy in force; of no user, that the asker may not."""
    asked = _standing(access)
    row = await read(asked.sql, *asked.values(asker.values_with({LOOKED_AS: user})))
    return Standing(possible(access) and row["looks"], row["reads"])


@lru_cache(maxsize=256)
def _standing(access: Access) -> Statement:
    """The statement, made once for each access."""
    looks, reads = _standing_columns(access)
    return statement(sa.select(looks.label("looks"), reads.label("reads")))


def _standing_columns(access: Access) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    users, versions = _lookable(access), access.view(VERSION, ["status", "document"]).subquery()
    looks = sa.exists().select_from(users).where(users.c.id == bound(LOOKED_AS, sa.Uuid()), _may(users))
    active = versions.c.status == literal("ACTIVE")
    reads = sa.exists().select_from(versions).where(active, versions.c.document.is_not(None))
    return looks, reads


async def note_standing(write: Read, access: Access, asker: Principal, look: Look) -> bool:
    """Notes for the audit that the asker looks as a user under the policy in force, in the very statement that asks whether the
    asker may, and reads it; and says so.
    """
    if not possible(access):
        return False
    asked = _stands(access)
    return await note_look_where(write, (asked.sql, asked.values(asker.values_with({LOOKED_AS: look.person}))), look)


@lru_cache(maxsize=256)
def _stands(access: Access) -> Statement:
    """The statement that gives a row where one may look as a user, and reads the policy in force."""
    looks, reads = _standing_columns(access)
    return statement(sa.select(sa.literal_column("1")).where(looks, reads))


async def all_lookable(read: Read, access: Access, asker: Principal, after: UUID | None, most: int) -> list[UUID]:
    """The users as whom the asker may look, by key: the first behind one."""
    if not possible(access):
        return []
    rows = _lookable(access)
    behind = [] if after is None else [rows.c.id > bound(Constant(after), sa.Uuid())]
    page = sa.select(rows.c.id).where(_may(rows), *behind).order_by(rows.c.id).limit(most).subquery()
    asked = statement(sa.select(sa.func.array_agg(page.c.id).label("ids")))
    row = await read(asked.sql, *asked.values(asker.values))
    return sorted(row["ids"] or ())


def _lookable(access: Access) -> sa.Subquery:
    return access.view(USER, [], permitted=[Action.SIMULATE]).subquery()


def _may(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = rows.c[companion(ACCESS, Action.SIMULATE)]
    return found


def read_policy(texts: Mapping[str, str], active: Policy) -> Policy:
    """The policy that documents describe; that in force where they are its own. Raises PolicyError."""
    return active if digest_of(texts) == active.digest else loaded(texts)
