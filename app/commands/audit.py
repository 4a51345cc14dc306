"""c360 audit: whether the audit trail is whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from app.commands.common import AsJson, console, print_json, ready_database, run
from app.services.auditing import Verified, verify
from app.services.writing import driver_of
from app.settings import Settings

BROKEN = 3
"""Exit code where the trail is not whole; 1 is that it could not be looked at."""

commands = typer.Typer(no_args_is_help=True, help="The audit trail.")


@commands.callback()
def audit() -> None:
    """The audit trail."""


@commands.command(name="verify")
def verify_(
    head: Annotated[
        str | None, typer.Option(help="A head that was noted before: its event must still be there.")
    ] = None,
    since: Annotated[int | None, typer.Option("--from", min=1, help="Number of the first event; else all.")] = None,
    until: Annotated[int | None, typer.Option("--to", min=1, help="Number of the last event.")] = None,
    as_json: AsJson = False,
) -> None:
    """Verify that no event was changed, removed or put elsewhere, and print the head; exit code 3 where one was.

    Note the head down where whoever may change the database cannot, and give it back next time: nothing else tells that
    the last events were cut off.
    """

    async def work(settings: Settings) -> Verified:
        async with ready_database(settings) as database, database.writing() as connection:
            return await verify((await driver_of(connection)).fetch, since=since, until=until, head=head)

    found = run(work)
    if as_json:
        print_json({"whole": found.is_whole, **asdict(found)})
    elif found.is_whole:
        typer.echo(found.head or "")
        console.print(_whole(found.events), highlight=False)
    else:
        console.print(f"{found.fault} at event {found.broken_at}; {_before(found.events)}.", highlight=False)
    if not found.is_whole:
        raise typer.Exit(BROKEN)


def _whole(events: int) -> str:
    if events == 1:
        return "1 event, and it is as it was."
    return f"{events} events, and all are as they were." if events else "There is no event."


def _before(events: int) -> str:
    return {0: "there is none before it", 1: "the one before it is as it was"}.get(
        events, f"the {events} before it are as they were"
    )
