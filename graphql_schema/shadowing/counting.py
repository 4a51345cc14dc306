"""What differs between two answers to a query → what is counted.

Rows are those of which either answer is made. Each is looked at once, by the policies themselves: a row that only came onto
the page because another left it is neither gained nor lost. A row that is not seen withholds its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.services.policies.shadows import Counted, What
from graphql_schema.shadowing.marking import Site
from policies.compared import Key, Seen
from policies.states import State

TURNED = {State.PLAIN: What.PLAIN, State.MASKED: What.MASKED, State.WITHHELD: What.WITHHELD}


@dataclass
class Rows:
    """The rows of two answers by resource, each once, with the fields that are read of it anywhere."""

    fields: dict[tuple[str, Key], frozenset[str]] = field(default_factory=dict)

    def add(self, found: Iterable[tuple[Site, Key]]) -> None:
        """Adds rows."""
        for site, key in found:
            at = site.resource, key
            self.fields[at] = self.fields.get(at, frozenset()) | site.fields

    @property
    def keys(self) -> Mapping[str, Sequence[Key]]:
        """Their keys, by resource."""
        found: dict[str, list[Key]] = {}
        for resource, key in self.fields:
            found.setdefault(resource, []).append(key)
        return found

    def differences(self, seen: Iterable[tuple[str, Seen]], asked: Mapping[str, Sequence[str]]) -> Iterator[Counted]:
        """What differs, each time it does; `asked` are the fields whose states are told, by resource."""
        for resource, row in seen:
            if (row.now is None) is not (row.then is None):
                yield Counted(entity=resource, what=What.GAINED if row.now is None else What.LOST)
            read = self.fields[resource, row.key]
            for n, name in enumerate(asked[resource]):
                now, then = (State.WITHHELD if each is None else each[n] for each in (row.now, row.then))
                if name in read and now is not then:
                    yield Counted(entity=resource, field=name, what=TURNED[then])
