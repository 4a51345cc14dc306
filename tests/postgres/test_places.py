from __future__ import annotations

import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from app.postgres import PostgresError, embedded, programs
from app.postgres.account import server_account
from app.postgres.places import is_open
from app.postgres.programs import MAJOR, PACKAGE, programs_for
from tests.postgres.conftest import Client, ask, is_down, needs_root


@pytest.mark.parametrize(
    "name",
    ["x" * 120, "with blank", "with,comma", "umläut-客户", """quote"and'quote""", "$HOME`id`"],
)
def test_any_path_will_do(open_path: Path, name: str) -> None:
    with embedded(open_path / name) as server:
        assert ask(server.dsn, "SELECT 1") == 1
        assert len(os.fsencode(server.sockets / ".s.PGSQL.5432.lock")) < 100
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert not server.sockets.is_relative_to(open_path)
    assert is_down(open_path / name)
    assert not server.sockets.exists()


def test_under_a_short_plain_path_the_socket_lies_with_the_data(open_path: Path) -> None:
    with embedded(open_path) as server:
        assert server.sockets == open_path / "postgres" / "run"
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700


def test_a_folder_that_was_moved_opens_where_it_is(open_path: Path) -> None:
    long, short = open_path / ("x" * 120), open_path / "s"
    with embedded(long) as server:
        ask(server.dsn, "CREATE TABLE kept ()")
    long.rename(short)
    with embedded(short) as server:
        assert ask(server.dsn, "SELECT count(*) FROM kept") == 0


@needs_root
def test_a_closed_parent_stays_closed_and_the_server_runs_below_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with embedded(closed / "data") as server:
        assert ask(server.dsn, "SELECT 1") == 1
        assert (closed / "data/postgres/data").stat().st_uid != 0
    assert (stat.S_IMODE(closed.stat().st_mode), closed.stat().st_uid) == (0o700, 0)


@needs_root
def test_programs_that_the_account_cannot_reach_are_copied_where_it_can(
    tmp_path: Path, open_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = programs_for(server_account(tmp_path / "new", "c360")).directory
    site = installed.parents[2]
    tmp_path.chmod(0o700)
    for part in (PACKAGE, f"{PACKAGE}.libs"):
        (tmp_path / part).mkdir()
    (tmp_path / PACKAGE / f"pginstall{MAJOR}").symlink_to(installed.parent)
    (tmp_path / PACKAGE / "__init__.py").touch()
    for library in (site / f"{PACKAGE}.libs").iterdir():
        (tmp_path / f"{PACKAGE}.libs" / library.name).symlink_to(library)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(programs, "COPIES", open_path / "copies")

    copied = programs_for(server_account(tmp_path / "new", "c360"))

    assert copied.directory.is_relative_to(open_path / "copies")
    assert f"PostgreSQL) {MAJOR}." in copied.must("postgres", "--version")
    assert copied == programs_for(server_account(tmp_path / "new", "c360"))


@needs_root
def test_a_user_that_is_missing_is_made_and_owns_the_data(open_path: Path) -> None:
    user = f"c360-{os.getpid()}"
    try:
        with embedded(open_path, user=user) as server:
            assert ask(server.dsn, "SELECT 1") == 1
            assert (open_path / "postgres/data").owner() == user
        with embedded(open_path, user="c360"):
            assert (open_path / "postgres/data").owner() == user, "the owner of the data runs their server"
    finally:
        subprocess.run(["userdel", user], check=True)


@needs_root
@pytest.mark.parametrize(
    ("user", "complaint"), [("root", "does not run as root"), ("-no:such", "could not be made: .*invalid user name")]
)
def test_without_an_unprivileged_user_root_is_refused(open_path: Path, user: str, complaint: str) -> None:
    with pytest.raises(PostgresError, match=complaint), embedded(open_path, user=user):
        pytest.fail("started")
    assert not (open_path / "postgres/data").exists()


@needs_root
@pytest.mark.skipif(not is_open(Path(asyncpg.__file__)), reason="this Python lies where only root can use it")
def test_an_ordinary_user_needs_nobody_else(open_path: Path, client: Callable[..., Client]) -> None:
    user = client(open_path, "--as", "nobody")
    assert ask(user.ready(), "SELECT current_user") == "c360"
    assert (open_path / "postgres/data").owner() == "nobody"
    assert user.leave() == 0
    assert is_down(open_path)


@needs_root
def test_another_users_folder_is_refused(open_path: Path, client: Callable[..., Client]) -> None:
    with embedded(open_path):
        pass
    assert client(open_path, "--as", "nobody").ready().startswith("This user may not write in")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


async def test_with_a_port_it_listens_on_loopback_and_asks_for_a_password(open_path: Path) -> None:
    port = _free_port()
    with embedded(open_path, port=port) as server:
        local = await asyncpg.connect(server.dsn)
        await local.execute("CREATE ROLE reader LOGIN PASSWORD 'open sesame'")
        await local.close()
        remote = await asyncpg.connect(f"postgresql://reader:open%20sesame@localhost:{port}/customer360")
        assert await remote.fetchval("SELECT current_user") == "reader"
        await remote.close()
        for uninvited in ("c360", "reader:wrong"):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(f"postgresql://{uninvited}@localhost:{port}/customer360", password="wrong")
