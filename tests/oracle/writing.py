"""Writes: every field set is granted for the action on that row; the row before is visible and granted, and the row
after is granted too. Create checks the new row.

Presets are applied and cannot be sent: whoever holds a rule for the action that presets a field does not set it
(on whichever rows that rule holds). Where two rules preset one field in different words, or two parties each with
itself, nothing is written. A key is given once, when the row is made.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tests.oracle.algebra import PLAIN
from tests.oracle.description import Resource, Row
from tests.oracle.judging import Oracle
from tests.oracle.principals import Party, Principal

CREATE, UPDATE, DELETE = "create", "update", "delete"


def before(oracle: Oracle, who: Principal, action: str, on: str, row: Row, fields: Collection[str] = ()) -> bool:
    """Whether a row as it is may be changed so."""
    return oracle.visible(who, on, row) and granted(oracle, who, action, on, row, fields)


def granted(oracle: Oracle, who: Principal, action: str, on: str, row: Row, fields: Collection[str] = ()) -> bool:
    """Whether an action that sets some fields is granted on a row by every party: on the row after, it must be, too."""
    here = oracle.model[on]
    agreed = all(len(values) == 1 for values in _preset_by_all(oracle, who, action, here).values())
    return agreed and all(_granted_by(oracle, party, action, here, row, fields) for party in who.parties)


def _preset_by_all(oracle: Oracle, who: Principal, action: str, on: Resource) -> dict[str, set[Any]]:
    """By field, what all parties preset; what names a party itself is another value for each."""
    found: dict[str, set[Any]] = {}
    for number, party in enumerate(who.parties):
        for name, values in presets(oracle, party, action, on).items():
            found.setdefault(name, set()).update((value, number if value == "$me" else None) for value in values)
    return found


def _granted_by(oracle: Oracle, party: Party, action: str, on: Resource, row: Row, fields: Collection[str]) -> bool:
    verdict, preset = oracle.verdict(party, on.name, row, action), presets(oracle, party, action, on)
    if not verdict.granted:
        return False
    keys = {name for name in fields if action == UPDATE and on.fields[name].column in on.key}
    return not keys and all(verdict.shown(name) == PLAIN and name not in preset for name in fields)


def presets(oracle: Oracle, party: Party, action: str, on: Resource) -> dict[str, set[Any]]:
    """By field, what the rules of a party give it by themselves, as it is written."""
    found: dict[str, set[Any]] = {}
    for rule, _ in oracle.bound(party, on, action):
        for name, written in rule.preset.items():
            found.setdefault(name, set()).add(written)
    return found


def updatable(oracle: Oracle, who: Principal, on: str, row: Row) -> set[str]:
    """The fields of a visible row that may be changed, each by itself."""
    return {name for name in oracle.model[on].fields if granted(oracle, who, UPDATE, on, row, [name])}


def can_update(oracle: Oracle, who: Principal, on: str, row: Row) -> bool:
    """Whether something of a visible row may be changed."""
    return bool(updatable(oracle, who, on, row))


def can_delete(oracle: Oracle, who: Principal, on: str, row: Row) -> bool:
    """Whether a visible row may be deleted."""
    return granted(oracle, who, DELETE, on, row)
