"""c360 documents: the documents that a client may ask by their SHA-256."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from graphql import GraphQLError, GraphQLSchema, Source, print_source_location
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.commands import manifests
from app.commands.common import AsJson, changed, console, fail, print_json, ready_database, run
from app.identity.oauth import documents, registering
from app.identity.oauth.declaring import NewClient
from app.identity.oauth.documents import Document
from app.main import limits_of
from app.services.policies.store import active_policy
from app.settings import Settings, read_settings
from graphql_schema.compiler.documents import Documents
from graphql_schema.compiler.limits import Limits
from graphql_schema.failures import without_hints
from graphql_schema.schema import COMPLETE
from graphql_schema.tailoring.schemas import Schemas
from policies.access import access
from policies.principal import Held

commands = typer.Typer(no_args_is_help=True, help="Documents that clients may ask by their SHA-256.")

Client = Annotated[str, typer.Option("--client", help="The client's code, its client_id.")]
Files = Annotated[
    list[Path], typer.Argument(help=".graphql documents, or manifests of Apollo, Relay, graphql-codegen.")
]
MOST_FAULTS = 100
"""Of a document that are drawn."""


@commands.callback()
def trusted() -> None:
    """Documents that clients may ask by their SHA-256."""


@commands.command()
def add(client: Client, files: Files, as_json: AsJson = False) -> None:
    """Trust documents, each valid for what the client's role sees, and print their ids."""
    try:
        found = [document for path in files for document in manifests.read(path)]
    except manifests.BadManifest as bad:
        raise fail(str(bad)) from None
    known = changed(lambda connection: registering.load(connection, client))
    if faults := list(_faults(run(partial(_schema, known)), limits_of(read_settings()), found)):
        raise fail("\n\n".join(faults))

    async def work(connection: AsyncConnection) -> int:
        return await documents.add(connection, await registering.key_of(connection, client), found)

    new = changed(work)
    if as_json:
        print_json([{"id": each.id, "name": each.name} for each in found])
        return
    for each in found:
        typer.echo(f"{each.id} {each.name}")
    console.print(f"{len(found)} documents, {new} of them new.")


@commands.command(name="list")
def list_(client: Client, as_json: AsJson = False) -> None:
    """Print a client's documents."""

    async def work(connection: AsyncConnection) -> Sequence[Document]:
        return await documents.listed(connection, await registering.key_of(connection, client))

    found = changed(work)
    if as_json:
        print_json([{"id": each.id, "name": each.name, "text": each.text} for each in found])
        return
    table = Table("Id", "Name", "Characters")
    for each in found:
        table.add_row(each.id, each.name, str(len(each.text)))
    console.print(table)


@commands.command()
def remove(client: Client, ids: Annotated[list[str], typer.Argument(help="Ids, as `list` prints them.")]) -> None:
    """Trust documents no longer: from the next request on they open nothing."""

    async def work(connection: AsyncConnection) -> None:
        key = await registering.key_of(connection, client)
        await documents.remove(connection, key, [documents.digest_of(id_) for id_ in ids])

    changed(work)
    console.print(f"{len(ids)} documents are removed.")


async def _schema(client: NewClient, settings: Settings) -> GraphQLSchema:
    """The schema that a client's role sees; the complete one where it holds none."""
    if client.role is None:
        return COMPLETE.schema
    async with ready_database(settings) as database:
        _, policy = await active_policy(database.read)
    held = Held(client.role, departments=client.department is not None, regions=client.region is not None)
    return Schemas(COMPLETE).of(access(policy, ((held,),)))


def _faults(schema: GraphQLSchema, limits: Limits, found: Iterable[Document]) -> Iterator[str]:
    """All that is wrong with documents, each fault drawn at its place."""
    reading = Documents(replace(limits, most_errors=MOST_FAULTS))
    for document in found:
        for error in reading.faults(schema, document.text):
            yield f"{document.name}: {_drawn(error, document)}"


def _drawn(error: GraphQLError, document: Document) -> str:
    source = Source(document.text, document.name)
    places = [print_source_location(source, place) for place in error.locations or ()]
    return "\n\n".join([without_hints(error.message), *places])
