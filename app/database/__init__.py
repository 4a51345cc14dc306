"""Connections to PostgreSQL: a pool for reads, an engine for writes, and what is asked of a server first."""

from app.database.address import dsn_of, url_of
from app.database.connections import connect, engine_for
from app.database.database import Database
from app.database.errors import DatabaseUnavailable, UnfitDatabase
from app.database.fitness import refuse_unfit
from app.database.opening import address, open_database

__all__ = [
    "Database",
    "DatabaseUnavailable",
    "UnfitDatabase",
    "address",
    "connect",
    "dsn_of",
    "engine_for",
    "open_database",
    "refuse_unfit",
    "url_of",
]
