"""`python -m tests.storm`: a storm of writes, and what it left."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.storm.running import Storm, run


def main() -> None:
    """Runs one, prints the counts, and fails where any is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=3)
    asked = Storm(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(asked, Path(folder)))
    sys.stdout.write(f"{found}\n")
    sys.exit(0 if found.is_right else 1)


if __name__ == "__main__":
    main()
