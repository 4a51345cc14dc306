"""The page and its assets as they are sent."""

import json
import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.graphiql import page, page_of, routes, routes_of
from app.graphiql.assets import BUNDLES, CDN, HERE
from app.graphiql.site import site

OWN_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
CDN_POLICY = (
    "default-src 'self'; "
    "script-src 'self' https://cdn.jsdelivr.net/npm/react@18.3.1/umd/react.production.min.js "
    "https://cdn.jsdelivr.net/npm/react-dom@18.3.1/umd/react-dom.production.min.js "
    "https://cdn.jsdelivr.net/npm/graphiql@4.1.2/graphiql.min.js; "
    "style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net/npm/graphiql@4.1.2/graphiql.min.css; "
    "connect-src 'self'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".graphql": "text/plain"}


def addresses(html: str) -> list[str]:
    """Everything that the page names, but the empty icon."""
    return [found for found in re.findall(r'(?:src|href|data-examples)="([^"]+)"', html) if found != "data:,"]


def test_the_page_is_sent_with_a_strict_policy(installed: Path) -> None:
    sent = page_of(site(dev=False, installed=installed))
    assert dict(sent.headers) == {
        "cache-control": "no-cache",
        "content-length": str(len(sent.body)),
        "content-security-policy": OWN_POLICY,
        "content-type": "text/html; charset=utf-8",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "same-origin",
        "vary": "Accept",
        "x-content-type-options": "nosniff",
    }


@pytest.mark.parametrize("dev", [False, True])
def test_everything_the_page_names_is_served_for_ever_from_here(installed: Path, *, dev: bool) -> None:
    opened = site(dev=dev, installed=installed)
    client = TestClient(Starlette(routes=routes_of(opened)))
    named = addresses(opened.html)
    assert len(named) == (8 if dev else 7)
    for address in [*named, *(f"graphiql/{opened.release}/{name}" for name in opened.assets)]:
        plain = client.get(f"/{address}", headers={"Accept-Encoding": "identity"})
        gzipped = client.get(f"/{address}", headers={"Accept-Encoding": "gzip"})
        assert plain.status_code == gzipped.status_code == 200
        assert gzipped.content == plain.content == opened.assets[Path(address).name].body
        assert "Content-Encoding" not in plain.headers
        assert gzipped.headers["Content-Encoding"] == "gzip"
        assert plain.headers["Content-Type"] == f"{MEDIA_TYPES[Path(address).suffix]}; charset=utf-8"
        for sent in (plain, gzipped):
            assert sent.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert sent.headers["Vary"] == "Accept-Encoding"
            assert sent.headers["X-Content-Type-Options"] == "nosniff"
            assert sent.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address",
    ["0123456789abcdef/page.js", "{release}/page.html", "{release}/demo-users.js", "{release}/..%2fassets.py"],
)
def test_other_releases_and_names_are_unknown(installed: Path, address: str) -> None:
    opened = site(dev=False, installed=installed)
    client = TestClient(Starlette(routes=routes_of(opened)))
    assert client.get(f"/graphiql/{address.format(release=opened.release)}").status_code == 404


def test_another_content_is_another_release(installed: Path) -> None:
    before = site(dev=False, installed=installed).release
    BUNDLES[0].installed_in(installed).write_text("/* another */")
    assert site(dev=False, installed=installed).release != before


@pytest.mark.parametrize("dev", [False, True])
def test_demo_users_are_picked_in_development_only(installed: Path, *, dev: bool) -> None:
    opened = site(dev=dev, installed=installed)
    assert ('<select id="demo-user"' in opened.html) is dev
    assert ('<form id="bearer" class="who" hidden>' in opened.html) is dev
    assert ("demo-users.js" in opened.assets) is dev


@pytest.mark.parametrize("missing", [1, 4])
def test_without_all_bundles_the_page_takes_them_from_a_cdn_and_says_so(installed: Path, missing: int) -> None:
    for bundle in BUNDLES[:missing]:
        bundle.installed_in(installed).unlink()
    opened = site(dev=False, installed=installed)
    assert [address for address in addresses(opened.html) if not address.startswith("graphiql/")] == [
        bundle.cdn_address for bundle in BUNDLES
    ]
    assert all(f'{bundle.cdn_address}" integrity="{bundle.integrity}"' in opened.html for bundle in BUNDLES)
    assert "this page takes it from cdn.jsdelivr.net" in opened.html
    assert opened.content_security_policy == CDN_POLICY


def test_with_the_bundles_no_cdn_is_named(installed: Path) -> None:
    opened = site(dev=True, installed=installed)
    assert CDN not in opened.html + opened.content_security_policy
    assert "<aside" not in opened.html


def test_this_installation_has_one_page_and_its_routes() -> None:
    sent = TestClient(Starlette(routes=routes(dev=True)))
    own = [address for address in addresses(bytes(page(dev=True).body).decode()) if address.startswith("graphiql/")]
    assert [sent.get(f"/{address}").status_code for address in own] == [200] * len(own)


def test_the_lock_pins_the_same_versions_and_names_no_address() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    for bundle in BUNDLES:
        assert lock["packages"][f"node_modules/{bundle.package}"]["version"] == bundle.version
    assert "://" not in (HERE / "package-lock.json").read_text()


def test_each_example_is_one_named_operation_with_a_word_before_it_under_its_audience() -> None:
    before, *parts = re.split(r"^#### (.+)\n", (HERE / "examples.graphql").read_text(), flags=re.MULTILINE)
    assert before == ""
    names: dict[str, list[str]] = {}
    for audience, text in zip(parts[::2], parts[1::2], strict=True):
        names[audience] = []
        for example in re.split(r"\n\n(?=#)", text.strip()):
            (operation,) = parse(example).definitions
            assert isinstance(operation, OperationDefinitionNode)
            assert operation.name is not None
            assert example.startswith("# ")
            names[audience].append(operation.name.value)
    assert names == {
        "For everyone": ["Customer360", "CustomersAtRisk", "OrdersByMonth", "WhoAmI"],
        "For front ends": ["CustomerList", "TryAnUpdate"],
        "For partners' systems": ["WhatChanged", "SendCustomers"],
        "For analysts": ["Pipeline"],
        "For policy admins": ["PolicyInForce", "Why", "Audit"],
    }
