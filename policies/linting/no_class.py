"""Columns without a data class, which no rule can grant.

Not told is a document (JSON): it is granted by its keys, never as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.catalogue import Catalogue, Kind
from policies.linting.findings import Remark
from policies.rules import Origin


def unclassified(catalogue: Catalogue) -> Iterator[Remark]:
    """Each field that has no class; it stands in no document."""
    for resource in catalogue:
        for name, field in resource.fields.items():
            if field.spec.data_class is None and field.spec.kind is not Kind.JSON:
                yield Remark(Origin(f"{resource.name}.{name}", 0), "has no data class, so nobody is granted it")
