"""The page with everything it loads, under one release digest.

Addresses carry the digest, so that browsers keep an asset for ever and a new release is a new address.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from app.graphiql.assets import BUNDLES, CDN, HERE, INSTALLED, Bundle, bundle_assets, own_assets
from app.http.assets import Asset


@dataclass(frozen=True)
class Site:
    """A page and its assets by name."""

    release: str
    html: str
    content_security_policy: str
    assets: dict[str, Asset]


def site(*, dev: bool, installed: Path = INSTALLED) -> Site:
    """The page for these bundles: served from here when they are installed, else from the CDN, which the page says."""
    bundles = bundle_assets(installed)
    assets = {asset.name: asset for asset in [*own_assets(dev=dev), *bundles]}
    release = _digest(assets)
    local = bool(bundles)
    return Site(
        release=release,
        html=_html(f"graphiql/{release}", dev=dev, local=local),
        content_security_policy=_content_security_policy([] if local else [bundle.cdn_address for bundle in BUNDLES]),
        assets=assets,
    )


@cache
def installed_site(*, dev: bool) -> Site:
    """The site of this installation, read once."""
    return site(dev=dev)


def _digest(assets: dict[str, Asset]) -> str:
    digests = (hashlib.sha256(asset.body).digest() for asset in assets.values())
    return hashlib.sha256(b"".join(digests)).hexdigest()[:16]


def _html(base: str, *, dev: bool, local: bool) -> str:
    return Template(_source("page.html")).substitute(
        base=base,
        bundles="\n".join(_tag(bundle, f"{base}/{bundle.name}" if local else bundle.cdn_address) for bundle in BUNDLES),
        notice="" if local else Template(_source("cdn-notice.html")).substitute(cdn=CDN.split("/")[2]),
        bearer="hidden" if dev else "",
        demo_users=Template(_source("demo-users.html")).substitute(base=base) if dev else "",
    )


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _tag(bundle: Bundle, address: str) -> str:
    checked = f'integrity="{bundle.integrity}" crossorigin="anonymous"'
    if bundle.path.endswith(".css"):
        return f'<link rel="stylesheet" href="{address}" {checked}>'
    return f'<script defer src="{address}" {checked}></script>'


def _content_security_policy(foreign: list[str]) -> str:
    """What the page may load and call: our own origin, and just these addresses.

    GraphiQL's editor sets style attributes, hence 'unsafe-inline' for styles.
    """
    scripts = " ".join(["'self'", *(address for address in foreign if address.endswith(".js"))])
    styles = " ".join(["'self'", "'unsafe-inline'", *(address for address in foreign if address.endswith(".css"))])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            f"style-src {styles}",
            "connect-src 'self'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
