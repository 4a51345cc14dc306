"""Customers and what describes them."""

from __future__ import annotations

import sqlalchemy as sa

from migrations.baseline.parts import (
    DAY,
    FLAG,
    ID,
    JSON,
    MONEY,
    RATE,
    TIME,
    base_of,
    check,
    create,
    drop,
    given,
    indexes,
    key,
    maybe,
    one_of,
    one_per,
    owned,
    record,
    refers,
    scope,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _customers()
    _contacts()
    _contact_points()
    _addresses()
    _consents()
    _customer_relations()


def downgrade() -> None:
    """Drop them."""
    drop("customers", "contacts", "contact_points", "addresses", "consents", "customer_relations")


def _customers() -> None:
    create(
        "customers",
        "A person or an organisation we serve.",
        *key(),
        given("kind", text(64), "Person or organisation."),
        given("display_name", text(200), "Name shown in lists and headings."),
        maybe("email", text(320), "Primary e-mail address."),
        maybe("phone", text(32), "Primary telephone number."),
        maybe("legal_name", text(200), "Registered name of an organisation."),
        maybe("given_name", text(200), "Given name of a person."),
        maybe("family_name", text(200), "Family name of a person."),
        maybe("birth_date", DAY, "Birth date of a person."),
        maybe("tax_id", text(64), "Tax number."),
        given("lifecycle_stage", text(64), "Where the customer stands in its life with us.", "'PROSPECT'"),
        maybe("tier", text(64), "How much the customer matters to us."),
        maybe("category_path", text(1000), "Place among the categories of customers."),
        maybe("industry_code", text(5), "Industry, ISIC Rev. 4."),
        maybe("employee_band", text(64), "How many people it employs."),
        maybe("annual_revenue", MONEY, "Yearly revenue."),
        base_of("annual_revenue"),
        maybe("source", text(64), "Where the customer came from."),
        maybe("locale", text(35), "Language and country, BCP 47."),
        maybe("time_zone", text(64), "Time zone, IANA."),
        given("custom", JSON, "Custom fields, by key.", "'{}'"),
        maybe("last_interaction_at", TIME, "When the customer was last in touch with us."),
        maybe("first_ordered_at", TIME, "When the customer first ordered."),
        maybe("merged_into_id", ID, "The customer this one became part of."),
        maybe("erased_at", TIME, "When personal data was erased."),
        given("legal_hold", FLAG, "Kept for a legal dispute.", "false"),
        maybe("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of("kind", "INDIVIDUAL ORGANIZATION"),
        check("email", "email = lower(email) AND email ~ '^[^@]+@[^@]+$'"),
        check("phone", "phone ~ '^\\+[1-9][0-9]{1,14}$'"),
        one_of("lifecycle_stage", "LEAD PROSPECT ACTIVE AT_RISK DORMANT CHURNED FORMER"),
        one_of("tier", "STRATEGIC KEY STANDARD BASIC"),
        check("category_path", "category_path ~ '^/([^/]+/)*$'"),
        check("industry_code", "industry_code ~ '^([A-U]|[A-U]?[0-9]{2,4})$'"),
        one_of("employee_band", "MICRO SMALL MEDIUM LARGE VERY_LARGE GIANT"),
        check("annual_revenue", "annual_revenue >= 0"),
        one_of(
            "source",
            "WEBSITE COLD_CALL EXISTING_CUSTOMER REFERRAL PARTNER PUBLIC_RELATIONS DIRECT_MAIL TRADE_SHOW EMAIL CAMPAIGN WORD_OF_MOUTH OTHER",
        ),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check("has_currency", "currency IS NOT NULL OR num_nonnulls(annual_revenue) = 0"),
        check(
            "kind_fields",
            "CASE kind WHEN 'ORGANIZATION' THEN num_nonnulls(given_name, family_name, birth_date) = 0 ELSE num_nonnulls(legal_name, employee_band) = 0 END",
        ),
        check("merged_into_another", "merged_into_id <> id"),
        refers("merged_into_id", "customers"),
    )
    indexes(
        "customers", ("category_path",), ("display_name", "id"), ("email",), ("last_interaction_at", "id"), ("phone",)
    )


def _contacts() -> None:
    create(
        "contacts",
        "A person we talk to at a customer.",
        *key(of_customer=True),
        given("display_name", text(200), "Name shown in lists and headings."),
        maybe("given_name", text(200), "Given name."),
        maybe("family_name", text(200), "Family name."),
        maybe("email", text(320), "E-mail address."),
        maybe("phone", text(32), "Telephone number."),
        maybe("job_title", text(200), "Job title."),
        maybe("role", text(64), "Part in a purchase."),
        given("is_primary", FLAG, "The first to turn to.", "false"),
        given("do_not_contact", FLAG, "Not to be contacted at all.", "false"),
        maybe("birth_date", DAY, "Birth date."),
        *scope(),
        *record(),
        check("email", "email = lower(email) AND email ~ '^[^@]+@[^@]+$'"),
        check("phone", "phone ~ '^\\+[1-9][0-9]{1,14}$'"),
        one_of("role", "DECISION_MAKER EVALUATOR INFLUENCER EXECUTIVE_SPONSOR TECHNICAL BILLING USER OTHER"),
    )
    one_per("contacts", "customer_id", among="is_primary AND deleted_at IS NULL")
    indexes("contacts", ("email",), ("phone",))


def _contact_points() -> None:
    create(
        "contact_points",
        "An address, number or account under which someone is reached.",
        *key(of_customer=True),
        maybe("contact_id", ID, "Whose it is; absent: the customer's own."),
        given("kind", text(64), "What it is."),
        maybe("label", text(200), "What people call it."),
        given("value", text(500), "The address, number or account as written."),
        maybe("value_normalized", text(500), "The same in one form for all: mail in lower case, numbers in E.164."),
        given("is_primary", FLAG, "The first of its kind to try.", "false"),
        maybe("verified_at", TIME, "When it was last found to work."),
        maybe("valid_from", DAY, "First day of use."),
        maybe("valid_to", DAY, "Last day of use."),
        *scope(),
        *record(),
        one_of("kind", "EMAIL MOBILE PHONE FAX WECHAT WHATSAPP SOCIAL WEBSITE APP"),
        check(
            "e164", "kind NOT IN ('MOBILE', 'PHONE', 'FAX', 'WHATSAPP') OR value_normalized ~ '^\\+[1-9][0-9]{1,14}$'"
        ),
        check("valid_from_valid_to", "valid_to >= valid_from"),
        owned("contact_id", "contacts"),
    )
    one_per("contact_points", "customer_id", "contact_id", "kind", among="is_primary AND deleted_at IS NULL")


def _addresses() -> None:
    create(
        "addresses",
        "A postal address.",
        *key(of_customer=True),
        given("kind", text(64), "What it is for."),
        given("is_default", FLAG, "The one to use of its kind.", "false"),
        maybe("line1", text(500), "Street and number."),
        maybe("line2", text(500), "Building, floor, door."),
        maybe("city", text(200), "City."),
        maybe("admin_area", text(6), "State or province, ISO 3166-2."),
        maybe("postal_code", text(20), "Postal code."),
        maybe("country", text(2), "Country, ISO 3166-1."),
        maybe("latitude", sa.Numeric(9, 6), "Degrees north of the equator."),
        maybe("longitude", sa.Numeric(9, 6), "Degrees east of Greenwich."),
        maybe("verified_at", TIME, "When it was last found to be right."),
        *scope(),
        *record(),
        one_of("kind", "BILLING SHIPPING OFFICE HOME LEGAL OTHER"),
        check("admin_area", "admin_area ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'"),
        check("country", "country ~ '^[A-Z]{2}$'"),
        check("latitude", "latitude BETWEEN -90 AND 90"),
        check("longitude", "longitude BETWEEN -180 AND 180"),
        check("coordinates", "(latitude IS NULL) = (longitude IS NULL)"),
    )
    one_per("addresses", "customer_id", "kind", among="is_default AND deleted_at IS NULL")


def _consents() -> None:
    create(
        "consents",
        "What a customer agreed to or took back; rows are only added, the latest counts.",
        *key(of_customer=True),
        maybe("contact_point_id", ID, "Where it applies; absent: everywhere."),
        given("purpose", text(64), "What it is for."),
        maybe("channel", text(64), "Which channel it is for; absent: all."),
        given("status", text(64), "What it says."),
        given("lawful_basis", text(64), "Ground for the processing."),
        maybe("source", text(200), "Where it was given: form, call, contract."),
        given("obtained_at", TIME, "When it was given or taken back."),
        maybe("expires_at", TIME, "When it runs out."),
        maybe("evidence", JSON, "What proves it."),
        *scope(),
        *record(),
        one_of("purpose", "MARKETING NEWSLETTER RESEARCH PROFILING SERVICE SHARING"),
        one_of("channel", "PHONE EMAIL IN_PERSON VIDEO CHAT SMS SOCIAL WEB APP POST PARTNER SYSTEM"),
        one_of("status", "GRANTED WITHDRAWN EXPIRED BOUNCED"),
        one_of("lawful_basis", "CONSENT CONTRACT LEGAL_OBLIGATION VITAL_INTEREST PUBLIC_TASK LEGITIMATE_INTEREST"),
        check("obtained_at_expires_at", "expires_at >= obtained_at"),
        owned("contact_point_id", "contact_points"),
    )
    indexes("consents", ("customer_id", "obtained_at", "id"))


def _customer_relations() -> None:
    create(
        "customer_relations",
        "How another customer stands to this one; each side has its own row.",
        *key(of_customer=True),
        given("related_customer_id", ID, "The other customer."),
        given("type", text(64), "What the other customer is to this one."),
        maybe("since", DAY, "Since when."),
        *scope(),
        *record(),
        one_of("type", "PARENT SUBSIDIARY PARTNER REFERRER HOUSEHOLD"),
        check("related_to_another", "related_customer_id <> customer_id"),
        refers("related_customer_id", "customers"),
    )
    one_per("customer_relations", "customer_id", "related_customer_id", "type")
