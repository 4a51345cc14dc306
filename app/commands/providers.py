"""c360 provider: OpenID providers of the company's own, with which users sign in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar
from uuid import UUID

import typer
import yaml
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.commands.common import AsJson, changed, console, fail, print_json, ready_database, run
from app.commands.noting import noted
from app.identity.providers import registering
from app.identity.providers.discovery import Discovery
from app.identity.providers.faults import ProviderAway
from app.identity.providers.registering import BadProvider, NewProvider
from app.identity.providers.secret import reference_to
from app.services.auditing import By, Kind
from app.services.directory import find_user
from app.services.records.drafts import Draft
from app.settings import Settings
from graphql_schema.mutations import watched
from graphql_schema.types import GRAPH

T = TypeVar("T")
Work: TypeAlias = Callable[[AsyncConnection], Awaitable[T]]
commands = typer.Typer(no_args_is_help=True, help="OpenID providers with which users sign in.")

Code = Annotated[str, typer.Argument(help="The provider's code.")]
Email = Annotated[str, typer.Argument(help="E-mail address of a user of the local directory.")]
Rules = Annotated[
    Path, typer.Argument(help="YAML file of rules: which claims give which roles.", exists=True, dir_okay=False)
]
Several = list[str]


@commands.callback()
def providers() -> None:
    """OpenID providers with which users sign in."""


@commands.command()
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="What users read that it is.")],
    issuer: Annotated[str, typer.Option(help="Its issuer, exactly as its documents name it.")],
    client_id: Annotated[str, typer.Option(help="What we are called there.")],
    secret_file: Annotated[
        Path | None, typer.Option(help="File that holds our secret there; it stays in the file.", dir_okay=False)
    ] = None,
    secret_env: Annotated[
        str | None, typer.Option(help="Variable of the server's that holds our secret there.")
    ] = None,
    scope: Annotated[Several | None, typer.Option(help="What is asked for; several times.")] = None,
    domain: Annotated[
        Several | None,
        typer.Option(help="Domain whose e-mail addresses it is trusted to have verified; several times."),
    ] = None,
    provision: Annotated[bool, typer.Option("--provision", help="Let who is not known become a user.")] = False,
    rules: Annotated[
        Path | None,
        typer.Option(help="YAML file of rules: which claims give which roles.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Let users sign in with a provider; prints the address to register there."""
    if secret_file is not None and secret_env is not None:
        raise fail("a secret is in a file, or in a variable")

    async def work(settings: Settings) -> str:
        new = NewProvider(
            code=code,
            name=name,
            issuer=issuer,
            client_id=client_id,
            here=settings.public_url,
            secret=reference_to(file=secret_file, env=secret_env),
            scopes=scope or ["openid", "profile", "email"],
            domains=domain or [],
            provisions=provision,
            rules=_read(rules) if rules else [],
        )
        async with ready_database(settings) as database, database.writing() as connection, connection.begin():
            await _noted("ADDED", code, lambda on: registering.register(on, new))(connection)
        await _try(settings, issuer)
        return f"{settings.public_url}/oauth/back/{code}"

    typer.echo(run(work))


@commands.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """Print all providers, and where their secrets are."""
    found = [dict(row) for row in changed(registering.listed)]
    if as_json:
        print_json(found)
        return
    table = Table("Code", "Name", "Issuer", "Domains", "Rules", "Linked", "Shut out")
    for row in found:
        figures = (str(len(row["rules"])), str(row["links"]), str(row["disabled_at"] or "–"))
        table.add_row(row["code"], row["name"], row["issuer"], " ".join(row["domains"]) or "–", *figures)
    console.print(table)


@commands.command(name="rules")
def rules_(code: Code, file: Rules) -> None:
    """Put other rules in the place of a provider's; they hold from each user's next sign-in."""
    changed(_noted("RULES", code, lambda connection: registering.put_rules(connection, code, _read(file))))
    console.print(f"The rules of {code} are changed.")


@commands.command()
def link(code: Code, subject: Annotated[str, typer.Argument(help="Who it is there: `sub`.")], email: Email) -> None:
    """Have who is known there by a subject be a user here."""
    _of_user(email, lambda user: _noted("LINKED", code, lambda on: registering.link(on, code, subject, user), user))
    console.print(f"{email} may sign in with {code}.")


@commands.command()
def unlink(code: Code, email: Email) -> None:
    """Forget who a user is there; what the user does by it ends at once."""
    _of_user(email, lambda user: _noted("UNLINKED", code, _ending(code, partial(registering.unlink, user=user)), user))
    console.print(f"{email} may not sign in with {code} any more.")


@commands.command()
def disable(code: Code) -> None:
    """Shut a provider out: sessions, tokens and roles that rest on it end at once."""
    changed(_noted("DISABLED", code, _ending(code, registering.disable)))
    console.print(f"{code} is shut out.")


@commands.command()
def enable(code: Code) -> None:
    """Let users sign in with a provider again."""
    changed(_noted("ENABLED", code, lambda connection: registering.enable(connection, code)))
    console.print(f"Users may sign in with {code}.")


def _noted(done: str, code: str, work: Work[T], user: UUID | None = None) -> Work[T]:
    about = {"user": str(user)} if user is not None else {}
    return noted(Kind.PROVIDER_CHANGED, code, work, done=done, **about)


def _ending(code: str, work: Callable[[AsyncConnection, str], Awaitable[Sequence[Draft]]]) -> Work[None]:
    """A piece of work that ends roles which a provider gave, each of which is noted."""

    async def all_of_it(connection: AsyncConnection) -> None:
        await watched.record(connection, GRAPH, await work(connection, code), By(), provider=code)

    return all_of_it


async def _try(settings: Settings, issuer: str) -> None:
    """Says it where a provider does not answer now."""
    try:
        await Discovery(settings.public_url).of(issuer).metadata()
    except ProviderAway as away:
        console.print(f"Nobody can sign in with it now: {away}.")


def _read(path: Path) -> list[Any]:
    """The rules in a file. Raises BadProvider."""
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise BadProvider(f"{path} is no YAML") from None
    if not isinstance(found, list):
        raise BadProvider(f"{path} is no list of rules")
    return found


def _of_user(email: str, work: Callable[[UUID], Work[None]]) -> None:
    async def all_of_it(settings: Settings) -> None:
        async with ready_database(settings) as database:
            user = await find_user(database.read, email)
            if user is None:
                raise BadProvider(f"there is no active user {email!r}")
            async with database.writing() as connection, connection.begin():
                await work(user)(connection)

    run(all_of_it)
