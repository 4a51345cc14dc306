"""Campaigns, segments and who is in them."""

from app import models
from graphql_schema.analyses.campaigns import CAMPAIGN
from graphql_schema.declaring import declare

declare(
    models.Campaign,
    tag=28,
    values="""
    code name type channel status objective startsOn endsOn budget committed budgetOverridden actualCost
    expectedRevenue currency fxRate fxDate version createdAt updatedAt
    """,
    one="parent owner department region",
    many="children interactions members opportunities orders surveyResponses tasks",
    computed=CAMPAIGN,
)

declare(
    models.CampaignMember,
    tag=29,
    values="""
    status statusAt utm variant unsubscribedAt version createdAt updatedAt
    """,
    one="customer campaign contact owner department region",
)

declare(
    models.Segment,
    tag=30,
    values="""
    code name kind rule refreshedAt memberCount version createdAt updatedAt
    """,
    one="owner department region",
    many="members",
)

declare(
    models.SegmentMember,
    tag=31,
    values="""
    addedAt removedAt reason version createdAt updatedAt
    """,
    one="customer segment owner department region",
)
