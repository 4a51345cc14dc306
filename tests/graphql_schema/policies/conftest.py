"""A team whose lead may look as those who report to it."""

from __future__ import annotations

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import Team, founded
from tests.graphql_schema.policies.shadows import Shadows
from tests.http.asking import Asking


@pytest.fixture(scope="module")
async def team(writer: asyncpg.Connection, company: Company) -> Team:
    """A lead, and who reports to it."""
    return await founded(writer, company)


@pytest.fixture(scope="module")
def shadows(graph: Asking, company: Company, team: Team, writer: asyncpg.Connection) -> Shadows:
    """Drafts that are compared."""
    return Shadows(graph, company.admin, writer)
