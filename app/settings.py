"""What an operator can set, each by an environment variable `C360_<NAME>`."""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "C360_"
FOR_TESTS = f"{PREFIX}TEST_"


class SettingsError(Exception):
    """The environment does not make sense. The message names every fault."""


def _postgres_address(given: SecretStr) -> SecretStr:
    try:
        url = make_url(given.get_secret_value())
    except ArgumentError:
        raise ValueError("is no URL") from None
    if url.drivername.partition("+")[0] not in {"postgresql", "postgres"} or not url.database:
        raise ValueError("must be postgresql://user:password@host:port/database")
    return given


def _valkey_address(given: SecretStr) -> SecretStr:
    url = urlsplit(given.get_secret_value())
    if url.scheme not in {"valkey", "valkeys", "redis", "rediss"} or not url.hostname:
        raise ValueError("must be valkey://user:password@host:port/number, valkeys:// with TLS")
    return given


def _networks(given: object) -> object:
    """Networks, as an environment variable lists them."""
    if not isinstance(given, str):
        return given
    try:
        return tuple(ip_network(text.strip()) for text in given.split(","))
    except ValueError:
        raise ValueError("must be networks such as 10.0.0.0/8,2001:db8::/32") from None


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


def _origins(given: object) -> object:
    """Origins, as an environment variable lists them."""
    if not isinstance(given, str):
        return given
    found = tuple(text.strip() for text in given.split(","))
    if not all(_ORIGIN.fullmatch(origin) for origin in found):
        raise ValueError(
            "must be origins such as https://app.example,https://other.example:8443, as browsers write them"
        )
    return found


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    database_url: Annotated[SecretStr, AfterValidator(_postgres_address)] | None = None
    """PostgreSQL 15 or later to use. Without it, an embedded one is run."""
    data_dir: Annotated[Path, AfterValidator(_absolute)] = Field(default=Path(".c360"), validate_default=True)
    """Where the embedded database and the token keys lie."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 for any free one."""
    issuer: str | None = Field(default=None, pattern=r"^https?://[^/?#\s]+$")
    """Address under which people and programs reach this server, the issuer of its tokens; without it, host and port."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)] = ()
    """Networks, between commas, of the proxies that are believed in `X-Forwarded-For`; without it, none is."""
    dev: bool = False
    """Development mode: a picker of demo users, readable logs."""
    pool_size: int = Field(default=12, ge=1, le=16)
    """Connections on which reads run. Each keeps its own prepared plans, hence few; more than one caller may use, since a quarter is kept
    for who has nothing else being answered."""
    statement_timeout: float = Field(default=5, ge=0.1, le=10)
    """Seconds after which the database cancels a statement."""
    answer_timeout: float = Field(default=10, ge=0.1, le=60)
    """Seconds after which a request is given up, whatever it waits for."""
    notice: float = Field(default=0, ge=0, le=60)
    """Seconds between being told to end and taking no new connections, in which load balancers see that readiness is gone."""
    most_requests_per_caller: int = Field(default=8, ge=1)
    """Requests of one caller that are answered at a time."""
    most_requests: int = Field(default=256, ge=1)
    """Requests that are answered at a time."""
    most_streams_per_caller: int = Field(default=16, ge=1)
    """Sockets and streams of events of one caller that are open at a time."""
    most_streams: int = Field(default=1_000, ge=1)
    """Sockets and streams of events that are open at a time."""
    most_operations_per_socket: int = Field(default=32, ge=1)
    """Operations of one socket that run at a time."""
    most_message_bytes: int = Field(default=65_536, ge=1_024)
    """Bytes of a message on a socket."""
    socket_begin_timeout: float = Field(default=5, ge=0.1, le=60)
    """Seconds within which a socket says who asks."""
    socket_ping_interval: float = Field(default=25, ge=0.1, le=30)
    """Seconds between one ping of a socket and the next; one that does not answer for so long is closed."""
    four_eyes: bool = False
    """Whether a policy comes into force only once somebody approved it who neither wrote nor submitted it."""
    shadow_time: float = Field(default=0.04, ge=0, le=1)
    """Share of its time that a process spends at most on asking a draft of the policy beside the version in force; 0 for never."""
    look_time: float = Field(default=60, ge=0, le=600)
    """Seconds for which a look as somebody stands once it is in the audit trail: those that follow are noted a moment after their
    answers. 0 has each noted before its own."""
    rights_interval: float = Field(default=0.5, ge=0.05, le=1)
    """Seconds after which it is asked again whether rights have changed, while somebody subscribes."""
    at_work: int | None = Field(default=None, ge=1)
    """Requests that are worked on at a time, the others waiting for a turn. Without it, four times the cores and one where the
    database is on this machine, else as many as there are connections."""
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = ()
    """Origins of pages that may ask, besides our own."""
    compress_from: int = Field(default=16_384, ge=0)
    """Bytes of an answer from which on it is compressed for those who take it so; 0 for never."""
    most_bytes: int = Field(default=1_000_000, ge=1)
    """Bytes of a body, of a caller who is known."""
    most_bytes_of_strangers: int = Field(default=100_000, ge=1)
    """Bytes of a body, of anybody else."""
    longest_answer: int = Field(default=10_000_000, ge=1_000)
    """Bytes of the answer to a query."""
    most_levels: int = Field(default=10, ge=1)
    """Levels of fields in a document; a connection's `edges`, `node` and `nodes` are none of their own."""
    most_schema_levels: int = Field(default=16, ge=1)
    """Levels of fields below `__schema` and `__type`."""
    most_aliases: int = Field(default=30, ge=0)
    """Aliases in a document."""
    most_root_fields: int = Field(default=20, ge=1)
    """Root fields of an operation."""
    most_directives: int = Field(default=50, ge=0)
    """Directives in a document."""
    most_tokens: int = Field(default=2_000, ge=1)
    """Tokens of a document."""
    most_operations: int = Field(default=10, ge=1)
    """Operations in a document."""
    longest_key: int = Field(default=63, ge=1, le=63)
    """Bytes of a response key."""
    most_errors: int = Field(default=10, ge=1)
    """Errors told of a document that is not valid."""
    most_cost: int = Field(default=5_000, ge=1)
    """Points that an operation may cost."""
    requests_per_minute: int = Field(default=0, ge=0)
    """Requests of a caller in a minute; 0 for as many as one likes."""
    cost_per_minute: int = Field(default=0, ge=0)
    """Points of a caller's operations in a minute; 0 for as many as one likes."""
    valkey_url: Annotated[SecretStr, AfterValidator(_valkey_address)] | None = None
    """Valkey or Redis in which all processes count together what callers ask. Without it, each counts for itself."""
    postgres_user: str = Field(default="c360", min_length=1)
    """User that runs the embedded PostgreSQL when started by root; made where missing."""
    postgres_port: int | None = Field(default=None, ge=1, le=65535)
    """Port of 127.0.0.1 on which the embedded PostgreSQL listens besides its private socket."""
    token_key: SecretStr | None = None
    """Ed25519 private keys (PEM), one after another: the first signs tokens, all verify them. Without it, one is made on
    first start in the data directory."""

    @property
    def public_url(self) -> str:
        """The address of this server, without a slash at the end."""
        return self.issuer or f"http://{self.host}:{self.port}"


def variable(field: str) -> str:
    """Name of the environment variable of a setting."""
    return f"{PREFIX}{field.upper()}"


def _unknown() -> list[str]:
    known = {variable(field) for field in Settings.model_fields}
    found = {name for name in os.environ if name.startswith(PREFIX) and not name.startswith(FOR_TESTS)}
    return [f"{name} is no setting." for name in sorted(found - known)]


def read_settings() -> Settings:
    """The settings that the environment gives. Raises SettingsError with every fault."""
    faults = _unknown()
    try:
        settings = Settings()
    except ValidationError as error:
        faults += [f"{variable(str(fault['loc'][0]))}: {fault['msg']}." for fault in error.errors()]
    if faults:
        raise SettingsError("\n".join(faults))
    return settings
