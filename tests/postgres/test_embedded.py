from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.postgres import embedded
from tests.postgres.conftest import ask, is_down


def test_rows_committed_in_one_use_are_there_in_the_next(tmp_path: Path) -> None:
    with embedded(tmp_path) as server:
        ask(server.dsn, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('yes')")
    assert is_down(tmp_path)

    with embedded(tmp_path) as server:
        assert ask(server.dsn, "SELECT value FROM kept") == "yes"
    assert is_down(tmp_path)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("jit", "off"),
        ("listen_addresses", ""),
        ("log_min_messages", "log"),
        ("log_parameter_max_length_on_error", "0"),
        ("max_connections", "100"),
        ("server_encoding", "UTF8"),
        ("shared_buffers", "256MB"),
        ("TimeZone", "UTC"),
        ("unix_socket_permissions", "0700"),
    ],
)
def test_a_new_server_is_durable_private_and_discreet(used_once: dict[str, str], setting: str, value: str) -> None:
    assert used_once[setting] == value


@pytest.fixture(scope="module")
def used_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with embedded(tmp_path_factory.mktemp("once")) as server:
        settings: dict[str, str] = json.loads(
            ask(server.dsn, "SELECT json_object_agg(name, current_setting(name)) FROM pg_settings")
        )
        return settings


def test_text_is_folded_and_ordered_by_unicode_without_a_locale_of_the_system(tmp_path: Path) -> None:
    with embedded(tmp_path) as server:
        assert ask(server.dsn, "SELECT lower('ÄÉЖΩ')") == "äéжω"
        assert ask(server.dsn, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_the_error_of_the_block_is_passed_on_and_the_server_stopped(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), embedded(tmp_path):
        raise ZeroDivisionError
    assert is_down(tmp_path)


def test_variables_meant_for_other_servers_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {"PGPORT": "1", "PGHOST": "nowhere.invalid", "PGDATA": "/", "PGUSER": "nobody", "PGOPTIONS": "-c wrong=1"}
    for name, value in others.items():
        monkeypatch.setenv(name, value)
    with embedded(tmp_path) as server:
        assert ask(server.dsn, "SELECT current_user") == "c360"


def test_a_dropped_database_is_made_again_empty(tmp_path: Path) -> None:
    with embedded(tmp_path) as server:
        elsewhere = server.dsn.replace("/customer360?", "/postgres?")
        ask(elsewhere, "DROP DATABASE customer360")
    with embedded(tmp_path) as server:
        assert ask(server.dsn, "SELECT current_database()") == "customer360"
