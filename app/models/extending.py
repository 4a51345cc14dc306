"""Which tables have custom fields, and in which of their columns those of each data class lie."""

from __future__ import annotations

from collections.abc import Mapping

from app.models.catalogue import CATALOGUE
from policies.catalogue import DataClass, Resource

CUSTOM = "customFields"
"""What inputs and answers call them."""
UNCLASSED = "custom"
"""The column of those whose definition has no data class."""
COLUMNS: Mapping[DataClass, str] = {each: f"{UNCLASSED}_{each.lower()}" for each in DataClass}
"""By data class, the column."""


def is_extended(resource: Resource) -> bool:
    """Whether records of it have custom fields."""
    return UNCLASSED in resource.table.c


def fields_of(resource: Resource) -> Mapping[DataClass, str]:
    """By data class, the name of the field that holds them."""
    found = {each: resource.of_column(column) for each, column in COLUMNS.items()}
    return {each: name for each, name in found.items() if name is not None}


EXTENDED = tuple(resource.name for resource in CATALOGUE if is_extended(resource))
