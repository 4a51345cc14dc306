"""c360 policy: the rules, from files and in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import AsJson, console, fail, in_words, print_json, ready_database, run
from app.database import connect
from app.models.catalogue import CATALOGUE
from app.services.policy_store import activate, active_policy
from app.settings import Settings
from policies.faults import PolicyError
from policies.loading import DEFAULT_RULES, load, read_folder

commands = typer.Typer(no_args_is_help=True, help="Check, show and activate the policy.")

Folder = Annotated[Path, typer.Argument(help="Folder of policy documents (*.yaml).", exists=True, file_okay=False)]


@commands.command()
def lint(folder: Folder = DEFAULT_RULES, as_json: AsJson = False) -> None:
    """Check policy documents; every fault is shown with file and line. Exit code 1 where there is one."""
    try:
        policy = load(read_folder(folder), CATALOGUE)
    except PolicyError as error:
        if as_json:
            print_json([{"file": f.file, "line": f.line, "message": f.message} for f in error.faults])
            raise typer.Exit(1) from None
        raise fail(str(error)) from None
    except OSError as failure:
        raise fail(in_words(failure)) from None
    if as_json:
        print_json([])
    else:
        rules = sum(len(role.rules) for role in policy.roles.values())
        console.print(f"{len(policy.roles)} roles, {rules} rules: no fault.")


@commands.command()
def apply(folder: Folder, note: Annotated[str, typer.Option(help="Why.")] = "") -> None:
    """Make a folder's documents the active policy. Running servers follow with their next statement."""

    async def work(settings: Settings) -> int:
        async with ready_database(settings) as database:
            connection = await connect(database.dsn)
            try:
                return await activate(connection, read_folder(folder), note)
            finally:
                await connection.close()

    console.print(f"Version {run(work)} is active.")


@commands.command()
def show(as_json: AsJson = False) -> None:
    """Show the roles of the active policy and how many rules each has, its included roles' among them."""

    async def work(settings: Settings) -> list[dict[str, object]]:
        async with ready_database(settings) as database:
            _, policy = await active_policy(database.read)
        return [
            {"role": role.code, "name": role.name, "rules": len(list(policy.rules_of(role.code)))}
            for role in policy.roles.values()
        ]

    found = run(work)
    if as_json:
        print_json(found)
        return
    for role in found:
        typer.echo(f"{role['role']:<20}{role['rules']:>4} rules  {role['name']}")
