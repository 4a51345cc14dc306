"""c360 schema: the graph's schema."""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import Annotated

import typer
from graphql import GraphQLSchema

from app.commands.common import fail, ready_database, run
from app.services.policies.store import active_policy
from app.settings import Settings
from graphql_schema.schema import COMPLETE, SCHEMA
from graphql_schema.tailoring.schemas import Schemas
from policies.access import access
from policies.principal import Held

commands = typer.Typer(no_args_is_help=True, help="The graph's schema.")

Role = Annotated[str | None, typer.Option(help="Only what a holder of this role ever sees, by the active policy.")]


@commands.callback()
def schema() -> None:
    """The graph's schema."""


@commands.command(name="print")
def print_(role: Role = None) -> None:
    """Print the schema in GraphQL's schema language."""
    typer.echo(_written(COMPLETE.schema if role is None else run(partial(_seen_by, role))))


async def _seen_by(role: str, settings: Settings) -> GraphQLSchema:
    """The schema that a holder of a role sees, for some department, region and purpose."""
    async with ready_database(settings) as database:
        _, policy = await active_policy(database.read)
    if role not in policy.roles:
        raise fail(f"the active policy has no role {role!r}; its roles are {', '.join(sorted(policy.roles))}")
    held = Held(role, departments=True, regions=True, purpose=True)
    return Schemas(COMPLETE).of(access(policy, ((held,),)))


def _written(schema: GraphQLSchema) -> str:
    shown = copy(SCHEMA)
    shown._schema = schema
    return shown.as_str()
