"""c360 policy explain."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.common import AsJson, fail, print_json, ready_database, run
from app.database import Database
from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.models.catalogue import CATALOGUE
from app.services.directory import find_user
from app.services.policies.explaining import Explained, Question
from app.services.policies.explaining import explain as explained
from app.services.policies.store import active_policy, documents
from app.settings import Settings
from graphql_schema.ids import NodeId, decode
from graphql_schema.types import GRAPH
from policies.catalogue import Resource
from policies.explaining.telling import Telling
from policies.loading import load
from policies.principal import Principal
from policies.rules import Policy


def explain(
    id: Annotated[str, typer.Argument(metavar="ENTITY-ID", help="Id of a node, as the graph gives it.")],
    as_: Annotated[str, typer.Option("--as", help="E-mail address of the user whose view is explained.")],
    field: Annotated[
        str | None, typer.Argument(metavar="[FIELD]", help="A field of it; without, the row and all fields.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="E-mail address of the user who asks, who is told no more than he or she sees; without, everything is told."
        ),
    ] = None,
    purpose: Annotated[
        str | None, typer.Option(help="The purpose that a request declares; without, one that declares none.")
    ] = None,
    version: Annotated[
        int | None, typer.Option(help="Number of a version, a draft's too, instead of that in force.", min=1)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain why a user sees a row, or a field of it, as it does: the rules, what they compared, and the smallest change that would grant it."""
    node, on = _node(id)
    if field is not None and field not in on.fields:
        raise fail(f"{on.name} has no field {field!r}; it has {', '.join(on.fields)}")

    async def work(settings: Settings) -> Explained:
        async with ready_database(settings) as database:
            principal = (await _principal(database, as_)).declaring(purpose)
            asker = await _principal(database, by) if by is not None else None
            _, active = await active_policy(database.read)
            policy = active if version is None else await _policy(database, version)
            key = (node.customer, node.key) if node.customer is not None else (node.key,)
            return await explained(database.read, policy, Question(principal, on, key, id, field, asker, active))

    found = run(work)
    telling = Telling(found.names)
    if as_json:
        print_json(telling.data(found.explanation))
    else:
        for line in telling.lines(found.explanation):
            typer.echo(line)


def _node(id: str) -> tuple[NodeId, Resource]:
    """The id, and the resource that it is of."""
    node = decode(id)
    entity = next((each for each in GRAPH if node is not None and each.tag == node.tag), None)
    if node is None or entity is None or entity.resource.owned is not (node.customer is not None):
        raise fail(f"{id!r} is not an id")
    return node, entity.resource


async def _policy(database: Database, version: int) -> Policy:
    return load((await documents(database.read, version)).files, CATALOGUE)


async def _principal(database: Database, email: str) -> Principal:
    user = await find_user(database.read, email)
    known = await load_principal(database.read, Bearer(user)) if user is not None else None
    if known is None:
        raise fail(f"there is no active user {email!r}")
    return known.principal
