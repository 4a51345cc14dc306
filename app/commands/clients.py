"""c360 client: programs that ask, for users or for themselves; c360 password: how users prove who they are."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.commands.common import AsJson, console, fail, print_json, ready_database, run
from app.identity.oauth import passwords, registering
from app.identity.oauth.clients import CODE, OWN, REFRESH
from app.identity.oauth.registering import BadClient, NewClient
from app.services.directory import find_user
from app.settings import Settings

T = TypeVar("T")
commands = typer.Typer(no_args_is_help=True, help="Programs that ask for users, or for themselves.")

Code = Annotated[str, typer.Argument(help="The client's code, its client_id.")]
Several = list[str]


@commands.callback()
def clients() -> None:
    """Programs that ask for users, or for themselves."""


@commands.command()
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="What users read that it is.")],
    scope: Annotated[Several, typer.Option(help="What it may ask for; several times. `graph`: all that roles allow.")],
    redirect_uri: Annotated[
        Several | None,
        typer.Option(help="Where users are sent back to, exactly; several times. Lets it act for users."),
    ] = None,
    itself: Annotated[bool, typer.Option("--itself", help="Let it ask for itself (client credentials).")] = False,
    public: Annotated[bool, typer.Option("--public", help="It keeps no secret: a page in a browser, an app.")] = False,
    own: Annotated[bool, typer.Option("--own", help="It is the house's own, and bounds nobody's rights.")] = False,
    role: Annotated[str | None, typer.Option(help="The role that it holds, and that bounds users it acts for.")] = None,
    department: Annotated[str | None, typer.Option(help="Code of the department that it holds the role for.")] = None,
    region: Annotated[str | None, typer.Option(help="Code of the region that it holds the role for.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a client, and print its secret; it is told this once."""
    new = NewClient(
        code=code,
        name=name,
        grant_types=[*([CODE, REFRESH] if redirect_uri else []), *([OWN] if itself else [])],
        scopes=scope,
        redirect_uris=redirect_uri or [],
        is_public=public,
        is_own=own,
        role=role,
        department=department,
        region=region,
    )
    _tell(_changed(lambda connection: registering.register(connection, new)), code, as_json=as_json)


@commands.command()
def rotate(code: Code, as_json: AsJson = False) -> None:
    """Make another secret, and print it; the one of before holds for another day."""
    _tell(_changed(lambda connection: registering.rotate(connection, code)), code, as_json=as_json)


@commands.command()
def disable(code: Code) -> None:
    """Shut a client out: from the next request on its tokens open nothing."""
    _changed(lambda connection: registering.disable(connection, code))
    console.print(f"{code} is shut out.")


@commands.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """Print all clients, without their secrets."""
    found = [dict(row) for row in _changed(registering.listed)]
    if as_json:
        print_json(found)
        return
    table = Table("Code", "Name", "Role", "Grants", "Scopes", "Shut out")
    for row in found:
        grants, scopes = (" ".join(row[name]) for name in ("grant_types", "scopes"))
        role = "the house's own" if row["is_own"] else row["role"] or "–"
        table.add_row(row["code"], row["name"], role, grants, scopes, str(row["disabled_at"] or "–"))
    console.print(table)


def password(email: Annotated[str, typer.Argument(help="E-mail address of a user of the local directory.")]) -> None:
    """Set a user's password; it is read from standard input, or asked for."""
    given = typer.prompt("Password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

    async def work(settings: Settings) -> bool:
        async with ready_database(settings) as database:
            user = await find_user(database.read, email)
            if user is not None:
                async with database.writing() as connection, connection.begin():
                    await passwords.put(connection, user, given)
        return user is not None

    try:
        is_known = run(work)
    except passwords.WeakPassword as weak:
        raise fail(str(weak)) from None
    if not is_known:
        raise fail(f"there is no active user {email!r}")
    console.print("The password is set.")


def _changed(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    async def all_of_it(settings: Settings) -> T:
        async with ready_database(settings) as database, database.writing() as connection, connection.begin():
            return await work(connection)

    try:
        return run(all_of_it)
    except BadClient as bad:
        raise fail(str(bad)) from None


def _tell(secret: str | None, code: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"client_id": code, "client_secret": secret})
    else:
        typer.echo(secret if secret is not None else f"{code} keeps no secret.")
