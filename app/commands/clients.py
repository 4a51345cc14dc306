"""c360 client: programs that ask, for users or for themselves; c360 password: how users prove who they are."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.commands.common import AsJson, changed, console, fail, print_json, ready_database, run
from app.commands.noting import noted
from app.identity.oauth import passwords, registering
from app.identity.oauth.declaring import NewClient, grant_types
from app.models.oauth import DocumentMode
from app.services import auditing
from app.services.auditing import By, Kind
from app.services.directory import find_user
from app.services.ordering import CHANGE_RIGHTS
from app.services.writing import take_turn
from app.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="Programs that ask for users, or for themselves.")

Code = Annotated[str, typer.Argument(help="The client's code, its client_id.")]
Several = list[str]
Name = typer.Option(help="What users read that it is.")
Scope = typer.Option(help="What it may ask for; several times. `graph`: all that roles allow.")
RedirectUri = typer.Option(
    help="Where users are sent back to, exactly; several times. Lets it act for users.", show_default=False
)
Role = typer.Option(help="The role that it holds, and that bounds users it acts for.")
Department = typer.Option(help="Code of the department that it holds the role for.")
Region = typer.Option(help="Code of the region that it holds the role for.")
Expires = typer.Option(help="When it ends: a day, or a moment, UTC.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
Network = typer.Option(help="Where it may ask from, such as 203.0.113.0/24; several times. Without: anywhere.")
Documents = typer.Option(help="Whether it asks trusted documents: OFF, ALLOWED besides others, or ONLY these.")
Requests = typer.Option(min=1, help="Requests that each of its callers has in a minute.")
Cost = typer.Option(min=1, help="Points that each of its callers has in a minute.")


@commands.callback()
def clients() -> None:
    """Programs that ask for users, or for themselves."""


@commands.command()
def add(
    code: Code,
    name: Annotated[str, Name],
    scope: Annotated[Several, Scope],
    redirect_uri: Annotated[Several | None, RedirectUri] = None,
    itself: Annotated[bool, typer.Option("--itself", help="Let it ask for itself (client credentials).")] = False,
    public: Annotated[bool, typer.Option("--public", help="It keeps no secret: a page in a browser, an app.")] = False,
    own: Annotated[bool, typer.Option("--own", help="It is the house's own, and bounds nobody's rights.")] = False,
    role: Annotated[str | None, Role] = None,
    department: Annotated[str | None, Department] = None,
    region: Annotated[str | None, Region] = None,
    expires: Annotated[dt.datetime | None, Expires] = None,
    network: Annotated[Several | None, Network] = None,
    documents: Annotated[DocumentMode, Documents] = DocumentMode.OFF,
    requests_per_minute: Annotated[int | None, Requests] = None,
    cost_per_minute: Annotated[int | None, Cost] = None,
    as_json: AsJson = False,
) -> None:
    """Make a client, and print its secret; it is told this once."""
    new = NewClient(
        code=code,
        name=name,
        grant_types=grant_types(redirect_uri or [], itself=itself),
        scopes=scope,
        redirect_uris=redirect_uri or [],
        is_public=public,
        is_own=own,
        role=role,
        department=department,
        region=region,
        expires_at=_utc(expires),
        documents=documents,
        networks=network or [],
        requests_per_minute=requests_per_minute,
        cost_per_minute=cost_per_minute,
    )
    made = noted(Kind.CLIENT_CREATED, code, lambda connection: registering.register(connection, new))
    _tell(changed(made), code, as_json=as_json)


@commands.command()
def update(
    code: Code,
    name: Annotated[str | None, Name] = None,
    scope: Annotated[Several | None, Scope] = None,
    redirect_uri: Annotated[Several | None, RedirectUri] = None,
    itself: Annotated[bool | None, typer.Option("--itself/--not-itself", help="Whether it asks for itself.")] = None,
    role: Annotated[str | None, Role] = None,
    department: Annotated[str | None, Department] = None,
    region: Annotated[str | None, Region] = None,
    expires: Annotated[dt.datetime | None, Expires] = None,
    network: Annotated[Several | None, Network] = None,
    documents: Annotated[DocumentMode | None, Documents] = None,
    requests_per_minute: Annotated[int | None, Requests] = None,
    cost_per_minute: Annotated[int | None, Cost] = None,
) -> None:
    """Change a client; what is not said stays, and an empty text clears. It holds from its next request on."""
    said: dict[str, Any] = {
        "name": name,
        "scopes": scope,
        "redirect_uris": redirect_uri,
        "role": role,
        "department": department,
        "region": region,
        "expires_at": _utc(expires),
        "networks": network,
        "documents": documents,
        "requests_per_minute": requests_per_minute,
        "cost_per_minute": cost_per_minute,
    }
    given = {part: value for part, value in said.items() if value is not None}
    given |= {part: [] for part in ("redirect_uris", "networks") if given.get(part) == [""]}
    given |= {part: None for part in ("role", "department", "region") if given.get(part) == ""}

    async def work(connection: AsyncConnection) -> None:
        await take_turn(connection, CHANGE_RIGHTS)
        await registering.put(connection, (await registering.load(connection, code)).changed(given, itself=itself))

    changed(noted(Kind.CLIENT_CHANGED, code, work))
    console.print(f"{code} is changed.")


def _utc(given: dt.datetime | None) -> dt.datetime | None:
    return given.replace(tzinfo=dt.UTC) if given else None


@commands.command()
def rotate(code: Code, as_json: AsJson = False) -> None:
    """Make another secret, and print it; the one of before holds for another day."""
    rotated = noted(Kind.CLIENT_ROTATED, code, lambda connection: registering.rotate(connection, code))
    _tell(changed(rotated), code, as_json=as_json)


@commands.command()
def disable(code: Code) -> None:
    """Shut a client out: from the next request on its tokens open nothing."""
    changed(noted(Kind.CLIENT_DISABLED, code, lambda connection: registering.disable(connection, code)))
    console.print(f"{code} is shut out.")


@commands.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """Print all clients, without their secrets."""
    found = [dict(row) for row in changed(registering.listed)]
    if as_json:
        print_json(found)
        return
    table = Table("Code", "Name", "Role", "Grants", "Scopes", "Documents", "Networks", "Ends", "Shut out")
    for row in found:
        grants, scopes = (" ".join(row[name]) for name in ("grant_types", "scopes"))
        role = "the house's own" if row["is_own"] else row["role"] or "–"
        rules = row["documents"], " ".join(row["networks"]) or "–"
        ends = (str(row[name] or "–") for name in ("expires_at", "disabled_at"))
        table.add_row(row["code"], row["name"], role, grants, scopes, *rules, *ends)
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
                    await auditing.record(connection, Kind.PASSWORD_SET, None, By(), {"user": user})
        return user is not None

    if not run(work):
        raise fail(f"there is no active user {email!r}")
    console.print("The password is set.")


def _tell(secret: str | None, code: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"client_id": code, "client_secret": secret})
    else:
        typer.echo(secret if secret is not None else f"{code} keeps no secret.")
