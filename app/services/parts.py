"""The parts of a JSON document that is read, with every fault at its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.services.errors import Invalid, Place, Refused, Required, UserError

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """A value in a document. All parts of one document share its list of faults; what is faulty reads as nothing."""

    value: object
    place: Place = ()
    faults: list[UserError] = field(default_factory=list)

    def fail(self, reason: str, **params: Any) -> None:
        """Notes that this part cannot be taken."""
        self.faults.append(Invalid(reason, self.place, **params))

    def miss(self) -> None:
        """Notes that this part must be given."""
        self.faults.append(Required("required", self.place))

    def named(self, *names: str, required: Collection[str] = ()) -> Mapping[str, Part]:
        """The parts of an object that has no others than these; those that are there, and some must."""
        if not isinstance(self.value, dict):
            self.fail("no_object")
            return {}
        for name in self.value.keys() - set(names):
            self.inner(name).fail("not_listed", options=names)
        for name in required:
            if name not in self.value:
                self.inner(name).miss()
        return {name: self.inner(name, self.value[name]) for name in names if name in self.value}

    def listed(self, most: int) -> Sequence[Part]:
        """The items of a list that is not too long."""
        if not isinstance(self.value, list):
            self.fail("no_list")
        elif len(self.value) > most:
            self.fail("too_many", max=most)
        else:
            return [self.inner(str(number), item) for number, item in enumerate(self.value)]
        return []

    def read(self, reader: Callable[[Any], T]) -> T | None:
        """What a reader makes of the value; None where it raises Invalid."""
        try:
            return reader(self.value)
        except Invalid as fault:
            self.faults.append(fault.at(self.place))
        return None

    def one_of(self, options: Collection[str]) -> str | None:
        """A text that is one of a list."""
        if isinstance(self.value, str) and self.value in options:
            return self.value
        self.fail("not_listed", options=tuple(options))
        return None

    def check(self) -> None:
        """Raises Refused where anything in the document is faulty."""
        if self.faults:
            raise Refused(sorted(self.faults, key=lambda fault: fault.field))

    def inner(self, name: str, value: object = None) -> Part:
        """What stands in this part under a name."""
        return Part(value, (*self.place, name), self.faults)
