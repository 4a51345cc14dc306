"""What a case says that is seen, by field or by data class → the state of each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.catalogue import Catalogue, DataClass, Field, Kind, Resource
from policies.conditions import Constant
from policies.document import Action
from policies.grounds import structural
from policies.marked_yaml import Path
from policies.parsing import Parser
from policies.states import State
from policies.testing.cases import Expected
from policies.testing.document import CasePart, Expectation

ALL = "all"
"""Every field that is not named otherwise."""


@dataclass
class Expecting:
    """Reads what is expected of a resource; `faults` gathers (path, message) of all that is wrong."""

    catalogue: Catalogue
    on: Resource
    part: CasePart
    faults: list[tuple[Path, str]] = field(default_factory=list)

    def expected(self) -> Expected:
        """What is to be seen."""
        said = {State.PLAIN: self.part.plain, State.MASKED: self.part.masked, State.WITHHELD: self.part.withheld}
        visible = self.part.expect is Expectation.VISIBLE
        if not visible and any(said.values()):
            self.faults.append((("expect",), "of a hidden row no field is seen"))
        if not visible and (self.part.may or self.part.may_not):
            self.faults.append((("expect",), "with a hidden row nothing may be done"))
        states: dict[str, State] = {}
        for names in (self._names, self._of_classes, self._others):
            states |= {name: state for name, state in names(said) if name not in states}
        shown = self.part.masked if isinstance(self.part.masked, Mapping) else {}
        values = {name: self._value(name, written) for name, written in shown.items() if name in self.on.fields}
        return Expected(visible, states, values, self._permitted())

    def _permitted(self) -> dict[Action, bool]:
        """What may be done, and what may not."""
        both = set(self.part.may) & set(self.part.may_not)
        self.faults.extend((("mayNot",), f"{action.value!r} is said twice") for action in sorted(both))
        return dict.fromkeys(self.part.may, True) | dict.fromkeys(self.part.may_not, False)

    def _names(self, said: Mapping[State, Any]) -> Iterator[tuple[str, State]]:
        """Fields by name; what is neither field nor class is a fault, and so is what is said twice."""
        seen: dict[str, State] = {}
        for state, words in said.items():
            for i, word in enumerate(words):
                step = (str(state), word if isinstance(words, Mapping) else i)
                if word in seen:
                    self.faults.append((step, f"{word!r} is said twice"))
                elif word not in self.on.fields and word not in DataClass.__members__ and word != ALL:
                    self.faults.append((step, f"{word!r} is neither a field of {self.on.name} nor a data class"))
                elif word in structural(self.on) and state is not State.PLAIN:
                    self.faults.append((step, f"{word!r} is part of the key, plain on every visible row"))
                elif word in self.on.fields:
                    yield word, state
                seen[word] = state

    def _of_classes(self, said: Mapping[State, Any]) -> Iterator[tuple[str, State]]:
        for state, words in said.items():
            classes = set(words) & set(DataClass.__members__)
            yield from ((name, state) for name, each in self._fields() if each.spec.data_class in classes)

    def _others(self, said: Mapping[State, Any]) -> Iterator[tuple[str, State]]:
        for state, words in said.items():
            yield from ((name, state) for name, _ in self._fields() if ALL in words)

    def _fields(self) -> Sequence[tuple[str, Field]]:
        """The fields but the keys, which are plain anyway."""
        return [(name, each) for name, each in self.on.fields.items() if name not in structural(self.on)]

    def _value(self, name: str, written: Any) -> Any:
        """The value that a mask is to show."""
        on = self.on.fields[name]
        if on.spec.kind in (Kind.ID, Kind.JSON):
            return written
        parser = Parser(self.catalogue)
        found = parser.preset(written, on, ("masked", name))
        self.faults.extend(parser.faults)
        return found.value if isinstance(found, Constant) else None
