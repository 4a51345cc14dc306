"""Changes are taken or refused one by one, and undone by their inverse."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from random import Random

import asyncpg
import pytest

from app.models.catalogue import CATALOGUE
from tests.conftest import TemporaryDatabase
from tests.leaks.changes import Change, between
from tests.leaks.drawing import key
from tests.leaks.making import Maker
from tests.leaks.storing import READY, store, store_all
from tests.leaks.worlds import Row, empty_world, read_world

PRODUCT, DEPARTMENT, SURVEY = CATALOGUE["Product"], CATALOGUE["Department"], CATALOGUE["Survey"]


@pytest.fixture
async def connection(fresh_database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection on which changes can be stored."""
    found = await asyncpg.connect(fresh_database.dsn)
    await found.execute(READY)
    yield found
    await found.close()


MAKER = Maker(Random(1), empty_world())


async def test_what_cannot_be_is_refused_and_the_rest_is_taken(connection: asyncpg.Connection) -> None:
    rows = [
        {"id": key(MAKER.rng), "sku": sku, "name": sku, "tax_rate_pct": tax}
        for sku, tax in (("a", 5), ("b", 101), ("a", 7), ("c", None), ("x" * 65, 1))
    ]
    made = await store(connection, [Change(PRODUCT, None, row) for row in rows])
    assert [change is not None for change in made] == [True, False, False, True, False]
    world = await read_world(connection)
    assert sorted(row["sku"] for row in world["Product"].values()) == ["a", "c"]


async def test_what_is_stored_is_what_was_meant(connection: asyncpg.Connection) -> None:
    drawn = [MAKER.row(SURVEY, scale_min=0, scale_max=n + 1, questions=json.dumps([{"ü": n}])) for n in range(40)]
    made = await store(connection, [Change(SURVEY, None, row) for row in drawn])
    taken = [(row, change.row) for row, change in zip(drawn, made, strict=True) if change is not None]
    assert len(taken) > 20
    assert all(
        {name: found[name] for name in row if name != "questions"} == _without(row, "questions") for row, found in taken
    )
    assert all(json.loads(found["questions"]) == json.loads(row["questions"]) for row, found in taken)


def _without(row: Row, name: str) -> Row:
    return {each: value for each, value in row.items() if each != name}


async def test_the_inverse_undoes(connection: asyncpg.Connection) -> None:
    row = MAKER.row(SURVEY, scale_min=0, scale_max=10, questions="[]")
    [added] = await store(connection, [Change(SURVEY, None, row)])
    assert added is not None
    one = await read_world(connection)
    changed = Change(SURVEY, added.after, {**added.row, "name": "Another", "questions": None})
    assert await store(connection, [changed]) != [None]
    other = await read_world(connection)
    assert [each.columns for each in between(one, other)] == [["name", "questions"]]
    assert await store_all(connection, list(between(other, one)))
    assert (await read_world(connection)).rows == one.rows
    assert await store_all(connection, [added.inverse])
    assert (await read_world(connection)).rows == empty_world().rows


async def test_rows_wait_for_those_that_they_refer_to(connection: asyncpg.Connection) -> None:
    above = MAKER.row(DEPARTMENT, code="A", path="/a/", deleted_at=None)
    below = {**MAKER.row(DEPARTMENT, code="B", path="/a/b/", deleted_at=None), "parent_id": above["id"]}
    assert await store_all(connection, [Change(DEPARTMENT, None, below), Change(DEPARTMENT, None, above)])
    lost = {
        **below,
        "id": MAKER.row(DEPARTMENT)["id"],
        "code": "C",
        "path": "/c/",
        "parent_id": MAKER.row(DEPARTMENT)["id"],
    }
    assert not await store_all(connection, [Change(DEPARTMENT, None, lost)])
