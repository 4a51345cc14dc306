"""The two forms of a database's address."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url


def _with_driver(address: str | URL, driver: str) -> str:
    return make_url(address).set(drivername=driver).render_as_string(hide_password=False)


def dsn_of(address: str | URL) -> str:
    """As asyncpg and libpq read it."""
    return _with_driver(address, "postgresql")


def url_of(address: str | URL) -> str:
    """As SQLAlchemy reads it."""
    return _with_driver(address, "postgresql+asyncpg")


def name_of(address: str | URL) -> str:
    """As people may read it: without password."""
    return make_url(address)._replace(drivername="postgresql", password=None).render_as_string()


def is_local(address: str | URL) -> bool:
    """Whether the database is on this machine, as far as its address tells."""
    url = make_url(address)
    host = url.host or url.query.get("host") or "/"
    return isinstance(host, str) and (host.startswith(("/", "127.")) or host in ("localhost", "::1"))
