"""The command line: help everywhere, data as JSON, and known failures in one clear line."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import click
import pytest
import typer
from graphql import build_schema
from joserfc.jwk import OKPKey
from sqlalchemy.engine import make_url

from app.cli import app
from app.identity.key_folder import load_ring
from app.identity.ring import Keys
from app.identity.tokens import Tokens
from graphql_schema.schema import SCHEMA
from tests.command_line import Line, forget_settings, line_over, stored_rep
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row
from tests.graphql_schema.tailoring.test_partner import KEPT, types_of

GROUP = typer.main.get_command(app)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)


@pytest.fixture
def line(fresh_database: TemporaryDatabase, tmp_path: Path) -> Line:
    """The command line over an empty, migrated database."""
    return line_over(fresh_database, tmp_path)


@pytest.fixture
def nowhere(tmp_path: Path) -> Line:
    """The command line over a database that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return Line(
        {"C360_DATABASE_URL": f"postgresql://me:hidden@127.0.0.1:{port}/c360", "C360_DATA_DIR": str(tmp_path / "data")}
    )


@pytest.fixture
def rep(fresh_database: TemporaryDatabase) -> Row:
    """A representative."""
    return stored_rep(fresh_database)


# Help


def _commands(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from _commands(command, *path, name)


COMMANDS = list(_commands(GROUP))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    ran = Line({"C360_PORT": "nonsense", "COLUMNS": "200"}).run(*command, "--help")
    assert ran.code == 0
    assert "Usage: " in ran.out
    found: Any = GROUP
    for name in command:
        found = found.commands[name]
    assert (found.help or "").splitlines()[0].rstrip(".") in ran.out
    for parameter in found.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert parameter.help, f"{command}: {parameter.name}"


def test_there_are_the_commands_that_are_promised() -> None:
    assert {" ".join(command) for command in COMMANDS} >= {
        "serve", "migrate", "demo", "import", "token", "policy lint", "policy test", "policy explain", "policy apply", "policy show", "policy schema", "schema print", "duplicates find", "client add", "client list", "client rotate", "client disable", "client update", "documents add", "documents list", "documents remove", "password", "keys list", "keys rotate", "keys retire", "provider add", "provider list", "provider link", "provider unlink", "provider rules", "provider disable", "provider enable",
    }  # fmt: skip


@pytest.mark.parametrize("arguments", [("nonsense",), ("policy", "nonsense"), ("token",), ("token", "a@b", "--minutes", "0"),
                                       ("token", "a@b", "--minutes", "61"), ("token", "a@b", "--minutes", "x"),
                                       ("serve", "--nonsense"), ("schema", "print", "more"), ("policy", "apply"),
                                       ("policy", "lint", "no such folder"), ("demo", "--customers", "0")])  # fmt: skip
def test_a_command_that_is_misspelt_is_explained(arguments: tuple[str, ...]) -> None:
    ran = Line({}).run(*arguments)
    assert ran.code == 2
    assert "Usage: " in ran.err
    assert "Traceback" not in ran.err


def test_without_a_command_there_is_help() -> None:
    for arguments in ((), ("policy",), ("schema",)):
        ran = Line({}).run(*arguments)
        assert "Usage: " in ran.out + ran.err
        assert "Commands" in ran.out + ran.err


# Tokens


def test_a_token_is_one_that_the_service_knows(line: Line, rep: Row, tmp_path: Path) -> None:
    ran = line.run("token", "Rep@Example.com")
    assert (ran.code, ran.err) == (0, "")
    assert Tokens(Keys(lambda: load_ring(tmp_path / "data"))).bearer(ran.out.strip()).subject == rep.key
    as_json = json.loads(line.run("token", "rep@example.com", "--minutes", "60", "--json").out)
    assert set(as_json) == {"token", "expiresIn"}
    assert as_json["expiresIn"] == 3600


def test_the_key_may_be_given(line: Line, rep: Row, tmp_path: Path) -> None:
    pem = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
    ran = line.run("token", "rep@example.com", C360_TOKEN_KEY=pem)
    assert OKPKey.import_key(pem).thumbprint() in _header_of(ran.out)
    assert not (tmp_path / "data" / "token-key.pem").exists()


def test_a_key_is_rotated_and_one_that_was_stolen_is_removed(line: Line, rep: Row) -> None:
    token = line.run("token", "rep@example.com").out
    (first,) = json.loads(line.run("keys", "list", "--json").out)
    assert (first["state"], first["signs_from"]) == ("CURRENT", None)
    made = json.loads(line.run("keys", "rotate", "--json").out)
    found = json.loads(line.run("keys", "list", "--json").out)
    assert [(key["kid"], key["state"]) for key in found] == [(first["kid"], "CURRENT"), (made["kid"], "NEXT")]
    assert first["kid"] in _header_of(token)
    assert first["kid"] in line.run("keys", "list").err
    assert line.run("keys", "rotate").complaint == f"the token key {made['kid']} is the next already"
    assert line.run("keys", "retire", first["kid"]).code == 0
    assert made["kid"] in _header_of(line.run("token", "rep@example.com").out)
    assert line.run("keys", "retire", made["kid"]).complaint == "the only token key signs; rotate first"


@pytest.mark.parametrize("command", [("rotate",), ("retire", "x")])
def test_keys_that_are_given_are_changed_where_they_are_given(line: Line, command: tuple[str, ...]) -> None:
    pem = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
    complaint = "the token keys are those of C360_TOKEN_KEY: change them there, the one that signs first"
    assert line.run("keys", *command, C360_TOKEN_KEY=pem).complaint == complaint


def test_a_server_does_not_start_on_wrong_keys_and_tells_all_that_is_wrong(
    line: Line, rep: Row, tmp_path: Path
) -> None:
    line.run("token", "rep@example.com")
    (tmp_path / "data" / "token-key.pem").chmod(0o644)
    (tmp_path / "data" / "token-key-1.pem").write_text("no key")
    for command in (("serve",), ("token", "rep@example.com"), ("keys", "list")):
        ran = line.run(*command)
        assert ran.code == 1
        assert [told.rpartition("/")[2] for told in ran.err.splitlines()] == [
            "token-key-1.pem: is open to others than its owner (chmod 600); the token key is an Ed25519 private key in PEM",
            "token-key.pem: is open to others than its owner (chmod 600)",
        ]


def _header_of(token: str) -> str:
    return base64.urlsafe_b64decode(token.split(".")[0] + "==").decode()


@pytest.mark.parametrize(
    "email", ["nobody@example.com", "", "rep", "\udcff@example.com", "rep@example.com ", "x" * 10_000]
)
def test_there_is_no_token_for_a_stranger(line: Line, rep: Row, email: str) -> None:
    assert line.run("token", email).complaint == f"there is no active user {email!r}"


# Clients and passwords


def test_a_client_is_made_listed_and_shut_out(line: Line, rep: Row) -> None:
    made = line.run(
        "client",
        "add",
        "app",
        "--name",
        "App",
        "--scope",
        "graph",
        "--redirect-uri",
        "https://app.example/back",
        "--own",
    )
    assert (made.code, len(made.out.strip())) == (0, 43)
    turned = json.loads(line.run("client", "rotate", "app", "--json").out)
    assert turned["client_id"] == "app"
    assert turned["client_secret"] != made.out.strip()
    (found,) = json.loads(line.run("client", "list", "--json").out)
    assert (found["code"], found["grant_types"], found["disabled_at"]) == (
        "app",
        ["authorization_code", "refresh_token"],
        None,
    )
    assert made.out.strip() not in line.run("client", "list").out
    assert line.run("client", "disable", "app").code == 0
    assert json.loads(line.run("client", "list", "--json").out)[0]["disabled_at"] is not None


def test_all_that_is_wrong_with_a_client_is_told_at_once(line: Line) -> None:
    ran = line.run(
        "client",
        "add",
        "A B",
        "--name",
        " ",
        "--scope",
        "X!",
        "--redirect-uri",
        "http://app.example",
        "--itself",
        "--public",
        "--role",
        "nobody",
    )
    assert (ran.code, ran.err.splitlines()) == (
        1,
        [
            "'X!' is no scope",
            "'http://app.example' is neither https, nor of this machine, nor of an app's own scheme",
            "a client has a name",
            "a code is of a-z, 0-9, '.', '_' and '-'",
            "one that keeps no secret cannot ask for itself",
            "there is no role 'nobody'",
        ],
    )
    assert line.run("client", "disable", "nobody").complaint == "there is no client 'nobody'"


def test_a_password_is_set_and_has_to_be_long(line: Line, rep: Row) -> None:
    assert "12 to 1024" in Line(line.environment).run("password", "rep@example.com").complaint
    assert line.run("password", "nobody@example.com").code == 1


# The schema


def test_the_schema_is_printed_and_nothing_else() -> None:
    ran = Line({"C360_DATABASE_URL": "nonsense"}).run("schema", "print")
    assert (ran.code, ran.out, ran.err) == (0, SCHEMA.as_str() + "\n", "")


def test_the_schema_of_a_role_is_what_its_holders_see_by_the_active_policy(line: Line, tmp_path: Path) -> None:
    for role in ("admin", "sales_rep"):
        assert line.run("schema", "print", "--role", role).out == SCHEMA.as_str() + "\n"
    partners = line.run("schema", "print", "--role", "partner")
    assert (partners.code, partners.err) == (0, "")
    assert types_of(build_schema(partners.out)) == KEPT.read_text()
    (tmp_path / "partner.yaml").write_text("role: partner\nschema: tailored\n")
    line.run("policy", "apply", str(tmp_path))
    nothing = build_schema(line.run("schema", "print", "--role", "partner").out)
    assert nothing.query_type is not None
    assert set(nothing.query_type.fields) == {"node", "nodes", "viewer"}


def test_the_schema_of_a_role_that_is_not_there_is_told_in_a_line(line: Line, nowhere: Line) -> None:
    complaint = line.run("schema", "print", "--role", "prtner").complaint
    assert "'prtner'" in complaint
    assert "finance, marketer, partner" in complaint
    assert nowhere.run("schema", "print", "--role", "partner").complaint


# Migrating


def test_migrating_makes_a_bare_database_ready_and_again_changes_nothing(
    bare_database: TemporaryDatabase, tmp_path: Path
) -> None:
    bare = Line({"C360_DATABASE_URL": bare_database.dsn, "C360_DATA_DIR": str(tmp_path)})
    for _ in range(2):
        ran = bare.run("migrate")
        assert (ran.code, ran.err) == (0, "The database is up to date.\n")
    assert len(json.loads(bare.run("policy", "show", "--json").out)) == 9


def test_a_database_that_was_never_migrated_says_so(bare_database: TemporaryDatabase, tmp_path: Path) -> None:
    bare = Line({"C360_DATABASE_URL": bare_database.dsn, "C360_DATA_DIR": str(tmp_path)})
    assert "does not exist" in bare.run("token", "a@example.com").complaint


def test_a_database_of_a_later_release_is_left_alone(line: Line, fresh_database: TemporaryDatabase) -> None:
    async def later() -> None:
        connection = await asyncpg.connect(fresh_database.dsn)
        await connection.execute("UPDATE alembic_version SET version_num = 'later'")
        await connection.close()

    asyncio.run(later())
    for command in (("migrate",), ("policy", "show"), ("demo",)):
        assert "later" in line.run(*command).complaint


# What is wrong with the environment

WITH_DATABASE = [("migrate",), ("token", "a@b"), ("policy", "show"), ("demo",), ("serve",)]


@pytest.mark.parametrize("command", WITH_DATABASE, ids=" ".join)
def test_a_wrong_setting_is_one_line_for_every_command(command: tuple[str, ...]) -> None:
    assert Line({"C360_PORT": "x"}).run(*command).complaint.startswith("C360_PORT: ")
    assert Line({"C360_UNHEARD_OF": "x"}).run(*command).complaint == "C360_UNHEARD_OF is no setting."
    ran = Line({"C360_PORT": "x", "C360_DATABASE_URL": "hidden", "C360_POOL_SIZE": "0"}).run(*command)
    assert [told.split(":")[0] for told in ran.err.splitlines()] == ["C360_DATABASE_URL", "C360_PORT", "C360_POOL_SIZE"]
    assert "hidden" not in ran.err


@pytest.mark.parametrize("command", WITH_DATABASE, ids=" ".join)
def test_a_database_that_is_away_is_one_line_without_its_password(nowhere: Line, command: tuple[str, ...]) -> None:
    complaint = nowhere.run(*command).complaint
    assert "127.0.0.1" in complaint
    assert "hidden" not in complaint


@pytest.mark.parametrize("command", WITH_DATABASE, ids=" ".join)
def test_a_database_that_is_not_there_is_one_line(line: Line, command: tuple[str, ...]) -> None:
    address = make_url(f"{line.environment['C360_DATABASE_URL']}").set(database="no_such")
    ran = line.run(*command, C360_DATABASE_URL=address.render_as_string(hide_password=False))
    assert "does not exist" in ran.complaint


@pytest.mark.parametrize("key", ["nonsense", "-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----"])
@pytest.mark.parametrize("command", [("token", "rep@example.com"), ("serve",)], ids=" ".join)
def test_a_token_key_that_is_none_is_one_line(line: Line, rep: Row, command: tuple[str, ...], key: str) -> None:
    assert line.run(*command, C360_TOKEN_KEY=key).complaint == "the token key is an Ed25519 private key in PEM"


@pytest.mark.parametrize("command", [("token", "rep@example.com"), ("serve",)], ids=" ".join)
def test_a_token_key_that_cannot_be_kept_is_one_line(
    line: Line, rep: Row, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "token-key.pem").mkdir()
    for folder in (tmp_path / "file", tmp_path):
        assert str(folder) in line.run(*command, C360_DATA_DIR=str(folder)).complaint


# Serving


@contextmanager
def _serving(line: Line, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in {**os.environ, **line.environment}.items() if value is not None}
    with subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "serve"],
        env={**environment, "C360_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[str], port: int) -> bytes:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as found:
                body: bytes = found.read()
                return body
        except OSError:
            process.poll()
    raise AssertionError(process.communicate())


def test_a_server_serves_until_it_is_told_to_stop(line: Line, rep: Row) -> None:
    port = _free_port()
    with _serving(line, port) as process:
        assert json.loads(_answers(process, port))["status"] == "ok"
        token = line.run("token", "rep@example.com").out.strip()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql",
            json.dumps({"query": "{ viewer { displayName } }"}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            assert json.loads(answer.read())["data"] == {"viewer": {"displayName": "Rep"}}
            assert "server" not in {name.lower() for name in answer.headers}
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert "Traceback" not in err
    assert out == ""
    requests = [json.loads(told) for told in err.splitlines() if told.startswith("{")]
    assert [request["event"] for request in requests] == ["request", "leaving"]
    assert process.returncode == 0


def test_a_port_that_is_taken_is_one_line(line: Line, rep: Row) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _serving(line, port) as process:
            out, err = process.communicate(timeout=30)
    assert process.returncode > 0
    assert out == ""
    (complaint,) = err.splitlines()
    assert str(port) in complaint
