"""What it costs to administer the policy: `python -m benchmarks.administering` [--write].

simulate    what it costs to look as somebody: benchmarks/looking.py. An event of the audit trail has to be there before the
            first look is answered, and waits for none that follows: how long one takes by itself is told beside
explain     why the representative sees customers as it does
impact      a draft by which every representative sees more customers, and nobody sees their e-mail addresses
shadow      the same load with that draft beside the version in force, for a tenth of all reads, and without, in turn
matrix      all that 500 roles see of 60 types with 40 fields each
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

import yaml

from app.database import Database, connect
from app.http.admission import Admission
from app.identity.bearer import Bearer
from app.main import engine_of, shadowing_of
from app.models.ids import uuid7
from app.services.writing import driver_of
from app.settings import Settings
from benchmarks.caller import Caller, find_caller
from benchmarks.command import administrator, run
from benchmarks.growth import Asked
from benchmarks.looking import id_of, looking, operations
from benchmarks.policy import things
from benchmarks.volume import Volume
from graphql_schema.engine import Engine
from graphql_schema.noting import Note
from graphql_schema.requests import Request
from graphql_schema.shadowing.shadowing import Shadowing
from policies.catalogue import read_catalogue
from policies.drafting.matrix import matrix
from policies.loading import load

TIMES = 60
EXPLAIN = """query ($as: ID!, $id: ID!, $field: String) { explainAccess(as: $as, id: $id, field: $field) {
    visible shown rules { role when holds conditions { text truth } } wanting { role when conditions { text becomes } }
} }"""
IMPACT = """query ($draft: Int!) { policyImpact(draft: $draft) {
    groups { roles users types { type gained lost fields { field plain masked withheld } } }
} }"""
DRAFT = "INSERT INTO policy_versions (id, number, status, document) SELECT $1, 1 + max(number), 'DRAFT', $2::text::jsonb FROM policy_versions RETURNING number"
SHADOW = "UPDATE policy_versions SET shadow_share = 10, shadow_until = now() + interval '1 hour' WHERE number = $1"
COUNTS = "SELECT what, sum(count)::int AS count FROM policy_shadow_counts WHERE what IN ('COMPARED', 'DROPPED', 'FAILED') GROUP BY 1"
NO_COUNTS = "DELETE FROM policy_shadow_counts"
NO_SHADOW = "UPDATE policy_versions SET shadow_until = NULL WHERE shadow_until IS NOT NULL"
EVENT = "INSERT INTO audit_events (kind, actor) VALUES ('SIMULATED', $1)"
WIDER = """
  - allow: [read]
    on: Customer
    when: {tier: {eq: KEY}}
    fields: {classes: [PUBLIC, BUSINESS]}
"""
NARROWER = """
  - deny: [read]
    on: [Customer, Contact]
    fields: {names: [email]}
"""
"""For everybody, as all roles include that of employees."""
ROLES, TYPES, FIELDS = 500, 60, 40
AT_ONCE, BLOCK, BLOCKS = 4, 1_200, 15
"""Requests at a time; requests of one round of a load, and rounds with and without a shadow."""


async def _noted(database: Database, admin: UUID) -> str:
    """How long an event of the audit trail takes by itself."""
    seconds = []
    for _ in range(TIMES):
        started = time.perf_counter()
        async with database.writing() as connection:
            await (await driver_of(connection)).execute(EVENT, admin)
        seconds.append(time.perf_counter() - started)
    return f"- an event of the audit trail, for which the first look waits: {median(seconds) * 1_000:.2f} ms."


async def _explained(engine: Engine, admin: UUID, caller: Caller) -> str:
    found = []
    for key in caller.cycle[:TIMES]:
        asked = Asked(
            engine, admin, EXPLAIN, {"as": id_of("User", caller.user), "id": id_of("Customer", key), "field": "email"}
        )
        await asked.ask()
        found += asked.seconds
    return f"- explain of {len(found)} customers: {median(found) * 1_000:.1f} ms, at most {max(found[1:]) * 1_000:.1f} ms; the first {found[0] * 1_000:.1f} ms."


async def _drafted(address: str) -> int:
    """The number of the draft."""
    connection = await connect(address)
    try:
        document = json.loads(
            await connection.fetchval("SELECT document::text FROM policy_versions WHERE status = 'ACTIVE'")
        )
        document["files"]["sales_rep.yaml"] += WIDER
        document["files"]["employee.yaml"] += NARROWER
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


@dataclass
class _Load:
    """Requests as they come over HTTP, but for HTTP."""

    engine: Engine
    shadowing: Shadowing
    caller: Caller

    async def seconds(self) -> float:
        """How long a round takes."""
        asked = iter(range(BLOCK))
        started = time.perf_counter()
        await asyncio.gather(*(self._one_after_another(asked) for _ in range(AT_ONCE)))
        return time.perf_counter() - started

    async def _one_after_another(self, asked: Any) -> None:
        all_ = list(operations(self.caller).values())
        for n in asked:
            text, variables = all_[n % len(all_)]
            note = Note()
            answer = await self.engine.answer(Request(text, variables), Bearer(self.caller.user), note=note)
            assert answer is not None
            self.shadowing.follow(note, len(answer.body))
            await asyncio.sleep(0)


async def _shadowed(database: Database, address: str, engine: Engine, caller: Caller, draft: int) -> str:
    """What it costs to ask a draft, too, once its plans are known and no time for it is saved up."""
    settings = Settings()
    shadowing = shadowing_of(database, settings, Admission())
    load_, connection, left = _Load(engine, shadowing, caller), await connect(address), shadowing.time
    ratios = []
    try:
        await connection.execute(SHADOW, draft)
        await shadowing.refresh()
        for _ in range(BLOCKS):
            await load_.seconds()
        await shadowing.settle()
        await connection.execute(NO_COUNTS)
        for _ in range(BLOCKS):
            left.share = 0
            without = await load_.seconds()
            left.is_left(time.monotonic())
            left.share = settings.shadow_time
            ratios.append(await load_.seconds() / without)
        await shadowing.settle()
        rows = await connection.fetch(COUNTS)
        await connection.execute(NO_SHADOW)
        await connection.execute(NO_COUNTS)
    finally:
        await shadowing.close()
        await connection.close()
    counts = ", ".join(f"{row['count']} {row['what'].lower()}" for row in sorted(rows))
    least, most = min(ratios), max(ratios)
    return (
        f"- shadow of 10 % of reads, {AT_ONCE} at a time: {median(ratios):.3f} × the time ({least:.2f}–{most:.2f} in {BLOCKS} rounds"
        f" of {BLOCK} requests); {counts}."
    )


def _matrix() -> str:
    """How long the matrix takes that 500 roles make."""
    catalogue = read_catalogue(things(TYPES, FIELDS))
    names = [on.name for on in catalogue]
    rules = [
        {
            "allow": ["read"],
            "on": names[n : n + 4],
            "when": {"regionId": {"in": "$assignment.regions"}},
            "fields": {"classes": ["PUBLIC", "BUSINESS"]},
        }
        for n in range(0, TYPES, 4)
    ]
    texts = {f"r{n}.yaml": yaml.safe_dump({"role": f"r{n}", "rules": rules}) for n in range(ROLES)}
    started = time.perf_counter()
    policy = load(texts, catalogue)
    loaded = time.perf_counter()
    lines = list(matrix(policy, policy.roles, catalogue))
    whole = time.perf_counter()
    list(matrix(policy, ["r7"], catalogue))
    role = time.perf_counter()
    list(matrix(policy, policy.roles, [catalogue[names[7]]]))
    resource = time.perf_counter()
    cells = sum(len(line.cells) for line in lines)
    return (
        f"- matrix of {ROLES} roles × {TYPES} types: {cells:,} cells in {whole - loaded:.1f} s; one role in {(role - whole) * 1_000:.0f} ms,"
        f" one type in {(resource - role) * 1_000:.0f} ms; the documents are read in {loaded - started:.1f} s."
    )


async def measured(place: Volume, database: Database) -> list[str]:
    """The lines of the table, and of what else is told."""
    engine, caller, admin = engine_of(database), await find_caller(database), await administrator(database)
    lines = await looking(place, database, engine, admin, caller)
    draft = await _drafted(place.address)
    return [
        *lines,
        "",
        await _noted(database, admin),
        await _explained(engine, admin, caller),
        await _weighed(engine, admin, draft),
        await _shadowed(database, place.address, engine, caller, draft),
        _matrix(),
    ]


def main() -> None:
    """The command."""
    run("administering", __doc__.partition("\n")[0], measured, pool_size=8)


if __name__ == "__main__":
    main()
