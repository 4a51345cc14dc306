"""An explanation as data for other programs, and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from policies.explaining.told import Change, Compared, Explanation, PartTold, RuleTold, Wish
from policies.rules import Rule
from policies.states import State
from policies.wording import in_words, listed

FEW = 6
"""How many values of a list are written out."""
HOLDS = {True: "holds", False: "does not hold", None: "withheld"}


@dataclass(frozen=True)
class Telling:
    """Tells an explanation, keys by their names where these are known."""

    names: Mapping[UUID, str]

    def data(self, told: Explanation) -> dict[str, Any]:
        """The explanation as plain maps and lists."""
        head = {"type": told.resource, "id": told.id, "field": told.field, "found": told.found}
        if not told.found:
            return head
        return head | {
            "visible": told.visible,
            "gone": told.gone,
            "states": {name: state.value for name, state in told.states.items()},
            "shown": self._plain(told.shown),
            "unmasks": list(told.unmasks),
            "rules": [self._rule(rule) for rule in told.rules],
            "changes": [self._change(change) for change in told.changes],
            "roles": [self._change(change) for change in told.roles],
        }

    def _plain(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return [self._plain(each) for each in value]
        return value if value is None or isinstance(value, (bool, int)) else self._name(value)

    def _name(self, value: Any) -> str:
        if isinstance(value, UUID):
            return self.names.get(value, str(value))
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _rule(self, told: RuleTold) -> dict[str, Any]:
        does = {"effect": told.rule.effect.value, "gives": told.gives, "holds": told.holds}
        return _place(told.rule) | _holder(told) | does | {"condition": self._part(told.condition)}

    def _part(self, part: PartTold) -> dict[str, Any]:
        found: dict[str, Any] = {"text": part.text, "truth": part.truth.value}
        if part.compared is not None:
            found |= self._compared(part.compared)
        if part.of is not None:
            found |= {"met": part.met, "of": part.of}
        return found | ({"parts": list(map(self._part, part.parts))} if part.parts else {})

    def _compared(self, compared: Compared) -> dict[str, Any]:
        state = compared.state.value if compared.state is not None else None
        return {"state": state, "value": self._plain(compared.value), "operand": self._plain(compared.operand)}

    def _change(self, change: Change) -> dict[str, Any]:
        wishes = [self._wish(wish) for wish in change.wishes]
        return _place(change.rule) | _holder(change) | {"gives": change.gives, "wishes": wishes}

    def _wish(self, wish: Wish) -> dict[str, Any]:
        compared = self._compared(wish.compared) if wish.compared is not None else {}
        return {"text": wish.text, "becomes": wish.becomes, **compared}

    def lines(self, told: Explanation) -> Iterator[str]:
        """The explanation in words."""
        if not told.found:
            yield f"There is no {told.resource} {told.id}, or none that you see."
            return
        gone = f" (it was {told.gone})" if told.gone else ""
        yield f"{told.resource} {told.id}: {'visible' if told.visible else 'hidden'}{gone}"
        yield from self._states(told)
        for rule in told.rules:
            yield ""
            bound = f" (ceiling {rule.party})" if rule.party else ""
            yield f"{_title(rule.rule)} as {rule.role}{bound}: {_gives(rule)}: {HOLDS[rule.holds]}"
            yield from self._parts(rule.condition, 1)
        yield from self._wished(told)

    def _states(self, told: Explanation) -> Iterator[str]:
        if told.field is not None and told.states:
            shown = f": {self._plain(told.shown)}" if told.shown is not None else ""
            yield f"{told.field} is {told.states[told.field]}{shown}"
            if told.field in told.unmasks:
                opens = told.states[told.field] is State.PLAIN
                yield f"An unmask of it is in force{'' if opens else ', and does not open it'}."
        elif told.field is None:
            for state in dict.fromkeys(told.states.values()):
                yield f"  {state}: {', '.join(name for name, each in told.states.items() if each is state)}"
            if told.unmasks:
                yield f"  unmask in force: {', '.join(told.unmasks)}"

    def _parts(self, part: PartTold, depth: int) -> Iterator[str]:
        yield f"{'  ' * depth}{part.truth:<9}{part.text}{self._of(part)}"
        for inner in part.parts:
            yield from self._parts(inner, depth + 1)

    def _of(self, part: PartTold) -> str:
        """What was compared, or counted."""
        if part.of is not None:
            return f": true of {part.met} of the {part.of} seen"
        return f": {self._values(part.compared)}" if part.compared is not None else ""

    def _values(self, compared: Compared) -> str:
        against = f" against {self._operand(compared.operand)}" if compared.operand is not None else ""
        return self._value(compared) + against

    def _value(self, compared: Compared) -> str:
        if compared.value is not None:
            return self._name(compared.value)
        if compared.state is None:
            return "not there"
        return "empty" if compared.state is State.PLAIN else compared.state.value

    def _operand(self, operand: Any) -> str:
        values = operand if isinstance(operand, tuple) else (operand,)
        return listed(map(self._name, values), FEW) or "nothing"

    def _wished(self, told: Explanation) -> Iterator[str]:
        if not told.rules:
            yield "No rule of the user's roles speaks of it."
        if told.changes:
            yield ""
            yield "The smallest change that would grant it:"
        for n, change in enumerate(told.changes):
            yield f"  {'or ' if n else ''}by {_title(change.rule)} as {change.role}: {self._wishes(change.wishes)}"
        if told.roles:
            yield ""
            yield "Roles that would grant it:"
        for change in told.roles:
            needs = f", held for {self._values_of(change.wishes)}" if change.wishes else ""
            yield f"  {change.role}{needs}: {_gives(change)} by {_title(change.rule)}"

    def _wishes(self, wishes: Sequence[Wish]) -> str:
        return ", and ".join(map(self._wish_in_words, wishes))

    def _wish_in_words(self, wish: Wish) -> str:
        compared = wish.compared
        if compared is None:
            return f"{wish.text} would have to be {str(wish.becomes).lower()}"
        value = self._value(compared)
        if wish.wanted is None or compared.operand is None:
            return f"{wish.text} would have to be {str(wish.becomes).lower()} ({value})"
        operand = self._operand(compared.operand)
        one_of = "one of " if isinstance(compared.operand, tuple) else ""
        return f"{wish.wanted} would have to be {one_of}{operand}, not {value}"

    def _values_of(self, wishes: Sequence[Wish]) -> str:
        return listed(self._name(wish.compared.value) for wish in wishes if wish.compared is not None)


def _title(rule: Rule) -> str:
    return f"{rule.effect} {rule.origin.file}:{rule.origin.line}"


def _gives(told: RuleTold | Change) -> str:
    return told.gives if told.gives in ("plain", "deny", "row") else f"masked by {told.gives}"


def _place(rule: Rule) -> dict[str, Any]:
    return {"file": rule.origin.file, "line": rule.origin.line, "when": in_words(rule.when)}


def _holder(told: RuleTold | Change) -> dict[str, Any]:
    return {"party": told.party, "role": told.role}
