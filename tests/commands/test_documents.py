"""c360 client and c360 documents: what binds a client, and what it may ask."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.command_line import Line
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row, region, store

NAMES = "query Names { customers { nodes { displayName } } }"
BOTH = "query One { viewer { id } }\nquery Two { viewer { roles } }\n"
WRONG = "query Wrong {\n  customers { nodes { email nothing } }\n}\n"


def _sha(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def _apollo(id_: str) -> dict[str, Any]:
    operation = {"id": id_, "name": "Names", "type": "query", "body": NAMES}
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]}


@pytest.fixture
def partner(line: Line, rep: Row, fresh_database: TemporaryDatabase) -> Line:
    """A database with a partner's client."""

    async def put() -> None:
        connection = await asyncpg.connect(fresh_database.dsn)
        await store(connection, region("DE"))
        await connection.close()

    asyncio.run(put())
    role = ("--itself", "--scope", "graph", "--role", "partner", "--region", "DE")
    made = line.run("client", "add", "partner", "--name", "Partner", *role)
    assert made.code == 0, made.err
    return line


FILES = [
    ("one.graphql", NAMES, [NAMES], ["one"]),
    ("both.gql", BOTH, [BOTH], ["both"]),
    ("apollo.json", json.dumps(_apollo(_sha(NAMES))), [NAMES], ["Names"]),
    (
        "relay.json",
        json.dumps({_sha(NAMES): NAMES, _sha(BOTH): BOTH}),
        [NAMES, BOTH],
        [_sha(NAMES)[:12], _sha(BOTH)[:12]],
    ),
    ("codegen.json", json.dumps({f"sha256:{_sha(NAMES)}": NAMES}), [NAMES], ["sha256:" + _sha(NAMES)[:5]]),
]


def test_documents_of_every_tool_are_trusted_listed_and_removed(partner: Line, tmp_path: Path) -> None:
    for name, text, texts, names in FILES:
        path = tmp_path / name
        path.write_text(text)
        ran = partner.run("documents", "add", "--client", "partner", str(path), "--json")
        expected = [{"id": f"sha256:{_sha(each)}", "name": called} for each, called in zip(texts, names, strict=True)]
        assert (name, ran.code, json.loads(ran.out)) == (name, 0, expected)
    listed = json.loads(partner.run("documents", "list", "--client", "partner", "--json").out)
    assert listed == [
        {"id": f"sha256:{_sha(text)}", "name": name, "text": text} for name, text in (("both", BOTH), ("one", NAMES))
    ]
    assert partner.run("documents", "remove", "--client", "partner", _sha(NAMES)).code == 0
    again = partner.run("documents", "remove", "--client", "partner", _sha(NAMES), f"sha256:{_sha(BOTH)}")
    assert (again.code, again.complaint) == (1, f"there is no document sha256:{_sha(NAMES)}")
    listed = json.loads(partner.run("documents", "list", "--client", "partner", "--json").out)
    assert [each["name"] for each in listed] == ["both"]


REFUSED = [
    ("wrong.graphql", WRONG, "wrong: Cannot query field 'email' on type 'Customer'.\n\nwrong:2:23\n"),
    ("wrong.graphql", WRONG, "wrong: Cannot query field 'nothing' on type 'Customer'.\n\nwrong:2:29\n"),
    ("torn.graphql", "{ viewer {", "torn: Syntax Error: Expected Name, found <EOF>.\n\ntorn:1:11\n"),
    ("md5.json", json.dumps({_sha(NAMES, "md5"): NAMES}), "is not the SHA-256 of its text; set your tool's algorithm"),
    ("apollo.json", json.dumps(_apollo("an id of one's own")), "is not the SHA-256 of its text"),
    ("list.json", "[]", "is no manifest of Apollo, Relay or graphql-codegen"),
    ("numbers.json", '{"a": 1}', "is no manifest of Apollo, Relay or graphql-codegen"),
    ("torn.json", "{", "is no manifest of Apollo, Relay or graphql-codegen"),
]


def test_what_the_client_cannot_ask_is_drawn_and_nothing_is_trusted(partner: Line, tmp_path: Path) -> None:
    for name, text, told in REFUSED:
        path, good = tmp_path / name, tmp_path / "good.graphql"
        path.write_text(text)
        good.write_text(NAMES)
        ran = partner.run("documents", "add", "--client", "partner", str(good), str(path))
        assert (name, ran.code, told in ran.err) == (name, 1, True), ran.err
    assert json.loads(partner.run("documents", "list", "--client", "partner", "--json").out) == []
    unknown = partner.run("documents", "list", "--client", "nobody")
    assert (unknown.code, unknown.complaint) == (1, "there is no client 'nobody'")


def test_a_client_is_changed_in_what_is_said_alone(partner: Line) -> None:
    def told() -> dict[str, Any]:
        [found] = json.loads(partner.run("client", "list", "--json").out)
        return {name: value for name, value in found.items() if name not in ("code", "name", "is_public", "is_own")}

    before = told()
    assert before == {
        "grant_types": ["client_credentials"],
        "scopes": ["graph"],
        "redirect_uris": [],
        "expires_at": None,
        "disabled_at": None,
        "documents": "OFF",
        "requests_per_minute": None,
        "cost_per_minute": None,
        "networks": [],
        "role": "partner",
        "department": None,
        "region": "DE",
    }
    given = [
        "--documents",
        "ONLY",
        "--network",
        "203.0.113.0/24",
        "--network",
        "2001:db8::/32",
        "--expires",
        "2030-01-31",
    ]
    given += ["--requests-per-minute", "60", "--cost-per-minute", "1000", "--redirect-uri", "https://app.example/back"]
    ran = partner.run("client", "update", "partner", *given)
    assert ran.code == 0, ran.err
    assert told() == before | {
        "documents": "ONLY",
        "networks": ["203.0.113.0/24", "2001:db8::/32"],
        "expires_at": "2030-01-31T00:00:00+00:00",
        "requests_per_minute": 60,
        "cost_per_minute": 1000,
        "redirect_uris": ["https://app.example/back"],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    }
    cleared = partner.run("client", "update", "partner", "--network", "", "--redirect-uri", "", "--documents", "OFF")
    assert cleared.code == 0, cleared.err
    assert {name: told()[name] for name in ("networks", "redirect_uris", "documents", "grant_types")} == {
        "networks": [],
        "redirect_uris": [],
        "documents": "OFF",
        "grant_types": ["client_credentials"],
    }
    wrong = partner.run("client", "update", "partner", "--role", "", "--network", "10.0.0.1/8", "--region", "XX")
    assert wrong.code == 1
    assert wrong.err.splitlines() == [
        "'10.0.0.1/8' is no network such as 203.0.113.0/24",
        "one that asks for itself has a role",
        "one that is not the house's own has a role",
        "there is no region 'XX'",
    ]
