"""A scene for each test, in one company."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest

from app import models
from app.database import connect, engine_for
from app.models.ids import uuid7
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import assign, customer, department, region, row, store, user
from tests.http.asking import Asking
from tests.http.fixtures import company, graph, log, writer
from tests.services.writing.scene import Scene

__all__ = ["company", "graph", "log", "scene", "writer"]


@pytest.fixture
async def scene(
    database: TemporaryDatabase, graph: Asking, company: Company, writer: asyncpg.Connection
) -> AsyncIterator[Scene]:
    name = f"u{uuid7().hex}"
    place, unit, role = region(name, company.germany), department(name), row(models.Role, code=name, name="A role")
    someone = user(name, manager=company.manager, region=place, department=unit)
    theirs = customer(owner=someone, region=place)
    await store(writer, place, unit, role, someone, theirs)
    await assign(writer, someone, name, region=place, department=unit)
    engine = engine_for(partial(connect, database.dsn, statement_timeout=5))
    yield Scene(database.dsn, engine, writer, graph, company, someone, theirs)
    await engine.dispose()
