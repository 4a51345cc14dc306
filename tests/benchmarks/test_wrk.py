"""What wrk says of a run."""

from __future__ import annotations

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run
from benchmarks.wrk import parse

OUTPUT = """Running 5s test @ http://127.0.0.1:8000/graphql
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    14.42ms   12.51ms 153.77ms   92.10%
    Req/Sec   622.80    119.11   820.00     72.00%
  Latency Distribution
     50%   11.47ms
     99%   64.16ms
  3111 requests in 5.01s, 17.68MB read
Requests/sec:    620.36
Transfer/sec:      3.53MB

{line}
"""
LINE = '{"requests": 3111, "bytes": 18542300, "microseconds": 5014823, "failed": 0, "p50": 11473, "p99": 64157}'


def test_the_last_line_says_what_was_measured() -> None:
    measured = parse(OUTPUT.replace("{line}", LINE))

    assert measured == Run(requests=3_111, bytes=18_542_300, microseconds=5_014_823, failed=0, p50=11_473, p99=64_157)


@pytest.mark.parametrize("line", ["", "load.lua:12: attempt to index a nil value", '{"requests": 3111}', "[1, 2]"])
def test_output_without_that_line_is_no_measurement(line: str) -> None:
    with pytest.raises(BenchmarkError, match="did not say"):
        parse(OUTPUT.replace("{line}", line))


@pytest.mark.parametrize(("before", "after"), [('"failed": 0', '"failed": 7'), ('"requests": 3111', '"requests": 0')])
def test_a_run_with_failures_or_without_answers_is_no_measurement(before: str, after: str) -> None:
    with pytest.raises(BenchmarkError, match="failed under load"):
        parse(OUTPUT.replace("{line}", LINE.replace(before, after)))
