"""Layers two and three of validation: what must hold between the fields of one row.

Most follows from what the tables declare; the rest stands in a file for each domain. A CHECK of the database that none
of these mirrors is named, with its reason, in the tests.
"""

from collections.abc import Mapping

from app.models.catalogue import CATALOGUE
from app.services.checks import customers, definitions, past, sales, scales, tasks
from app.services.checks.check import Check, Row
from app.services.checks.declared import declared

__all__ = ["CHECKS", "Check", "Row"]

_WRITTEN = (past.CHECKS, customers.CHECKS, definitions.CHECKS, sales.CHECKS, scales.CHECKS, tasks.CHECKS)

CHECKS: Mapping[str, tuple[Check, ...]] = {
    resource.name: (*declared(resource), *(check for checks in _WRITTEN for check in checks.get(resource.name, ())))
    for resource in CATALOGUE
}
"""By entity, everything that its rows are checked for."""
