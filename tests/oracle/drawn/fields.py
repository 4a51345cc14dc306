"""What rules say of fields: names, classes, all, and masks by field and by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policies.catalogue import DataClass
from tests.oracle.description import Field, Resource
from tests.oracle.drawn.choosing import Choose
from tests.oracle.masks import ORDER, REDACT, fits

CLASSES = [data_class.value for data_class in DataClass]


@dataclass(frozen=True)
class Fields:
    """Makes what one rule says of the fields of some resources."""

    choose: Choose
    on: Sequence[Resource]

    def denied(self) -> dict[str, Any]:
        """Of a deny: the row, or fields that are not part of its key."""
        keys = {field.name for resource, field in self._all() if field.column in resource.key}
        form = self.choose.position(6)
        return {} if form == 0 else {"fields": "all"} if form == 1 else {"fields": self._spoken(keys)}

    def allowed(self) -> Any:
        """Of an allow: all, or fields of which one at least has a class."""
        known = {field.name for _, field in self._all()}
        unclassified = known - {field.name for _, field in self._all() if field.data_class}
        return "all" if self.choose.rarely(3) else self._spoken(unclassified)

    def masked(self, fields: Any) -> dict[str, Any]:
        """Masks for some of the fields, or of their classes."""
        entries = list(self._entries([(on, field) for on, field in self._all() if _grants(fields, field)]))
        return {"mask": dict(self.choose.several(entries, 4))} if entries and self.choose.rarely(2) else {}

    def _all(self) -> Iterator[tuple[Resource, Field]]:
        return ((resource, field) for resource in self.on for field in resource.fields.values())

    def _spoken(self, without: set[str]) -> dict[str, Any]:
        names = sorted({field.name for _, field in self._all()} - without)
        form = self.choose.position(3)
        by_class = {} if form == 1 else {"classes": self.choose.several(CLASSES)}
        return by_class | ({} if form == 0 else {"names": self.choose.several(names)})

    def _entries(self, granted: Sequence[tuple[Resource, Field]]) -> Iterator[tuple[str, str]]:
        """What may stand in `mask`: fields with masks that fit them, and their classes with any."""
        classified = [(field, field.data_class) for _, field in granted if field.data_class]
        yield from ((data_class, mask) for field, data_class in classified for mask in ORDER if _may(mask, field))
        for data_class in dict.fromkeys(each for _, each in classified):
            yield from ((data_class, mask) for mask in ORDER)
        for name in dict.fromkeys(field.name for _, field in granted):
            named = [(resource, field) for resource, field in granted if field.name == name]
            if not any(field.column in resource.key for resource, field in named):
                yield from ((name, mask) for mask in ORDER if all(_may(mask, field) for _, field in named))


def _may(mask: str, field: Field) -> bool:
    return mask == REDACT or fits(mask, field)


def _grants(fields: Any, field: Field) -> bool:
    if fields == "all":
        return field.data_class not in (None, "SECRET")
    return field.name in fields.get("names", ()) or field.data_class in fields.get("classes", ())
