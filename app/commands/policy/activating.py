"""c360 policy apply and show."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.common import AsJson, console, fail, print_json, ready_database, run
from app.commands.policy.documents import Folder, read_documents, refuse
from app.commands.policy.linting import show_findings
from app.commands.policy.testing import show_misses
from app.database import connect
from app.services.policies.store import activate, active_policy, active_version
from app.services.policies.testing import run_cases
from app.settings import Settings
from policies.faults import PolicyError
from policies.linting import Severity, lint
from policies.rules import Policy
from policies.testing import Miss


def apply(
    folder: Folder,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="In spite of errors that lint finds, and of tests that fail.")
    ] = False,
) -> None:
    """Make a folder's documents the active policy, if lint finds no error and all tests pass. Running servers follow with their next statement."""
    try:
        found = read_documents(folder)
    except PolicyError as error:
        raise refuse(error) from None
    if not unchecked:
        _refuse_errors(found.policy)

    async def work(settings: Settings) -> tuple[list[Miss], int]:
        async with ready_database(settings) as database:
            connection = await connect(database.dsn)
            try:
                misses = await run_cases(connection, found.policy, () if unchecked else found.cases)
                return misses, 0 if misses else await activate(connection, found.texts, note, tests=found.tests)
            finally:
                await connection.close()

    misses, version = run(work)
    show_misses(misses)
    if misses:
        raise fail("Nothing was changed: tests fail.")
    console.print(f"Version {version} is active.")


def _refuse_errors(policy: Policy) -> None:
    errors = [finding for finding in lint(policy) if finding.severity is Severity.ERROR]
    show_findings(errors)
    if errors:
        raise fail("Nothing was changed: there are errors.")


def show(as_json: AsJson = False) -> None:
    """Show the roles of the active policy and how many rules each has, its included roles' among them."""

    async def work(settings: Settings) -> tuple[int, list[dict[str, object]]]:
        async with ready_database(settings) as database:
            version = await active_version(database.read)
            _, policy = await active_policy(database.read)
        return version, [
            {"role": role.code, "name": role.name, "rules": len(list(policy.rules_of(role.code)))}
            for role in policy.roles.values()
        ]

    version, found = run(work)
    console.print(f"Version {version} is active.")
    if as_json:
        print_json(found)
        return
    for role in found:
        typer.echo(f"{role['role']:<20}{role['rules']:>4} rules  {role['name']}")
