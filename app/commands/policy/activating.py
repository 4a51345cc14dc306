"""c360 policy apply, rollback and show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, TypeAlias

import asyncpg
import typer

from app.commands.common import AsJson, console, fail, print_json, ready_database, run
from app.commands.policy.documents import Documents, Folder, checked, read_documents, refuse
from app.commands.policy.linting import show_findings
from app.commands.policy.testing import show_misses
from app.database import connect
from app.services.auditing import Kind
from app.services.policies.applying import Command
from app.services.policies.applying import apply as applied
from app.services.policies.documents import Documents as Held
from app.services.policies.store import active_policy, active_version, documents
from app.services.policies.testing import run_cases
from app.settings import Settings
from policies.faults import PolicyError
from policies.linting import Severity, lint
from policies.rules import Policy
from policies.testing import Miss

Note = Annotated[str, typer.Option(help="Why.")]
Unchecked = Annotated[
    bool, typer.Option("--unchecked", help="In spite of errors that lint finds, and of tests that fail.")
]


def apply(folder: Folder, note: Note = "", unchecked: Unchecked = False) -> None:
    """Make a folder's documents the active policy, if lint finds no error and all tests pass. Running servers follow with their next statement."""
    try:
        found = read_documents(folder)
    except PolicyError as error:
        raise refuse(error) from None
    if not unchecked:
        _refuse_errors(found.policy)

    async def work(settings: Settings) -> Done:
        async with _connected(settings) as connection:
            return await _activate(
                connection, found, Command(Kind.POLICY_ACTIVATED, _said("apply", unchecked), note), unchecked=unchecked
            )

    _tell(run(work))


def rollback(
    version: Annotated[int, typer.Argument(help="Number of the version.", min=1)],
    note: Note = "",
    unchecked: Unchecked = False,
) -> None:
    """Make an earlier version the active policy again, as a new version, if lint finds no error and all its tests pass."""

    async def work(settings: Settings) -> Done:
        async with _connected(settings) as connection:
            held = await documents(connection.fetchrow, version)
            found = checked(held.files, held.tests)
            if not unchecked:
                _refuse_errors(found.policy)
            why = note or f"Version {version} again."
            command = Command(Kind.POLICY_ROLLED_BACK, _said("rollback", unchecked), why, version)
            return await _activate(connection, found, command, unchecked=unchecked)

    _tell(run(work))


Done: TypeAlias = tuple[list[Miss], int]
"""Tests that fail, or the number of the version that is active now."""


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    async with ready_database(settings) as database:
        connection = await connect(database.dsn)
        try:
            yield connection
        finally:
            await connection.close()


async def _activate(connection: asyncpg.Connection, found: Documents, command: Command, *, unchecked: bool) -> Done:
    misses = await run_cases(connection, found.policy, () if unchecked else found.cases)
    if misses:
        return misses, 0
    return [], await applied(connection, Held(found.texts, found.tests), command)


def _said(name: str, unchecked: bool) -> str:
    """The command, as the audit trail tells it."""
    return f"c360 policy {name} --unchecked" if unchecked else f"c360 policy {name}"


def _tell(done: Done) -> None:
    misses, version = done
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
