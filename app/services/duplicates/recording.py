"""Found pairs → data quality issues, one open issue for each pair; and the job and the change event that go with them.

The statements compare with what is there when they run: an issue that somebody settles meanwhile stays settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import asyncpg
import orjson

from app.models.ids import uuid7
from app.services.duplicates.report import DuplicatesReport, Found, Written

FOUND = """
    CREATE TEMPORARY TABLE found_duplicates (
        id uuid, customer_id uuid, other_customer_id uuid, score numeric(5, 2), evidence jsonb
    ) ON COMMIT DROP"""
_SAME_PAIR = """
    greatest(i.customer_id, i.other_customer_id) = f.customer_id
    AND least(i.customer_id, i.other_customer_id) = f.other_customer_id"""
_OF_PAIRS = "i.kind = 'DUPLICATE' AND i.deleted_at IS NULL AND i.other_customer_id IS NOT NULL"
REFRESH = f"""
    UPDATE data_quality_issues i
    SET score = f.score, evidence = f.evidence, version = i.version + 1, updated_at = now(), updated_by = NULL
    FROM found_duplicates f
    WHERE {_OF_PAIRS} AND i.status = 'OPEN' AND {_SAME_PAIR}
    AND (i.score, i.evidence) IS DISTINCT FROM (f.score, f.evidence)"""
CLOSE = f"""
    UPDATE data_quality_issues i
    SET status = 'FIXED', version = i.version + 1, updated_at = now(), updated_by = NULL
    WHERE {_OF_PAIRS} AND i.status = 'OPEN' AND NOT EXISTS (SELECT FROM found_duplicates f WHERE {_SAME_PAIR})"""
OPEN = f"""
    INSERT INTO data_quality_issues
        (id, customer_id, kind, other_customer_id, score, evidence, owner_id, department_id, region_id)
    SELECT f.id, f.customer_id, 'DUPLICATE', f.other_customer_id, f.score, f.evidence,
        c.owner_id, c.department_id, c.region_id
    FROM found_duplicates f JOIN customers c ON c.id = f.customer_id
    WHERE NOT EXISTS (
        SELECT FROM data_quality_issues i
        WHERE {_OF_PAIRS} AND i.status IN ('OPEN', 'ACCEPTED', 'DISMISSED') AND {_SAME_PAIR}
    )
    ORDER BY f.customer_id, f.other_customer_id
    ON CONFLICT DO NOTHING"""
STILL_OPEN = f"SELECT count(*) FROM data_quality_issues i WHERE {_OF_PAIRS} AND i.status = 'OPEN'"
SETTLED = f"""
    SELECT count(*) FROM found_duplicates f WHERE EXISTS (
        SELECT FROM data_quality_issues i WHERE {_OF_PAIRS} AND i.status IN ('ACCEPTED', 'DISMISSED') AND {_SAME_PAIR}
    ) AND NOT EXISTS (SELECT FROM data_quality_issues i WHERE {_OF_PAIRS} AND i.status = 'OPEN' AND {_SAME_PAIR})"""
JOB = """
    INSERT INTO jobs (id, kind, status, parameters, result, started_at, finished_at)
    VALUES ($1, 'DUPLICATES', 'SUCCEEDED', $2, $3, now(), clock_timestamp())"""
EVENT = "INSERT INTO change_events (entity, op, changed, job_id) VALUES ('data_quality_issues', 'IMPORT', $1, $2)"


async def write_issues(connection: asyncpg.Connection, found: Sequence[Found]) -> Written:
    """Brings the issues in step with the pairs found, within the transaction that is open."""
    await connection.execute(FOUND)
    await connection.copy_records_to_table("found_duplicates", records=[_record(each) for each in found])
    await connection.execute("ANALYZE found_duplicates")
    settled = int(await connection.fetchval(SETTLED))
    updated = _affected(await connection.execute(REFRESH))
    fixed = _affected(await connection.execute(CLOSE))
    created = _affected(await connection.execute(OPEN))
    unchanged = int(await connection.fetchval(STILL_OPEN)) - created - updated
    return Written(created, updated, unchanged, settled, fixed)


async def record(connection: asyncpg.Connection, report: DuplicatesReport) -> None:
    """Writes the job, and the change event where anything changed."""
    result = report.counts()
    await connection.execute(JOB, report.job_id, _json({"threshold": report.threshold}), _json(result))
    made = report.written
    if made.created or made.updated or made.fixed:
        changed = {"created": made.created, "updated": made.updated + made.fixed}
        await connection.execute(EVENT, _json(changed), report.job_id)


def _record(found: Found) -> tuple[object, ...]:
    evidence = _json({"fields": found.evidence()})
    return uuid7(), found.customer, found.other, Decimal(found.score.value), evidence


def _json(found: object) -> str:
    return orjson.dumps(found).decode()


def _affected(status: str) -> int:
    """Rows that a statement touched, by its command tag."""
    return int(status.rsplit(" ", 1)[-1])
