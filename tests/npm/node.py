"""Node, and the packages that a front end or a partner takes from npm."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules"
PATIENCE = 120
"""Seconds after which a program hangs."""
NEEDED = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
    pytest.mark.skipif(not INSTALLED.is_dir(), reason="the packages are not installed: npm ci --prefix tests/npm"),
]


async def node(*program: str, environment: Mapping[str, str], cwd: Path = HERE, well: Sequence[int] = (0,)) -> str:
    """What a program of Node prints; fails the test with what it complains of where it does not end well.

    `well` are the exit codes that are no failure.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "node",
        *program,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            printed, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode in well, f"{printed.decode()}\n{complaints.decode()}"
    return printed.decode()


async def found(program: str, **environment: str) -> Any:
    """What a program under `programs` tells."""
    return json.loads(await node(f"programs/{program}.mjs", environment=environment))


def command(package: str, name: str) -> str:
    """The file that a package's command runs."""
    about = json.loads((INSTALLED / package / "package.json").read_text())
    given = about["bin"] if isinstance(about["bin"], str) else about["bin"][name]
    return str(INSTALLED / package / given)
