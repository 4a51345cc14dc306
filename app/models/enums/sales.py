"""Lists of sales."""

from app.models.enums.choice import Choice


class OpportunityType(Choice):
    """How ripe a chance is."""

    LEAD = "LEAD", "A first sign of interest."
    OPPORTUNITY = "OPPORTUNITY", "A qualified chance to sell."


class LeadStatus(Choice):
    """Stage codes of leads."""

    NEW = "NEW", "Not looked at yet."
    ASSIGNED = "ASSIGNED", "Given to someone."
    IN_PROCESS = "IN_PROCESS", "Being worked on."
    CONVERTED = "CONVERTED", "Became an opportunity."
    RECYCLED = "RECYCLED", "Put back for later."
    DEAD = "DEAD", "Came to nothing."


class OpportunityStage(Choice):
    """Stage codes of the default sales pipeline."""

    PROSPECTING = "PROSPECTING", "Looking whether there is a need."
    QUALIFICATION = "QUALIFICATION", "Checking need, budget and power to decide."
    NEEDS_ANALYSIS = "NEEDS_ANALYSIS", "Learning what is needed."
    VALUE_PROPOSITION = "VALUE_PROPOSITION", "Showing what it brings."
    DECISION_MAKERS = "DECISION_MAKERS", "Winning those who decide."
    PERCEPTION_ANALYSIS = "PERCEPTION_ANALYSIS", "Learning how we are seen."
    PROPOSAL = "PROPOSAL", "An offer with a price is out."
    NEGOTIATION = "NEGOTIATION", "Terms are being settled."
    CLOSED_WON = "CLOSED_WON", "Won."
    CLOSED_LOST = "CLOSED_LOST", "Lost."


class QuoteStatus(Choice):
    """Where a quote stands."""

    DRAFT = "DRAFT", "Being written."
    NEGOTIATION = "NEGOTIATION", "Being discussed."
    DELIVERED = "DELIVERED", "Sent to the customer."
    ON_HOLD = "ON_HOLD", "Waiting."
    CONFIRMED = "CONFIRMED", "Confirmed by both sides."
    CLOSED_ACCEPTED = "CLOSED_ACCEPTED", "Accepted."
    CLOSED_LOST = "CLOSED_LOST", "Declined."
    EXPIRED = "EXPIRED", "No longer valid."


class ApprovalStatus(Choice):
    """Whether a quote was approved inside."""

    NOT_REQUIRED = "NOT_REQUIRED", "Needs no approval."
    PENDING = "PENDING", "Waits for approval."
    APPROVED = "APPROVED", "Approved."
    REJECTED = "REJECTED", "Refused."


class ContractType(Choice):
    """What a contract agrees."""

    PURCHASE = "PURCHASE", "A single purchase."
    FRAMEWORK = "FRAMEWORK", "Terms for many purchases."
    SUBSCRIPTION = "SUBSCRIPTION", "A recurring delivery."
    MAINTENANCE = "MAINTENANCE", "Upkeep of what was bought."
    SERVICE = "SERVICE", "Work by our people."
    LICENSE = "LICENSE", "A right of use."
    CONFIDENTIALITY = "CONFIDENTIALITY", "Secrecy."
    OTHER = "OTHER", "Anything else."


class ContractStatus(Choice):
    """Where a contract stands."""

    DRAFT = "DRAFT", "Being written."
    IN_REVIEW = "IN_REVIEW", "Being checked."
    SIGNED = "SIGNED", "Signed, not yet running."
    ACTIVE = "ACTIVE", "Running."
    EXPIRED = "EXPIRED", "Run out."
    TERMINATED = "TERMINATED", "Ended early."
    RENEWED = "RENEWED", "Replaced by a new term."


class OrderStatus(Choice):
    """Where an order stands."""

    DRAFT = "DRAFT", "Being written."
    UNCONFIRMED = "UNCONFIRMED", "Placed, not confirmed."
    UNFULFILLED = "UNFULFILLED", "Confirmed, nothing delivered."
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED", "Delivered in part."
    FULFILLED = "FULFILLED", "Delivered."
    PARTIALLY_RETURNED = "PARTIALLY_RETURNED", "Returned in part."
    RETURNED = "RETURNED", "Returned."
    CANCELED = "CANCELED", "Called off."
    EXPIRED = "EXPIRED", "Never confirmed in time."


class PaymentStatus(Choice):
    """How far an order is paid."""

    NOT_CHARGED = "NOT_CHARGED", "Nothing charged."
    PENDING = "PENDING", "A payment is under way."
    PARTIALLY_CHARGED = "PARTIALLY_CHARGED", "Paid in part."
    FULLY_CHARGED = "FULLY_CHARGED", "Paid."
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED", "Paid back in part."
    FULLY_REFUNDED = "FULLY_REFUNDED", "Paid back."
    REFUSED = "REFUSED", "The payment was refused."
    CANCELLED = "CANCELLED", "The payment was called off."


class FulfillmentStatus(Choice):
    """How far an order is delivered."""

    UNFULFILLED = "UNFULFILLED", "Nothing delivered."
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED", "Delivered in part."
    FULFILLED = "FULFILLED", "Delivered."
    PARTIALLY_RETURNED = "PARTIALLY_RETURNED", "Returned in part."
    RETURNED = "RETURNED", "Returned."
    CANCELED = "CANCELED", "Nothing will be delivered."
