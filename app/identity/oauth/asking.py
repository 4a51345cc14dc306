"""What came in, as Authlib reads it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidRequestError

LONGEST = 8_192
"""Characters of a parameter."""
_TYPE = re.compile(r"[A-Za-z0-9_:./ -]{1,200}", re.ASCII).fullmatch
"""What Authlib may repeat in the description of a mistake."""


class Payload(OAuth2Payload):  # type: ignore[misc]
    """The parameters of a request, each given once."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = dict(pairs)

    @property
    def data(self) -> dict[str, str]:
        """By name."""
        return self._pairs

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """By name, as lists."""
        return defaultdict(list, {name: [value] for name, value in self._pairs.items()})


class Asked(OAuth2Request):  # type: ignore[misc]
    """A request to the server. Raises InvalidRequestError for a parameter that is given twice or too long (RFC 6749, 3.1)."""

    def __init__(self, method: str, uri: str, headers: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__(method, uri, headers=headers)
        found: dict[str, str] = {}
        for name, value in pairs:
            if name in found or len(value) > LONGEST or "\0" in value:
                raise InvalidRequestError("a parameter is given once, in at most 8,192 characters")
            if name in ("grant_type", "response_type") and value and not _TYPE(value):
                raise InvalidRequestError("this is no type of ours")
            found[name] = value
        self._pairs = {name: value for name, value in found.items() if value}
        self.payload = Payload(self._pairs)

    @property
    def args(self) -> dict[str, str]:
        """The parameters of the address."""
        return self._pairs

    @property
    def form(self) -> dict[str, str]:
        """The parameters of the body."""
        return self._pairs

    def said(self, name: str) -> Any:
        """A parameter, if it is there."""
        return self._pairs.get(name)
