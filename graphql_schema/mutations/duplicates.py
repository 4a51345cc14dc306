"""`possibleDuplicates`: customers in view that one which was just written may be the same as. They stand in nobody's way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from app.services.duplicates import Candidate, Details, similar
from app.services.duplicates.reading import details
from app.services.merging.tables import CUSTOMER
from app.services.records import statements
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork
from graphql_schema.building import EntityTypes
from graphql_schema.duplicates.types import EVIDENCE
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.mutations.declaring import Find

NAME = "possibleDuplicates"
TOLD_AT = frozenset({"CustomerCreate", "CustomerUpdate"})
_TOLD = ("kind", "displayName", "legalName", "givenName", "familyName", "birthDate", "taxId", "email", "phone")


async def find(unit: UnitOfWork, draft: Draft) -> Sequence[Draft]:
    """The surest candidates, surest first; told from the caller's views alone, the record's own included."""
    statement = statements.seen(unit.access, CUSTOMER, _TOLD)
    rows = await unit.fetch(statement, statements.values_of(CUSTOMER, [draft.key]))
    driver, principal = await unit.driver, unit.rights.principal
    found = [await similar(driver.fetch, unit.access, principal, _details(row)) for row in rows if row["kind"]]
    return [_told(candidate) for each in found for candidate in each]


def _details(row: Mapping[str, Any]) -> Details:
    """What the caller sees of a customer; of its addresses and of what belongs to its contacts nothing is asked."""
    return details({**row, "emails": [row["email"]], "phones": [row["phone"]], "places": None})


def _told(candidate: Candidate) -> Draft:
    evidence = [{"field": each.field, "likeness": each.likeness} for each in candidate.score.evidence]
    told = {"score": candidate.score.value, "evidence": evidence}
    return Draft(CUSTOMER, {}, row={"id": candidate.id}, told=told)


BESIDE: Mapping[str, Find] = {NAME: find}


@cache
def _type(customer: Any) -> type:
    made = empty("PossibleDuplicate")
    fill_type(
        made,
        "A customer that another may be the same as.",
        [
            Part("customer", maybe(customer), "The customer."),
            Part("score", int, "How sure it is: 0 to 100."),
            Part("evidence", listed(EVIDENCE), "What that rests on, of the fields that are seen plain on both."),
        ],
    )
    return made


def part(types: Mapping[str, EntityTypes]) -> Part:
    """The field of a payload."""
    told = "Customers in view that it may be the same as, the ten surest, also with `validateOnly`. It is written nevertheless."
    return Part(NAME, maybe(listed(_type(types["Customer"].object))), told)
