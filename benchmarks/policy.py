"""What the policy costs: `python -m benchmarks.policy` [--write].

requests    the same selections asked as sales representative and as administrator (who sees everything plain) of one
            server, in turn; the ratio of each round
view        SQL of a view of 40 columns under 30 rules: the first of a policy, of a new grant shape, and ever after
hit         all that a known operation takes but the database: document, variables, rights, plan, parameters, bytes
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from statistics import median
from typing import Any

import sqlalchemy as sa
import yaml
from rich.console import Console

from app.database import Database
from app.identity.bearer import Bearer
from app.main import engine_of
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.caller import Caller, find_caller
from benchmarks.contenders import SELECTIONS, Contender, text_of
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run
from benchmarks.machine import Machine, describe
from benchmarks.ours import ours
from benchmarks.processes import ROOT, output_of
from benchmarks.report import described, write_figures
from benchmarks.volume import Volume, volume
from benchmarks.wrk import Load, press
from graphql_schema.engine import Engine
from graphql_schema.ids import NodeId, encode
from graphql_schema.requests import Request
from graphql_schema.types import GRAPH
from policies.access import Access
from policies.catalogue import DataClass, FieldSpec, Kind, read_catalogue
from policies.fragments import DIALECT
from policies.loading import load
from policies.principal import Held

ADMINISTRATOR = """
SELECT min(u.email) AS email FROM users u JOIN role_assignments a ON a.user_id = u.id JOIN roles r ON r.id = a.role_id
WHERE r.code = 'admin' AND u.status = 'ACTIVE'
"""
COLUMNS, RULES = 40, 30
TIMES = 30
HELD = Held("r", departments=True, regions=True)
CLASSES = ("PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL")

console = Console(stderr=True)


def things(tables: int, columns: int) -> sa.MetaData:
    """So many tables, of so many columns each."""
    metadata = sa.MetaData()
    for n in range(tables):
        title = "Thing" if n == 0 else f"Thing{n}"
        table = sa.Table(f"{title.lower()}s", metadata, info={"resource": title})
        table.append_column(_column("id", sa.Uuid(), Kind.ID, "PUBLIC", key=True))
        table.append_column(sa.Column("deleted_at", sa.DateTime(timezone=True)))
        table.append_column(_column("region_id", sa.Uuid(), Kind.ID, "BUSINESS"))
        for i in range(columns - 2):
            table.append_column(_column(f"c{i}", sa.Text(), Kind.TEXT, CLASSES[i % 5]))
    return metadata


def _column(name: str, type_: Any, kind: Kind, data_class: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, type_, primary_key=key, info={"field": FieldSpec(DataClass(data_class), kind)})


def _rule(i: int) -> dict[str, object]:
    """One of thirty: allows and denies, of classes and names, plain and masked, each under a condition of its own."""
    when = {"regionId": {"in": "$assignment.regions"}, f"c{i}": {"eq": f"v{i}"}}
    named = [f"c{j}" for j in range(i % 7, COLUMNS - 2, 7)]
    fields = {"classes": [CLASSES[i % 5]]} if i % 2 else {"names": named}
    masked = {"mask": {CLASSES[i % 5]: "redact"} if i % 2 else {named[0]: "last4"}} if i % 6 and i % 4 == 3 else {}
    return {"allow" if i % 6 else "deny": ["read"], "on": "Thing", "when": when, "fields": fields, **masked}


def _timed(accesses: Iterable[Access], work: Callable[[Access], object]) -> float:
    """Median milliseconds of some runs."""
    found = []
    for access in accesses:
        started = time.perf_counter()
        work(access)
        found.append(time.perf_counter() - started)
    return median(found) * 1_000


def view_times() -> tuple[float, float, float]:
    """Milliseconds to compile a view: the first of a policy, that of a grant shape not known yet, and of a known one."""
    catalogue = read_catalogue(things(1, COLUMNS))
    document = {"thing.yaml": yaml.safe_dump({"role": "r", "rules": [_rule(i) for i in range(RULES)]})}
    thing = catalogue["Thing"]
    policies = (load(document, catalogue) for _ in range(TIMES + 1))
    policy = next(policies)
    shapes = ((*(Held("other", departments=False, regions=False) for _ in range(i)), HELD) for i in count())

    def compile_view(access: Access) -> None:
        view = access.view(thing, thing.fields).subquery("v")
        sa.select(sa.literal_column("1")).select_from(view).compile(dialect=DIALECT)

    known = Access(policy, (next(shapes),))
    compile_view(known)
    first = _timed([Access(each, ((HELD,),)) for each in policies], compile_view)
    new = _timed([Access(policy, (next(shapes),)) for _ in range(TIMES)], compile_view)
    return first, new, _timed([known] * 200, compile_view)


async def hit_times(engine: Engine, caller: Caller) -> dict[str, float]:
    """By selection, microseconds of a hit without the database: its rows are those of the run before."""
    id_ = encode(NodeId(GRAPH["Customer"].tag, None, caller.cycle[0]))
    found = {}
    for selection in SELECTIONS:
        request = Request(text_of(selection, "ours"), {"id": id_} if selection == "one" else {})
        found[selection] = await _hit(engine, request, caller)
    return found


async def _hit(engine: Engine, request: Request, caller: Caller) -> float:
    kept: list[object] = []

    async def noted(statement: str, *arguments: object) -> object:
        kept[:] = [await read(statement, *arguments)]
        return kept[0]

    async def known(_statement: str, *_arguments: object) -> object:
        return kept[0]

    read, times = engine.read, []
    engine.read = noted
    for _ in range(2):
        await engine.answer(request, Bearer(caller.user))
    engine.read = known
    for _ in range(500):
        started = time.perf_counter()
        await engine.answer(request, Bearer(caller.user))
        times.append(time.perf_counter() - started)
    engine.read = read
    return median(times) * 1_000_000


async def _asked(place: Volume) -> tuple[Machine, Caller, str, dict[str, float]]:
    database = Database(place.address, pool_size=1, statement_timeout=10)
    try:
        await database.open()
        caller = await find_caller(database)
        row = await database.read(ADMINISTRATOR)
        if row is None or row["email"] is None:
            raise BenchmarkError("No user of the demo company is an administrator.")
        return await describe(database), caller, row["email"], await hit_times(engine_of(database), caller)
    finally:
        await database.close()


def _alternated(one: Contender, other: Contender, selection: str, load_: Load, rounds: int) -> list[tuple[Run, Run]]:
    for contender in (one, other):
        press(contender, selection, Load(load_.connections, 2))
    return [(press(one, selection, load_), press(other, selection, load_)) for _ in range(rounds)]


def _table(rounds: dict[str, list[tuple[Run, Run]]]) -> list[str]:
    lines = ["| selection | sales representative | administrator | ratio |", "| --- | --: | --: | --: |"]
    for selection, pairs in rounds.items():
        ratios = sorted(one.per_second / other.per_second for one, other in pairs)
        rates = [f"{median(run.per_second for run in runs):,.0f}/s" for runs in zip(*pairs, strict=True)]
        least, most = ratios[0], ratios[-1]
        lines.append(f"| {selection} | {rates[0]} | {rates[1]} | {median(ratios):.2f} ({least:.2f}–{most:.2f}) |")
    return lines


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policy", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    first, new, known = view_times()
    with exiting_on_termination(), volume(read_settings(), arguments.customers) as place:
        machine, caller, email, hits = asyncio.run(_asked(place))
        with ours(place, caller) as representative:
            token = output_of(place.c360("token", email, "--minutes", "60")).strip()
            administrator = replace(representative, headers={"Authorization": f"Bearer {token}"})
            load_ = Load(8, arguments.seconds)
            rounds = {
                selection: _alternated(representative, administrator, selection, load_, arguments.rounds)
                for selection in SELECTIONS
            }
    lines = [
        *_table(rounds),
        "",
        f"- A view of {COLUMNS} columns under {RULES} rules is compiled in {known:.2f} ms; when a grant shape first needs it in"
        f" {new:.1f} ms, and when the first of all does, under a new policy, in {first:.1f} ms.",
        *(
            f"- A hit of `{name}` takes {micro:.0f} µs of Python, the database left out."
            for name, micro in hits.items()
        ),
        f"- {described(machine)}",
    ]
    Console(highlight=False).print("\n".join(lines), markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", "\n".join(lines), "policy")


if __name__ == "__main__":
    main()
