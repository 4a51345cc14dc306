"""Members of campaigns and segments."""

from __future__ import annotations

from migrations.baseline.parts import (
    ID,
    JSON,
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
    owned,
    record,
    refers,
    scope,
    text,
)


def upgrade() -> None:
    """Create the tables."""
    _campaign_members()
    _segment_members()


def downgrade() -> None:
    """Drop them."""
    drop("campaign_members", "segment_members")


def _campaign_members() -> None:
    create(
        "campaign_members",
        "How far a campaign got with a customer or a contact.",
        *key(of_customer=True),
        given("campaign_id", ID, "The campaign."),
        maybe("contact_id", ID, "Who; absent: the customer."),
        given("status", text(64), "How far the campaign got.", "'TARGETED'"),
        maybe("status_at", TIME, "Since when."),
        maybe("utm", JSON, "Parameters of the link followed."),
        maybe("variant", text(64), "Which variant was sent."),
        maybe("unsubscribed_at", TIME, "When they asked for no more."),
        *scope(),
        *record(),
        one_of("status", "TARGETED SENT DELIVERED OPENED CLICKED RESPONDED CONVERTED BOUNCED OPTED_OUT SUPPRESSED"),
        refers("campaign_id", "campaigns"),
        owned("contact_id", "contacts"),
    )
    one_per("campaign_members", "customer_id", "campaign_id", "contact_id")
    indexes("campaign_members", ("customer_id", "status_at", "id"))


def _segment_members() -> None:
    create(
        "segment_members",
        "A customer's time in a segment.",
        *key(of_customer=True),
        given("segment_id", ID, "The segment."),
        given("added_at", TIME, "When the customer came in."),
        maybe("removed_at", TIME, "When the customer fell out."),
        maybe("reason", TEXT, "Why."),
        *scope(),
        *record(),
        check("added_at_removed_at", "removed_at >= added_at"),
        refers("segment_id", "segments"),
    )
    one_per("segment_members", "customer_id", "segment_id", among="removed_at IS NULL AND deleted_at IS NULL")
