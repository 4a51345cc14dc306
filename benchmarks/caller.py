"""Who asks in the benchmark: the sales representative who sees the most customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.database import Database
from app.identity.authority import Authority, Rights
from app.identity.bearer import Bearer
from app.models.catalogue import CATALOGUE
from benchmarks.errors import BenchmarkError

ROLE = "sales_rep"
RESOURCES = (
    "Customer",
    "Contact",
    "Interaction",
    "Opportunity",
    "Order",
    "OrderLine",
    "Ticket",
    "CampaignMember",
    "Campaign",
)
"""What the selections read."""
CYCLE = 500
"""Customers that are asked for in turn, at most."""

CANDIDATES = f"""
SELECT array_agg(id) AS users, array_agg(email) AS emails FROM (
    SELECT u.id, u.email FROM users u
    JOIN role_assignments a ON a.user_id = u.id AND a.deleted_at IS NULL
    JOIN roles r ON r.id = a.role_id
    WHERE u.status = 'ACTIVE' AND u.deleted_at IS NULL AND u.email IS NOT NULL
    GROUP BY u.id HAVING count(*) = 1 AND bool_and(r.code = '{ROLE}')
    ORDER BY u.email
) AS found
"""
IN_REGIONS = """
SELECT coalesce(array_agg(id ORDER BY id), '{}') AS ids FROM customers WHERE region_id = ANY($1) AND deleted_at IS NULL
"""


@dataclass(frozen=True)
class Caller:
    """A user with what the user may see."""

    user: UUID
    email: str
    regions: tuple[UUID, ...]
    customers: tuple[UUID, ...]
    """All that are in view."""
    columns: Mapping[str, tuple[str, ...]]
    """By table, the columns that may be read of some row: as they are or masked."""

    @property
    def cycle(self) -> tuple[UUID, ...]:
        """Customers spread evenly over those in view."""
        return self.customers[:: max(1, len(self.customers) // CYCLE)][:CYCLE]


async def find_caller(database: Database) -> Caller:
    """The caller. Raises BenchmarkError where nobody has just this role."""
    row = await database.read(CANDIDATES)
    authority = Authority(database.read)
    found = []
    for user, email in zip((row and row["users"]) or (), (row and row["emails"]) or (), strict=True):
        rights = await authority.rights(Bearer(user))
        if rights is not None:
            found.append(await _seen(database, rights, email))
    if not found:
        raise BenchmarkError(f"No user of the demo company is a {ROLE} and nothing else.")
    return max(found, key=lambda caller: len(caller.customers))


async def _seen(database: Database, rights: Rights, email: str) -> Caller:
    regions = rights.principal.assignments[0].regions
    row = await database.read(IN_REGIONS, list(regions))
    customers = tuple(row["ids"]) if row else ()
    columns = {CATALOGUE[name].table.name: _columns(rights, name) for name in RESOURCES}
    return Caller(rights.principal.id, email, regions, customers, columns)


def _columns(rights: Rights, name: str) -> tuple[str, ...]:
    resource = CATALOGUE[name]
    fields = [resource.fields[field] for field in rights.access.on(resource).readable]
    companions = [companion for field in fields for companion in field.spec.companions]
    return tuple(sorted({*resource.key, *(field.column.name for field in fields), *companions}))
