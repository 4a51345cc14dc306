"""From runs to figures."""

from __future__ import annotations

import pytest

from benchmarks.figures import Ratio, Run, ratio, typical


def run(per_second: float, *, p50: int = 1_000, p99: int = 2_000) -> Run:
    """A run of two seconds."""
    requests = round(per_second * 2)
    return Run(requests=requests, bytes=requests * 500, microseconds=2_000_000, failed=0, p50=p50, p99=p99)


def test_requests_per_second_and_bytes_each_are_those_of_the_time_measured() -> None:
    measured = Run(requests=3_111, bytes=18_542_300, microseconds=5_014_823, failed=0, p50=11_473, p99=64_157)

    assert measured.per_second == pytest.approx(620.361, abs=0.001)
    assert measured.bytes_each == pytest.approx(5_960.238, abs=0.001)


def test_a_run_without_answers_has_no_bytes_each() -> None:
    assert Run(requests=0, bytes=0, microseconds=5_000_000, failed=0, p50=0, p99=0).bytes_each == 0


@pytest.mark.parametrize(
    ("given", "median"),
    [((100,), 100), ((300, 100, 200), 200), ((100, 400, 200, 300), 250), ((100, 100, 9_000), 100)],
)
def test_the_typical_figure_is_the_median(given: tuple[float, ...], median: float) -> None:
    assert typical([run(some) for some in given], lambda each: each.per_second) == median


def test_a_ratio_is_the_median_of_the_rounds_ratios_not_the_ratio_of_medians() -> None:
    ours = [run(100), run(400), run(900)]
    theirs = [run(50), run(400), run(100)]

    assert ratio(ours, theirs) == Ratio(median=2.0, least=1.0, greatest=9.0)


def test_a_ratio_needs_as_many_runs_of_both() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([run(1), run(1)], [run(1)])
