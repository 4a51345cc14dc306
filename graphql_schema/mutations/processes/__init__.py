"""The steps of all processes, one file for each domain."""

from graphql_schema.mutations.processes import activity, customers, marketing, quality, sales, service

STEPS = (*customers.STEPS, *sales.STEPS, *service.STEPS, *marketing.STEPS, *activity.STEPS, *quality.STEPS)
BEGINNINGS = (*service.BEGINNINGS,)
