"""What npm built of the console, if it did: the page, and what it loads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.http.assets import MEDIA_TYPES, Asset

BUILT = Path(__file__).parent / "dist"
MISSING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Customer 360 · Policies</title>
<h1>The console is not built</h1>
<p>It is built with Node.js and npm: run <code>make console</code> where the server is installed, and start the server anew.</p>
<p>All that it does can also be done through the graph and with <code>c360 policy</code>.</p>
"""
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
"""What the page may load and call: our own origin, and nothing else."""


@dataclass(frozen=True)
class Site:
    """The page and, by name, its assets."""

    html: str
    assets: dict[str, Asset]


def site(built: Path) -> Site | None:
    """What was built into a folder; None where nothing was."""
    if not (built / "index.html").is_file():
        return None
    files = (path for path in (built / "assets").iterdir() if path.suffix in MEDIA_TYPES)
    return Site(
        (built / "index.html").read_text("utf-8"), {path.name: Asset(path.name, path.read_bytes()) for path in files}
    )


@cache
def installed_site() -> Site | None:
    """The console of this installation, read once."""
    return site(BUILT)
