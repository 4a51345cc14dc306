"""Random principals: several assignments of one role, regions that are missing, unknown roles, none at all."""

from __future__ import annotations

from uuid import UUID

from policies.principal import Assignment, Principal
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.documents import ROLES
from tests.oracle.drawn.values import KEYS

SHAPES, ALIKE = 2, 3
"""Grant shapes, and principals of each: their plans are the same, their parameters are not."""


def principals(choose: Choose) -> list[Principal]:
    """Principals of some grant shapes, each in departments and regions of its own."""
    shapes = [choose.many(lambda: _held(choose), 0 if choose.rarely(8) else 1, 4) for _ in range(SHAPES)]
    return [_principal(choose, shape) for shape in shapes for _ in range(ALIKE)]


def _held(choose: Choose) -> tuple[str, bool, bool]:
    """A role, and whether it is held for departments and for regions."""
    return choose.one(("a", "a", *ROLES, "b", "nobody")), choose.rarely(2), choose.rarely(2)


def _principal(choose: Choose, shape: list[tuple[str, bool, bool]]) -> Principal:
    held = tuple(Assignment(role, *(_places(choose, has=has) for has in places)) for role, *places in shape)
    return Principal(choose.one(KEYS[:3]), held, _places(choose, has=choose.rarely(2)))


def _places(choose: Choose, *, has: bool) -> tuple[UUID, ...]:
    return tuple(choose.several(KEYS, 2)) if has else ()
