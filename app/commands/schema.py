"""c360 schema: the graph's schema."""

from __future__ import annotations

import typer

from graphql_schema.schema import SCHEMA

commands = typer.Typer(no_args_is_help=True, help="The graph's schema.")


@commands.callback()
def schema() -> None:
    """The graph's schema."""


@commands.command(name="print")
def print_() -> None:
    """Print the schema in GraphQL's schema language."""
    typer.echo(SCHEMA.as_str())
