"""What was done and what is to be done."""

from app import models
from graphql_schema.declaring import declare

declare(
    models.Interaction,
    tag=32,
    values="""
    kind channel direction subject body occurredAt endsAt durationSeconds status recordingUrl mentions version
    createdAt updatedAt
    """,
    one="customer contact about owner department region",
)

declare(
    models.Task,
    tag=33,
    values="""
    title status priority dueAt allDay completedAt recurrence reminders version createdAt updatedAt
    """,
    one="customer about owner department region",
)
