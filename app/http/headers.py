"""A request's headers, sorted by name once: each is then found without a look at the others."""

from __future__ import annotations

from collections.abc import Iterable

NONE: list[bytes] = []


class Headers:
    """By name in lower case, the values of each header as texts."""

    __slots__ = ("_of",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._of: dict[bytes, list[bytes]] = {}
        for name, value in raw:
            self._of.setdefault(name, []).append(value)

    def get(self, name: bytes, default: str = "") -> str:
        """The first value of a header, or else the default."""
        found = self._of.get(name)
        return found[0].decode("latin-1") if found else default

    def all(self, name: bytes) -> list[str]:
        """All values of a header, in their order."""
        return [value.decode("latin-1") for value in self._of.get(name, NONE)]
