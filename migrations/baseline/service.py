"""Tickets, messages and survey responses."""

from __future__ import annotations

from migrations.baseline.parts import (
    DAY,
    ID,
    INT,
    JSON,
    MONEY,
    RATE,
    TEXT,
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
    owned,
    record,
    refers,
    scope,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _tickets()
    _ticket_messages()
    _survey_responses()


def downgrade() -> None:
    """Drop them."""
    drop("tickets", "ticket_messages", "survey_responses")


def _tickets() -> None:
    create(
        "tickets",
        "A request, a fault or a complaint.",
        *key(of_customer=True),
        given("number", text(64), "Number, unique."),
        given("type", text(64), "What is asked for.", "'REQUEST'"),
        given("status", text(64), "Where it stands.", "'NEW'"),
        given("priority", text(64), "How soon it is needed.", "'NORMAL'"),
        maybe("severity", text(64), "How much harm there is."),
        maybe("channel", text(64), "How it came in."),
        given("subject", text(500), "What it is about, in a line."),
        maybe("description", TEXT, "What it is about."),
        maybe("contact_id", ID, "Who asked."),
        maybe("order_id", ID, "The order it is about."),
        given("opened_at", TIME, "When it came in."),
        maybe("first_responded_at", TIME, "When we first answered."),
        maybe("first_response_due_at", TIME, "When a first answer is due."),
        maybe("resolved_at", TIME, "When it was solved."),
        maybe("resolution_due_at", TIME, "When a solution is due."),
        maybe("closed_at", TIME, "When it was closed."),
        given("reopened_count", INT, "How often it was reopened.", "0"),
        maybe("sla_policy", JSON, "The promise that applied when it came in."),
        maybe("root_cause", TEXT, "Why it happened."),
        maybe("resolution", TEXT, "What was done."),
        maybe("compensation", MONEY, "What we paid for it."),
        base_of("compensation"),
        maybe("currency", text(3), "Currency of the amounts."),
        maybe("fx_rate", RATE, "Rate to the base currency, fixed on `fxDate`."),
        maybe("fx_date", DAY, "Day of the exchange rate."),
        *scope(),
        *record(),
        one_of("type", "QUESTION INCIDENT PROBLEM COMPLAINT AFTER_SALES FEEDBACK REQUEST"),
        one_of("status", "NEW ASSIGNED PENDING_CUSTOMER IN_PROGRESS RESOLVED CLOSED REJECTED DUPLICATE"),
        one_of("priority", "LOW NORMAL HIGH URGENT"),
        one_of("severity", "MINOR MODERATE MAJOR CRITICAL"),
        one_of("channel", "PHONE EMAIL IN_PERSON VIDEO CHAT SMS SOCIAL WEB APP POST PARTNER SYSTEM"),
        check("reopened_count", "reopened_count >= 0"),
        check("compensation", "compensation >= 0"),
        check("currency", "currency ~ '^[A-Z]{3}$'"),
        check("fx_rate", "fx_rate > 0"),
        check("fx_complete", "(fx_rate IS NULL) = (fx_date IS NULL)"),
        check("has_currency", "currency IS NOT NULL OR num_nonnulls(compensation) = 0"),
        check("opened_at_closed_at", "closed_at >= opened_at"),
        check("opened_at_first_responded_at", "first_responded_at >= opened_at"),
        check("opened_at_resolved_at", "resolved_at >= opened_at"),
        owned("contact_id", "contacts"),
        owned("order_id", "orders"),
    )
    indexes("tickets", ("customer_id", "opened_at", "id"), ("number",), ("opened_at", "id"))


def _ticket_messages() -> None:
    create(
        "ticket_messages",
        "A message about a ticket.",
        *key(of_customer=True),
        given("ticket_id", ID, "The ticket."),
        given("direction", text(64), "Who wrote to whom."),
        maybe("channel", text(64), "How it was sent."),
        maybe("author_user_id", ID, "Which of us wrote it."),
        maybe("contact_id", ID, "Which contact wrote or received it."),
        given("body", TEXT, "The text."),
        given("sent_at", TIME, "When it was sent."),
        maybe("external_message_id", text(500), "Id in the system that carried it."),
        *scope(),
        *record(),
        one_of("direction", "IN OUT INTERNAL"),
        one_of("channel", "PHONE EMAIL IN_PERSON VIDEO CHAT SMS SOCIAL WEB APP POST PARTNER SYSTEM"),
        owned("ticket_id", "tickets"),
        refers("author_user_id", "users"),
        owned("contact_id", "contacts"),
    )
    indexes("ticket_messages", ("customer_id", "sent_at", "id"))


def _survey_responses() -> None:
    create(
        "survey_responses",
        "A questionnaire sent to a customer, and the answer.",
        *key(of_customer=True),
        given("survey_id", ID, "The survey."),
        maybe("ticket_id", ID, "The ticket it is about."),
        maybe("order_id", ID, "The order it is about."),
        maybe("campaign_id", ID, "The campaign it is about."),
        maybe("score", INT, "The score, within the scale."),
        given("scale_min", INT, "Lowest score of the survey when it was sent."),
        given("scale_max", INT, "Highest score of the survey when it was sent."),
        maybe("comment", TEXT, "What the customer wrote."),
        maybe("answers", JSON, "Answers by question."),
        maybe("sent_at", TIME, "When it was sent."),
        maybe("responded_at", TIME, "When it was answered."),
        maybe("agent_user_id", ID, "Whose work it is about."),
        *scope(),
        *record(),
        check("score", "score BETWEEN scale_min AND scale_max"),
        check("scale", "scale_max > scale_min"),
        check("sent_at_responded_at", "responded_at >= sent_at"),
        refers("survey_id", "surveys"),
        owned("ticket_id", "tickets"),
        owned("order_id", "orders"),
        refers("campaign_id", "campaigns"),
        refers("agent_user_id", "users"),
    )
    indexes("survey_responses", ("customer_id", "responded_at", "id"))
