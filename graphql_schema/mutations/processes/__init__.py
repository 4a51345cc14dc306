"""The steps of all processes, one file for each domain."""

from graphql_schema.mutations.processes import activity, sales, service

STEPS = (*sales.STEPS, *service.STEPS, *activity.STEPS)
