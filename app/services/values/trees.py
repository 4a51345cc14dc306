"""Places in trees: names between slashes, from the root."""

from __future__ import annotations

from app.services.errors import Invalid
from app.services.values.texts import SPACES


def path(text: str) -> str:
    """A place in a tree, `/a/b/`; the outer slashes may be left out, the root is `/`."""
    inner = text.removeprefix("/").removesuffix("/")
    if not inner:
        return "/"
    names = [name.strip(SPACES) for name in inner.split("/")]
    if not all(names):
        raise Invalid("no_path")
    return "".join(f"/{name}" for name in names) + "/"


def name(text: str) -> str:
    """The name of a node, which stands between slashes in the paths of those below."""
    if "/" in text:
        raise Invalid("slash")
    return text
