"""One rule of a document → `Rule`s, one for each resource and action, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policies.catalogue import Catalogue, DataClass, Field, Resource
from policies.conditions import ALWAYS, Condition, Operand
from policies.document import SIMULATED, Action, FieldsPart, RulePart
from policies.faults import Fault
from policies.grounds import structural
from policies.marked_yaml import Marked, Path
from policies.masks import MASKS, REDACT
from policies.parsing import Parser
from policies.rules import Effect, Origin, Rule

EVERYTHING = "all"

SHOWING = frozenset({Action.READ, Action.EXPORT, Action.AGGREGATE})
"""Actions that show values, so that there is something to mask."""
WRITING = frozenset({Action.CREATE, Action.UPDATE})
"""Actions that set values."""


@dataclass(frozen=True)
class RuleReader:
    """Reads one rule, adding what is wrong with it to `faults`.

    Entries named in `spoiled` had to be left out; their faults are known already.
    """

    marked: Marked
    path: Path
    part: RulePart
    spoiled: frozenset[str]
    catalogue: Catalogue
    faults: list[Fault] = field(repr=False)

    def rules(self) -> Iterator[Rule]:
        """The rules that the part stands for."""
        self._check_effect()
        self._check_fields()
        self._check_masks()
        self._check_actions()
        self._check_simulating()
        origin = Origin(self.marked.file, self.marked.line(self.path))
        row = self.effect is Effect.DENY and self.part.fields in (None, EVERYTHING)
        meant = tuple(self.part.meant)
        for resource in self.resources:
            parser = Parser(self.catalogue)
            when, presets = self._when(parser, resource), self._presets(parser, resource)
            masked = self._masked(resource)
            granted = frozenset(granted.name for granted in self._granted(resource))
            plain = frozenset() if self.part.mask else granted
            for action in self.part.allow or self.part.deny:
                yield Rule(self.effect, action, resource.name, when, plain, masked, row, origin, presets, meant)

    def _fault(self, steps: Path, message: str) -> None:
        self.faults.append(self.marked.fault((*self.path, *steps), message))

    @property
    def effect(self) -> Effect:
        """What the rule does; denying wherever it says both."""
        return Effect.DENY if self.part.deny else Effect.ALLOW

    @cached_property
    def resources(self) -> Sequence[Resource]:
        """The resources that the rule is about; unknown ones are faults."""
        if self.part.on == [EVERYTHING]:
            return list(self.catalogue)
        found = []
        for i, name in enumerate(self.part.on):
            if name not in self.catalogue:
                self._fault(("on", i), f"unknown resource {name!r}")
            elif name in self.part.on[:i]:
                self._fault(("on", i), f"resource {name!r} is named twice")
            else:
                found.append(self.catalogue[name])
        return found

    @cached_property
    def known(self) -> dict[str, list[Field]]:
        """The fields of all resources, by name."""
        found: dict[str, list[Field]] = {}
        for resource in self.resources:
            for name, each in resource.fields.items():
                found.setdefault(name, []).append(each)
        return found

    @property
    def all_known(self) -> bool:
        """Whether each resource named is there, so that a name that none of them has is a fault."""
        return len(self.resources) == len(set(self.part.on)) or self.part.on == [EVERYTHING]

    def _check_effect(self) -> None:
        part, spoiled = self.part, self.spoiled
        if not spoiled & {"allow", "deny"} and bool(part.allow) == bool(part.deny):
            self._fault((), "a rule has either 'allow' or 'deny'")
        for effect, actions in (("allow", part.allow), ("deny", part.deny)):
            for i, action in enumerate(actions):
                if action in actions[:i]:
                    self._fault((effect, i), f"action {action.value!r} is named twice")
        if part.deny and (part.mask or "mask" in spoiled):
            self._fault(("mask",), "a deny rule has no mask")

    def _check_fields(self) -> None:
        part, fields = self.part, self.part.fields
        of_fields = set(part.allow) - {Action.SIMULATE}
        if of_fields and fields is None and "fields" not in part.model_fields_set | self.spoiled:
            self._fault((), "an allow rule says which fields it allows")
        if fields is None and "fields" in part.model_fields_set:
            self._fault(("fields",), "'fields' is empty")
        if not isinstance(fields, FieldsPart):
            return
        if not fields.classes and not fields.names:
            self._fault(("fields",), "'fields' names no class and no field")
        for i, name in enumerate(fields.names):
            self._check_name(name, ("fields", "names", i))

    def _check_name(self, name: str, steps: Path) -> None:
        found = self.known.get(name, [])
        if not found and self.all_known:
            self._fault(steps, f"unknown field {name!r}")
        if found and self.effect is Effect.ALLOW and all(each.spec.data_class is None for each in found):
            self._fault(steps, f"field {name!r} has no data class, so nobody is allowed it")
        if self.effect is Effect.DENY and any(name in structural(resource) for resource in self.resources):
            self._fault(steps, f"{name!r} is part of the key, plain on every visible row; deny the row")

    def _check_masks(self) -> None:
        granted = [each for resource in self.resources for each in self._granted(resource)]
        names = {each.name for each in granted}
        targets = names | {each.spec.data_class for each in granted}
        keys = {name for resource in self.resources for name in structural(resource)}
        for target, mask in self.part.mask.items():
            if mask not in MASKS:
                self._fault(("mask", target), f"unknown mask {mask!r}; there are {', '.join(MASKS)}")
            if target in keys:
                self._fault(("mask", target), f"{target!r} is part of the key, plain on every visible row")
            elif target not in self.known and target not in DataClass.__members__ and self.all_known:
                self._fault(("mask", target), f"{target!r} is neither a field nor a data class")
            elif target not in targets and self.all_known and "fields" not in self.spoiled:
                self._fault(("mask", target), f"{target!r} is not among the fields of the rule")

    def _check_actions(self) -> None:
        part = self.part
        for entry, fitting in (("mask", SHOWING), ("preset", WRITING)):
            said = getattr(part, entry)
            if said and part.deny and entry == "preset":
                self._fault((entry,), "a deny rule has no preset")
            for action in part.allow if said else ():
                if action not in fitting:
                    self._fault((entry,), f"a rule with {entry!r} does not allow {action.value!r}")

    def _check_simulating(self) -> None:
        part = self.part
        if Action.SIMULATE not in (*part.allow, *part.deny):
            return
        if "fields" in part.model_fields_set:
            self._fault(("fields",), "'simulate' is of whole rows: it stands in a rule without 'fields'")
        for i, name in enumerate(part.on):
            if name != SIMULATED:
                self._fault(("on", i), f"'simulate' is on {SIMULATED}, not on {name!r}")

    def _when(self, parser: Parser, resource: Resource) -> Condition:
        if not self.part.when:
            return ALWAYS
        condition = parser.condition(self.part.when, resource, ("when",))
        self._take_faults(parser, resource)
        return condition

    def _presets(self, parser: Parser, resource: Resource) -> tuple[tuple[str, Operand], ...]:
        found = []
        for name, written in self.part.preset.items():
            if name not in resource.fields:
                self._fault(("preset", name), f"{resource.name}: unknown field {name!r}")
            elif name in structural(resource):
                self._fault(("preset", name), f"{name!r} is part of the key of {resource.name}")
            elif not resource.fields[name].spec.settable:
                self._fault(("preset", name), f"{resource.name}: {name!r} is kept by the system, and set by nobody")
            else:
                found.append((name, parser.preset(written, resource.fields[name], ("preset", name))))
        self._take_faults(parser, resource)
        return tuple(found)

    def _take_faults(self, parser: Parser, resource: Resource) -> None:
        for steps, message in parser.faults:
            self._fault(steps, f"{resource.name}: {message}")
        parser.faults.clear()

    def _granted(self, resource: Resource) -> Iterator[Field]:
        fields = self.part.fields
        for name, found in resource.fields.items():
            data_class = found.spec.data_class
            if data_class is None and self.effect is Effect.ALLOW:
                continue  # a rule on several resources may name what only others have classified
            if isinstance(fields, FieldsPart):
                wanted = name in fields.names or data_class in fields.classes
            else:
                wanted = fields == EVERYTHING and data_class is not DataClass.SECRET
            if wanted:
                yield found

    def _masked(self, resource: Resource) -> tuple[tuple[str, str], ...]:
        chosen: list[tuple[str, str]] = []
        for granted in self._granted(resource):
            by_class = self.part.mask.get(granted.spec.data_class or "")
            mask = self.part.mask.get(granted.name, by_class)
            if mask not in MASKS:
                continue
            if not MASKS[mask].fits(granted.spec):
                if granted.name in self.part.mask and mask != REDACT:
                    steps = ("mask", granted.name)
                    self._fault(steps, f"mask {mask!r} does not fit {resource.name}.{granted.name}")
                mask = REDACT
            chosen.append((granted.name, mask))
        return tuple(chosen)
