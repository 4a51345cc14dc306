"""What pages of our own load, and how pages and their parts are sent."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".graphql": "text/plain; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
_PAGE = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}
_ASSET = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent to browsers."""

    name: str
    body: bytes

    @property
    def media_type(self) -> str:
        """The Content-Type."""
        return MEDIA_TYPES[Path(self.name).suffix]

    @cached_property
    def gzipped(self) -> bytes:
        """The body compressed, the same bytes each time."""
        return gzip.compress(self.body, mtime=0)


def sent_page(html: str, content_security_policy: str, status: int = 200) -> Response:
    """A page, which browsers ask for anew each time."""
    return HTMLResponse(html, status, {**_PAGE, "Content-Security-Policy": content_security_policy})


def sent_asset(asset: Asset, request: Request) -> Response:
    """A file that browsers keep for ever: its address changes with it."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers = {**_ASSET, "Content-Encoding": "gzip"}
        return Response(asset.gzipped, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=_ASSET)
