"""A program that uses the embedded server over a folder until its input ends, and tells what it does line by line.

`client.py DATA_DIR [--as USER] [--count]`: with `--as`, root first becomes that user; with `--count`, rows numbered
from where the table ends are committed one by one, each told once it is acknowledged.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import pwd
import signal
import sys
from itertools import count
from pathlib import Path

import asyncpg

from app.postgres import PostgresError, embedded


def tell(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


async def commit_numbers(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS numbers (number int PRIMARY KEY)")
    for number in count(await connection.fetchval("SELECT coalesce(max(number) + 1, 0) FROM numbers")):
        await connection.execute("INSERT INTO numbers VALUES ($1)", number)
        tell(number)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--as", dest="user")
    parser.add_argument("--count", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs inherit it ignored
    if options.user:
        become(options.user)
    tell("begun")
    try:
        with embedded(options.data_dir) as server:
            tell(server.dsn)
            if options.count:
                asyncio.run(commit_numbers(server.dsn))
            sys.stdin.read()
    except PostgresError as error:
        tell(error)
        sys.exit(3)


if __name__ == "__main__":
    main()
