"""c360 serve, migrate, token."""

from __future__ import annotations

import gc
from typing import Annotated

import typer
import uvicorn
from rich.table import Table

from app.commands.common import AsJson, console, fail, migrate, print_json, ready_database, run
from app.database import open_database
from app.http.guarding import strict_transport
from app.http.serving import Connection, Server
from app.http.streaming.transport import Transport
from app.identity.oauth import built_in
from app.identity.tokens import LIFETIME
from app.logs import set_up_logs
from app.main import application, tokens_of
from app.services.directory import find_user, list_users
from app.settings import Settings


def serve() -> None:
    """Serve the graph. Ctrl-C or SIGTERM stops it, and the embedded database with it."""
    run(_serve)


async def _serve(settings: Settings) -> None:
    set_up_logs(readable=settings.dev)
    async with ready_database(settings) as database:
        async with database.writing() as connection, connection.begin():
            await built_in.ensure(connection, settings.public_url)
        if settings.dev:
            await _introduce(settings, await list_users(database.read))
        app = application(settings, database)
        config = uvicorn.Config(
            app,
            http=Connection,
            host=settings.host,
            port=settings.port,
            access_log=False,
            proxy_headers=False,
            log_config=None,
            headers=strict_transport(settings.public_url),
            server_header=False,
            date_header=True,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=10,
            lifespan="off",
            ws=Transport,
            ws_max_size=settings.most_message_bytes,
            ws_ping_interval=settings.socket_ping_interval,
            ws_ping_timeout=settings.socket_ping_interval,
            ws_per_message_deflate=False,
        )
        gc.collect()
        gc.freeze()  # the schema stays as long as the server: the collector need not look through it again and again
        server = Server(config, app.leaving, settings.notice)
        await server.serve()
        await app.close()
    if server.force_exit:
        raise typer.Exit(1)


async def _introduce(settings: Settings, users: list[dict[str, object]]) -> None:
    """Says who there is to be, and where to look."""
    if users:
        console.print(_table(users))
    console.print(f"GraphiQL: http://{settings.host}:{settings.port}/graphql", style="bold", highlight=False)
    console.print("A token for another client: .venv/bin/c360 token EMAIL", highlight=False)


def _table(users: list[dict[str, object]]) -> Table:
    table = Table("E-mail", "Role", "Department", "Region", title="Users of this directory")
    table.columns[0].no_wrap = True
    for user in users[:30]:
        roles = user["roles"]
        assert isinstance(roles, list)
        for i, role in enumerate(roles or [{}]):
            cells = (role.get("role"), role.get("department"), role.get("region"))
            table.add_row("" if i else str(user["email"]), *(str(cell or "–") for cell in cells))
    return table


def migrate_command() -> None:
    """Create or update the tables, and activate the shipped policy where there is none."""

    async def work(settings: Settings) -> None:
        async with open_database(settings) as database:
            await migrate(database.url)

    run(work)
    console.print("The database is up to date.")


def token(
    email: Annotated[str, typer.Argument(help="E-mail address of a user of the local directory.")],
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long the token lives.")] = LIFETIME // 60,
    as_json: AsJson = False,
) -> None:
    """Print a bearer token for a user of the local directory."""

    async def work(settings: Settings) -> str | None:
        async with open_database(settings) as database:
            user = await find_user(database.read, email)
        return tokens_of(settings).issue(user, minutes * 60) if user else None

    found = run(work)
    if found is None:
        raise fail(f"there is no active user {email!r}")
    if as_json:
        print_json({"token": found, "expiresIn": minutes * 60})
    else:
        typer.echo(found)
