"""What is kept, and what is dropped for it."""

from __future__ import annotations

from graphql_schema.kept import Kept


def test_what_was_not_used_for_longest_is_dropped_where_there_are_too_many() -> None:
    kept: Kept[str, int] = Kept(2, 100)
    kept.put("a", 1, 10)
    kept.put("b", 2, 10)
    kept.move_to_end("a")
    kept.put("c", 3, 10)
    assert (list(kept), kept.weight) == (["a", "c"], 20)


def test_or_where_they_are_too_heavy_but_one_alone_is_kept() -> None:
    kept: Kept[str, int] = Kept(10, 100)
    for name in "abc":
        kept.put(name, 1, 40)
    assert (list(kept), kept.weight) == (["b", "c"], 80)
    kept.put("d", 1, 1_000)
    assert (list(kept), kept.weight) == (["d"], 1_000)
    kept.put("e", 1, 1)
    assert (list(kept), kept.weight) == (["e"], 1)


def test_what_is_put_again_weighs_once() -> None:
    kept: Kept[str, int] = Kept(10, 100)
    kept.put("a", 1, 40)
    kept.put("a", 2, 50)
    kept.drop("b")
    assert (dict(kept), kept.weight) == ({"a": 2}, 50)
    kept.drop("a")
    assert (dict(kept), kept.weight) == ({}, 0)
