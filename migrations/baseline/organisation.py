"""Users, departments, regions, roles and policy."""

from __future__ import annotations

from alembic import op

from migrations.baseline.parts import (
    FLAG,
    ID,
    INT,
    JSON,
    MONEY,
    TEXT,
    TIME,
    check,
    create,
    drop,
    given,
    indexes,
    key,
    maybe,
    one_of,
    one_per,
    place,
    record,
    refers,
    text,
    unique,
)


def upgrade() -> None:
    """Create the tables."""
    _departments()
    _regions()
    _users()
    _roles()
    _role_assignments()
    _policy_versions()
    _field_definitions()
    op.create_foreign_key(op.f("fk_departments_manager_user_id"), "departments", "users", ["manager_user_id"], ["id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_constraint(op.f("fk_departments_manager_user_id"), "departments", type_="foreignkey")
    drop("departments", "regions", "users", "roles", "role_assignments", "policy_versions", "field_definitions")


def _departments() -> None:
    create(
        "departments",
        "A department, in a tree.",
        *key(),
        given("code", text(64), "Short name, unique."),
        given("name", text(200), "Name."),
        maybe("parent_id", ID, "The department above."),
        given("path", text(1000), "Place in the tree, from the root."),
        maybe("manager_user_id", ID, "Who leads it."),
        *record(),
        check("path", "path ~ '^/([^/]+/)*$'"),
        check("parent_is_another", "parent_id <> id"),
        unique("code"),
        unique("path"),
        refers("parent_id", "departments"),
    )
    indexes("departments", ("manager_user_id",))


def _regions() -> None:
    create(
        "regions",
        "A sales region, in a tree.",
        *key(),
        given("code", text(64), "Short name, unique; ISO 3166 where one exists."),
        given("name", text(200), "Name."),
        maybe("parent_id", ID, "The region above."),
        given("path", text(1000), "Place in the tree, from the root."),
        maybe("currency", text(3), "Usual currency."),
        maybe("time_zone", text(64), "Time zone, IANA."),
        maybe("sales_policy", JSON, "Terms of sale here: `max_discount_pct`, `price_list_code`."),
        *record(),
        check("path", "path ~ '^/([^/]+/)*$'"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("parent_is_another", "parent_id <> id"),
        unique("code"),
        unique("path"),
        refers("parent_id", "regions"),
    )


def _users() -> None:
    create(
        "users",
        "Someone who works here and may sign in.",
        *key(),
        maybe("subject", text(200), "Subject at the identity provider (OIDC `sub`)."),
        maybe("email", text(320), "E-mail address, unique."),
        given("display_name", text(200), "Name shown to others."),
        maybe("manager_id", ID, "Whom this user reports to."),
        maybe("locale", text(35), "Language and country, BCP 47."),
        maybe("time_zone", text(64), "Time zone, IANA."),
        given("status", text(64), "Whether the user may sign in.", "'ACTIVE'"),
        *place(),
        *record(),
        check("email", "email = lower(email) AND email ~ '^[^@]+@[^@]+$'"),
        one_of("status", "INVITED ACTIVE SUSPENDED LEFT"),
        check("manager_is_another", "manager_id <> id"),
        unique("email"),
        unique("subject"),
        refers("manager_id", "users"),
    )
    indexes("users", ("display_name", "id"))


def _roles() -> None:
    create(
        "roles",
        "A set of rights, described by the policy.",
        *key(),
        given("code", text(64), "Name in the policy, unique."),
        given("name", text(200), "Name."),
        given("rank", INT, "Order in lists, lowest first.", "0"),
        given("is_system", FLAG, "Shipped with the product.", "false"),
        *record(),
        unique("code"),
    )


def _role_assignments() -> None:
    create(
        "role_assignments",
        "A role that a user holds, for a department and a region and for a time.",
        *key(),
        given("user_id", ID, "Who holds the role."),
        given("role_id", ID, "The role."),
        maybe("valid_from", TIME, "When it begins; absent: at once."),
        maybe("valid_to", TIME, "When it has ended; absent: never."),
        maybe("granted_by", ID, "Who gave it."),
        *place(),
        *record(),
        check("valid_from_valid_to", "valid_to >= valid_from"),
        refers("user_id", "users"),
        refers("role_id", "roles"),
        refers("granted_by", "users"),
    )
    one_per("role_assignments", "user_id", "role_id", "department_id", "region_id")


def _policy_versions() -> None:
    create(
        "policy_versions",
        "A version of the policy: who sees and does what.",
        *key(),
        given("number", INT, "Counts the versions, from 1."),
        given("status", text(64), "Where it stands.", "'DRAFT'"),
        given("document", JSON, "The rules."),
        maybe("based_on", ID, "What it was made from."),
        maybe("author", ID, "Who wrote it."),
        maybe("note", TEXT, "Why it was made."),
        maybe("activated_at", TIME, "When it came into force."),
        *record(),
        check("number", "number > 0"),
        one_of("status", "DRAFT ACTIVE RETIRED"),
        unique("number"),
        refers("based_on", "policy_versions"),
        refers("author", "users"),
    )
    one_per("policy_versions", "status", among="status = 'ACTIVE'")


def _field_definitions() -> None:
    create(
        "field_definitions",
        "What a field holds and how it is entered, for shipped and custom fields.",
        *key(),
        given("entity", text(64), "The type that has the field."),
        given("key", text(64), "Name of the field."),
        given("data_type", text(64), "What it holds."),
        maybe("label", JSON, "Label by locale."),
        maybe("hint", JSON, "Hint for entry by locale."),
        given("required", FLAG, "Must be given.", "false"),
        maybe("pattern", TEXT, "Regular expression that values match."),
        maybe("min", MONEY, "Least value."),
        maybe("max", MONEY, "Greatest value."),
        maybe("options", JSON, "The values to choose from."),
        maybe("data_class", text(64), "How delicate it is; absent: shown to nobody."),
        given("encrypted", FLAG, "Stored encrypted.", "false"),
        given("filterable", FLAG, "May be used in filters.", "false"),
        given("is_custom", FLAG, "Made here, not shipped.", "false"),
        *record(),
        one_of("data_type", "TEXT INTEGER DECIMAL BOOLEAN DATE TIME CHOICE CHOICES MONEY REFERENCE"),
        one_of("data_class", "PUBLIC BUSINESS CONTACT IDENTITY FINANCIAL SENSITIVE SECRET"),
        check("range", "max >= min"),
        unique("entity", "key"),
    )
