"""The steps of all processes, one file for each domain."""

from graphql_schema.mutations.processes import sales

STEPS = (*sales.STEPS,)
