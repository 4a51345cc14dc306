from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from app.main import limits_of
from app.settings import FOR_TESTS, Settings, SettingsError, read_settings, variable
from graphql_schema.compiler.limits import Limits

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("C360_") and not name.startswith(FOR_TESTS):
            monkeypatch.delenv(name)


def test_the_readme_lists_every_setting_and_no_other() -> None:
    listed = {*re.findall(r"`(C360_[A-Z0-9_]+)`", README.read_text())}
    known = {variable(field) for field in Settings.model_fields}
    assert {name for name in listed if not name.startswith(FOR_TESTS)} == known


def test_every_setting_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings()
    assert settings.model_dump() == {
        "database_url": None,
        "data_dir": tmp_path / ".c360",
        "host": "127.0.0.1",
        "port": 8000,
        "issuer": None,
        "trusted_proxies": (),
        "dev": False,
        "pool_size": 12,
        "statement_timeout": 5,
        "answer_timeout": 10,
        "notice": 0,
        "most_requests_per_caller": 8,
        "most_requests": 256,
        "most_streams_per_caller": 16,
        "most_streams": 1_000,
        "most_operations_per_socket": 32,
        "most_message_bytes": 65_536,
        "socket_begin_timeout": 5,
        "socket_ping_interval": 25,
        "four_eyes": False,
        "shadow_time": 0.04,
        "look_time": 60.0,
        "rights_interval": 0.5,
        "at_work": None,
        "allowed_origins": (),
        "compress_from": 16_384,
        "most_bytes": 1_000_000,
        "most_bytes_of_strangers": 100_000,
        "longest_answer": 10_000_000,
        "most_levels": 10,
        "most_schema_levels": 16,
        "most_aliases": 30,
        "most_root_fields": 20,
        "most_directives": 50,
        "most_tokens": 2_000,
        "most_operations": 10,
        "longest_key": 63,
        "most_errors": 10,
        "most_cost": 5_000,
        "requests_per_minute": 0,
        "cost_per_minute": 0,
        "valkey_url": None,
        "postgres_user": "c360",
        "postgres_port": None,
        "token_key": None,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("C360_DATABASE_URL", "mysql://root:hidden@here/there"),
        ("C360_DATABASE_URL", "hidden"),
        ("C360_DATABASE_URL", "postgresql://root:hidden@here"),
        ("C360_PORT", "65536"),
        ("C360_POOL_SIZE", "17"),
        ("C360_POOL_SIZE", "0"),
        ("C360_STATEMENT_TIMEOUT", "0"),
        ("C360_STATEMENT_TIMEOUT", "inf"),
        ("C360_VALKEY_URL", "memcached://hidden@here"),
        ("C360_VALKEY_URL", "valkey:hidden"),
        ("C360_REQUESTS_PER_MINUTE", "-1"),
        ("C360_ALLOWED_ORIGINS", "*"),
        ("C360_ALLOWED_ORIGINS", "null"),
        ("C360_ALLOWED_ORIGINS", "https://hidden.example/"),
        ("C360_ALLOWED_ORIGINS", "https://*.hidden.example"),
        ("C360_ALLOWED_ORIGINS", "https://app.example,hidden.example"),
        ("C360_ALLOWED_ORIGINS", "https://App.example"),
        ("C360_DATABSE_URL", "postgresql://me:hidden@here/there"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{name}") as refusal:
        read_settings()
    assert "hidden" not in str(refusal.value)


def test_all_wrong_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("C360_PORT", "C360_POOL_SIZE", "C360_UNHEARD_OF"):
        monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    assert [line.split()[0].rstrip(":") for line in str(refusal.value).splitlines()] == [
        "C360_UNHEARD_OF",
        "C360_PORT",
        "C360_POOL_SIZE",
    ]


@pytest.mark.parametrize("address", ["postgresql://me@/there?host=/run/postgresql", "postgres://me@here:1/there"])
def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("C360_DATABASE_URL", address)
    monkeypatch.setenv("C360_TOKEN_KEY", "k" * 32)
    settings = read_settings()
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == address
    assert "k" * 32 not in repr(settings)
    assert address not in repr(settings)


def test_what_a_document_may_ask_is_as_the_compiler_has_it() -> None:
    assert limits_of(read_settings()) == Limits()


def test_one_caller_alone_never_has_all_connections() -> None:
    settings = read_settings()
    assert settings.most_requests_per_caller <= settings.pool_size - 1 - settings.pool_size // 4


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("C360_DATABASE_URL", "")
    assert read_settings().database_url is None
