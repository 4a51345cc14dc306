"""What an import leaves behind beside its rows: a job, and one change event for each table it changed."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import orjson

from app.services.importing.report import ImportReport

JOB = """
    INSERT INTO jobs (id, kind, status, parameters, result, actor, started_at, finished_at)
    VALUES ($1, 'IMPORT', 'SUCCEEDED', $2, $3, $4, now(), clock_timestamp())"""
EVENT = "INSERT INTO change_events (entity, op, changed, actor, job_id) VALUES ($1, 'IMPORT', $2, $3, $4)"


async def record(connection: asyncpg.Connection, report: ImportReport, actor: UUID | None) -> None:
    """Write both into the transaction that is open."""
    asked = {"mapping": report.mapping, "files": [file.name for file in report.files]}
    await connection.execute(JOB, report.job_id, _json(asked), _json(report.as_json()), actor)
    for entity in dict.fromkeys(rule.entity for rule in report.rules):
        counts = report.entity(entity)
        if counts.created or counts.updated:
            changed = _json({"created": counts.created, "updated": counts.updated})
            await connection.execute(EVENT, entity, changed, actor, report.job_id)


def _json(found: object) -> str:
    return orjson.dumps(found).decode()
