"""c360 keys: the keys that sign tokens, one after another."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from app.commands.common import AsJson, console, print_json, run
from app.identity import key_folder
from app.identity.keys import BadKey
from app.identity.ring import LEAD, HeldKey
from app.main import keys_in
from app.settings import Settings, variable

T = TypeVar("T")
commands = typer.Typer(no_args_is_help=True, help="The keys that sign tokens.")


@commands.callback()
def keys() -> None:
    """The keys that sign tokens."""


@commands.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """Print all keys by their ids: which signs, which will, and until when each verifies."""

    async def work(settings: Settings) -> list[dict[str, str | None]]:
        now = time.time()
        return [
            {"kid": each.kid, "state": state, "signs_from": _moment(each.since), "verifies_until": _moment(until)}
            for each, state, until in keys_in(settings).states(now)
        ]

    found = run(work)
    if as_json:
        print_json(found)
        return
    table = Table("Key", "State", "Signs from", "Verifies until")
    table.columns[0].min_width = 43
    for row in found:
        table.add_row(*(value or "–" for value in row.values()))
    console.print(table)


@commands.command()
def rotate(as_json: AsJson = False) -> None:
    """Make another key, which all processes publish now and sign with in ten minutes; that of before then verifies for an hour."""
    made: HeldKey = _in_folder(lambda folder: key_folder.rotate(folder, time.time()))
    if as_json:
        print_json({"kid": made.kid, "signs_from": _moment(made.since)})
    else:
        console.print(f"{made.kid} signs in {LEAD // 60} minutes.", highlight=False)


@commands.command()
def retire(kid: Annotated[str, typer.Argument(help="The key's id, as `c360 keys list` prints it.")]) -> None:
    """Remove a key that was stolen: within half a minute what it signed is refused by all processes."""
    _in_folder(lambda folder: key_folder.retire(folder, kid))
    console.print(f"{kid} is removed.", highlight=False)


def _in_folder(work: Callable[[Path], T]) -> T:
    async def all_of_it(settings: Settings) -> T:
        if settings.token_key is not None:
            raise BadKey(
                f"the token keys are those of {variable('token_key')}: change them there, the one that signs first"
            )
        return work(settings.data_dir)

    return run(all_of_it)


def _moment(seconds: float | None) -> str | None:
    if not seconds or math.isinf(seconds):
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()
