"""A request's headers, sorted by name once: each is then found without a look at the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NONE: list[bytes] = []


class Headers:
    """By name in lower case, the values of each header as texts."""

    __slots__ = ("_client", "_of")

    def __init__(self, raw: Iterable[tuple[bytes, bytes]], client: Sequence[Any] | None = None) -> None:
        self._client = client
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

    def but(self, others: Mapping[bytes, list[bytes]]) -> Headers:
        """The same with other values of some."""
        found = Headers((), self._client)
        found._of = {**self._of, **others}
        return found

    def path(self) -> list[str]:
        """The addresses that the request came by, the nearest first: that of its peer, and those that proxies say."""
        said = ",".join(self.all(b"x-forwarded-for")).split(",")
        return [self._client[0], *reversed(said)] if self._client else []
