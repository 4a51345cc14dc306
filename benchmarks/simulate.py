"""What it costs to look as somebody, and to weigh a draft: `python -m benchmarks.simulate` [--write].

simulate    the same operations asked by a sales representative, and by an administrator who looks as the representative, of
            one engine, in turn; the ratio of the medians
impact      a draft by which every representative sees customers of another region, and nobody sees e-mail addresses plain
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rich.console import Console

from app.database import Database, connect
from app.main import engine_of
from app.models.ids import uuid7
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.caller import find_caller
from benchmarks.errors import BenchmarkError
from benchmarks.growth import PAGES, Asked
from benchmarks.machine import Machine, describe
from benchmarks.policy import ADMINISTRATOR
from benchmarks.processes import ROOT
from benchmarks.report import described, write_figures
from benchmarks.volume import Volume, volume
from graphql_schema.engine import Engine
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH

TIMES = 60
LIST = (ROOT / "benchmarks" / "queries" / "list.ours.graphql").read_text(encoding="utf-8")
SIMULATE = "query ($as: ID!, $operation: String!) { policySimulate(as: $as, operation: $operation) }"
IMPACT = """query ($draft: Int!) { policyImpact(draft: $draft) {
    groups { roles users types { type gained lost fields { field plain masked withheld } } }
} }"""
DRAFT = "INSERT INTO policy_versions (id, number, status, document) SELECT $1, 1 + max(number), 'DRAFT', $2::text::jsonb FROM policy_versions RETURNING number"
WIDER = """
  - allow: [read]
    on: Customer
    when: {tier: {eq: KEY}}
    fields: {classes: [PUBLIC, BUSINESS]}
  - deny: [read]
    on: [Customer, Contact]
    fields: {names: [email]}
"""


async def _in_turn(*several: Asked) -> None:
    for _ in range(TIMES):
        for asked in several:
            await asked.ask()


async def _simulated(engine: Engine, admin: UUID, user: UUID) -> list[str]:
    """The lines of the table."""
    who = encode(NodeId(GRAPH["User"].tag, None, user))
    lines = ["| operation | by itself | as somebody | ratio |", "| --- | --: | --: | --: |"]
    for title, text in {**PAGES, "`list`: fifty customers and six relations": LIST}.items():
        plain = Asked(engine, user, text)
        looked = Asked(engine, admin, SIMULATE, {"as": who, "operation": text})
        await _in_turn(plain, looked)
        ratio = looked.milliseconds / plain.milliseconds
        lines.append(f"| {title} | {plain.milliseconds:.2f} ms | {looked.milliseconds:.2f} ms | {ratio:.2f} |")
    return lines


async def _drafted(address: str) -> int:
    """The number of the draft."""
    connection = await connect(address)
    try:
        document = json.loads(
            await connection.fetchval("SELECT document::text FROM policy_versions WHERE status = 'ACTIVE'")
        )
        document["files"]["sales_rep.yaml"] += WIDER
        return int(await connection.fetchval(DRAFT, uuid7(), json.dumps(document)))
    finally:
        await connection.close()


async def _weighed(engine: Engine, admin: UUID, draft: int) -> str:
    asked = Asked(engine, admin, IMPACT, {"draft": draft})
    told: Mapping[str, Any] = {}
    for _ in range(3):
        told = (await asked.ask())["policyImpact"]
    users = sum(group["users"] for group in told["groups"])
    slowest = max(asked.seconds)
    return f"- impact of a draft on {users} users of {len(told['groups'])} groups: {slowest:.2f} s at first, {min(asked.seconds):.2f} s then."


async def measured(place: Volume) -> tuple[Machine, list[str]]:
    """The machine, and the lines of the table."""
    database = Database(place.address, pool_size=2, statement_timeout=30)
    try:
        await database.open()
        row = await database.read(f"SELECT id FROM users WHERE email = ({ADMINISTRATOR})")
        if row is None:
            raise BenchmarkError("No user of the demo company is an administrator.")
        engine, caller = engine_of(database), await find_caller(database)
        lines = await _simulated(engine, row["id"], caller.user)
        weighed = await _weighed(engine, row["id"], await _drafted(place.address))
        return await describe(database), [*lines, "", weighed]
    finally:
        await database.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination(), volume(read_settings(), arguments.customers) as place:
        machine, lines = asyncio.run(measured(place))
    figures = "\n".join([*lines, f"- {described(machine)}"])
    Console(highlight=False, soft_wrap=True).print(figures, markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", figures, "simulate")


if __name__ == "__main__":
    main()
