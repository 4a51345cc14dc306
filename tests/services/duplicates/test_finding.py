"""The search among all customers: what it writes, and that it may be run again and again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import models
from app.services.duplicates import DuplicatesReport, find_duplicates
from app.services.duplicates.report import Written
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row, contact, customer, owned, region, row, store, user

Issue = tuple[UUID, UUID, int, str, list[tuple[str, int]]]


@dataclass(frozen=True)
class Shop:
    """A database of few customers."""

    dsn: str
    connection: asyncpg.Connection

    async def find(self, **how: Any) -> DuplicatesReport:
        """Runs the search."""
        return await find_duplicates(self.dsn, **how)

    async def issues(self) -> list[Issue]:
        """All issues, oldest customer first."""
        rows = await self.connection.fetch(
            "SELECT customer_id, other_customer_id, score, status, evidence FROM data_quality_issues"
            " WHERE kind = 'DUPLICATE' ORDER BY customer_id, other_customer_id, created_at"
        )
        return [
            (
                each["customer_id"],
                each["other_customer_id"],
                int(each["score"]),
                each["status"],
                [(part["field"], part["likeness"]) for part in json.loads(each["evidence"])["fields"]],
            )
            for each in rows
        ]

    async def value(self, query: str, *arguments: object) -> Any:
        """The only value of a query."""
        return await self.connection.fetchval(query, *arguments)


@pytest.fixture
async def shop(database: TemporaryDatabase) -> AsyncIterator[Shop]:
    """The module's database, empty."""
    connection = await asyncpg.connect(database.dsn)
    yield Shop(database.dsn, connection)
    for table in (
        "data_quality_issues",
        "contacts",
        "contact_points",
        "addresses",
        "customers",
        "change_events",
        "jobs",
    ):
        await connection.execute(f"DELETE FROM {table}")
    await connection.close()


PAIR = {"email": "office@fernhollow.example", "phone": "+441132345678"}
EVIDENCE = [("displayName", 100), ("email", 100), ("phone", 100)]


def twins(**values: Any) -> tuple[Row, Row]:
    """Two rows of one customer, the earlier first."""
    first = customer("Fernhollow Foods", legal_name="Fernhollow Foods Limited", **PAIR, **values)
    return first, customer("FERNHOLLOW FOODS LTD", **{**PAIR, "tax_id": "GB123456789"})


def written(**counts: int) -> Written:
    """What became of the issues; nothing, where nothing is said."""
    return Written(**{**dict.fromkeys(("created", "updated", "unchanged", "settled", "fixed"), 0), **counts})


async def test_a_pair_gets_one_issue_however_often_it_is_looked_for(shop: Shop) -> None:
    first, second = twins()
    await store(shop.connection, first, second, customer("Another", email="a@another.example"))
    report = await shop.find()
    assert (report.customers, report.compared, report.written) == (3, 1, written(created=1))
    assert await shop.issues() == [(second.key, first.key, 99, "OPEN", EVIDENCE)]
    before = await shop.connection.fetch("SELECT * FROM data_quality_issues")
    assert (await shop.find()).written == written(unchanged=1)
    assert await shop.connection.fetch("SELECT * FROM data_quality_issues") == before


async def test_an_issue_holds_no_value_and_has_the_customers_scope(shop: Shop) -> None:
    place, someone = region("DE"), user("owner")
    await store(shop.connection, place, someone)
    first, second = twins()
    second = Row(second.model, {**second.values, "owner_id": someone.key, "region_id": place.key})
    await store(shop.connection, first, second)
    await shop.find()
    found = await shop.connection.fetchrow("SELECT i.*, i::text AS whole FROM data_quality_issues i")
    assert (found["owner_id"], found["region_id"], found["department_id"]) == (someone.key, place.key, None)
    assert (found["field"], found["created_by"], found["version"]) == (None, None, 1)
    for value in ("fernhollow", "441132345678", "123456789"):
        assert value not in found["whole"].lower()


@pytest.mark.parametrize("status", ["DISMISSED", "ACCEPTED"])
@pytest.mark.parametrize("turned", [False, True], ids=["as found", "the other way round"])
async def test_what_somebody_settled_is_not_opened_again(shop: Shop, status: str, *, turned: bool) -> None:
    first, second = twins()
    await store(shop.connection, first, second)
    await shop.find()
    pair = (first.key, second.key) if turned else (second.key, first.key)
    settle = "UPDATE data_quality_issues SET status = $1, customer_id = $2, other_customer_id = $3"
    await shop.connection.execute(settle, status, *pair)
    assert (await shop.find()).written == written(settled=1)
    assert [issue[3] for issue in await shop.issues()] == [status]


async def test_an_issue_is_updated_closed_and_opened_as_its_pair_changes(shop: Shop) -> None:
    first, second = twins()
    await store(shop.connection, first, second)
    await shop.find()
    await shop.connection.execute("UPDATE customers SET phone = '+441139999999' WHERE id = $1", first.key)
    assert (await shop.find()).written == written(updated=1)
    changed = [("displayName", 100), ("email", 100), ("phone", 0)]
    assert await shop.issues() == [(second.key, first.key, 93, "OPEN", changed)]
    assert await shop.value("SELECT version FROM data_quality_issues") == 2
    other = "UPDATE customers SET email = $2, display_name = $3, legal_name = NULL WHERE id = $1"
    await shop.connection.execute(other, first.key, "me@mine.example", "Quite another")
    assert (await shop.find()).written == written(fixed=1)
    assert [issue[3] for issue in await shop.issues()] == ["FIXED"]
    assert (await shop.find()).written == written()
    await shop.connection.execute(other, first.key, PAIR["email"], "Fernhollow Foods")
    assert (await shop.find()).written == written(created=1)
    assert sorted(issue[3] for issue in await shop.issues()) == ["FIXED", "OPEN"]


@pytest.mark.parametrize("gone", ["deleted_at = now()", "erased_at = now()", "merged_into_id = $2"])
async def test_a_customer_that_is_gone_is_nobodys_duplicate(shop: Shop, gone: str) -> None:
    first, second = twins()
    await store(shop.connection, first, second)
    await shop.find()
    arguments = [second.key] if "$2" in gone else []
    await shop.connection.execute(f"UPDATE customers SET {gone} WHERE id = $1", first.key, *arguments)
    report = await shop.find()
    assert (report.customers, report.written) == (1, written(fixed=1))


async def test_an_open_pair_that_shares_no_key_any_more_is_looked_at_again(shop: Shop) -> None:
    """It is scored before it is closed; with a threshold low enough it stays."""
    one, other = customer("Abcdef", email="a@one.example"), customer("Uvwxyz", email="u@two.example")
    await store(shop.connection, one, other)
    doubt = owned(
        models.DataQualityIssue, other, kind="DUPLICATE", other_customer=one, score=50, evidence={"fields": []}
    )
    await store(shop.connection, doubt)
    report = await shop.find(threshold=1)
    assert (report.compared, report.written) == (1, written(fixed=1))
    await shop.connection.execute("UPDATE data_quality_issues SET status = 'OPEN'")
    report = await shop.find(threshold=0)
    assert (report.compared, report.written) == (1, written(updated=1))


async def test_other_issues_are_left_alone(shop: Shop) -> None:
    first, second = twins()
    await store(shop.connection, first, second)
    stale = owned(models.DataQualityIssue, first, kind="STALE_FIELD", field="phone")
    alone = owned(models.DataQualityIssue, first, kind="DUPLICATE", evidence={"fields": []}, score=1)
    crossed = owned(models.DataQualityIssue, first, kind="CONFLICT", other_customer=second)
    await store(shop.connection, stale, alone, crossed)
    assert (await shop.find()).written == written(created=1)
    assert await shop.value("SELECT count(*) FROM data_quality_issues WHERE status = 'OPEN' AND version = 1") == 4


async def test_contacts_points_and_addresses_count(shop: Shop) -> None:
    one, other = customer("Fernhollow"), customer("Fernhollow")
    await store(shop.connection, one, other)
    gone = dt.datetime.now(dt.UTC)
    await store(
        shop.connection, contact(one, email="a@f.example"), contact(other, email="gone@f.example", deleted_at=gone)
    )
    for key, mail in ((one, "b@f.example"), (other, "a@f.example")):
        await store(shop.connection, owned(models.ContactPoint, key, kind="EMAIL", value=mail, value_normalized=mail))
    phone = {"kind": "MOBILE", "value": "+441132345678", "value_normalized": "+441132345678"}
    await store(shop.connection, owned(models.ContactPoint, one, **phone), owned(models.ContactPoint, other, **phone))
    place = {"line1": "12 Mill Lane", "city": "Leeds", "postal_code": "LS1 4AB", "country": "GB"}
    await store(shop.connection, owned(models.Address, one, kind="OFFICE", **place))
    await store(shop.connection, owned(models.Address, other, kind="BILLING", **{**place, "line1": "Mill Ln 12"}))
    (pair,) = (await shop.find()).pairs
    assert dict(pair.score.evidence) == {"displayName": 100, "email": 100, "phone": 100, "addresses": 85}


async def test_a_dry_run_writes_nothing_and_tells_the_same(shop: Shop) -> None:
    await store(shop.connection, *twins())
    dry = await shop.find(dry_run=True)
    for table in ("data_quality_issues", "jobs", "change_events"):
        assert await shop.value(f"SELECT count(*) FROM {table}") == 0, table
    wet = await shop.find()
    assert (dry.written, dry.pairs) == (wet.written, wet.pairs)


async def test_a_search_leaves_a_job_and_an_event_where_anything_changed(shop: Shop) -> None:
    await store(shop.connection, *twins())
    report = await shop.find()
    await shop.find()
    jobs = await shop.connection.fetch(
        "SELECT id, kind, status, parameters, result, actor FROM jobs ORDER BY created_at"
    )
    assert [(job["kind"], job["status"], job["actor"]) for job in jobs] == [("DUPLICATES", "SUCCEEDED", None)] * 2
    assert jobs[0]["id"] == report.job_id
    assert json.loads(jobs[0]["parameters"]) == {"threshold": 70}
    result = json.loads(jobs[0]["result"])
    assert (result["found"], result["issues"]["created"], "pairs" in result) == (1, 1, False)
    events = await shop.connection.fetch("SELECT entity, entity_id, op, changed, job_id FROM change_events")
    assert [(event["entity"], event["entity_id"], event["op"], event["job_id"]) for event in events] == [
        ("data_quality_issues", None, "IMPORT", report.job_id)
    ]
    assert json.loads(events[0]["changed"]) == {"created": 1, "updated": 0}


async def test_the_threshold_decides(shop: Shop) -> None:
    first, second = twins()
    await store(shop.connection, first, second)
    assert len((await shop.find(threshold=99, dry_run=True)).pairs) == 1
    assert len((await shop.find(threshold=100, dry_run=True)).pairs) == 0
    same = row(models.Customer, **{**first.values, "id": row(models.Customer).key})
    await store(shop.connection, same)
    (pair,) = (await shop.find(threshold=100)).pairs
    assert (pair.customer, pair.other, pair.score.value) == (same.key, first.key, 100)
