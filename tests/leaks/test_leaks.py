"""The theorem: an answer is a function of the caller's views, the request and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import asyncpg
import pytest

from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.settings import Settings
from graphql_schema.schema import SCHEMA
from tests.conftest import TestServer
from tests.leaks.checking import newcomers
from tests.leaks.checking import told as told_of
from tests.leaks.differences import ADDED, HIDDEN, NO_FIELD, REFERENCE, REMOVED, STATES, differences
from tests.leaks.histories import readers
from tests.leaks.holders import principal
from tests.leaks.operations.coverage import Coverage
from tests.leaks.operations.generator import Generator
from tests.leaks.operations.operation import Operation
from tests.leaks.pairs import pairs
from tests.leaks.personas import BY_NAME, PERSONAS, Persona
from tests.leaks.prepared import Prepared, prepared
from tests.leaks.reporting import smallest, told
from tests.leaks.running import Run
from tests.oracle import bridge

ASKING = [BY_NAME[name] for name in ("conditional", "masked", "denied", "rep", "partner", "counting", "looker")]
OPERATIONS = 330
SEED, SIZE = 1, 0.7


@pytest.fixture(scope="module")
def ready(server: TestServer) -> Iterator[Prepared]:
    """A company, and its twins for some personas."""
    with prepared(server, SEED, ASKING, size=SIZE) as found:
        yield found


async def test_databases_that_look_the_same_are_not_told_apart(ready: Prepared, settings: Settings) -> None:
    async with pairs(ready, settings) as found:
        run = Run(found, Generator(Random(SEED), Coverage(SCHEMA._schema)), Random(SEED))
        finding = await run.ask(OPERATIONS)
        if finding is not None:
            pytest.fail(told(await smallest(finding, ready, settings), ready))
    assert run.outcomes == {"alike": OPERATIONS}
    assert run.codes[""] > 0.6 * OPERATIONS, "most have something to show"
    assert set(run.codes) - {"NOT_FOUND"} == {"", "BAD_USER_INPUT", "FIELD_NOT_READABLE"}


STAGES = Operation(
    "{ opportunities(first: 100) { edges { node { id stageHistory { stageCode enteredAt leftAt seconds } } } } }"
)


async def test_what_is_concluded_from_histories_tells_no_twin(ready: Prepared, settings: Settings) -> None:
    stays = 0
    async with pairs(ready, settings) as found:
        for pair in found:
            one, other = [(await side.ask(pair.user, STAGES)).json for side in pair.sides]
            assert one == other, pair.persona.name
            deals = one["data"]["opportunities"]["edges"] if "data" in one else []
            stays += sum(len(deal["node"].get("stageHistory") or ()) - 1 for deal in deals)
    assert stays > 20, "many have been elsewhere before"


async def test_the_check_of_a_new_customer_tells_no_twin(ready: Prepared) -> None:
    candidates = 0
    for twin in ready.twins:
        answers = await told_of(ready, twin, newcomers(Random(SEED), ready.world, twin.world))
        assert [one for one, other in answers if one != other] == [], twin.persona.name
        candidates += sum(len(one) for one, _ in answers)
    assert candidates > 40, "many have something to be told"


LEAST = {ADDED: 100, REMOVED: 15, HIDDEN: 50, NO_FIELD: 15, STATES["withheld"]: 50}
LEAST_OF = {"looker": {**LEAST, REMOVED: 10}}
"""Of one who sees nearly all rows, fewer are hidden that could be removed."""
LEAST_OF_ALL = {STATES["masked"]: 200, REFERENCE: 150}


def test_twins_differ_in_much(ready: Prepared) -> None:
    found = [differences(ready.world, twin.world, ready.eyes(twin.persona).see(ready.world)) for twin in ready.twins]
    for twin, each in zip(ready.twins, found, strict=True):
        least = LEAST_OF.get(twin.persona.name, LEAST)
        assert {kind: each[kind] for kind in least if each[kind] < least[kind]} == {}
    assert {kind: sum(each[kind] for each in found) >= LEAST_OF_ALL[kind] for kind in LEAST_OF_ALL} == dict.fromkeys(
        LEAST_OF_ALL, True
    )


def test_twins_look_the_same(ready: Prepared) -> None:
    for twin in ready.twins:
        eyes = ready.eyes(twin.persona)
        assert eyes.see(twin.world) == eyes.see(ready.world)


def test_histories_differ_in_much_that_is_not_shown(ready: Prepared) -> None:
    for twin in ready.twins:
        (reader,) = readers(ready.eyes(twin.persona), twin.world)
        known = list(zip(ready.events, twin.events, strict=False))
        shown = [bool(reader.shown(event)) for event, _ in known]
        assert sum(event != other for event, other in known) > 150
        assert min(shown.count(True), len(twin.events) - shown.count(True)) > 10
        assert len(twin.events) > len(ready.events)


def test_every_column_holds_something_somewhere(ready: Prepared) -> None:
    empty = [
        f"{resource.name}.{column.name}"
        for resource, _ in {each.name: (each, row) for each, row in ready.world.all()}.values()
        for column in resource.table.columns
        if all(row[column.name] is None for row in ready.world[resource.name].values())
    ]
    assert empty == []
    assert {resource.name for resource, _ in ready.world.all()} == set(ready.world.rows)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
async def test_who_asks_is_told_alike_in_python_and_sql(ready: Prepared, persona: Persona) -> None:
    connection = await asyncpg.connect(ready.dsn)
    try:
        known = await load_principal(connection.fetchrow, Bearer(ready.user(persona)))
    finally:
        await connection.close()
    assert known is not None
    expected, found = principal(ready.user(persona), ready.world, ready.now), bridge.principal(known.principal)
    assert {(a.role, frozenset(a.departments), frozenset(a.regions)) for a in found.assignments} == {
        (a.role, frozenset(a.departments), frozenset(a.regions)) for a in expected.assignments
    }
    assert set(found.reports) - {found.id} == set(expected.reports)
