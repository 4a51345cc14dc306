"""A small company: trees of regions and departments, and a user for each role."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import asyncpg

from app.services.policies.store import ensure_policy
from tests.graphql_schema.rows import Row, assign, department, region, store, user


@dataclass(frozen=True, repr=False)
class Company:
    """Who there is, and where."""

    world: Row
    europe: Row
    germany: Row
    france: Row
    china: Row
    sales: Row
    service: Row
    admin: Row
    manager: Row
    rep: Row
    colleague: Row
    agent: Row
    marketer: Row
    finance: Row
    auditor: Row
    partner: Row
    nobody: Row

    def _repr_pretty_(self, printer: Any, cycle: object) -> None:
        printer.text("company")


def draw() -> Company:
    """A company that is not yet stored."""
    world = region("WORLD")
    europe = region("EU", world)
    germany, france, china = region("DE", europe), region("FR", europe), region("CN", world)
    sales, service = department("SALES"), department("SERVICE")
    manager = user("manager", department=sales, region=europe)
    return Company(
        world=world,
        europe=europe,
        germany=germany,
        france=france,
        china=china,
        sales=sales,
        service=service,
        admin=user("admin"),
        manager=manager,
        rep=user("rep", manager=manager, department=sales, region=germany),
        colleague=user("colleague", manager=manager, department=sales, region=france),
        agent=user("agent", department=service),
        marketer=user("marketer"),
        finance=user("finance"),
        auditor=user("auditor"),
        partner=user("partner"),
        nobody=user("nobody"),
    )


async def found(connection: asyncpg.Connection) -> Company:
    """A company, stored together with the shipped policy and its assignments."""
    await ensure_policy(connection)
    new = draw()
    await store(connection, *(getattr(new, part.name) for part in fields(new)))
    await assign(connection, new.admin, "admin")
    await assign(connection, new.manager, "sales_manager", region=new.europe, department=new.sales)
    await assign(connection, new.rep, "sales_rep", region=new.germany, department=new.sales)
    await assign(connection, new.colleague, "sales_rep", region=new.france, department=new.sales)
    await assign(connection, new.agent, "service_agent", region=new.europe, department=new.service)
    await assign(connection, new.marketer, "marketer")
    await assign(connection, new.finance, "finance")
    await assign(connection, new.auditor, "auditor")
    await assign(connection, new.partner, "partner", region=new.germany)
    return new
