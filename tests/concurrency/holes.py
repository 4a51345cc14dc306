"""Known holes in the proof of rights, each opened for a while, to see that it is found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from app.identity.proof import Proof, proof_columns
from graphql_schema.compiler.plans import Plan, gather
from graphql_schema.engine import Engine
from graphql_schema.reading import SUBJECTS, Known

check, known, remember, run = Proof.check, Engine._known, Engine._remember, Engine.run


def _blind_to(part: str) -> Callable[..., None]:
    """The comparison, without one of the numbers."""

    def blind(self: Proof, until: Any, found: Sequence[Any]) -> None:
        there = Proof(*found[:-1])
        check(replace(self, **{part: getattr(there, part)}), until, found)

    return blind


async def _unproven(self: Engine, rights: Any) -> None:
    """What is answered without SQL is not proved."""


async def _proved_apart(self: Engine, plan: Plan, values: Sequence[Any], rights: Any) -> Any:
    """The proof is read in a statement of its own, and what it proves a little later."""
    apart = gather([], proof_columns(SUBJECTS))
    await run(self, apart, apart.values(rights.principal.values, {}), rights)
    await asyncio.sleep(0.002)
    return await self.read(plan.sql, *values)


def _known_of_anybody(self: Engine, key: Any) -> Known | None:
    """A plan is found whoever's it is."""
    return known(self, key[:3])


def _remember_for_anybody(self: Engine, key: Any, made: Known, length: int) -> None:
    remember(self, key[:3], made, length)


HOLES: Mapping[str, Mapping[tuple[type, str], Any]] = {
    "nothing is compared": {(Proof, "check"): lambda self, until, found: None},
    "the policy's epoch is not compared": {(Proof, "check"): _blind_to("policy_epoch")},
    "the access epoch is not compared": {(Proof, "check"): _blind_to("access_epoch")},
    "the user's version is not compared": {(Proof, "check"): _blind_to("access_version")},
    "the time is not compared": {(Proof, "check"): lambda self, until, found: check(self, None, found)},
    "answers without SQL are not proved": {(Engine, "_prove"): _unproven},
    "the proof is of another snapshot": {(Engine, "run"): _proved_apart},
    "plans are shared by all": {(Engine, "_known"): _known_of_anybody, (Engine, "_remember"): _remember_for_anybody},
}


@contextmanager
def hole(name: str | None) -> Iterator[None]:
    """Opens a hole while the block runs; without a name, none."""
    opened = HOLES[name] if name else {}
    kept = {place: getattr(*place) for place in opened}
    for (owner, attribute), broken in opened.items():
        setattr(owner, attribute, broken)
    try:
        yield
    finally:
        for (owner, attribute), whole in kept.items():
            setattr(owner, attribute, whole)
