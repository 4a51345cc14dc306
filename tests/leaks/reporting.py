"""A finding for people: the least that has to be asked, and the least by which the databases have to differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.settings import Settings
from tests.leaks.cases import Case, Outcome, Shown, show
from tests.leaks.changes import Change
from tests.leaks.differences import kinds
from tests.leaks.explaining import Explaining
from tests.leaks.operations.operation import Operation
from tests.leaks.operations.shrinking import shrink
from tests.leaks.prepared import Prepared
from tests.leaks.running import Finding
from tests.leaks.worlds import key_of

AROUND = 160
"""Bytes shown before and after the first that differs."""


@dataclass(frozen=True)
class Example:
    """A finding made small."""

    finding: Finding
    case: Case
    shown: Shown
    changes: Sequence[Change]


async def least(finding: Finding) -> Case:
    """The least that has to be asked."""
    pair, case = finding.pair, finding.case

    async def shows(tried: Case) -> bool:
        return (await show(pair.sides, tried)).outcome is finding.shown.outcome

    for plainer in (replace(case, before=(), generous=False), replace(case, before=()), replace(case, generous=False)):
        if plainer != case and await shows(plainer):
            case = plainer
            break

    async def still(operation: Operation) -> bool:
        return await shows(replace(case, operation=operation))

    return replace(case, operation=await shrink(case.operation, still, pair.schema))


async def smallest(finding: Finding, ready: Prepared, settings: Settings) -> Example:
    """The smallest example of a finding that was found."""
    case = await least(finding)
    apart = finding.shown.outcome is Outcome.TOLD_APART
    changes = await Explaining(ready, settings, finding.pair, case).fewest() if apart else []
    return Example(finding, case, await show(finding.pair.sides, case), changes)


def told(example: Example, ready: Prepared) -> str:
    """The example in words."""
    return "\n".join(_lines(example, ready))


def _lines(example: Example, ready: Prepared) -> Iterator[str]:
    pair, case, shown = example.finding.pair, example.case, example.shown
    held = ", ".join(" ".join(filter(None, (h.role, h.region, h.department))) for h in pair.persona.holdings)
    yield f"Operation {example.finding.number}: {shown.outcome}."
    yield f"  who         {pair.persona.name} ({held or 'no role'})"
    if case.before:
        yield "  before      an administrator asks the same"
    if case.generous:
        yield "  before      the same is asked under a policy that hides nothing"
    yield f"  operation   {case.operation.text}"
    if case.operation.variables:
        yield f"  variables   {json.dumps(case.operation.variables, ensure_ascii=False)}"
    yield from _answers(shown)
    seen = ready.eyes(pair.persona).see(ready.world)
    for change in example.changes:
        yield f"  differs in  {', '.join(sorted(set(kinds(change, seen))))}: {_change(change)}"


def _answers(shown: Shown) -> Iterator[str]:
    one, other = shown.one, shown.other
    if one.status != other.status:
        yield f"  status      {one.status} and {other.status}"
    if one.statements != other.statements:
        yield f"  statements  {len(one.statements)} and {len(other.statements)}"
    first = next((i for i, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b), 0)
    for name, answer in (("one", one), ("other", other)):
        part = answer.body[max(0, first - AROUND) : first + AROUND]
        yield f"  {name:11} {part.decode(errors='replace')}"


def _change(change: Change) -> str:
    name = f"{change.resource.name} {'/'.join(map(str, key_of(change.resource, change.row)))}"
    if change.before is None or change.after is None:
        return f"{name} {'is added' if change.before is None else 'is not there'}: {_present(change)}"
    values = (f"{column} {change.before[column]!r} → {change.after[column]!r}" for column in change.columns[:12])
    return f"{name}: {', '.join(values)}"


def _present(change: Change) -> str:
    present = {
        name: value for name, value in change.row.items() if value is not None and name not in change.resource.key
    }
    return ", ".join(f"{name} {value!r}" for name, value in list(present.items())[:12])
