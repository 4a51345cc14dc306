"""Opportunities, quotes, contracts and orders."""

from app import models
from graphql_schema.analyses.stage_history import STAGE_HISTORY
from graphql_schema.declaring import declare

declare(
    models.Opportunity,
    tag=18,
    values="""
    type name pipelineCode stageCode amount probabilityPct forecastCategory openedAt expectedCloseDate closedAt
    lostReason leadSource nextStep convertedAt currency fxRate fxDate version createdAt updatedAt
    """,
    one="customer stage campaign primaryContact product owner department region",
    many="contracts interactions orders quotes tasks",
    computed=(STAGE_HISTORY,),
)

declare(
    models.Quote,
    tag=19,
    values="""
    number status validUntil approvalStatus terms subtotal discount tax shipping total currency fxRate fxDate
    version createdAt updatedAt
    """,
    one="customer opportunity owner department region",
    many="interactions lines orders tasks",
)

declare(
    models.QuoteLine,
    tag=20,
    values="""
    position description quantity unitPrice discountPct taxRatePct lineTotal currency fxRate fxDate version
    createdAt updatedAt
    """,
    one="customer quote product owner department region",
)

declare(
    models.Contract,
    tag=21,
    values="""
    number type status startDate endDate customerSignedOn companySignedOn renewalNoticeDate autoRenew total currency
    fxRate fxDate version createdAt updatedAt
    """,
    one="customer opportunity owner department region",
    many="interactions orders tasks",
)

declare(
    models.Order,
    tag=22,
    values="""
    number status paymentStatus fulfillmentStatus orderedAt channel subtotal discount tax shipping total refunded
    currency fxRate fxDate version createdAt updatedAt
    """,
    one="customer quote contract opportunity campaign billingAddress shippingAddress owner department region",
    many="interactions lines surveyResponses tasks tickets",
)

declare(
    models.OrderLine,
    tag=23,
    values="""
    productCategoryPath position description quantity fulfilledQuantity returnedQuantity unitPrice discountPct
    taxRatePct lineTotal currency fxRate fxDate version createdAt updatedAt
    """,
    one="customer order product owner department region",
)
