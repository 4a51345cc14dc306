"""What the rows of an analysis can be grouped by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.models import enums
from graphql_schema.aggregates.buckets import Bucket
from graphql_schema.building import EntityTypes
from graphql_schema.filters import enum_type
from graphql_schema.making import Part, maybe
from graphql_schema.scalars import Date


@dataclass(frozen=True)
class Dimension:
    """One thing that rows can be grouped by. Its key is a row of an entity, a value, or the first day of a bucket."""

    name: str
    key: str
    description: str
    entity: str = ""
    annotation: Any = str
    bucket: Bucket | None = None

    @property
    def type_(self) -> sa.types.TypeEngine[Any]:
        """The type of its key in SQL."""
        if self.bucket:
            return sa.Date()
        return sa.Uuid() if self.entity else sa.Text()

    def part(self, types: Mapping[str, EntityTypes]) -> Part:
        """The field that holds its key."""
        of = types[self.entity].object if self.entity else self.annotation
        return Part(
            self.key, maybe(of), f"{self.description} Null where it is not grouped by, or there is none in view."
        )


OWNER = Dimension("OWNER", "owner", "The user answerable.", "User")
REGION = Dimension("REGION", "region", "The region it lies in.", "Region")
DEPARTMENT = Dimension("DEPARTMENT", "department", "The department it lies with.", "Department")
CUSTOMER_KIND = Dimension(
    "CUSTOMER_KIND",
    "customerKind",
    "Whether the customer is a person or an organisation.",
    "",
    enum_type(enums.CustomerKind),
)
CUSTOMER_TIER = Dimension(
    "CUSTOMER_TIER", "customerTier", "How much the customer matters.", "", enum_type(enums.CustomerTier)
)
PRODUCT_CATEGORY = Dimension("PRODUCT_CATEGORY", "productCategory", "The product's place in the catalogue.")
CHANNEL = Dimension("CHANNEL", "channel", "The way it took.", "", enum_type(enums.Channel))
MONTH = Dimension("MONTH", "month", "The first day of the month.", annotation=Date, bucket=Bucket.MONTH)
QUARTER = Dimension("QUARTER", "quarter", "The first day of the quarter.", annotation=Date, bucket=Bucket.QUARTER)
PRIORITY = Dimension("PRIORITY", "priority", "How soon it is needed.", "", enum_type(enums.Priority))
TICKET_TYPE = Dimension("TYPE", "type", "What is asked for.", "", enum_type(enums.TicketType))
TICKET_SEVERITY = Dimension("SEVERITY", "severity", "How much harm there is.", "", enum_type(enums.TicketSeverity))
