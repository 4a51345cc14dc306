"""What the commands share: settings, an open and migrated database, and errors that end in one clear line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

import asyncpg
import orjson
import typer
import uvloop
from alembic.util import CommandError
from rich.console import Console
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database, DatabaseUnavailable, UnfitDatabase, address, connect, open_database
from app.database.address import name_of
from app.identity.keys import BadKey
from app.identity.oauth.declaring import BadClient
from app.identity.oauth.documents import BadDocuments
from app.identity.oauth.passwords import WeakPassword
from app.identity.proof import Unsettled
from app.identity.providers.registering import BadProvider
from app.postgres import PostgresError
from app.services.importing import ImportFailed
from app.services.policies.store import NoPolicy, ensure_policy
from app.settings import Settings, SettingsError, read_settings
from migrations import upgrade
from policies.faults import PolicyError

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

console = Console(stderr=True)

KNOWN = (
    SettingsError,
    BadKey,
    DatabaseUnavailable,
    UnfitDatabase,
    PostgresError,
    PolicyError,
    NoPolicy,
    ImportFailed,
    BadClient,
    BadDocuments,
    BadProvider,
    WeakPassword,
    Unsettled,
)
"""Failures that the user can do something about; their messages say what."""


def fail(message: str) -> typer.Exit:
    """Prints why, and gives the exit to raise."""
    typer.echo(message, err=True)
    return typer.Exit(1)


def run(work: Callable[[Settings], Awaitable[T]]) -> T:
    """Runs a command's work with the settings; known failures end it with exit code 1."""
    try:
        settings = read_settings()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_awaited(work(settings)))
    except KNOWN as failure:
        raise fail(str(failure) or type(failure).__name__) from None
    except DBAPIError as failure:
        raise fail(f"the database refused: {failure.orig}") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        raise fail(f"the database refused: {failure}") from None
    except CommandError as failure:
        raise fail(f"the database cannot be migrated: {failure}") from None
    except OSError as failure:
        raise fail(in_words(failure)) from None


def changed(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """What a piece of work comes to, in one transaction."""

    async def all_of_it(settings: Settings) -> T:
        async with ready_database(settings) as database, database.writing() as connection, connection.begin():
            return await work(connection)

    return run(all_of_it)


def in_words(failure: OSError) -> str:
    """What the system refused, and of which file."""
    return f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure)


async def _awaited(work: Awaitable[T]) -> T:
    return await work


def print_json(found: Any) -> None:
    """Prints data for other programs."""
    typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())


async def migrate(url: str) -> None:
    """Brings a database up to this release: tables, and the shipped policy where there is none.

    Raises DatabaseUnavailable.
    """
    try:
        await upgrade(url)
    except OSError as failure:
        raise DatabaseUnavailable(f"{name_of(url)} cannot be reached: {failure}") from failure
    connection = await connect(url)
    try:
        await ensure_policy(connection)
    finally:
        await connection.close()


@asynccontextmanager
async def ready_database(settings: Settings) -> AsyncIterator[Database]:
    """The database of the settings, open and up to date."""
    async with open_database(settings) as database:
        await migrate(database.url)
        yield database


@asynccontextmanager
async def ready_address(settings: Settings) -> AsyncIterator[str]:
    """The address of the settings' database, up to date."""
    with address(settings) as found:
        await migrate(found)
        yield found
