"""The customer and what describes it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.models.base import CustomerOwned, Priced, Record, Scoped
from app.models.columns import base_of, boolean, choice, day, document, email, money, path, phone, reference, text, time
from app.models.enums import CustomerKind, CustomerTier, LifecycleStage
from policies.catalogue import DataClass

PUBLIC, BUSINESS, CONTACT = DataClass.PUBLIC, DataClass.BUSINESS, DataClass.CONTACT
IDENTITY, FINANCIAL = DataClass.IDENTITY, DataClass.FINANCIAL


class Customer(Scoped, Priced, Record):
    """A person or an organisation we serve."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'ORGANIZATION' OR (given_name IS NULL AND birth_date IS NULL)", name="kind_fields"),
    )

    kind: Mapped[CustomerKind] = choice(CustomerKind, BUSINESS, "Person or organisation.")
    display_name: Mapped[str] = text(BUSINESS, "Name shown in lists and headings.")
    annual_revenue: Mapped[Decimal | None] = money(FINANCIAL, "Yearly revenue.", base="base_annual_revenue")
    base_annual_revenue: Mapped[Decimal | None] = base_of("annual_revenue")


class Contact(Scoped, CustomerOwned):
    """A person we talk to at a customer."""

    __tablename__ = "contacts"

    email: Mapped[str | None] = email(CONTACT, "E-mail address.")
