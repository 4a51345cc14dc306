"""What the page loads: our own sources and the published browser bundles of React and GraphiQL.

The bundles are installed by npm beside this file (`npm ci`). Each is pinned by version and digest, so that a browser
accepts the very same bytes from here or, where they are not installed, from the CDN, and no others.
"""

from dataclasses import dataclass
from pathlib import Path

from app.http.assets import Asset

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules"
CDN = "https://cdn.jsdelivr.net/npm"

OWN_SOURCES = (
    "page.css",
    "page.js",
    "editors.js",
    "examples.js",
    "identity.js",
    "policy-docs.js",
    "sign-in.js",
    "view-as.js",
    "examples.graphql",
)
DEVELOPMENT_SOURCES = ("demo-users.js",)


@dataclass(frozen=True)
class Bundle:
    """One published file of an npm package, with the digest that browsers check (Subresource Integrity)."""

    package: str
    version: str
    path: str
    integrity: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return Path(self.path).name

    @property
    def cdn_address(self) -> str:
        """Where the CDN serves it."""
        return f"{CDN}/{self.package}@{self.version}/{self.path}"

    def installed_in(self, folder: Path) -> Path:
        """Where npm puts it."""
        return folder / self.package / self.path


BUNDLES = (
    Bundle(
        package="react",
        version="18.3.1",
        path="umd/react.production.min.js",
        integrity="sha384-DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
    ),
    Bundle(
        package="react-dom",
        version="18.3.1",
        path="umd/react-dom.production.min.js",
        integrity="sha384-gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
    ),
    Bundle(
        package="graphiql",
        version="4.1.2",
        path="graphiql.min.js",
        integrity="sha384-9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
    ),
    Bundle(
        package="graphiql",
        version="4.1.2",
        path="graphiql.min.css",
        integrity="sha384-1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
    ),
)


def own_assets(*, dev: bool) -> list[Asset]:
    """Our sources, with the picker of demo users in development only."""
    names = OWN_SOURCES + (DEVELOPMENT_SOURCES if dev else ())
    return [Asset(name, (HERE / name).read_bytes()) for name in names]


def bundle_assets(installed: Path = INSTALLED) -> list[Asset]:
    """The bundles as installed; none unless all are."""
    paths = [bundle.installed_in(installed) for bundle in BUNDLES]
    return [Asset(path.name, path.read_bytes()) for path in paths] if all(path.is_file() for path in paths) else []
