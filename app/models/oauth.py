"""Clients, what was granted to them, and how users sign in. No part of the graph: these tables name no resource.

Secrets, codes, refresh tokens and sessions are kept as digests of random values; passwords by argon2.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import CIDR
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from app.models.base import Base
from app.models.columns import CODE, LINE, NAME
from app.models.constraints import constrain


def _text(size: int = CODE) -> sa.String:
    return sa.String(size, collation="C")


def _texts(size: int, comment: str) -> MappedColumn[list[str]]:
    return mapped_column(sa.ARRAY(_text(size)), server_default=sa.text("'{}'"), comment=comment)


def _time(comment: str, *, now: bool = False, index: bool = False) -> MappedColumn[dt.datetime]:
    default = sa.func.now() if now else None
    return mapped_column(sa.DateTime(timezone=True), server_default=default, index=index or None, comment=comment)


def _key() -> MappedColumn[UUID]:
    return mapped_column(primary_key=True, comment="Key, UUIDv7.")


class DocumentMode(StrEnum):
    """Whether a client may ask by trusted documents: not at all, besides others, or by nothing else."""

    OFF = "OFF"
    ALLOWED = "ALLOWED"
    ONLY = "ONLY"


class OAuthClient(Base):
    """A program that asks: a front end for the users who sign in with it, or a partner's system for itself."""

    __tablename__ = "oauth_clients"
    __table_args__ = (
        sa.CheckConstraint(f"documents IN ({', '.join(repr(mode.value) for mode in DocumentMode)})", name="documents"),
        sa.CheckConstraint("requests_per_minute > 0", name="requests_per_minute"),
        sa.CheckConstraint("cost_per_minute > 0", name="cost_per_minute"),
        {"comment": "Programs that ask, for users or for themselves."},
    )

    id: Mapped[UUID] = _key()
    code: Mapped[str] = mapped_column(_text(), unique=True, comment="Its `client_id`.")
    name: Mapped[str] = mapped_column(_text(NAME), comment="What users read that it is.")
    is_public: Mapped[bool] = mapped_column(comment="Whether it keeps no secret, as a page in a browser.")
    is_own: Mapped[bool] = mapped_column(comment="Whether it is the house's own, and bounds nobody's rights.")
    redirect_uris: Mapped[list[str]] = _texts(LINE, "Where users are sent back to; compared exactly.")
    grant_types: Mapped[list[str]] = _texts(CODE, "The ways in which it may ask for tokens.")
    scopes: Mapped[list[str]] = _texts(CODE, "What it may ask for.")
    role_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("roles.id"), index=True, comment="The role it holds.")
    department_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("departments.id"), index=True, comment="The department it holds it for."
    )
    region_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("regions.id"), index=True, comment="The region it holds it for."
    )
    expires_at: Mapped[dt.datetime | None] = _time("When it has ended; absent: never.")
    disabled_at: Mapped[dt.datetime | None] = _time("When it was shut out.")
    created_at: Mapped[dt.datetime] = _time("When it was made.", now=True)
    documents: Mapped[str] = mapped_column(
        _text(), server_default="OFF", comment="Whether it may, or has to, ask by its trusted documents."
    )
    networks: Mapped[list[str]] = mapped_column(
        sa.ARRAY(CIDR()), server_default=sa.text("'{}'"), comment="Where it may ask from; empty: anywhere."
    )
    requests_per_minute: Mapped[int | None] = mapped_column(
        comment="Requests that may come through it in a minute; absent: any."
    )
    cost_per_minute: Mapped[int | None] = mapped_column(
        comment="Points that may come through it in a minute; absent: any."
    )


class OAuthSecret(Base):
    """A secret of a client. Two hold while one takes the place of the other."""

    __tablename__ = "oauth_secrets"
    __table_args__ = ({"comment": "Secrets of clients."},)

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary, primary_key=True, comment="SHA-256 of the secret.")
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("oauth_clients.id"), index=True, comment="Whose it is.")
    expires_at: Mapped[dt.datetime | None] = _time("When it has ended; absent: never.")
    created_at: Mapped[dt.datetime] = _time("When it was made.", now=True)


class TrustedDocument(Base):
    """A document that a client may ask by its digest."""

    __tablename__ = "trusted_documents"
    __table_args__ = (
        sa.CheckConstraint("char_length(text) <= 32768", name="text"),
        sa.CheckConstraint("digest = sha256(convert_to(text, 'UTF8'))", name="digest"),
        {"comment": "Documents that clients may ask by their digest."},
    )

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("oauth_clients.id"), primary_key=True, comment="Whose it is.")
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary, primary_key=True, comment="SHA-256 of the text.")
    name: Mapped[str] = mapped_column(_text(NAME), comment="What it is called.")
    text: Mapped[str] = mapped_column(sa.Text(collation="C"), comment="The document.")
    created_at: Mapped[dt.datetime] = _time("When it was added.", now=True)
    created_by: Mapped[UUID | None] = mapped_column(comment="Who added it; absent: an operator.")


class OAuthGrant(Base):
    """What a user granted a client, or a client is granted for itself: all tokens of one family rest on it."""

    __tablename__ = "oauth_grants"
    __table_args__ = ({"comment": "What clients were granted, by users or for themselves."},)

    id: Mapped[UUID] = _key()
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("oauth_clients.id"), index=True, comment="To whom.")
    user_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id"), index=True, comment="By whom; absent: the client asks for itself."
    )
    scopes: Mapped[list[str]] = _texts(CODE, "What was granted.")
    code: Mapped[bytes | None] = mapped_column(sa.LargeBinary, unique=True, comment="SHA-256 of the code.")
    code_expires_at: Mapped[dt.datetime | None] = _time("Until when the code can be exchanged.")
    code_used_at: Mapped[dt.datetime | None] = _time("When it was exchanged.")
    challenge: Mapped[str | None] = mapped_column(_text(128), comment="PKCE, S256.")
    redirect_uri: Mapped[str | None] = mapped_column(_text(LINE), comment="Where the code was sent.")
    nonce: Mapped[str | None] = mapped_column(_text(LINE), comment="What the client asked to read in the ID token.")
    signed_in_at: Mapped[dt.datetime | None] = _time("When the user had signed in.")
    expires_at: Mapped[dt.datetime | None] = _time("When it has ended; absent: never.")
    revoked_at: Mapped[dt.datetime | None] = _time("When it was taken back.")
    created_at: Mapped[dt.datetime] = _time("When it was made.", now=True)
    kept_until: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True),
        server_default=sa.text("now() + interval '32 days'"),
        index=True,
        comment="When it may be forgotten.",
    )
    provider_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("oidc_providers.id"), index=True, sort_order=99, comment="With which provider the user signed in."
    )


class OAuthRefreshToken(Base):
    """A refresh token. It is used once; who uses it again ends the grant."""

    __tablename__ = "oauth_refresh_tokens"
    __table_args__ = ({"comment": "Refresh tokens."},)

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary, primary_key=True, comment="SHA-256 of the token.")
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("oauth_grants.id"), index=True, comment="What it rests on.")
    expires_at: Mapped[dt.datetime] = _time("When it has ended.", index=True)
    used_at: Mapped[dt.datetime | None] = _time("When it was used.")
    created_at: Mapped[dt.datetime] = _time("When it was made.", now=True)


class Credential(Base):
    """The password of a user."""

    __tablename__ = "credentials"
    __table_args__ = ({"comment": "Passwords."},)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"), primary_key=True, comment="Whose it is.")
    password: Mapped[str] = mapped_column(_text(LINE), comment="Argon2id of the password.")
    failures: Mapped[int] = mapped_column(
        server_default=sa.text("0"), comment="Wrong ones given since the last right one."
    )
    locked_until: Mapped[dt.datetime | None] = _time("Until when none is looked at.")
    changed_at: Mapped[dt.datetime] = _time("When it was set.", now=True)


class Session(Base):
    """A browser in which a user has signed in."""

    __tablename__ = "sessions"
    __table_args__ = ({"comment": "Browsers in which users have signed in."},)

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary, primary_key=True, comment="SHA-256 of the cookie.")
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"), index=True, comment="Who signed in.")
    expires_at: Mapped[dt.datetime] = _time("When it has ended.", index=True)
    created_at: Mapped[dt.datetime] = _time("When the user signed in.", now=True)
    provider_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("oidc_providers.id"), index=True, sort_order=99, comment="With which provider the user signed in."
    )


for _model in (OAuthClient, OAuthSecret, TrustedDocument, OAuthGrant, OAuthRefreshToken, Credential, Session):
    constrain(Base.metadata.tables[_model.__tablename__])
