"""What finds leaks finds those that are planted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import TestServer
from tests.leaks.holes.hole import Hole, Misfit, hole, planted
from tests.leaks.holes.search import HOLES, TOLD_APART, Search
from tests.leaks.personas import BY_NAME
from tests.leaks.prepared import prepared

QUICK = ("deleted rows in view", "a count without the rows' predicate", "a plan of another role")
"""Those that any run finds soon; `make holes` searches for all."""
MOST = 600


@pytest.fixture(scope="module")
def search(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """Databases, and a copy of the source."""
    with prepared(server, 1, [BY_NAME["conditional"]], size=0.4) as ready:
        found = Search(ready, tmp_path_factory.mktemp("holes"), MOST)
        found.begin()
        yield found


@pytest.mark.parametrize("mistake", [each for each in HOLES if each.name in QUICK], ids=lambda each: each.name)
def test_a_planted_hole_is_found(search: Search, mistake: Hole) -> None:
    told = search.run(mistake)
    assert told.get("outcome") == TOLD_APART, told
    assert told["asked"] <= MOST


@pytest.mark.parametrize("mistake", HOLES, ids=lambda each: each.name)
def test_a_hole_fits_the_source_of_today_and_is_taken_out_again(search: Search, mistake: Hole) -> None:
    modules = {edit.module: (search.source / edit.module).read_text("utf-8") for edit in mistake.edits}
    with planted(mistake, search.source):
        for name, text in modules.items():
            changed = (search.source / name).read_text("utf-8")
            compile(changed, name, "exec")
            assert changed != text
    assert {name: (search.source / name).read_text("utf-8") for name in modules} == modules


def test_a_hole_for_another_source_is_refused(search: Search) -> None:
    with (
        pytest.raises(Misfit, match="has not once: no such line"),
        planted(hole("nothing", "policies/view.py", "no such line", ""), search.source),
    ):
        pass


def test_holes_are_many_and_have_names_of_their_own() -> None:
    assert len({each.name for each in HOLES}) == len(HOLES) >= 30
    assert set(QUICK) <= {each.name for each in HOLES}
