"""c360 policy impact."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.common import AsJson, console, print_json, ready_database, run
from app.commands.policy.comparing import DIFFERENT, TROUBLE
from app.commands.policy.documents import read_documents
from app.database import Database
from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.main import limits_of
from app.models.catalogue import CATALOGUE
from app.services.directory import active_users
from app.services.policies.impact import Changed, Group, Impact, grouped
from app.services.policies.store import active_policy, documents
from app.services.policies.trusted import trusted
from app.settings import Settings
from graphql_schema.compiler.documents import Documents
from graphql_schema.policies.breaking import broken
from graphql_schema.schema import COMPLETE
from graphql_schema.tailoring.schemas import Schemas
from policies.access import access
from policies.loading import load
from policies.operating import operated, operator
from policies.principal import Principal
from policies.rules import Policy
from policies.wording import listed

SAMPLE = 20
Draft = Annotated[str, typer.Argument(metavar="DRAFT", help="Number of a version, or a folder of documents.")]
Sample = Annotated[
    int, typer.Option(help="Of the users who hold the same roles, for how many rows are counted.", min=1)
]


@dataclass(frozen=True)
class Found:
    """What would change: for groups of users, and of trusted documents."""

    groups: Sequence[Group]
    documents: Sequence[Any]

    @property
    def nothing(self) -> bool:
        """Whether nothing would."""
        return not self.documents and not any(_counts(each) for group in self.groups for each in group.types.values())


def impact(draft: Draft, sample: Sample = SAMPLE, as_json: AsJson = False) -> None:
    """Tell what a draft or a folder would change of what is in force, for whom, over live data.

    Exit code 0 where nothing would for anybody, 1 where something would, 2 where that cannot be told.
    """

    async def work(settings: Settings) -> Found:
        async with ready_database(settings) as database:
            return await _impact(database, settings, draft, sample)

    try:
        found = run(work)
    except typer.Exit:
        raise typer.Exit(TROUBLE) from None
    if as_json:
        print_json({"groups": list(map(_data, found.groups)), "documents": found.documents})
    for line in () if as_json else _lines(found):
        typer.echo(line)
    if not found.nothing:
        raise typer.Exit(DIFFERENT)
    console.print("Nothing would change for anybody.")


async def _impact(database: Database, settings: Settings, draft: str, sample: int) -> Found:
    _, active = await active_policy(database.read)
    then, now, asker = await _policy(draft, database), operated(active), operator()
    groups = list(grouped([each async for each in _people(database)], sample))
    await Impact(now, then, asker).weigh(database.read, groups)
    asked = await trusted(database.read, access(now, asker.shape), asker)
    judged = Documents(limits_of(settings))
    breaking = await broken(asked, Schemas(COMPLETE, judged.forget), judged, active, then)
    return Found([each for each in groups if each.types], breaking)


async def _policy(draft: str, database: Database) -> Policy:
    if not draft.isdecimal():
        return read_documents(Path(draft)).policy
    return load((await documents(database.read, int(draft))).files, CATALOGUE)


async def _people(database: Database) -> AsyncIterator[Principal]:
    for user in await active_users(database.read):
        known = await load_principal(database.read, Bearer(user))
        if known is not None:
            yield known.principal


def _counts(found: Changed) -> bool:
    """Whether anything would change of a type."""
    return bool(found.gained or found.lost or found.fields or not found.countable)


def _data(group: Group) -> dict[str, Any]:
    types = [
        {
            "type": each.on,
            "countable": each.countable,
            "gained": each.gained if each.countable else None,
            "lost": each.lost if each.countable else None,
            "fields": [asdict(turned) for turned in each.fields.values()] if each.countable else [],
        }
        for each in group.types.values()
    ]
    return {"roles": list(group.roles), "users": group.users, "sampled": len(group.people), "types": types}


def _lines(found: Found) -> Iterator[str]:
    for group in found.groups:
        changed = [each for each in group.types.values() if _counts(each)]
        if changed:
            counted = "" if group.users == len(group.people) else f", counted for {len(group.people)}"
            yield f"{listed(group.roles) or 'no role'}: {group.users} {'user' if group.users == 1 else 'users'}{counted}"
        for each in changed:
            yield from (f"  {line}" for line in _of_type(each))
    for each in found.documents:
        yield f"{each['client']}: {each['name']} would break: {each['errors'][0]}"


def _of_type(found: Changed) -> Iterator[str]:
    if not found.countable:
        yield f"{found.on}: its rules compare what cannot be counted"
        return
    if found.gained or found.lost:
        yield f"{found.on}: {found.gained} rows gained, {found.lost} lost"
    for each in found.fields.values():
        turned = {"plain": each.plain, "masked": each.masked, "withheld": each.withheld}
        told = listed([f"{state} on {rows}" for state, rows in turned.items() if rows])
        yield f"{found.on}.{each.field}: {told} rows"
