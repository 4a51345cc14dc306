"""Sites with and without installed bundles, and the browser that opens them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.graphiql.assets import BUNDLES, INSTALLED
from tests.graphiql.chromium import Chromium, chromium, executable


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder as npm leaves it, with small files in the place of the bundles."""
    for bundle in BUNDLES:
        path = bundle.installed_in(tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* {bundle.name} */")
    return tmp_path


@pytest.fixture(scope="session")
def bundles() -> dict[str, bytes]:
    """The bundles that npm installed, by their address at the CDN."""
    paths = {bundle.cdn_address: bundle.installed_in(INSTALLED) for bundle in BUNDLES}
    if not all(path.is_file() for path in paths.values()):
        pytest.skip("GraphiQL is not installed: npm ci --prefix app/graphiql")
    return {address: path.read_bytes() for address, path in paths.items()}


@pytest.fixture(scope="session")
def browser(bundles: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Headless Chromium."""
    if executable() is None:
        pytest.skip("Chromium is not installed")
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser
