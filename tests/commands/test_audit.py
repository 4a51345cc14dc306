"""c360 audit: what is done at the command line is noted, and whether the trail is whole is told by the exit code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from tests.command_line import Line
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row

CHANGE = "ALTER TABLE audit_events DISABLE TRIGGER USER; {}; ALTER TABLE audit_events ENABLE TRIGGER USER"


def _in(database: TemporaryDatabase, work: Callable[[asyncpg.Connection], Awaitable[object]]) -> object:
    async def all_of_it() -> object:
        connection = await asyncpg.connect(database.dsn)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(all_of_it())


GIVEN = """
    WITH given AS (
        INSERT INTO role_assignments (id, user_id, role_id) SELECT gen_random_uuid(), $1, id FROM roles WHERE code = 'auditor'
        RETURNING id
    )
    INSERT INTO oidc_assignments (assignment_id, provider_id) SELECT given.id, p.id FROM given, oidc_providers p"""


def test_the_roles_that_end_with_a_provider_are_noted_each(
    line: Line, rep: Row, fresh_database: TemporaryDatabase
) -> None:
    there = ("--name", "There", "--issuer", "http://127.0.0.1:9", "--client-id", "us")
    assert line.run("provider", "add", "there", *there).code == 0
    for end in (
        ("link", "there", "someone", "rep@example.com"),
        ("unlink", "there", "rep@example.com"),
        ("disable", "there"),
    ):
        if end[0] != "link":
            _in(fresh_database, lambda on: on.execute(GIVEN, rep.key))
        assert line.run("provider", *end).code == 0
    asked = "SELECT kind, subject, details ->> 'provider' FROM audit_events WHERE kind LIKE 'ASSIGNMENT%'"
    found = _in(fresh_database, lambda on: on.fetch(asked))
    assert [tuple(row) for row in found] == [("ASSIGNMENT_DELETED", rep.node, "there")] * 2  # type: ignore[attr-defined]


def test_what_operators_do_is_noted_and_verified(line: Line, rep: Row, fresh_database: TemporaryDatabase) -> None:
    given = ("--name", "Shop", "--scope", "graph", "--itself", "--role", "partner")
    assert line.run("client", "add", "shop", *given).code == 0
    assert line.run("client", "update", "shop", "--name", "The shop").code == 0
    assert line.run("client", "rotate", "shop").code == 0
    assert line.run("client", "update", "none", "--name", "None").code == 1
    assert line.run("client", "disable", "shop").code == 0
    there = ("--name", "There", "--issuer", "http://127.0.0.1:9", "--client-id", "us")
    assert line.run("provider", "add", "there", *there).code == 0
    assert line.run("provider", "link", "there", "someone", "rep@example.com").code == 0
    found = _in(fresh_database, lambda on: on.fetch("SELECT kind, subject, details FROM audit_events ORDER BY seq"))
    assert [tuple(row) for row in found] == [  # type: ignore[attr-defined]
        ("CLIENT_CREATED", "shop", None),
        ("CLIENT_CHANGED", "shop", None),
        ("CLIENT_ROTATED", "shop", None),
        ("CLIENT_DISABLED", "shop", None),
        ("PROVIDER_CHANGED", "there", '{"done": "ADDED"}'),
        ("PROVIDER_CHANGED", "there", json.dumps({"done": "LINKED", "user": str(rep.key)})),
    ]
    one = line.run("audit", "verify", "--from", "6")
    assert (one.code, one.err) == (0, "1 event, and it is as it was.\n")
    whole = line.run("audit", "verify")
    assert (whole.code, whole.err) == (0, "6 events, and all are as they were.\n")
    head = whole.out.strip()
    assert json.loads(line.run("audit", "verify", "--from", "3", "--json").out) == {
        "whole": True,
        "events": 4,
        "head": head,
        "fault": None,
        "broken_at": None,
    }
    _in(fresh_database, lambda on: on.execute(CHANGE.format("DELETE FROM audit_events WHERE seq > 4")))
    assert line.run("audit", "verify").code == 0
    cut = line.run("audit", "verify", "--head", head)
    assert (cut.code, cut.out) == (3, "")
    assert cut.err == "CUT_OFF at event 5; the 4 before it are as they were.\n"
    _in(fresh_database, lambda on: on.execute(CHANGE.format("UPDATE audit_events SET subject = 'other' WHERE seq = 2")))
    told = line.run("audit", "verify", "--json")
    assert (told.code, json.loads(told.out)["fault"], json.loads(told.out)["broken_at"]) == (3, "CHANGED", 2)
    assert line.run("audit", "verify", "--from", "0").code == 2


def test_what_comes_into_force_at_the_command_line_is_noted(
    line: Line, fresh_database: TemporaryDatabase, tmp_path: Path
) -> None:
    nothing = line.run("audit", "verify")
    assert (nothing.code, nothing.err) == (0, "There is no event.\n")
    (tmp_path / "guest.yaml").write_text(
        "role: guest\nrules: [{allow: [read], on: Customer, fields: {names: [taxID]}}]"
    )
    assert line.run("policy", "apply", str(tmp_path)).code == 1
    (tmp_path / "guest.yaml").write_text("role: guest\nrules: []")
    assert line.run("policy", "apply", str(tmp_path)).code == 0
    assert line.run("policy", "rollback", "1", "--unchecked").code == 0
    assert line.run("policy", "rollback", "9").code == 1
    asked = "SELECT kind, subject, actor, details FROM audit_events ORDER BY seq"
    found = _in(fresh_database, lambda on: on.fetch(asked))
    assert [(*row[:3], json.loads(row[3])) for row in found] == [  # type: ignore[attr-defined]
        ("POLICY_ACTIVATED", "2", None, {"command": "c360 policy apply"}),
        ("POLICY_ROLLED_BACK", "3", None, {"command": "c360 policy rollback --unchecked", "version": 1}),
    ]
    assert line.run("audit", "verify").code == 0
