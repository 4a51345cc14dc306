"""Whether what is written has its form, and what is left of it where it has not.

Entries that are faulty are left out, so that the rest can be checked for what else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from policies.faults import Fault
from policies.marked_yaml import Marked, Path

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True)
class Shaped(Generic[Part]):
    """A part as far as it has its form; None where an entry that it cannot lack is missing or faulty."""

    part: Part | None
    spoiled: frozenset[str] = frozenset()
    """Names of the entries that were left out."""
    faults: tuple[Fault, ...] = ()


def shaped(form: type[Part], written: Any, marked: Marked, path: Path) -> Shaped[Part]:
    """What is written at a path of a document, in its form."""
    try:
        return Shaped(form.model_validate(written))
    except ValidationError as error:
        faults = tuple(_faults(error, written, marked, path))
        spoiled = frozenset(str(found["loc"][0]) for found in error.errors() if found["loc"])
    if not isinstance(written, dict):
        return Shaped(None, spoiled, faults)
    try:
        sound = form.model_validate({name: value for name, value in written.items() if name not in spoiled})
    except ValidationError:
        return Shaped(None, spoiled, faults)
    return Shaped(sound, spoiled, faults)


MESSAGES = {
    "missing": "{!r} is missing",
    "extra_forbidden": "unknown entry {!r}",
    "model_type": "a map of entries is expected",
    "dict_type": "a map of entries is expected",
    "list_type": "a list is expected",
    "string_type": "a text is expected, in quotes where YAML takes it for something else",
}
"""What is said instead of pydantic's words; of an entry, with its name."""


def _faults(error: ValidationError, written: Any, marked: Marked, path: Path) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_context=False):
        place = (*path, *_steps(found["loc"], written))
        named = ".".join(map(str, place)) or "the document"
        said = MESSAGES.get(found["type"])
        message = said.format(*found["loc"][-1:]) if said else found["msg"]
        yield marked.fault(place, f"{named}: {message}")


def _steps(place: Sequence[str | int], written: Any) -> Iterator[str | int]:
    """The steps of a place that lead to something written; pydantic adds names of its own."""
    for step in place:
        leads = step in written if isinstance(written, dict) else isinstance(written, list) and isinstance(step, int)
        if leads:
            written = written[step]
            yield step
