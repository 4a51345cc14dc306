"""What of each table the graph shows; importing this package declares all of it."""

from app.models.catalogue import CATALOGUE
from graphql_schema import analyses
from graphql_schema.aggregates import fields as aggregates
from graphql_schema.auditing.naming import NAMES
from graphql_schema.auditing.verifying import VERIFY
from graphql_schema.clients.listing import CLIENTS
from graphql_schema.declaring import DECLARED
from graphql_schema.duplicates.candidates import CANDIDATES
from graphql_schema.duplicates.preview import PREVIEW
from graphql_schema.entities import Graph, Root
from graphql_schema.forms.field import ROOTS as FORMS
from graphql_schema.history.feed import ROOTS as CHANGES
from graphql_schema.history.field import with_history
from graphql_schema.policies.roots import ROOTS as POLICIES
from graphql_schema.reports import fields as reports
from graphql_schema.searching.roots import ROOTS as SEARCHING
from graphql_schema.types import (
    activity,
    auditing,
    customers,
    insight,
    marketing,
    organisation,
    planning,
    sales,
    service,
)

__all__ = [
    "GRAPH",
    "activity",
    "auditing",
    "customers",
    "insight",
    "marketing",
    "organisation",
    "planning",
    "sales",
    "service",
]

_ENTITIES = with_history(aggregates.with_aggregates(dict(sorted(DECLARED.items()))))
_ROOTS: tuple[Root, ...] = (
    *aggregates.roots(_ENTITIES),
    *reports.roots(_ENTITIES),
    *analyses.ROOTS,
    *SEARCHING,
    *FORMS,
    CANDIDATES,
    PREVIEW,
    CLIENTS,
    *POLICIES,
    VERIFY,
    NAMES,
    *CHANGES,
)

GRAPH = Graph(CATALOGUE, _ENTITIES, {root.name: root for root in _ROOTS})
