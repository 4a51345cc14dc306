"""What mutants are made of a module."""

from __future__ import annotations

import pytest

from tests.mutants.mutations import mutants

IMPORTED = "from policies.conditions import NEVER, ALWAYS"
TABLE = [
    ("x = a == b", ["x = a != b"]),
    ("x = a in b", ["x = a not in b"]),
    ("x = a and b", ["x = a or b"]),
    ("x = not a", ["x = not not a"]),
    ("x = True", ["x = False"]),
    ("x = 3", ["x = 4"]),
    ("x = Reading.CERTAIN", ["x = Reading.POSSIBLE"]),
    ("x = sa.and_(a)", ["x = sa.or_(a)"]),
    ("x = sa.and_(a, b)", ["x = sa.and_(b)", "x = sa.and_(a)", "x = sa.or_(a, b)"]),
    ("x = rows.denied", ["x = rows.allowed"]),
    ("from policies.conditions import NEVER\nx = NEVER", [f"{IMPORTED}\nx = ALWAYS"]),
    ("x = NEVER", []),
    ("def f():\n    return None", []),
    ("x = a if b else c", ["x = a if True else c", "x = a if False else c"]),
    ("def f() -> bool:\n    return a", ["def f() -> bool:\n    return None"]),
    (
        "def f() -> bool:\n    return a < b",
        ["def f() -> bool:\n    return False", "def f() -> bool:\n    return a >= b"],
    ),
    ("'''text'''\nx: Literal[True]", []),
    ("assert a == b", []),
    ("@dataclass(frozen=True)\nclass A:\n    pass", []),
]


@pytest.mark.parametrize(("source", "expected"), TABLE, ids=[source.splitlines()[0] for source, _ in TABLE])
def test_each_mutant_differs_in_one_place(source: str, expected: list[str]) -> None:
    assert [mutant.source for mutant in mutants(source)] == expected


def test_mutants_of_one_name_are_numbered() -> None:
    source = "class A:\n    def f(self):\n        return a.b(1, 1)"
    assert [mutant.name for mutant in mutants(source)] == [
        "A.f: return a.b(1, 1) → return None",
        "A.f: 1 → 2",
        "A.f: 1 → 2 (2)",
    ]
    assert [mutant.lines for mutant in mutants(source)] == [range(3, 4)] * 3
