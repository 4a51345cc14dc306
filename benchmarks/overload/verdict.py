"""What was found, beside what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.overload.asking import Answer

TIMES = 4
"""The load, by that which is sustained."""
GOODPUT, ANSWERED = 0.8, 0.99
"""Shares of the maximum, and of the light caller's requests."""
LIGHT, REFUSED, ALIVE = 0.25, 0.05, 0.25
"""Seconds in which ninety-nine of a hundred are answered, of the light caller, of those refused and of health checks."""
BACK = 1.0
"""Seconds after which answers are as fast as before."""
FLAT = 1.1
"""Memory at the end, by that after a third of the time."""
MIB = 2**20


def within(answers: Sequence[Answer], share: float) -> float:
    """Seconds in which such a share of answers came."""
    found = sorted(answer.seconds for answer in answers)
    return found[min(len(found) - 1, int(len(found) * share))] if found else 0.0


@dataclass(frozen=True)
class Overload:
    """One time under four times the load."""

    sustained: float
    """Answers a second, before and after; the median."""
    seconds: float
    heavy: Sequence[Answer]
    light: Sequence[Answer]
    alive: Sequence[Answer]
    unsent: int
    idle: float
    """Median seconds of the light caller's answers without load."""
    back: float
    """Seconds after the load until answers were as fast as without."""
    memory: Sequence[int]
    """Bytes resident before, after a third of the time, and at the end."""
    lags: Sequence[float]
    """Seconds by which whoever asked came late."""

    @property
    def goodput(self) -> float:
        """Answers a second under the load."""
        return sum(answer.is_good for answer in (*self.heavy, *self.light)) / self.seconds

    def checks(self) -> Iterator[tuple[str, str, str, bool]]:
        """What is looked at, what was found, what is asked for, and whether it is so."""
        share = self.goodput / self.sustained
        yield "goodput", f"{self.goodput:,.0f}/s, {share:.0%} of the maximum", f"≥ {GOODPUT:.0%}", share >= GOODPUT
        good = [answer for answer in self.light if answer.is_good]
        answered = len(good) / max(1, len(self.light))
        said = f"{len(good):,} of {len(self.light):,} answered, {_times(good)}"
        bound = f"≥ {ANSWERED:.0%}, p99 ≤ {LIGHT * 1000:.0f} ms"
        yield "the light caller", said, bound, answered >= ANSWERED and within(good, 0.99) <= LIGHT
        refused = [answer for answer in self.heavy if answer.is_refusal]
        other = len(self.heavy) - len(refused) - sum(answer.is_good for answer in self.heavy)
        silent = sum(not answer.says_when for answer in refused)
        said = f"{len(refused):,} with Retry-After, {_times(refused)}; {other + silent} in another way"
        soon = within(refused, 0.99) <= REFUSED
        yield "refused", said, f"p99 ≤ {REFUSED * 1000:.0f} ms", soon and not other + silent
        yield "liveness", _times(self.alive), f"p99 ≤ {ALIVE * 1000:.0f} ms", within(self.alive, 0.99) <= ALIVE
        said = f"{self.idle * 1000:.1f} ms before, again after {self.back:.2f} s"
        yield "idle latency", said, f"≤ {BACK:.0f} s", self.back <= BACK
        before, third, end = (size / MIB for size in self.memory)
        said = f"{before:.0f} MiB before, {third:.0f} after a third, {end:.0f} at the end"
        yield "memory", said, "flat", end <= third * FLAT

    def table(self) -> list[str]:
        """All of it."""
        lines = ["| under overload | found | asked for | |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {what} | {found} | {bound} | {'yes' if ok else 'no'} |" for what, found, bound, ok in self.checks()
        ]
        late = sorted(self.lags)[int(len(self.lags) * 0.99)] if self.lags else 0.0
        offered = (len(self.heavy) + self.unsent) / self.seconds
        return [
            *lines,
            "",
            f"- Sustained: {self.sustained:,.0f} answers a second. Then {offered:,.0f} requests a second"
            f" ({offered / self.sustained:.1f} ×) for {self.seconds:.0f} s; {self.unsent:,} found no connection free."
            f" Whoever asked came late itself by {late * 1000:.1f} ms (p99).",
        ]


def _times(answers: Sequence[Answer]) -> str:
    middle = median(answer.seconds for answer in answers) if answers else 0.0
    return f"p50 {middle * 1000:.1f} ms, p99 {within(answers, 0.99) * 1000:.1f} ms"
