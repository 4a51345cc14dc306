"""A company whose customers are worth looking for."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, opportunity, order, owned, product, stage, store, ticket


@dataclass(frozen=True, repr=False)
class Found:
    """Who is there to be found."""

    mine: Row
    """In Germany, the representative's own."""
    theirs: Row
    """In Germany, a colleague's: seen, its e-mail and number masked."""
    hidden: Row
    """In France: not in the representative's view."""
    chinese: Row
    number: Row
    """An order of `mine`."""


@pytest.fixture(scope="module")
async def found(writer: asyncpg.Connection, company: Company) -> Found:
    mine = customer(
        "Müller & Söhne GmbH",
        region=company.germany,
        owner=company.rep,
        email="anna.muller@soehne.example.com",
        phone="+493012345678",
        tax_id="DE123456789",
        legal_name="Müller und Söhne Großhandel",
    )
    theirs = customer(
        "Smørrebrød A/S",
        region=company.germany,
        owner=company.colleague,
        email="lars.oresund@fjord.example.com",
        phone="+4587654321",
        tax_id="DK99887766",
    )
    hidden = customer(
        "Müller Frères",
        region=company.france,
        owner=company.colleague,
        email="jean.muller@freres.example.com",
        phone="+33140506070",
    )
    chinese = customer("株式会社 山田商店", region=company.germany, owner=company.rep, legal_name="한국전력공사")
    placed = order(mine, number="SO-2026-000134")
    at = stage()
    await store(writer, at, mine, theirs, hidden, chinese, placed, order(hidden, number="SO-2026-000135"))
    await store(
        writer,
        contact(mine, "Zoë Ångström", given_name="Zoë", family_name="Ångström", email="zoe@soehne.example.com"),
        contact(theirs, "Zoë Zimmer", email="zimmer@fjord.example.com"),
        owned(models.ContactPoint, mine, kind="PHONE", value="030/765 4321", value_normalized="+49307654321"),
        owned(models.ContactPoint, theirs, kind="WECHAT", value="fjord_trading"),
        opportunity(mine, at, "Ersatzteile für Müller"),
        opportunity(hidden, at, "Pièces détachées"),
        ticket(mine, number="T-2026-0077", subject="Lieferung beschädigt"),
        product("SKU-0042", name="Ölfilter groß"),
    )
    return Found(mine, theirs, hidden, chinese, placed)
