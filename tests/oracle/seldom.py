"""A case by hand, for words of the policy that random cases seldom rest on: denies of unmask, purposes not declared."""

from __future__ import annotations

from typing import Any

from policies.principal import Assignment, Principal, Unmask
from tests.oracle.drawn.cases import Case
from tests.oracle.drawn.values import key
from tests.oracle.masked import FULL, MADE

WORD: dict[str, Any] = {"on": "Thing", "fields": {"names": ["word"]}}
DOCUMENTS: list[dict[str, Any]] = [
    {
        "role": "opener",
        "rules": [
            {"allow": ["read"], **WORD, "mask": {"word": "initial"}},
            {"allow": ["unmask"], **WORD},
            {"deny": ["unmask"], **WORD, "when": {"level": {"eq": 7}}},
        ],
    },
    {"role": "asker", "rules": [{"allow": ["read"], **WORD, "when": {"word": {"eq": "$purpose"}}}]},
]


def _asker(*purposes: str, declares: str | None) -> Principal:
    return Principal(key(1), (Assignment("asker", purposes=purposes),), ()).declaring(declares)


def case() -> Case:
    """Things that are opened, and things named as a purpose."""
    rows = [FULL | {"level": 7}, FULL | {"level": 8}, FULL | {"level": None}, FULL | {"word": "lane"}]
    keyed = [{"id": key(number), "deleted_at": None, **row} for number, row in enumerate(rows)]
    unmasks = tuple(Unmask("Thing", "word", None, key(number)) for number in range(len(keyed)))
    opener = Principal(key(1), (Assignment("opener"),), (), unmasks=unmasks)
    askers = [_asker("lane", declares=declares) for declares in (None, "lane", "gold")]
    return Case(MADE, {"Thing": keyed}, DOCUMENTS, [opener, *askers, _asker(declares="lane")])
