"""The command line."""

from __future__ import annotations

import typer

from app.commands import audit, clients, data, documents, duplicates, keys, policy, providers, schema, serving

app = typer.Typer(
    name="c360",
    help="Customer 360: one graph of everything about a customer, for each caller as much as the policy grants.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(serving.serve)
app.command(name="migrate")(serving.migrate_command)
app.command()(serving.token)
app.command()(clients.password)
app.command()(data.demo)
app.command(name="import")(data.import_)
app.add_typer(audit.commands, name="audit")
app.add_typer(clients.commands, name="client")
app.add_typer(documents.commands, name="documents")
app.add_typer(duplicates.commands, name="duplicates")
app.add_typer(keys.commands, name="keys")
app.add_typer(policy.commands, name="policy")
app.add_typer(providers.commands, name="provider")
app.add_typer(schema.commands, name="schema")


def main() -> None:
    """The entry point of `c360`."""
    app()
