"""Cursors of other answers, as they are or changed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from uuid import UUID

from tests.leaks.operations.operation import Operation, Wish
from tests.leaks.served import Served

COMMON = "example.com"
"""What is searched for where a cursor of a search is wanted; cursors of one fit all others."""
NONE = "bm8gY3Vyc29y"
"""What is taken for a cursor where there is none at all."""


@dataclass
class Cursors:
    """Fulfils wishes: takes cursors from the lists of a user and of an administrator, of either database."""

    one: Served
    other: Served
    own: UUID
    admin: UUID
    _known: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    async def fulfil(self, operation: Operation) -> Operation:
        """The operation with cursors in the place of marks."""
        found = {wish.mark: await self._cursor(wish) for wish in operation.wishes}
        if not found:
            return operation
        text = operation.text
        for mark, cursor in found.items():
            text = text.replace(mark, cursor)
        variables = {name: _replaced(value, found) for name, value in operation.variables.items()}
        return Operation(text, variables, operation.name, operation.by_get)

    async def _cursor(self, wish: Wish) -> str:
        cursors = await self._list(wish) or await self._list(replace(wish, whose="one")) or [NONE]
        chosen = cursors[int(wish.pick * len(cursors))]
        return changed(chosen, cursors, wish.change, Random(wish.pick)) if wish.change and chosen != NONE else chosen

    async def _list(self, wish: Wish) -> list[str]:
        key = (wish.whose, wish.root, wish.order)
        if key not in self._known:
            side = self.other if wish.whose == "other" else self.one
            answer = await side.ask(self.own if wish.whose == "own" else self.admin, Operation(_asked(wish)))
            self._known[key] = list(_cursors(answer.json.get("data")))
        return self._known[key]


def _asked(wish: Wish) -> str:
    """The query for a list's cursors."""
    order = f", orderBy: {wish.order}" if wish.order else ""
    root, _, inner = wish.root.partition(".")
    if inner:
        return f"{{ {root}(first: 60) {{ nodes {{ {inner}(first: 20{order}) {{ edges {{ cursor }} }} }} }} }}"
    query = f'query: "{COMMON}", ' if root == "search" else ""
    return f"{{ {root}({query}first: 60{order}) {{ edges {{ cursor }} }} }}"


def _cursors(found: Any) -> Iterator[str]:
    """All cursors in an answer."""
    if isinstance(found, dict):
        yield from [found["cursor"]] if "cursor" in found else []
        for part in found.values():
            yield from _cursors(part)
    for part in found if isinstance(found, list) else ():
        yield from _cursors(part)


def _replaced(value: Any, found: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return found.get(value, value)
    if isinstance(value, dict):
        return {name: _replaced(part, found) for name, part in value.items()}
    return [_replaced(part, found) for part in value] if isinstance(value, list) else value


def changed(cursor: str, others: list[str], how: str, rng: Random) -> str:
    """A cursor that somebody made up, or broke."""
    if how == "cut":
        return cursor[: rng.randrange(len(cursor))]
    if how == "letter":
        place = rng.randrange(len(cursor))
        return cursor[:place] + rng.choice("AZaz09-_=") + cursor[place + 1 :]
    values = _decoded(cursor)
    place = rng.randrange(1, len(values))
    if how == "value":
        values[place] = _decoded(rng.choice(others))[place]
    elif how == "short":
        values.pop()
    elif how == "long":
        values.append(1)
    else:
        values[place] = None if how == "null" else rng.choice((True, 7, "x", [], "2024-01-01", {}))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _decoded(cursor: str) -> list[Any]:
    found: list[Any] = json.loads(base64.urlsafe_b64decode(cursor))
    return found
