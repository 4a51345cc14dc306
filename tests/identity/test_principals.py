"""Who a user is: read in one statement, its trees expanded, its times respected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from app import models
from app.database import Database
from app.identity.authority import Authority
from app.identity.bearer import Bearer
from app.identity.principals import Known, load_principal
from app.models.ids import uuid7
from app.services.policies.store import NoPolicy
from policies.conditions import Attribute
from policies.principal import Held, Unmask
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, customer, department, region, row, store, ticket, user
from tests.http.asking import Asking


@pytest.fixture(scope="module")
def database_(graph: Asking) -> Database:
    return graph.database


async def _loaded(database: Database, who: Row) -> Known:
    known = await load_principal(database.read, Bearer(who.key))
    assert known is not None
    return known


async def test_a_region_stands_for_its_subtree(database_: Database, company: Company) -> None:
    manager = (await _loaded(database_, company.manager)).principal
    (held,) = manager.assignments
    assert held.role == "sales_manager"
    assert set(held.regions) == {company.europe.key, company.germany.key, company.france.key}
    assert held.departments == (company.sales.key,)
    assert manager.shape == ((Held("sales_manager", departments=True, regions=True),),)


async def test_reports_are_oneself_and_everyone_below(
    database_: Database, company: Company, writer: asyncpg.Connection
) -> None:
    trainee = user("trainee", manager=company.rep)
    left = user("left", manager=company.rep)
    await store(writer, trainee, left, user("orphan", manager=left))
    await writer.execute("UPDATE users SET deleted_at = now() WHERE id = $1", left.key)
    manager = (await _loaded(database_, company.manager)).principal
    assert set(manager.reports) == {company.manager.key, company.rep.key, company.colleague.key, trainee.key}
    assert (await _loaded(database_, trainee)).principal.reports == (trainee.key,)


async def test_managers_in_a_circle_report_to_each_other(database_: Database, writer: asyncpg.Connection) -> None:
    one, other = user("one"), user("other")
    await store(writer, one, other)
    await writer.execute("UPDATE users SET manager_id = $2 WHERE id = $1", one.key, other.key)
    await writer.execute("UPDATE users SET manager_id = $2 WHERE id = $1", other.key, one.key)
    assert set((await _loaded(database_, one)).principal.reports) == {one.key, other.key}


NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)
TIMES: list[tuple[dt.datetime | None, dt.datetime | None, bool, dt.datetime | None]] = [
    (None, None, True, None),
    (NOW - HOUR, None, True, None),
    (None, NOW + HOUR, True, NOW + HOUR),
    (NOW - HOUR, NOW + HOUR, True, NOW + HOUR),
    (NOW + HOUR, None, False, NOW + HOUR),
    (NOW + HOUR, NOW + 2 * HOUR, False, NOW + HOUR),
    (None, NOW - HOUR, False, None),
    (NOW - 2 * HOUR, NOW - HOUR, False, None),
]


@pytest.mark.parametrize(("begins", "ends", "held", "until"), TIMES)
async def test_an_assignment_counts_while_it_is_valid(
    database_: Database,
    company: Company,
    writer: asyncpg.Connection,
    begins: dt.datetime | None,
    ends: dt.datetime | None,
    until: dt.datetime | None,
    *,
    held: bool,
) -> None:
    someone = user(f"timed-{uuid7()}")
    await store(writer, someone)
    await assign(writer, someone, "sales_rep", region=company.germany, valid_from=begins, valid_to=ends)
    found = (await _loaded(database_, someone)).principal
    assert [assignment.role for assignment in found.assignments] == (["sales_rep"] if held else [])
    assert found.fresh_until == until


async def test_the_next_moment_that_matters_is_the_earliest(
    database_: Database, company: Company, writer: asyncpg.Connection
) -> None:
    someone = user("busy")
    await store(writer, someone)
    await assign(writer, someone, "sales_rep", region=company.germany, valid_to=NOW + 3 * HOUR)
    await assign(writer, someone, "marketer", valid_from=NOW + 2 * HOUR)
    await assign(writer, someone, "finance", valid_to=NOW - HOUR)
    assert (await _loaded(database_, someone)).principal.fresh_until == NOW + 2 * HOUR


async def _unmask(
    writer: asyncpg.Connection, to: Row, on: Row, begins: dt.datetime, ends: dt.datetime, field: str = "email"
) -> None:
    await writer.execute(
        "INSERT INTO unmasks (id, user_id, resource, field, customer_id, row_id, reason, valid_from, valid_to)"
        " VALUES ($1, $2, $3, $4, $5, $6, 'Asked for', $7, $8)",
        *(uuid7(), to.key, on.model.__name__, field, on.values.get("customer_id"), on.key, begins, ends),
    )


@pytest.mark.parametrize(
    ("begins", "ends", "opened", "until"),
    [
        (NOW - HOUR, NOW + HOUR, True, NOW + HOUR),
        (NOW + HOUR, NOW + 2 * HOUR, False, NOW + HOUR),
        (NOW - 2 * HOUR, NOW - HOUR, False, None),
    ],
)
async def test_an_unmask_counts_while_it_is_valid(
    database_: Database,
    writer: asyncpg.Connection,
    begins: dt.datetime,
    ends: dt.datetime,
    until: dt.datetime | None,
    *,
    opened: bool,
) -> None:
    someone, other, ada = user(f"opened-{uuid7()}"), user(f"other-{uuid7()}"), customer("Ada")
    await store(writer, someone, other, ada)
    await _unmask(writer, someone, ada, begins, ends)
    found = (await _loaded(database_, someone)).principal
    assert found.unmasks == ((Unmask("Customer", "email", None, ada.key),) if opened else ())
    assert found.fresh_until == until
    assert (await _loaded(database_, other)).principal.unmasks == ()


async def test_an_unmask_of_what_a_customer_owns_names_the_customer(
    database_: Database, writer: asyncpg.Connection
) -> None:
    someone, ada = user("opened"), customer("Ada")
    asked = ticket(ada)
    await store(writer, someone, ada, asked)
    await _unmask(writer, someone, asked, NOW - HOUR, NOW + HOUR, "subject")
    (found,) = (await _loaded(database_, someone)).principal.unmasks
    assert found == Unmask("Ticket", "subject", ada.key, asked.key)


async def test_an_assignment_of_a_deleted_place_has_none(
    database_: Database, company: Company, writer: asyncpg.Connection
) -> None:
    gone, lost, someone = region("GONE", company.europe), department("LOST"), user("lost")
    child = region("CHILD", gone)
    await store(writer, gone, child, lost, someone)
    await assign(writer, someone, "service_agent", region=gone, department=lost)
    assert (await _loaded(database_, someone)).principal.shape == (
        (Held("service_agent", departments=True, regions=True),),
    )
    await writer.execute("UPDATE regions SET deleted_at = now() WHERE id = $1", gone.key)
    await writer.execute("UPDATE departments SET deleted_at = now() WHERE id = $1", lost.key)
    assert (await _loaded(database_, someone)).principal.shape == (
        (Held("service_agent", departments=False, regions=False),),
    )


async def test_regions_that_begin_alike_are_no_subtree(
    database_: Database, company: Company, writer: asyncpg.Connection
) -> None:
    short, long, someone = region("AB"), region("ABC"), user("alike")
    await store(writer, short, long, someone)
    await assign(writer, someone, "sales_rep", region=short)
    (held,) = (await _loaded(database_, someone)).principal.assignments
    assert held.regions == (short.key,)


async def test_two_assignments_of_one_role_keep_their_own_places(
    database_: Database, company: Company, writer: asyncpg.Connection
) -> None:
    someone = user("twice")
    await store(writer, someone)
    await assign(writer, someone, "service_agent", region=company.germany, department=company.service)
    await assign(writer, someone, "service_agent", region=company.france, department=company.sales)
    found = (await _loaded(database_, someone)).principal
    assert {(assignment.regions, assignment.departments) for assignment in found.assignments} == {
        ((company.germany.key,), (company.service.key,)),
        ((company.france.key,), (company.sales.key,)),
    }
    for i in range(2):
        pair = (found.values[Attribute("regions", i)], found.values[Attribute("departments", i)])
        assert pair in (
            ([company.germany.key], [company.service.key]),
            ([company.france.key], [company.sales.key]),
        )


SIGNED_OUT = [
    "UPDATE users SET status = 'SUSPENDED' WHERE id = $1",
    "UPDATE users SET status = 'LEFT' WHERE id = $1",
    "UPDATE users SET status = 'INVITED' WHERE id = $1",
    "UPDATE users SET deleted_at = now() WHERE id = $1",
    "DELETE FROM users WHERE id = $1",
]


@pytest.mark.parametrize("statement", SIGNED_OUT)
async def test_only_an_active_user_is_a_principal(
    database_: Database, writer: asyncpg.Connection, statement: str
) -> None:
    someone = user(f"leaving-{uuid7()}")
    await store(writer, someone)
    authority = Authority(database_.read)
    assert await authority.rights(Bearer(someone.key)) is not None
    await writer.execute(statement, someone.key)
    assert await load_principal(database_.read, Bearer(someone.key)) is None
    authority.forget(Bearer(someone.key))
    assert await authority.rights(Bearer(someone.key)) is None


async def test_nobody_has_no_principal(database_: Database) -> None:
    assert await load_principal(database_.read, Bearer(uuid7())) is None


async def test_rights_are_read_once_and_kept(database_: Database, company: Company) -> None:
    asked: list[str] = []

    async def read(statement: str, *values: object) -> Any:
        asked.append(statement)
        return await database_.read(statement, *values)

    authority = Authority(read, remembered=2)
    first = await authority.rights(Bearer(company.rep.key))
    assert first is not None
    assert len(asked) == 2
    again = await authority.rights(Bearer(company.rep.key))
    assert again is not None
    assert (again.access, again.principal) == (first.access, first.principal)
    assert len(asked) == 2
    colleague = await authority.rights(Bearer(company.colleague.key))
    assert colleague is not None
    assert colleague.access is first.access
    assert len(asked) == 3
    await authority.rights(Bearer(company.admin.key))
    await authority.rights(Bearer(company.rep.key))
    assert len(asked) == 5


async def test_without_a_policy_there_are_no_rights(company: Company, writer: asyncpg.Connection) -> None:
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute("UPDATE policy_versions SET status = 'RETIRED'")

    async def read(statement: str, *values: object) -> Any:
        return await writer.fetchrow(statement, *values)

    with pytest.raises(NoPolicy):
        await Authority(read).rights(Bearer(company.rep.key))
    await transaction.rollback()


async def test_a_role_that_nobody_described_is_held_all_the_same(
    database_: Database, writer: asyncpg.Connection
) -> None:
    someone = user("stranger")
    await store(writer, someone, row(models.Role, code="stranger", name="Stranger"))
    await assign(writer, someone, "stranger")
    found = (await _loaded(database_, someone)).principal
    assert found.shape == ((Held("stranger", departments=False, regions=False),),)
