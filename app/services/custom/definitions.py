"""What is defined of the custom fields of an entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.models.enums import FieldType
from app.services.custom.options import Option, read_options
from policies.catalogue import DataClass


@dataclass(frozen=True, slots=True)
class Definition:
    """A custom field."""

    key: str
    data_type: FieldType
    required: bool = False
    required_when: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """By field of the record, values with all of which it must be given."""
    pattern: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    options: tuple[Option, ...] = ()
    data_class: DataClass | None = None


def read_definition(row: Mapping[str, Any]) -> Definition:
    """The definition in a row of the table."""
    return Definition(
        key=row["key"],
        data_type=FieldType(row["data_type"]),
        required=row["required"],
        required_when=read_requirement(row["required_when"]) or {},
        pattern=row["pattern"],
        min=row["min"],
        max=row["max"],
        options=read_options(row["options"]),
        data_class=DataClass(row["data_class"]) if row["data_class"] else None,
    )


def read_requirement(written: object) -> Mapping[str, Sequence[Any]] | None:
    """By field, the values with which another must be given; None where it is written otherwise."""
    if not isinstance(written, dict):
        return None
    is_whole = all(isinstance(values, list) and values for values in written.values())
    return written if written and is_whole else None
