"""The console's addresses: one page, what it loads, and a clear word where nothing was built."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from app.console import routes_of
from app.console.site import CONTENT_SECURITY_POLICY, site

PAGES = ("/admin", "/admin/", "/admin/versions", "/admin/versions/7", "/admin/%2e%2e/graphql")
SCRIPT = "console.log('built');" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as npm leaves it."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<title>built</title>")
    (assets / "index-1.js").write_text(SCRIPT)
    (assets / "notes.txt").write_text("not for browsers")
    return tmp_path


def _client(built: Path) -> httpx2.AsyncClient:
    app = Starlette(routes=routes_of(site(built)))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://console.example")


@pytest.mark.parametrize("address", PAGES)
async def test_every_place_is_the_page(built: Path, address: str) -> None:
    async with _client(built) as client:
        response = await client.get(address)
    assert (response.status_code, response.text) == (200, "<title>built</title>")
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("accepts", "encoding"), [("gzip", "gzip"), ("identity", None)])
async def test_what_it_loads_is_kept_for_ever(built: Path, accepts: str, encoding: str | None) -> None:
    async with (
        _client(built) as client,
        client.stream("GET", "/admin/assets/index-1.js", headers={"Accept-Encoding": accepts}) as response,
    ):
        raw = b"".join([part async for part in response.aiter_raw()])
    assert (response.status_code, response.headers.get("content-encoding")) == (200, encoding)
    assert (gzip.decompress(raw) if encoding else raw).decode() == SCRIPT
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["index-2.js", "notes.txt", "..", "%2e%2e%2findex.html"])
async def test_nothing_else_is_there(built: Path, name: str) -> None:
    async with _client(built) as client:
        response = await client.get(f"/admin/assets/{name}")
    assert response.text != SCRIPT
    assert response.status_code == 404 or response.text == "<title>built</title>"


async def test_where_nothing_was_built_the_page_says_what_to_do(tmp_path: Path) -> None:
    async with _client(tmp_path) as client:
        response = await client.get("/admin/versions")
        missing = await client.get("/admin/assets/index-1.js")
    assert (response.status_code, missing.status_code) == (503, 404)
    assert "make console" in response.text
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
