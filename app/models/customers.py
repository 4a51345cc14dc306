"""The customer, who and where it is, and what it agreed to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.models.base import CustomerOwned, Extended, Following, Priced, Record, Scoped
from app.models.columns import (
    BUSINESS,
    CODE,
    CONTACT,
    E164,
    FINANCIAL,
    IDENTITY,
    LINE,
    SENSITIVE,
    base_of,
    boolean,
    choice,
    country,
    day,
    decimal,
    document,
    email,
    money,
    path,
    phone,
    reference,
    text,
    time,
)
from app.models.constraints import LIVE, newest_first, one_per, ordered
from app.models.enums import (
    AddressKind,
    Channel,
    ConsentPurpose,
    ConsentStatus,
    ContactPointKind,
    ContactRole,
    CustomerKind,
    CustomerTier,
    EmployeeBand,
    LawfulBasis,
    LeadSource,
    LifecycleStage,
    RelationType,
)
from policies.catalogue import Searched


class Customer(Extended, Scoped, Priced, Record):
    """A person or an organisation we serve."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.CheckConstraint(
            "CASE kind WHEN 'ORGANIZATION' THEN num_nonnulls(given_name, family_name, birth_date) = 0"
            " ELSE num_nonnulls(legal_name, employee_band) = 0 END",
            name="kind_fields",
        ),
        sa.CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        sa.Index(None, "display_name", "id"),
        sa.Index(None, "last_interaction_at", "id"),
    )

    kind: Mapped[CustomerKind] = choice(CustomerKind, BUSINESS, "Person or organisation.")
    display_name: Mapped[str] = text(BUSINESS, "Name shown in lists and headings.", searched=Searched("cd", 4))
    email: Mapped[str | None] = email(CONTACT, "Primary e-mail address.", index=True, searched=Searched("ce", 3))
    phone: Mapped[str | None] = phone(CONTACT, "Primary telephone number.", index=True, searched=Searched("cp", 3))
    legal_name: Mapped[str | None] = text(BUSINESS, "Registered name of an organisation.", searched=Searched("cl", 3))
    given_name: Mapped[str | None] = text(BUSINESS, "Given name of a person.", searched=Searched("cg", 2))
    family_name: Mapped[str | None] = text(BUSINESS, "Family name of a person.", searched=Searched("cf", 2))
    birth_date: Mapped[dt.date | None] = day(IDENTITY, "Birth date of a person.")
    tax_id: Mapped[str | None] = text(IDENTITY, "Tax number.", size=CODE, searched=Searched("ct", 3))
    lifecycle_stage: Mapped[LifecycleStage] = choice(
        LifecycleStage, BUSINESS, "Where the customer stands in its life with us.", server_default="PROSPECT"
    )
    tier: Mapped[CustomerTier | None] = choice(CustomerTier, BUSINESS, "How much the customer matters to us.")
    category_path: Mapped[str | None] = path(BUSINESS, "Place among the categories of customers.", index=True)
    industry_code: Mapped[str | None] = text(
        BUSINESS, "Industry, ISIC Rev. 4.", size=5, check="{} ~ '^([A-U]|[A-U]?[0-9]{{2,4}})$'"
    )
    employee_band: Mapped[EmployeeBand | None] = choice(EmployeeBand, BUSINESS, "How many people it employs.")
    annual_revenue: Mapped[Decimal | None] = money(FINANCIAL, "Yearly revenue.", base="base_annual_revenue")
    base_annual_revenue: Mapped[Decimal | None] = base_of("annual_revenue")
    source: Mapped[LeadSource | None] = choice(LeadSource, BUSINESS, "Where the customer came from.")
    locale: Mapped[str | None] = text(BUSINESS, "Language and country, BCP 47.", size=35)
    time_zone: Mapped[str | None] = text(BUSINESS, "Time zone, IANA.", size=CODE)
    custom: Mapped[dict[str, Any]] = document(
        None, "Custom fields of no data class, by key.", server_default=sa.text("'{}'")
    )
    last_interaction_at: Mapped[dt.datetime | None] = time(
        BUSINESS, "When the customer was last in touch with us.", managed=True, sums=("interactions.occurred_at",)
    )
    first_ordered_at: Mapped[dt.datetime | None] = time(
        BUSINESS, "When the customer first ordered.", managed=True, sums=("orders.ordered_at",)
    )
    merged_into_id: Mapped[UUID | None] = reference(
        "customers", BUSINESS, "The customer this one became part of.", back="mergedCustomers", managed=True
    )
    erased_at: Mapped[dt.datetime | None] = time(BUSINESS, "When personal data was erased.", managed=True)
    legal_hold: Mapped[bool] = boolean(BUSINESS, "Kept for a legal dispute.", server_default=sa.false())


class Contact(Following, CustomerOwned):
    """A person we talk to at a customer."""

    __tablename__ = "contacts"
    __table_args__ = (one_per("customer_id", among=f"is_primary AND {LIVE}"),)

    display_name: Mapped[str] = text(BUSINESS, "Name shown in lists and headings.", searched=Searched("nd", 4))
    given_name: Mapped[str | None] = text(BUSINESS, "Given name.", searched=Searched("ng", 2))
    family_name: Mapped[str | None] = text(BUSINESS, "Family name.", searched=Searched("nf", 2))
    email: Mapped[str | None] = email(CONTACT, "E-mail address.", index=True, searched=Searched("ne", 3))
    phone: Mapped[str | None] = phone(CONTACT, "Telephone number.", index=True, searched=Searched("np", 3))
    job_title: Mapped[str | None] = text(BUSINESS, "Job title.")
    role: Mapped[ContactRole | None] = choice(ContactRole, BUSINESS, "Part in a purchase.")
    is_primary: Mapped[bool] = boolean(BUSINESS, "The first to turn to.", server_default=sa.false())
    do_not_contact: Mapped[bool] = boolean(BUSINESS, "Not to be contacted at all.", server_default=sa.false())
    birth_date: Mapped[dt.date | None] = day(IDENTITY, "Birth date.")


class ContactPoint(Following, CustomerOwned):
    """An address, number or account under which someone is reached."""

    __tablename__ = "contact_points"
    __table_args__ = (
        one_per("customer_id", "contact_id", "kind", among=f"is_primary AND {LIVE}"),
        sa.CheckConstraint(
            f"kind NOT IN ('MOBILE', 'PHONE', 'FAX', 'WHATSAPP') OR value_normalized ~ '{E164}'", name="e164"
        ),
        ordered("valid_from", "valid_to"),
    )

    contact_id: Mapped[UUID | None] = reference(
        "contacts", BUSINESS, "Whose it is; absent: the customer's own.", back="contactPoints", owned=True
    )
    kind: Mapped[ContactPointKind] = choice(ContactPointKind, BUSINESS, "What it is.")
    label: Mapped[str | None] = text(CONTACT, "What people call it.")
    value: Mapped[str] = text(
        CONTACT, "The address, number or account as written.", size=LINE, searched=Searched("pv", 2)
    )
    value_normalized: Mapped[str | None] = text(
        CONTACT,
        "The same in one form for all: mail in lower case, numbers in E.164.",
        size=LINE,
        sources=("value",),
        searched=Searched("pn", 1),
    )
    is_primary: Mapped[bool] = boolean(BUSINESS, "The first of its kind to try.", server_default=sa.false())
    verified_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was last found to work.")
    valid_from: Mapped[dt.date | None] = day(BUSINESS, "First day of use.")
    valid_to: Mapped[dt.date | None] = day(BUSINESS, "Last day of use.")


class Address(Following, CustomerOwned):
    """A postal address."""

    __tablename__ = "addresses"
    __table_args__ = (
        one_per("customer_id", "kind", among=f"is_default AND {LIVE}"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
    )

    kind: Mapped[AddressKind] = choice(AddressKind, BUSINESS, "What it is for.")
    is_default: Mapped[bool] = boolean(BUSINESS, "The one to use of its kind.", server_default=sa.false())
    line1: Mapped[str | None] = text(CONTACT, "Street and number.", size=LINE)
    line2: Mapped[str | None] = text(CONTACT, "Building, floor, door.", size=LINE)
    city: Mapped[str | None] = text(BUSINESS, "City.")
    admin_area: Mapped[str | None] = text(
        BUSINESS, "State or province, ISO 3166-2.", size=6, check="{} ~ '^[A-Z]{{2}}-[A-Z0-9]{{1,3}}$'"
    )
    postal_code: Mapped[str | None] = text(CONTACT, "Postal code.", size=20)
    country: Mapped[str | None] = country(BUSINESS, "Country, ISO 3166-1.")
    latitude: Mapped[Decimal | None] = decimal(
        CONTACT, "Degrees north of the equator.", 9, 6, check="{} BETWEEN -90 AND 90"
    )
    longitude: Mapped[Decimal | None] = decimal(
        CONTACT, "Degrees east of Greenwich.", 9, 6, check="{} BETWEEN -180 AND 180"
    )
    verified_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was last found to be right.")


class Consent(Following, CustomerOwned):
    """What a customer agreed to or took back; rows are only added, the latest counts."""

    __tablename__ = "consents"
    __table_args__ = (newest_first("obtained_at"), ordered("obtained_at", "expires_at"))

    contact_point_id: Mapped[UUID | None] = reference(
        "contact_points", BUSINESS, "Where it applies; absent: everywhere.", back="consents", owned=True
    )
    purpose: Mapped[ConsentPurpose] = choice(ConsentPurpose, BUSINESS, "What it is for.")
    channel: Mapped[Channel | None] = choice(Channel, BUSINESS, "Which channel it is for; absent: all.")
    status: Mapped[ConsentStatus] = choice(ConsentStatus, BUSINESS, "What it says.")
    lawful_basis: Mapped[LawfulBasis] = choice(LawfulBasis, BUSINESS, "Ground for the processing.")
    source: Mapped[str | None] = text(BUSINESS, "Where it was given: form, call, contract.")
    obtained_at: Mapped[dt.datetime] = time(BUSINESS, "When it was given or taken back.")
    expires_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it runs out.")
    evidence: Mapped[dict[str, Any] | None] = document(SENSITIVE, "What proves it.")


class CustomerRelation(Following, CustomerOwned):
    """How another customer stands to this one; each side has its own row."""

    __tablename__ = "customer_relations"
    __back__ = "relations"
    __table_args__ = (
        one_per("customer_id", "related_customer_id", "type"),
        sa.CheckConstraint("related_customer_id <> customer_id", name="related_to_another"),
    )

    related_customer_id: Mapped[UUID] = reference("customers", BUSINESS, "The other customer.", back="relatedFrom")
    type: Mapped[RelationType] = choice(RelationType, BUSINESS, "What the other customer is to this one.")
    since: Mapped[dt.date | None] = day(BUSINESS, "Since when.")
