"""Where users sign in elsewhere: the company's own OpenID providers. No part of the graph: these tables name no resource."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.columns import CODE, LINE, NAME
from app.models.constraints import constrain


def _text(size: int = CODE) -> sa.String:
    return sa.String(size, collation="C")


class OidcProvider(Base):
    """An OpenID provider with which users sign in."""

    __tablename__ = "oidc_providers"
    __table_args__ = ({"comment": "OpenID providers with which users sign in."},)

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="Key, UUIDv7.")
    code: Mapped[str] = mapped_column(_text(), unique=True, comment="Its name in addresses.")
    name: Mapped[str] = mapped_column(_text(NAME), comment="What users read that it is.")
    issuer: Mapped[str] = mapped_column(_text(LINE), comment="Its issuer, exactly.")
    client_id: Mapped[str] = mapped_column(_text(LINE), comment="What we are called there.")
    secret: Mapped[str | None] = mapped_column(
        _text(LINE), comment="Where our secret is: `file:PATH` or `env:NAME`; absent: we have none."
    )
    scopes: Mapped[list[str]] = mapped_column(sa.ARRAY(_text()), comment="What is asked for.")
    domains: Mapped[list[str]] = mapped_column(
        sa.ARRAY(_text(LINE)), comment="Domains whose e-mail addresses it is trusted to have verified."
    )
    provisions: Mapped[bool] = mapped_column(comment="Whether who is not known becomes a user.")
    rules: Mapped[list[Any]] = mapped_column(JSONB, comment="Which claims give which roles.")
    disabled_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), comment="When it was shut out.")
    created_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was made."
    )


class OidcLink(Base):
    """Who someone at a provider is here."""

    __tablename__ = "oidc_links"
    __table_args__ = (
        sa.UniqueConstraint("provider_id", "user_id"),
        {"comment": "Who those who sign in elsewhere are here."},
    )

    provider_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("oidc_providers.id"), primary_key=True, comment="The provider."
    )
    subject: Mapped[str] = mapped_column(_text(255), primary_key=True, comment="Who it is there (OIDC `sub`).")
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"), index=True, comment="Who it is here.")
    created_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was found out."
    )


class OidcAssignment(Base):
    """That a role assignment was given by a provider's rules, which also end it."""

    __tablename__ = "oidc_assignments"
    __table_args__ = ({"comment": "Role assignments that were given by rules of providers."},)

    assignment_id: Mapped[UUID] = mapped_column(primary_key=True, comment="The assignment.")
    provider_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("oidc_providers.id"), index=True, comment="The provider whose rules gave it."
    )


for _model in (OidcProvider, OidcLink, OidcAssignment):
    constrain(Base.metadata.tables[_model.__tablename__])
