"""c360 policy export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import console, fail, in_words, ready_database, run
from app.services.policies.documents import Documents
from app.services.policies.store import documents
from app.settings import Settings
from policies.loading import read_folder
from policies.testing import FOLDER

OF_DOCUMENTS = (".yaml", ".yml")


def export(
    folder: Annotated[
        Path, typer.Argument(help="Folder to write to; it is made where it is not there.", file_okay=False)
    ],
    version: Annotated[
        int | None, typer.Option(help="Number of the version; without it, the active one.", min=1)
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove documents of the folder that are no part of the version.")
    ] = False,
) -> None:
    """Write the documents of a version to a folder, byte for byte, with their tests, so that `apply` takes them as they were."""

    async def work(settings: Settings) -> Documents:
        async with ready_database(settings) as database:
            return await documents(database.read, version)

    held = run(work)
    parts = {folder: held.files, folder / FOLDER: held.tests}
    try:
        for place, texts in parts.items():
            _check(place, texts, replace=replace)
        for place, texts in parts.items():
            _write(place, texts)
    except OSError as failure:
        raise fail(in_words(failure)) from None
    console.print(f"{len(held.files)} documents and {len(held.tests)} tables of tests.")


def _check(place: Path, texts: Mapping[str, str], *, replace: bool) -> None:
    """Ends the command where a name leads elsewhere, or other documents are in the way."""
    for name in texts:
        if Path(name).name != name or Path(name).suffix not in OF_DOCUMENTS:
            raise fail(f"{name!r} is no name of a document")
    others = sorted(set(read_folder(place)) - set(texts))
    if others and not replace:
        raise fail(f"{place}: {', '.join(others)}: no part of the version; remove them, or use --replace")


def _write(place: Path, texts: Mapping[str, str]) -> None:
    if texts:
        place.mkdir(parents=True, exist_ok=True)
    for name in set(read_folder(place)) - set(texts):
        (place / name).unlink()
    for name, text in texts.items():
        (place / name).write_bytes(text.encode("utf-8"))
