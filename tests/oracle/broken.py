"""Oracles that get one word of the policy wrong, to show that each is found out: so would be an engine that does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tests.oracle import algebra, conditions, judging, masks, meeting, rules, writing
from tests.oracle.algebra import PLAIN, WITHHELD, Verdict
from tests.oracle.conditions import Conditions, Tables
from tests.oracle.description import Field, Relation, Resource, Row
from tests.oracle.judging import Oracle
from tests.oracle.logic import Truth, all_of, any_of
from tests.oracle.masks import REDACT
from tests.oracle.principals import Assignment, Party, Principal
from tests.oracle.rules import Rule, Written


class Wrong(NamedTuple):
    """What stands in the place of a word."""

    owner: Any
    name: str
    replacement: Any


right_shown, right_granted = Verdict.shown, Verdict.granted
right_operands, right_index, right_single = Party.operands, Tables._index, Conditions.single
right_entry, right_rule, right_included = Conditions.entry, rules._rule, rules._with_included
right_verdicts, right_needed = Oracle._verdicts, Oracle._needed
right_permits, right_party, right_presets = writing.granted, writing._granted_by, writing.presets
right_speaks, right_mask, right_meet = rules._speaks_of, rules._shown, meeting.meet


# The algebra


def shown_whatever_is_denied(self: Verdict, field: str) -> str:
    return right_shown(replace(self, denies=[]), field)


def masked_before_plain(self: Verdict, field: str) -> str:
    masked = replace(self, allows=[rule for rule in self.allows if rule.shown.get(field) != PLAIN])
    found = right_shown(masked, field)
    return right_shown(self, field) if found == WITHHELD else found


def outvoted(self: Verdict) -> bool:
    return len(self.allows) > sum(rule.row for rule in self.denies)


ALGEBRA = {
    "an unknown allow opens": Wrong(judging, "certain", algebra.possible),
    "an unknown deny does not close": Wrong(judging, "possible", algebra.certain),
    "an allow opens where it is false": Wrong(judging, "certain", lambda truth: truth is False),
    "denies of fields are dropped": Wrong(Verdict, "shown", shown_whatever_is_denied),
    "denies of rows are dropped": Wrong(Verdict, "granted", property(lambda self: bool(self.allows))),
    "two allows win over a deny": Wrong(Verdict, "granted", property(outvoted)),
    "what no rule speaks of is visible": Wrong(
        Verdict, "granted", property(lambda self: not any(rule.row for rule in self.denies))
    ),
    "masks win over plain": Wrong(Verdict, "shown", masked_before_plain),
    "masks are chosen in another order": Wrong(algebra, "ORDER", tuple(reversed(masks.ORDER))),
    "rows that are gone are shown": Wrong(judging, "is_there", lambda row: True),
    "erased rows are shown": Wrong(judging, "is_there", lambda row: row.get("deleted_at") is None),
}


# Principals


def merged(self: Party, assignment: Assignment, now: Any) -> dict[str, Any]:
    """The parameters of all assignments in one array."""
    places = {
        "$assignment.departments": [place for held in self.assignments for place in held.departments] or None,
        "$assignment.regions": [place for held in self.assignments for place in held.regions] or None,
    }
    return right_operands(self, assignment, now) | places


def everywhere(self: Party, assignment: Assignment, now: Any) -> dict[str, Any]:
    """No region is every region: an empty list is no restriction."""
    regions = [place for held in self.assignments for place in held.regions]
    found = right_operands(self, assignment, now)
    return found | {"$assignment.regions": found["$assignment.regions"] or regions or None}


def without_oneself(self: Party, assignment: Assignment, now: Any) -> dict[str, Any]:
    return right_operands(self, assignment, now) | {"$reports": list(self.reports) or None}


def whatever_is_declared(self: Party, assignment: Assignment, now: Any) -> dict[str, Any]:
    return right_operands(self, assignment, now) | {"$purpose": self.declared}


def whatever_is_listed(self: Party, assignment: Assignment, now: Any) -> dict[str, Any]:
    return right_operands(self, assignment, now) | {"$purpose": next(iter(assignment.purposes), None)}


PRINCIPALS = {
    "a purpose counts that no assignment lists": Wrong(Party, "operands", whatever_is_declared),
    "a purpose counts that is not declared": Wrong(Party, "operands", whatever_is_listed),
    "the parameters of two assignments are merged": Wrong(Party, "operands", merged),
    "no region is every region": Wrong(Party, "operands", everywhere),
    "a principal is none of its reports": Wrong(Party, "operands", without_oneself),
}


# Documents


def read_with(entry: str, value: Callable[[Written], Any]) -> Callable[[Written, str, Resource], Rule]:
    """Rules read as if an entry were another."""
    return lambda written, effect, on: right_rule({**written, entry: value(written)}, effect, on)


def secrets_too(fields: Any, field: Field, effect: str) -> bool:
    return right_speaks(fields, field, effect) or (fields == "all" and field.data_class is not None)


def unclassified_too(fields: Any, field: Field, effect: str) -> bool:
    return right_speaks(fields, field, "deny")


def everyone(documents: Mapping[str, Written], held: str) -> set[str]:
    return right_included(documents, held) or set(documents)


def plain_beside_masks(written: Written, field: Field) -> str:
    return right_mask(written, field) or PLAIN


DOCUMENTS = {
    "included rules are left out": Wrong(rules, "_with_included", lambda documents, held: {held} & documents.keys()),
    "an unknown role has everyone's rules": Wrong(rules, "_with_included", everyone),
    "all are secrets, too": Wrong(rules, "_speaks_of", secrets_too),
    "a field without a class can be allowed": Wrong(rules, "_speaks_of", unclassified_too),
    "a rule with masks shows the rest": Wrong(rules, "_shown", plain_beside_masks),
    "a mask fits every field": Wrong(rules, "fits", lambda mask, field: True),
    "a deny without fields denies none": Wrong(
        rules, "_rule", read_with("fields", lambda rule: rule.get("fields", {}))
    ),
    "a rule without a condition never holds": Wrong(
        rules, "_rule", read_with("when", lambda rule: rule.get("when", {"OR": []}))
    ),
}


# Conditions


def in_two_values(self: Conditions, name: str, part: Any, on: Resource, row: Row) -> bool:
    return bool(right_entry(self, name, part, on, row))


def false_of_a_missing_row(self: Conditions, relation: Relation, part: Any, row: Row) -> bool:
    return bool(right_single(self, relation, part, row))


def by_id_alone(self: Tables, resource: str, columns: tuple[str, ...]) -> Any:
    found = right_index(self, resource, columns)
    return {values: [row for key, rows in found.items() if key[-1] == values[-1] for row in rows] for values in found}


def with_deleted(self: Tables, resource: str, columns: tuple[str, ...]) -> Any:
    rows = [{**row, "deleted_at": None} for row in self.rows.get(resource, ())]
    return right_index(Tables({resource: rows}), resource, columns)


def quantified(quantifier: str, meaning: Callable[[list[Truth]], Truth]) -> Wrong:
    def of(truths: Iterable[Truth]) -> Truth:
        return meaning(list(truths))

    return Wrong(conditions, "QUANTIFIED", conditions.QUANTIFIED | {quantifier: of})


CONDITIONS = {
    "unknown is false": Wrong(Conditions, "entry", in_two_values),
    "a missing row meets no condition": Wrong(Conditions, "single", false_of_a_missing_row),
    "deleted rows are related": Wrong(Tables, "_index", with_deleted),
    "rows of other customers are related": Wrong(Tables, "_index", by_id_alone),
    "a subject is in any table": Wrong(conditions, "_says", lambda relation, holder: True),
    "none counts what is true": quantified("none", lambda found: True not in found),
    "every is false of no rows": quantified("every", lambda found: all_of(found) if found else False),
    "some is true of no rows": quantified("some", lambda found: any_of(found) if found else True),
    "every counts what is false": quantified("every", lambda found: False not in found),
}

# Ceilings


def as_oneself(self: Principal) -> tuple[Party, ...]:
    """Ceilings of which `$me` is who asks."""
    return (self, *(Party(self.id, each.assignments, self.reports, self.declared) for each in self.ceilings))


def silent_gives_all(verdicts: Iterable[Verdict]) -> bool:
    own, *others = verdicts
    return own.granted and all(each.granted or not (each.allows or each.denies) for each in others)


def of_the_first(shown: Iterable[str]) -> str:
    return next(iter(shown))


def first_of_masks(shown: Iterable[str]) -> str:
    """Masks are met as if each could be computed from those before it in the order of choice."""
    found = list(shown)
    return WITHHELD if WITHHELD in found else next((mask for mask in reversed(masks.ORDER) if mask in found), PLAIN)


def highest(shown: Iterable[str]) -> str:
    """The most of what is shown, not the least."""
    found = set(shown)
    return right_meet(found - {REDACT} or found)


CEILINGS = {
    "ceilings are left out": Wrong(Principal, "parties", property(lambda self: (self,))),
    "ceilings are joined by OR": Wrong(judging, "granted", lambda verdicts: any(each.granted for each in verdicts)),
    "a silent ceiling gives everything": Wrong(judging, "granted", silent_gives_all),
    "a ceiling's $me is who asks": Wrong(Principal, "parties", property(as_oneself)),
    "fields are not met": Wrong(judging, "meet", of_the_first),
    "masks that are not ordered are met in the order of choice": Wrong(judging, "meet", first_of_masks),
    "the meet is the highest": Wrong(judging, "meet", highest),
    "no mask is below another": Wrong(meeting, "computable", lambda mask, other: mask == other),
}

# Unmasks


def opens_anything(self: Verdict, field: str) -> str:
    return PLAIN if field in self.unmasked else right_shown(self, field)


def opens_where_denied(self: Verdict, field: str) -> str:
    found = right_shown(replace(self, denies=[]), field)
    return found if found == PLAIN and field in self.unmasked else right_shown(self, field)


def opened_by_id(self: Principal, resource: str, key: tuple[Any, ...], now: Any) -> set[str]:
    return {each.field for each in self.unmasks if (each.resource, each.key[-1]) == (resource, key[-1])}


def opened_everywhere(self: Principal, resource: str, key: tuple[Any, ...], now: Any) -> set[str]:
    return {each.field for each in self.unmasks if each.resource == resource}


def without_a_grant(self: Oracle, who: Principal, resource: str, row: Row) -> frozenset[str]:
    return frozenset(who.opened(resource, self.model[resource].key_of(row), self.now))


def whatever_denies_it(self: Oracle, who: Principal, resource: str, row: Row) -> frozenset[str]:
    verdict = replace(self.verdict(who, resource, row, "unmask"), denies=[])
    return frozenset(name for name in without_a_grant(self, who, resource, row) if verdict.shown(name) == PLAIN)


def for_every_party(self: Oracle, who: Principal, resource: str, row: Row, action: str) -> list[Verdict]:
    found = right_verdicts(self, who, resource, row, action)
    return [replace(each, unmasked=found[0].unmasked) for each in found]


UNMASKS = {
    "nothing is unmasked": Wrong(Oracle, "_unmasked", lambda *of: frozenset()),
    "an unmask opens what is withheld": Wrong(Verdict, "shown", opens_anything),
    "an unmask wins over denies": Wrong(Verdict, "shown", opens_where_denied),
    "an unmask is of all rows": Wrong(Principal, "opened", opened_everywhere),
    "an unmask is of other customers' rows": Wrong(Principal, "opened", opened_by_id),
    "an unmask needs no grant": Wrong(Oracle, "_unmasked", without_a_grant),
    "denies of unmask are dropped": Wrong(Oracle, "_unmasked", whatever_denies_it),
    "ceilings are unmasked, too": Wrong(Oracle, "_verdicts", for_every_party),
}

# Aggregates


def counted_only(self: Oracle, party: Party, on: Resource, action: str) -> tuple[str, ...]:
    return ("aggregate",) if action == "aggregate" else right_needed(self, party, on, action)


def read_only(self: Oracle, party: Party, on: Resource, action: str) -> tuple[str, ...]:
    return right_needed(self, party, on, "read" if action == "aggregate" else action)


def both(self: Oracle, party: Party, on: Resource, action: str) -> tuple[str, ...]:
    return ("read", "aggregate") if action == "aggregate" else right_needed(self, party, on, action)


AGGREGATES = {
    "what is read is not counted": Wrong(Oracle, "_needed", counted_only),
    "only what is read is counted": Wrong(Oracle, "_needed", read_only),
    "what is counted must be read, too": Wrong(Oracle, "_needed", both),
}

# Writes


def one_field_is_enough(oracle: Oracle, who: Principal, action: str, on: str, row: Row, fields: Any = ()) -> bool:
    return any(right_permits(oracle, who, action, on, row, each) for each in [[name] for name in fields] or [[]])


def whatever_the_fields(oracle: Oracle, who: Principal, action: str, on: str, row: Row, fields: Any = ()) -> bool:
    return right_permits(oracle, who, action, on, row)


def by_reading(oracle: Oracle, who: Principal, action: str, on: str, row: Row, fields: Any = ()) -> bool:
    return right_permits(oracle, who, judging.READ, on, row, fields)


def keys_too(oracle: Oracle, party: Party, action: str, on: Resource, row: Row, fields: Any) -> bool:
    return right_party(oracle, party, "update", replace(on, key=()), row, fields)


def one_preset(oracle: Oracle, party: Party, action: str, on: Resource) -> dict[str, set[Any]]:
    return {name: set(list(values)[:1]) for name, values in right_presets(oracle, party, action, on).items()}


WRITES = {
    "a hidden row may be changed": Wrong(writing, "before", writing.granted),
    "one field that is granted is enough": Wrong(writing, "granted", one_field_is_enough),
    "fields need no grant": Wrong(writing, "granted", whatever_the_fields),
    "what is read may be written": Wrong(writing, "granted", by_reading),
    "keys may be changed": Wrong(writing, "_granted_by", keys_too),
    "presets can be sent": Wrong(writing, "presets", lambda *of: {}),
    "of two presets the first is taken": Wrong(writing, "presets", one_preset),
    "ceilings are left out": CEILINGS["ceilings are left out"],
    "an unknown allow opens": ALGEBRA["an unknown allow opens"],
    "an unknown deny does not close": ALGEBRA["an unknown deny does not close"],
}

BROKEN: dict[str, Wrong] = ALGEBRA | PRINCIPALS | DOCUMENTS | CONDITIONS | CEILINGS | UNMASKS | AGGREGATES
