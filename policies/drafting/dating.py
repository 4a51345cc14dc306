"""Days and moments in a rule or a case that comes as JSON: texts there, but dates in a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from policies.catalogue import Catalogue, Kind, Resource

_READ = {Kind.DATE: dt.date.fromisoformat, Kind.TIME: dt.datetime.fromisoformat}


ENTRIES = ("when", "preset", "row", "masked")
"""What holds values of fields: the condition and presets of a rule; the row of a case, and what masks show of it."""


def dated(item: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """A rule, or a case, with dates where it speaks of fields that hold such."""
    named = item.get("on")
    names = named if isinstance(named, list) else [named]
    on = next((each for each in catalogue if each.name in names or "all" in names), None)
    given = dict(item)
    for entry in ENTRIES if on is not None else ():
        if entry in given:
            given[entry] = _within(given[entry], on, catalogue)
    return given


def _within(written: Any, on: Resource | None, catalogue: Catalogue) -> Any:
    """A part of a condition on a resource; outside any, it stays as it is."""
    if isinstance(written, list):
        return [_within(each, on, catalogue) for each in written]
    if not isinstance(written, dict) or on is None:
        return written
    return {name: _entry(name, value, on, catalogue) for name, value in written.items()}


def _entry(name: str, written: Any, on: Resource, catalogue: Catalogue) -> Any:
    field, relation = on.fields.get(name), on.relations.get(name)
    if field is not None and field.spec.kind in _READ:
        return _values(written, field.spec.kind)
    if relation is not None:
        return _within(written, catalogue[relation.target], catalogue)
    return _within(written, on, catalogue)


def _values(written: Any, kind: Kind) -> Any:
    if isinstance(written, dict):
        return {name: _values(each, kind) for name, each in written.items()}
    if isinstance(written, list):
        return [_values(each, kind) for each in written]
    if isinstance(written, str):
        with suppress(ValueError):
            return _READ[kind](written)
    return written
