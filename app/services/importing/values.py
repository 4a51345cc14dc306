"""Values of a mapping, compiled: each becomes one function of a record's cells.

Compiling notes in the scope every column asked for, and every fault with its place in the mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any, TypeAlias

from app.services.errors import Invalid
from app.services.importing.conversion import Converter
from app.services.importing.document import WORDS, FormatPart, LookupPart, StepPart, ValuePart
from app.services.importing.formulas import compiled, operands
from app.services.importing.lookups import Lookup
from app.services.importing.reading import Cells
from app.services.importing.scope import Scope
from app.services.importing.transforms import (
    COSTLY,
    NOTHING,
    WORD_TRANSFORMS,
    Refusal,
    remembering,
    transform,
    written,
)
from app.services.values import Hints
from app.services.values.reach import phone
from policies.marked_yaml import Path

Getter: TypeAlias = Callable[[Cells], Any]

MODES = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
VALUE_SOURCES = frozenset({"column", "const", "template", "compute", "lookup", "first_of"})
"""The ways of making a value that need nothing but the record (and other files' records)."""


def getter(value: ValuePart, scope: Scope, path: Path, convert: Converter | None = None) -> Getter:
    """The function that makes a value of a record's cells, converted at the end; it raises Refusal."""
    if value.source not in VALUE_SOURCES:
        scope.fault(path, f"{value.source!r} cannot stand here")
        return _nothing
    made = _SOURCES[value.source](value, scope, path, () if value.then else _listed(convert))
    if value.then:
        made = _through(made, value.then, scope, (*path, "then"), _listed(convert))
    if value.default is None:
        return made
    return _first([made, getter(value.default, scope, (*path, "default"), convert)])


def _listed(convert: Converter | None) -> tuple[Converter, ...]:
    return () if convert is None else (convert,)


def _nothing(cells: Cells) -> None:
    return None


def _column(value: ValuePart, scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    assert value.column is not None
    return cell(scope.position(value.column, path), scope.format, _chain(then))


def cell(place: int, form: FormatPart, then: Converter | None) -> Getter:
    """The cell at a place: None where it is empty or one of the words for nothing."""
    nulls = frozenset({"", NOTHING, *form.nulls})
    clean: Callable[[str], str] = str.strip if form.trim else str

    def plain(cells: Cells) -> Any:
        found = clean(cells[place])
        return None if found in nulls else found

    def converted(cells: Cells) -> Any:
        found = clean(cells[place])
        return None if found in nulls else then(found)  # type: ignore[misc]

    return plain if then is None else converted


def _chain(functions: Sequence[Converter]) -> Converter | None:
    """One function after the other; an empty outcome ends the chain."""
    if len(functions) < 2:
        return functions[0] if functions else None

    def run(value: Any) -> Any:
        for function in functions:
            value = function(value)
            if value is None or value == "":
                return None
        return value

    return run


def _mapped(get: Getter, function: Converter | None) -> Getter:
    if function is None:
        return get

    def run(cells: Cells) -> Any:
        found = get(cells)
        return None if found is None or found == "" else function(found)

    return run


def _const(value: ValuePart, scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    found: Any = value.const
    try:
        for function in then if found is not None else ():
            found = function(found)
    except Refusal as refusal:
        scope.fault(path, str(refusal))
    return lambda cells: found


def _template(value: ValuePart, scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    """Text with columns in braces, each through the words after `|`; empty as soon as one of them is empty."""
    assert value.template is not None
    form, getters = "", []
    rest = value.template
    while rest:
        before, brace, after = rest.partition("{")
        inside, closed, rest = after.partition("}")
        if bool(brace) != bool(closed):
            scope.fault(path, f"a brace of {value.template!r} is not closed")
        form += before.replace("%", "%%") + ("%s" if brace else "")
        if brace:
            getters.append(_piece(inside, scope, path))

    def run(cells: Cells) -> str | None:
        found = [get(cells) for get in getters]
        return None if None in found else form % tuple(found)

    return _mapped(run, _chain(then))


def _piece(inside: str, scope: Scope, path: Path) -> Getter:
    """`column|word|or:text`."""
    name, *words = inside.split("|")
    get = cell(scope.position(name, path), scope.format, None)
    for word in words:
        if word.startswith("or:"):
            get = _or(get, word.removeprefix("or:"))
        elif word in WORDS:
            get = _mapped(get, WORD_TRANSFORMS[word])
        else:
            scope.fault(path, f"{word!r} is none of {', '.join(sorted(WORDS))}, or:…")
    return get


def _or(get: Getter, other: str) -> Getter:
    def run(cells: Cells) -> Any:
        found = get(cells)
        return other if found is None else found

    return run


def _compute(value: ValuePart, scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    assert value.compute is not None
    try:
        function = compiled(value.compute)
    except ValueError as error:
        scope.fault(path, str(error))
        return _nothing
    places = [_operand(name, value, scope, path) for name in operands(value.compute)]
    last = _chain((*_rounding(value), *then))

    def run(cells: Cells) -> Any:
        found = [get(cells) for get in places]
        for one in found:
            if one is None:  # `None in found` would ask each Decimal whether it equals None, which is slow
                return None
        made = function(*found)
        return made if last is None else last(made)

    return run


def _operand(name: str, value: ValuePart, scope: Scope, path: Path) -> Getter:
    """A number: one of the value's own operands, or a column."""
    if name in value.operands:
        get = getter(value.operands[name], scope, (*path, "operands", name))
    else:
        get = _piece(name, scope, path)
    as_number = scope.number
    return _mapped(get, lambda found: as_number(found) if isinstance(found, str) else Decimal(found))


def _rounding(value: ValuePart) -> Sequence[Converter]:
    if value.round is None:
        return ()
    unit, mode = Decimal(1).scaleb(-value.round.places), MODES[value.round.mode]
    return (lambda made: made.quantize(unit, mode),)


def _lookup(value: ValuePart, scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    part = value.lookup
    assert part is not None
    place: Path = (*path, "lookup")
    if part.file not in scope.files:
        scope.fault((*place, "file"), f"there is no file {part.file!r}")
        return _nothing
    ours = [getter(one, scope, (*place, "where", name)) for name, one in part.where.items()]
    found = _learning(part, scope.within(part.file), place)
    scope.lookups.append(found)
    table = found.table

    def run(cells: Cells) -> Any:
        return table.get(tuple([get(cells) for get in ours]))

    return _mapped(run, _chain(then))


def _learning(part: LookupPart, theirs: Scope, place: Path) -> Lookup:
    keys = [cell(theirs.position(name, (*place, "where", name)), theirs.format, None) for name in part.where]
    take = getter(part.take, theirs, (*place, "take"))
    order = [getter(one, theirs, (*place, "first_by", i)) for i, one in enumerate(part.first_by)]
    return Lookup(part.file, keys, take, order)


def _first_of(value: ValuePart, scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    found = [getter(one, scope, (*path, "first_of", i)) for i, one in enumerate(value.first_of or ())]
    return _mapped(_first(found), _chain(then))


def _first(getters: Sequence[Getter]) -> Getter:
    def run(cells: Cells) -> Any:
        for get in getters:
            found = get(cells)
            if found is not None and found != "":
                return found
        return None

    return run


_SOURCES: Mapping[str, Callable[[ValuePart, Scope, Path, Sequence[Converter]], Getter]] = {
    "column": _column,
    "const": _const,
    "template": _template,
    "compute": _compute,
    "lookup": _lookup,
    "first_of": _first_of,
}


def _through(get: Getter, steps: Sequence[StepPart], scope: Scope, path: Path, then: Sequence[Converter]) -> Getter:
    """A value through transforms and a last conversion; costly ones remember their outcomes."""
    functions: list[Converter] = []
    costly = False
    for i, step in enumerate(steps):
        if step.kind == "phone":
            get = _phone(_mapped(get, _chain(functions)), step, scope, (*path, i))
            functions, costly = [], False
            continue
        try:
            functions.append(_on_text(transform(step)))
        except ValueError as error:
            scope.fault((*path, i), str(error))
        costly = costly or (step.word or step.kind) in COSTLY
    chain = _chain((*functions, *then))
    return _mapped(get, remembering(chain) if chain is not None and costly else chain)


def _on_text(function: Callable[[str], Any]) -> Converter:
    return lambda value: function(written(value))


def _phone(get: Getter, step: StepPart, scope: Scope, path: Path) -> Getter:
    part = step.phone
    assert part is not None
    country = _nothing if part.country is None else getter(part.country, scope, (*path, "phone", "country"))

    def run(cells: Cells) -> str | None:
        found = get(cells)
        if found is None:
            return None
        try:
            return phone(written(found), Hints(country(cells)))
        except Invalid:
            if part.invalid == "reject":
                raise Refusal(f"{found!r} is no telephone number") from None
        return None

    return run
