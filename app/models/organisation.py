"""Who works here, in which department and region, in which role, under which policy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Placed, Record
from app.models.columns import (
    BUSINESS,
    CODE,
    CONTACT,
    PUBLIC,
    SECRET,
    boolean,
    choice,
    currency,
    decimal,
    document,
    email,
    integer,
    path,
    percentage,
    reference,
    text,
    time,
)
from app.models.constraints import one_per, ordered
from app.models.enums import FieldType, PolicyStatus, UserStatus
from policies.catalogue import DataClass, Searched


class User(Placed, Record):
    """Someone who works here and may sign in."""

    __tablename__ = "users"
    __table_args__ = (
        sa.Index(None, "display_name", "id"),
        sa.CheckConstraint("manager_id <> id", name="manager_is_another"),
    )

    subject: Mapped[str | None] = text(SECRET, "Subject at the identity provider (OIDC `sub`).", unique=True)
    email: Mapped[str | None] = email(CONTACT, "E-mail address, unique.", unique=True, searched=Searched("ue", 3))
    display_name: Mapped[str] = text(PUBLIC, "Name shown to others.", searched=Searched("ud", 4))
    manager_id: Mapped[UUID | None] = reference("users", BUSINESS, "Whom this user reports to.", back="reports")
    locale: Mapped[str | None] = text(BUSINESS, "Language and country, BCP 47.", size=35)
    time_zone: Mapped[str | None] = text(BUSINESS, "Time zone, IANA.", size=CODE)
    status: Mapped[UserStatus] = choice(UserStatus, BUSINESS, "Whether the user may sign in.", server_default="ACTIVE")


class Department(Record):
    """A department, in a tree."""

    __tablename__ = "departments"
    __table_args__ = (sa.CheckConstraint("parent_id <> id", name="parent_is_another"),)

    code: Mapped[str] = text(PUBLIC, "Short name, unique.", size=CODE, unique=True, searched=Searched("dc", 3))
    name: Mapped[str] = text(PUBLIC, "Name.", searched=Searched("dn", 4))
    parent_id: Mapped[UUID | None] = reference("departments", PUBLIC, "The department above.", back="children")
    path: Mapped[str] = path(PUBLIC, "Place in the tree, from the root.", unique=True)
    manager_user_id: Mapped[UUID | None] = reference(
        "users", BUSINESS, "Who leads it.", back="managedDepartments", cyclic=True
    )


class Region(Record):
    """A sales region, in a tree."""

    __tablename__ = "regions"
    __table_args__ = (sa.CheckConstraint("parent_id <> id", name="parent_is_another"),)

    code: Mapped[str] = text(
        PUBLIC, "Short name, unique; ISO 3166 where one exists.", size=CODE, unique=True, searched=Searched("ec", 3)
    )
    name: Mapped[str] = text(PUBLIC, "Name.", searched=Searched("en", 4))
    parent_id: Mapped[UUID | None] = reference("regions", PUBLIC, "The region above.", back="children")
    path: Mapped[str] = path(PUBLIC, "Place in the tree, from the root.", unique=True)
    currency: Mapped[str | None] = currency(PUBLIC, "Usual currency.")
    time_zone: Mapped[str | None] = text(PUBLIC, "Time zone, IANA.", size=CODE)
    sales_policy: Mapped[dict[str, Any] | None] = document(
        BUSINESS, "Terms of sale here: `max_discount_pct`, `price_list_code`."
    )
    business_calendar: Mapped[dict[str, Any] | None] = document(
        PUBLIC, "When people work here: `hours` by weekday, and `holidays`.", sort_order=97
    )
    service_promises: Mapped[list[Any] | None] = document(
        BUSINESS, "When answers and solutions are due here; the first promise that fits a ticket holds.", sort_order=98
    )


class Role(Record):
    """A set of rights, described by the policy."""

    __tablename__ = "roles"

    code: Mapped[str] = text(PUBLIC, "Name in the policy, unique.", size=CODE, unique=True)
    name: Mapped[str] = text(PUBLIC, "Name.")
    rank: Mapped[int] = integer(BUSINESS, "Order in lists, lowest first.", server_default=sa.text("0"))
    is_system: Mapped[bool] = boolean(BUSINESS, "Shipped with the product.", server_default=sa.false())


class RoleAssignment(Placed, Record):
    """A role that a user holds, for a department and a region and for a time."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        one_per("user_id", "role_id", "department_id", "region_id"),
        ordered("valid_from", "valid_to"),
    )

    user_id: Mapped[UUID] = reference("users", BUSINESS, "Who holds the role.", back="roleAssignments")
    role_id: Mapped[UUID] = reference("roles", BUSINESS, "The role.", back="assignments")
    valid_from: Mapped[dt.datetime | None] = time(BUSINESS, "When it begins; absent: at once.")
    valid_to: Mapped[dt.datetime | None] = time(BUSINESS, "When it has ended; absent: never.")
    granted_by: Mapped[UUID | None] = reference(
        "users", BUSINESS, "Who gave it.", back="grantedAssignments", managed=True
    )
    purposes: Mapped[list[str]] = mapped_column(
        sa.ARRAY(sa.String(CODE, collation="C")),
        server_default=sa.text("'{}'"),
        sort_order=99,
        comment="Purposes that a request may declare for it.",
    )


class PolicyVersion(Record):
    """A version of the policy: who sees and does what."""

    __tablename__ = "policy_versions"
    __table_args__ = (one_per("status", among="status = 'ACTIVE'"),)

    number: Mapped[int] = integer(BUSINESS, "Counts the versions, from 1.", check="{} > 0", unique=True)
    status: Mapped[PolicyStatus] = choice(PolicyStatus, BUSINESS, "Where it stands.", server_default="DRAFT")
    document: Mapped[dict[str, Any]] = document(BUSINESS, "The rules.")
    based_on: Mapped[UUID | None] = reference("policy_versions", BUSINESS, "What it was made from.", back="derived")
    author: Mapped[UUID | None] = reference("users", BUSINESS, "Who wrote it.", back="policyVersions")
    note: Mapped[str | None] = text(BUSINESS, "Why it was made.", size=None)
    activated_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it came into force.")
    submitted_by: Mapped[UUID | None] = reference(
        "users", BUSINESS, "Who asked for its approval.", back="submittedPolicyVersions", sort_order=96
    )
    decided_by: Mapped[UUID | None] = reference(
        "users", BUSINESS, "Who approved or rejected it.", back="decidedPolicyVersions", sort_order=97
    )
    decided_at: Mapped[dt.datetime | None] = time(BUSINESS, "When it was approved or rejected.", sort_order=98)
    reason: Mapped[str | None] = text(BUSINESS, "Why it was rejected.", size=None, sort_order=99)
    shadow_share: Mapped[Decimal | None] = percentage(
        BUSINESS,
        "Of how many reads it is asked, beside what is in force, what they would answer; in per cent.",
        sort_order=100,
    )
    shadow_until: Mapped[dt.datetime | None] = time(BUSINESS, "Until when it is asked so.", sort_order=101)


class FieldDefinition(Record):
    """What a field holds and how it is entered, for shipped and custom fields."""

    __tablename__ = "field_definitions"
    __table_args__ = (sa.UniqueConstraint("entity", "key"), sa.CheckConstraint("max >= min", name="range"))

    entity: Mapped[str] = text(PUBLIC, "The type that has the field.", size=CODE)
    key: Mapped[str] = text(PUBLIC, "Name of the field.", size=CODE)
    data_type: Mapped[FieldType] = choice(FieldType, PUBLIC, "What it holds.")
    label: Mapped[dict[str, Any] | None] = document(PUBLIC, "Label by locale.")
    hint: Mapped[dict[str, Any] | None] = document(PUBLIC, "Hint for entry by locale.")
    required: Mapped[bool] = boolean(PUBLIC, "Must be given.", server_default=sa.false())
    pattern: Mapped[str | None] = text(PUBLIC, "Regular expression that values match.", size=None)
    min: Mapped[Decimal | None] = decimal(PUBLIC, "Least value; of texts, fewest characters.", 19, 4)
    max: Mapped[Decimal | None] = decimal(PUBLIC, "Greatest value; of texts, most characters.", 19, 4)
    options: Mapped[list[Any] | None] = document(
        PUBLIC, "The values to choose from: texts, or objects with `value` and, by locale, `label`."
    )
    data_class: Mapped[DataClass | None] = choice(DataClass, BUSINESS, "How delicate it is; absent: shown to nobody.")
    encrypted: Mapped[bool] = boolean(BUSINESS, "Stored encrypted.", server_default=sa.false())
    filterable: Mapped[bool] = boolean(PUBLIC, "May be used in filters.", server_default=sa.false())
    is_custom: Mapped[bool] = boolean(PUBLIC, "Made here, not shipped.", server_default=sa.false())
    required_when: Mapped[dict[str, Any] | None] = document(
        PUBLIC, "When it must be given: by field of the record, one of these values.", sort_order=98
    )
