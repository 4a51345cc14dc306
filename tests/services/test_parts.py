"""Parts of a document: faults at their places, all at once, in order."""

from __future__ import annotations

import pytest

from app.services.errors import Code, Invalid, Refused
from app.services.parts import Part


def faults(part: Part) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        part.check()
    return [("/".join(error.field), error.reason) for error in caught.value.errors]


def test_what_is_faultless_is_not_refused() -> None:
    part = Part({"a": [1, 2], "b": "X"})
    parts = part.named("a", "b", "c")
    assert [item.value for item in parts["a"].listed(2)] == [1, 2]
    assert parts["b"].one_of(("X", "Y")) == "X"
    assert "c" not in parts
    part.check()


@pytest.mark.parametrize("value", [None, [], "a", 1, True])
def test_an_object_is_one(value: object) -> None:
    part = Part(value, ("here",))
    assert part.named("a") == {}
    assert faults(part) == [("here", "no_object")]


@pytest.mark.parametrize("value", [None, {}, "abc", 1])
def test_a_list_is_one(value: object) -> None:
    part = Part(value, ("here",))
    assert part.listed(1) == []
    assert faults(part) == [("here", "no_list")]


@pytest.mark.parametrize("value", [None, 1, "", "x", ["X"], {"X": 1}])
def test_a_choice_is_one_of_its_options(value: object) -> None:
    part = Part(value, ("here",))
    assert part.one_of(("X", "Y")) is None
    with pytest.raises(Refused) as caught:
        part.check()
    assert caught.value.errors[0].params == {"options": ("X", "Y")}


def test_all_faults_are_told_by_place() -> None:
    def refuse(value: object) -> None:
        raise Invalid("odd", ("deep",), value=value)

    part = Part({"z": 1, "a": [1, 2, 3], "b": [5]}, ("root",))
    parts = part.named("a", "b", "c", required=("a", "c"))
    parts["a"].listed(2)
    parts["b"].listed(1)[0].read(refuse)
    assert faults(part) == [
        ("root/a", "too_many"),
        ("root/b/0/deep", "odd"),
        ("root/c", "required"),
        ("root/z", "not_listed"),
    ]
    assert [error.code for error in part.faults] == [Code.INVALID, Code.REQUIRED, Code.INVALID, Code.INVALID]
