"""Tickets, surveys and their answers."""

from app import models
from graphql_schema.declaring import declare

declare(
    models.Ticket,
    tag=24,
    values="""
    number type status priority severity channel subject description openedAt firstRespondedAt firstResponseDueAt
    resolvedAt resolutionDueAt closedAt reopenedCount slaPolicy rootCause resolution compensation currency fxRate
    fxDate version createdAt updatedAt
    """,
    one="customer contact duplicateOf order owner department region",
    many="duplicates interactions messages surveyResponses tasks",
)

declare(
    models.TicketMessage,
    tag=25,
    values="""
    direction channel body sentAt version createdAt updatedAt
    """,
    one="customer ticket authorUser contact owner department region",
)

declare(
    models.Survey,
    tag=26,
    values="""
    code name kind scaleMin scaleMax questions status version createdAt updatedAt
    """,
    many="responses",
)

declare(
    models.SurveyResponse,
    tag=27,
    values="""
    score scaleMin scaleMax comment answers sentAt respondedAt version createdAt updatedAt
    """,
    one="customer survey ticket order campaign agentUser owner department region",
)
