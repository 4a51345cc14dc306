"""Where four eyes are asked for, nobody has a policy come into force alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import RULE, done, drafted, refused, statuses
from tests.graphql_schema.rows import Row, assign, store, user
from tests.http.asking import Asking, asking

OWN = "You wrote or submitted this yourself; somebody else must decide."
UNAPPROVED = "Must be approved first, by somebody who neither wrote nor submitted it."


@pytest.fixture(scope="module")
async def other(company: Company, writer: asyncpg.Connection) -> Row:
    """Another administrator."""
    found = user("second-admin")
    await store(writer, found)
    await assign(writer, found, "admin")
    return found


@pytest.fixture(scope="module")
async def strict(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph where four eyes are asked for."""
    async with asking(database.dsn, settings.model_copy(update={"four_eyes": True})) as served:
        yield served


async def test_it_takes_two(strict: Asking, company: Company, other: Row, writer: asyncpg.Connection) -> None:
    admin, draft = company.admin, await drafted(strict, company.admin)
    which = {"id": draft["id"]}
    await done(strict, other, "policyDraftRuleSet", {**which, "role": "finance", "rule": RULE})
    assert await refused(strict, admin, "policyActivate", which) == [("INVALID_STATE", None, UNAPPROVED)]
    await done(strict, admin, "policySubmit", which)
    assert await refused(strict, admin, "policyActivate", which) == [("INVALID_STATE", None, UNAPPROVED)]
    for who in (admin, other):
        assert await refused(strict, who, "policyApprove", which) == [("FORBIDDEN", None, OWN)]
    assert (await statuses(writer))[draft["number"]] == "SUBMITTED"


async def test_another_approves(strict: Asking, company: Company, other: Row, writer: asyncpg.Connection) -> None:
    admin, draft = company.admin, await drafted(strict, company.admin)
    which = {"id": draft["id"]}
    await done(strict, admin, "policySubmit", which)
    assert (await done(strict, other, "policyApprove", which))["status"] == "APPROVED"
    assert (await done(strict, admin, "policyActivate", which))["status"] == "ACTIVE"
    again = await drafted(strict, other)
    await done(strict, other, "policySubmit", {"id": again["id"]})
    await done(strict, admin, "policyApprove", {"id": again["id"]})
    await done(strict, admin, "policyActivate", {"id": again["id"]})
    given = {"version": draft["number"]}
    assert await refused(strict, admin, "policyRollback", given) == [("FORBIDDEN", None, OWN)]
    assert (await done(strict, other, "policyRollback", given))["status"] == "ACTIVE"


async def test_who_submits_what_another_wrote_does_not_approve_it(strict: Asking, company: Company, other: Row) -> None:
    draft = await drafted(strict, company.admin)
    which = {"id": draft["id"]}
    await done(strict, other, "policySubmit", which)
    for who in (company.admin, other):
        assert await refused(strict, who, "policyApprove", which) == [("FORBIDDEN", None, OWN)]


async def test_what_was_approved_while_one_sufficed_is_not_enough(
    graph: Asking, strict: Asking, company: Company, other: Row
) -> None:
    draft = await drafted(graph, company.admin)
    which = {"id": draft["id"]}
    await done(graph, company.admin, "policySubmit", which)
    await done(graph, company.admin, "policyApprove", which)
    assert await refused(strict, other, "policyActivate", which) == [("INVALID_STATE", None, UNAPPROVED)]
