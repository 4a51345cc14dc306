"""What is searched: the fields that are plain, on every row or on some; and the words that may be asked for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from graphql_schema.compiler.converting import text
from graphql_schema.compiler.operands import BadInput, Place
from policies.access import Access, State
from policies.catalogue import Field, Resource

LONGEST, MOST_WORDS, FEWEST_LETTERS = 200, 10, 2


@dataclass(frozen=True)
class Sought:
    """The fields of a resource that are searched for a caller; never one that is masked or withheld on every row."""

    always: tuple[Field, ...]
    """Plain on every row in view."""
    sometimes: tuple[Field, ...]
    """Plain on some rows, as far as rights tell."""

    def __bool__(self) -> bool:
        return bool(self.always or self.sometimes)

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of them, the weightiest first."""
        return tuple(sorted((*self.always, *self.sometimes), key=lambda field: (-weight(field), field.name)))


def sought(access: Access, resource: Resource) -> Sought:
    """What of a resource is searched for an access: nothing where none of its rows can be seen."""
    rights = access.on(resource)
    if not rights.visible:
        return Sought((), ())
    states = [(field, rights.state(field.name)) for field in resource.searched]
    return Sought(
        tuple(field for field, state in states if state is State.PLAIN),
        tuple(field for field, state in states if state is None),
    )


def weight(field: Field) -> int:
    """The weight of a hit in a field."""
    return field.spec.searched.weight if field.spec.searched else 0


def label(field: Field) -> str:
    """What a field's tokens begin with."""
    assert field.spec.searched is not None
    return field.spec.searched.label


def words(value: Any, place: Place) -> str:
    """What may be searched for. Raises BadInput for what is too long or too short."""
    if len(value) > LONGEST:
        raise BadInput(f"a search has at most {LONGEST} characters", place)
    found = text(value, place)
    plain = unicodedata.normalize("NFKC", found)
    if len(plain.split()) > MOST_WORDS:
        raise BadInput(f"a search has at most {MOST_WORDS} words", place)
    if sum(character.isalnum() for character in plain) < FEWEST_LETTERS:
        raise BadInput(f"a search has at least {FEWEST_LETTERS} letters or digits", place)
    return found
