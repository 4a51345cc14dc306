"""New customers that are checked for duplicates: made of what two databases hold, seen or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.models.catalogue import CATALOGUE
from app.models.enums import CustomerKind
from app.services.duplicates import Candidate, Details, Place, similar
from policies.access import access
from policies.loading import load
from policies.principal import Principal
from policies.rules import Policy
from tests.leaks.personas import policy_texts
from tests.leaks.prepared import Prepared, Twin
from tests.leaks.worlds import World

MOST = 10
"""Customers of one world that are made anew."""
NAMED = ("display_name", "legal_name", "given_name", "family_name")


def newcomers(chance: Random, *worlds: World) -> Iterator[Details]:
    """What is stored of some customers, as if each came anew: all of it, and one thing at a time."""
    for world in worlds:
        rows = sorted(world["Customer"].values(), key=lambda row: str(row["id"]))
        for row in chance.sample(rows, min(MOST, len(rows))):
            whole = _details(world, row)
            yield whole
            yield from _parts(whole)


def _details(world: World, row: Mapping[str, Any]) -> Details:
    def below(resource: str, *names: str) -> Iterator[str]:
        for each in world[resource].values():
            if each["customer_id"] == row["id"]:
                yield from (each[name] for name in names if each[name])

    addresses = (each for each in world["Address"].values() if each["customer_id"] == row["id"])
    values = tuple(below("ContactPoint", "value", "value_normalized"))
    return Details(
        kind=CustomerKind(row["kind"]),
        birth_date=row["birth_date"],
        tax_id=row["tax_id"],
        emails=(*filter(None, [row["email"]]), *below("Contact", "email"), *values),
        phones=(*filter(None, [row["phone"]]), *below("Contact", "phone"), *values),
        places=tuple(Place(each["line1"], each["city"], each["postal_code"], each["country"]) for each in addresses),
        **{name: row[name] for name in NAMED},
    )


def _parts(whole: Details) -> Iterator[Details]:
    bare = Details(whole.kind)
    yield replace(bare, **{name: getattr(whole, name) for name in NAMED})
    yield replace(bare, tax_id=whole.tax_id, birth_date=whole.birth_date)
    yield from (replace(bare, emails=(email,)) for email in whole.emails[:2])
    yield from (replace(bare, phones=(phone,)) for phone in whole.phones[:2])


async def told(ready: Prepared, twin: Twin, asked: Iterator[Details]) -> list[tuple[list[Candidate], list[Candidate]]]:
    """What a persona is told of new customers by a company and by its twin."""
    policy, user = load(policy_texts(), CATALOGUE), ready.user(twin.persona)
    one, other = await asyncpg.connect(ready.dsn), await asyncpg.connect(twin.dsn)
    try:
        principals = [await _principal(side, user) for side in (one, other)]
        sides = list(zip((one, other), principals, strict=True))
        found = []
        for new in asked:
            answers = [await _asked(side, policy, principal, new) for side, principal in sides]
            found.append((answers[0], answers[1]))
        return found
    finally:
        await one.close()
        await other.close()


async def _asked(side: asyncpg.Connection, policy: Policy, principal: Principal, new: Details) -> list[Candidate]:
    return await similar(side.fetch, access(policy, principal.shape), principal, new, threshold=0)


async def _principal(side: asyncpg.Connection, user: UUID) -> Principal:
    known = await load_principal(side.fetchrow, Bearer(user))
    assert known is not None
    return known.principal
