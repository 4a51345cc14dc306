"""What of each table the graph shows; importing this package declares all of it."""

from app.models.catalogue import CATALOGUE
from graphql_schema import analyses
from graphql_schema.declaring import DECLARED
from graphql_schema.entities import Graph
from graphql_schema.searching.roots import ROOTS as SEARCHING
from graphql_schema.types import activity, customers, insight, marketing, organisation, planning, sales, service

__all__ = ["GRAPH", "activity", "customers", "insight", "marketing", "organisation", "planning", "sales", "service"]

ROOTS = (*analyses.ROOTS, *SEARCHING)

GRAPH = Graph(CATALOGUE, dict(sorted(DECLARED.items())), {root.name: root for root in ROOTS})
