"""c360 policy diff."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import AsJson, console, print_json, ready_database, run
from app.commands.policy.documents import read_documents, refuse
from app.database import Database
from app.models.catalogue import CATALOGUE
from app.services.policies.store import documents
from app.settings import Settings
from policies.drafting import differing
from policies.drafting.differing import Difference
from policies.drafting.documents import Texts, checked
from policies.faults import PolicyError

SAME, DIFFERENT, TROUBLE = 0, 1, 2
"""Exit codes, as of `diff`."""
ACTIVE = "active"

Side = Annotated[str, typer.Argument(help=f"Number of a version, `{ACTIVE}`, or a folder of documents.")]


def diff(before: Side, after: Side, as_json: AsJson = False) -> None:
    """Tell what differs between two policies: which roles and rules came, went or changed.

    Exit code 0 where nothing does, 1 where something does, 2 where that cannot be told.
    """
    try:
        found = _differences(before, after)
    except PolicyError as error:
        refuse(error)
        raise typer.Exit(TROUBLE) from None
    except typer.Exit:
        raise typer.Exit(TROUBLE) from None
    if as_json:
        print_json([{**asdict(each), "change": each.change.value} for each in found])
    for each in () if as_json else found:
        typer.echo(each.sentence)
    if found:
        raise typer.Exit(DIFFERENT)
    console.print("No difference.")


def _differences(before: str, after: str) -> tuple[Difference, ...]:
    async def work(settings: Settings) -> list[Texts]:
        async with ready_database(settings) as database:
            return [await _texts(side, database) for side in (before, after)]

    sides = run(work) if _stored(before) or _stored(after) else [_folder(side) for side in (before, after)]
    one, other = sides
    return differing.diff(one, other, CATALOGUE)


def _stored(side: str) -> bool:
    return side == ACTIVE or side.isdecimal()


async def _texts(side: str, database: Database) -> Texts:
    if not _stored(side):
        return _folder(side)
    held = await documents(database.read, None if side == ACTIVE else int(side))
    return checked(held.files, CATALOGUE)


def _folder(side: str) -> Texts:
    return read_documents(Path(side)).texts
