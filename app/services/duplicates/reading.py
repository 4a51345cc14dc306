"""All customers as the database has them, for the job: it runs as SYSTEM, over base tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import asyncpg
import orjson

from app.models.enums import CustomerKind
from app.services.duplicates.details import Details, Place

AT_ONCE = 2_000
"""Rows that are read ahead."""

_CUSTOMERS = """
    SELECT c.id, c.kind, c.display_name, c.legal_name, c.given_name, c.family_name, c.birth_date, c.tax_id,
        ARRAY[c.email] || ARRAY(
            SELECT email FROM contacts WHERE customer_id = c.id AND email IS NOT NULL AND deleted_at IS NULL
            ORDER BY is_primary DESC, id LIMIT 8
        ) || ARRAY(
            SELECT coalesce(value_normalized, value) FROM contact_points
            WHERE customer_id = c.id AND kind = 'EMAIL' AND deleted_at IS NULL ORDER BY is_primary DESC, id LIMIT 8
        ) AS emails,
        ARRAY[c.phone] || ARRAY(
            SELECT phone FROM contacts WHERE customer_id = c.id AND phone IS NOT NULL AND deleted_at IS NULL
            ORDER BY is_primary DESC, id LIMIT 8
        ) || ARRAY(
            SELECT value_normalized FROM contact_points
            WHERE customer_id = c.id AND kind IN ('MOBILE', 'PHONE', 'WHATSAPP') AND deleted_at IS NULL
            ORDER BY is_primary DESC, id LIMIT 8
        ) AS phones,
        (
            SELECT json_agg(json_build_array(line1, city, postal_code, country) ORDER BY is_default DESC, id)
            FROM addresses WHERE customer_id = c.id AND deleted_at IS NULL
        )::text AS places
    FROM customers c
    WHERE c.deleted_at IS NULL AND c.erased_at IS NULL AND c.merged_into_id IS NULL
    ORDER BY c.id"""


async def all_customers(connection: asyncpg.Connection) -> AsyncIterator[Details]:
    """Every customer that is neither deleted, erased nor merged into another, the earliest first."""
    async for row in connection.cursor(_CUSTOMERS, prefetch=AT_ONCE):
        yield details(row)


def details(row: Mapping[str, Any], kind: CustomerKind = CustomerKind.ORGANIZATION) -> Details:
    """What a row says that has a customer's columns, arrays of `emails` and `phones`, and `places` as JSON.

    `kind` is taken where the row does not tell.
    """
    return Details(
        kind=kind if row["kind"] is None else CustomerKind(row["kind"]),
        display_name=row["display_name"],
        legal_name=row["legal_name"],
        given_name=row["given_name"],
        family_name=row["family_name"],
        birth_date=row["birth_date"],
        tax_id=row["tax_id"],
        emails=_known(row["emails"]),
        phones=_known(row["phones"]),
        places=tuple(_places(row["places"])),
        id=row["id"],
    )


def _known(found: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(each for each in found if each is not None)


def _places(found: str | None) -> Iterator[Place]:
    for line1, city, postal_code, country in orjson.loads(found) if found else ():
        yield Place(line1, city, postal_code, country)
