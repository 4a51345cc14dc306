"""Random principals: several assignments of one role, regions that are missing, unknown roles, none at all, ceilings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

from policies.principal import Assignment, Party, Principal, Unmask
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.documents import ROLES, SCOPES
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.rows import Rows
from tests.oracle.drawn.values import KEYS, PURPOSES, SECRET

SHAPES, ALIKE = 2, 5
"""Grant shapes, and principals of each: their plans are the same, their parameters are not."""


@dataclass(frozen=True)
class Held:
    """A role, and whether it is held for departments and for regions."""

    role: str
    departments: bool = False
    regions: bool = False
    purposes: bool = False


def principals(choose: Choose) -> list[Principal]:
    """Principals who hold the same roles, each in departments and regions and for purposes of its own."""
    found = []
    for _ in range(SHAPES):
        own = _roles(choose, 0 if choose.rarely(8) else 1)
        ceilings = [_ceiling(choose) for _ in range(choose.one((0, 0, 0, 1, 1, 2)))]
        found += [_principal(choose, own, ceilings) for _ in range(ALIKE)]
    return found


def unmasking(choose: Choose, made: Made, rows: Rows, who: Principal) -> Principal:
    """The principal with some fields of some rows opened."""

    filled = [name for name in made.model if rows[name]]
    unmasks = choose.many(lambda: _unmasks(choose, made, rows, choose.one(filled)), 0, 6) if filled else []
    return replace(who, unmasks=tuple(chain.from_iterable(unmasks)))


def _unmasks(choose: Choose, made: Made, rows: Rows, on: str) -> list[Unmask]:
    """Some fields of a row."""
    row, fields = choose.one(rows[on]), choose.several(list(made.model[on].fields), 6)
    return [Unmask(on, field, row.get("customer_id"), row["id"]) for field in fields]


def _roles(choose: Choose, least: int) -> list[Held]:
    """What is held: `a`, which may include all others, more often than they are."""
    return choose.many(
        lambda: Held(
            choose.one(("a", "a", *ROLES, "b", "nobody")), choose.rarely(2), choose.rarely(2), choose.rarely(2)
        ),
        least,
        4,
    )


def _ceiling(choose: Choose) -> list[Held]:
    """What a client holds, or the scopes of a token."""
    if choose.rarely(3):
        return [Held(f"scope:{scope}") for scope in choose.several((*SCOPES, "nothing"), 2)]
    return _roles(choose, 1)


def _principal(choose: Choose, own: list[Held], ceilings: list[list[Held]]) -> Principal:
    me, reports = choose.one(KEYS[:3]), _places(choose, has=choose.rarely(2))
    parties = tuple(
        Party(me, _assignments(choose, held), reports)
        if held[0].role.startswith("scope:")
        else Party(choose.one(KEYS[:3]), _assignments(choose, held))
        for held in ceilings
    )
    found = Principal(me, _assignments(choose, own), reports, ceilings=parties, secret=SECRET)
    return found.declaring(choose.one((None, *PURPOSES, *PURPOSES)))


def _assignments(choose: Choose, held: list[Held]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(
            each.role,
            _places(choose, has=each.departments),
            _places(choose, has=each.regions),
            tuple(choose.several(PURPOSES, 2)) if each.purposes else (),
        )
        for each in held
    )


def _places(choose: Choose, *, has: bool) -> tuple[UUID, ...]:
    return tuple(choose.several(KEYS, 2)) if has else ()
