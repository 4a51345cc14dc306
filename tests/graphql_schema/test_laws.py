"""Laws of every field and argument: what may be null, which lists there are, and what they take."""

from __future__ import annotations

import re
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
)

from graphql_schema.entities import Many
from graphql_schema.schema import TYPES
from graphql_schema.types import GRAPH
from tests.graphql_schema.parts import CORE, MUTATIONS, object_, objects, parts

BULK = {name[0].upper() + name[1:].removesuffix("BulkUpsert") for name in MUTATIONS if name.endswith("BulkUpsert")}


def test_what_can_be_hidden_is_nullable() -> None:
    promised = {
        f"{entity.name}.{name}"
        for entity in GRAPH
        for name, field in object_(entity.name).fields.items()
        if isinstance(field.type, GraphQLNonNull)
    }
    expected = {
        f"{entity.name}.{name}"
        for entity in GRAPH
        for name, member in entity.members.items()
        if name in ("id", "access") or isinstance(member, Many)
    }
    histories = {f"{entity.name}.changeHistory" for entity in GRAPH}
    assert promised == expected | histories | {"Customer.overview", "Customer.timeline"}


def test_no_root_field_voids_its_siblings() -> None:
    assert CORE.query_type is not None
    assert [name for name, field in CORE.query_type.fields.items() if isinstance(field.type, GraphQLNonNull)] == []


def test_nodes_in_lists_of_ids_are_nullable_and_those_in_pages_are_not() -> None:
    assert str(CORE.query_type and CORE.query_type.fields["nodes"].type) == "[Node]"
    for entity in GRAPH:
        connection = object_(f"{entity.name}Connection")
        assert {name: str(field.type) for name, field in connection.fields.items()} == {
            "edges": f"[{entity.name}Edge!]!",
            "nodes": f"[{entity.name}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }
        edge = object_(f"{entity.name}Edge")
        assert {name: str(field.type) for name, field in edge.fields.items()} == {
            "cursor": "String!",
            "node": f"{entity.name}!",
        }


def test_every_table_is_an_entity_with_a_root_field_for_one_and_for_many() -> None:
    assert {entity.name for entity in GRAPH} == set(GRAPH.catalogue.resources)
    assert len(TYPES) == 36
    assert CORE.query_type is not None
    roots = {name: (str(field.type), sorted(field.args)) for name, field in CORE.query_type.fields.items()}
    expected = {entity.single: (entity.name, ["id"]) for entity in GRAPH}
    expected["customer"] = "Customer", ["asOf", "id"]
    for entity in GRAPH:
        expected[entity.plural] = f"{entity.name}Connection", sorted(_arguments(entity.name))
        expected[f"{entity.plural}Aggregate"] = f"{entity.name}Aggregate", sorted(AGGREGATE)
    assert roots == expected | {
        "analyze": ("ReportResult", ["dataset", "dimensions", "first", "having", "measures", "orderBy", "where"]),
        "formSchema": ("FormSchema", ["entity"]),
        "node": ("Node", ["id"]),
        "nodes": ("[Node]", ["ids"]),
        "viewer": ("Viewer", []),
        "clients": ("[Client!]", []),
        "policy": ("Policy", ["version"]),
        "effectiveAccess": ("EffectiveAccess", ["as", "version"]),
        "explainAccess": ("AccessExplanation", ["as", "field", "id", "version"]),
        "policyDiff": ("[PolicyDifference!]", ["a", "b"]),
        "policyLint": ("[PolicyFinding!]", ["version", "with"]),
        "policyTerms": ("JSON", []),
        "policyTests": ("[PolicyCase!]", ["version"]),
        "policyImpact": ("PolicyImpact", ["draft", "sample"]),
        "policyShadow": ("PolicyShadow", ["version"]),
        "policySimulate": ("JSON", ["as", "operation", "operationName", "variables", "version"]),
        "whoCanSee": ("AccessViewers", ["after", "field", "first", "id"]),
        "accessAt": ("AccessThen", ["after", "at", "field", "first", "id"]),
        "auditNames": ("[AuditName!]", ["keys"]),
        "auditVerify": ("AuditVerification", ["from", "head", "to"]),
        "search": ("SearchResultConnection", ["after", "first", "query", "types"]),
        "changes": ("ChangeConnection", ["actor", "after", "customer", "first", "since", "types"]),
        "salesForecast": ("[SalesForecast!]", ["first", "groupBy", "period", "where"]),
        "salesPerformance": ("[SalesPerformance!]", ["first", "groupBy", "period", "timeZone", "where"]),
        "serviceQuality": ("[ServiceQuality!]", ["first", "groupBy", "period", "timeZone", "where"]),
        "channelPerformance": ("[ChannelPerformance!]", ["first", "groupBy", "period", "timeZone", "where"]),
        "customerActivity": ("[CustomerActivity!]", ["bucket", "period", "timeZone", "where"]),
        "metricTrend": ("[MetricPoint!]", ["bucket", "compareTo", "metric", "period", "timeZone", "where"]),
        "pipelineFunnel": ("PipelineFunnel", ["period", "pipeline", "timeZone", "where"]),
        "customerMergePreview": ("CustomerMergePreview", ["id", "merged"]),
        "duplicateCandidates": ("DuplicateCandidateConnection", ["after", "before", "first", "last", "status"]),
    }
    assert len({*GRAPH.singles, *GRAPH.plurals}) == 72


def _arguments(of: str) -> dict[str, str]:
    """The arguments of a list, with their types."""
    search = {"search": "String"} if GRAPH[of].resource.searched else {}
    page = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
    return {**page, "where": f"{of}Where", **search, "orderBy": f"[{of}Order!]"}


OTHER_LISTS = {
    "CustomerTimelineConnection": "Customer.timeline",
    "SearchResultConnection": "Query.search",
    "ChangeConnection": "changeHistory changes",
    "DuplicateCandidateConnection": "Query.duplicateCandidates",
}


HISTORY = {
    "fields": "[FieldPath!]",
    "since": "DateTime",
    "first": "Int",
    "after": "String",
    "last": "Int",
    "before": "String",
}


AGGREGATE = ("where", "groupBy", "having", "orderBy", "first")
AGGREGATES, MEASURES = ({f"{entity.name}{end}" for entity in GRAPH} for end in ("Aggregate", "Measures"))


def test_every_list_takes_the_same_arguments() -> None:
    for type_ in objects():
        for name, field in type_.fields.items():
            target = get_named_type(field.type)
            if target.name in OTHER_LISTS:
                assert {name, f"{type_.name}.{name}"} & set(OTHER_LISTS[target.name].split())
            elif target.name.endswith("Connection"):
                of = target.name.removesuffix("Connection")
                given = {arg: str(argument.type) for arg, argument in field.args.items()}
                assert given == _arguments(of), f"{type_.name}.{name}"
            elif target.name in AGGREGATES:
                of = target.name.removesuffix("Aggregate")
                assert {arg: str(argument.type) for arg, argument in field.args.items()} == {
                    "where": f"{of}Where",
                    "groupBy": f"[{of}GroupBy!]",
                    "having": f"[{of}Having!]",
                    "orderBy": f"[{of}GroupOrder!]",
                    "first": "Int",
                }, f"{type_.name}.{name}"
            elif target.name in MEASURES and type_.name.endswith("Group"):
                assert list(field.args) == ["where"], f"{type_.name}.{name}"
            elif type_ not in (CORE.query_type, CORE.mutation_type):
                own = {"CustomField": ["keys"], "PolicyLine": ["roles", "resources"], "PolicyRole": ["codes"]}
                given_here = own.get(target.name, [])
                assert list(field.args) == given_here, f"{type_.name}.{name}"


def test_every_entity_has_the_same_history() -> None:
    for entity in GRAPH:
        given = object_(entity.name).fields["changeHistory"].args.items()
        assert {name: str(argument.type) for name, argument in given} == HISTORY


def test_every_mutation_takes_one_input_and_gives_a_payload_of_its_name() -> None:
    for name, field in MUTATIONS.items():
        title = name[:1].upper() + name[1:]
        assert {arg: str(argument.type) for arg, argument in field.args.items()} == {"input": f"{title}Input!"}
        assert str(field.type) == f"{title}Payload"
        assert {"validateOnly", "idempotencyKey"} <= set(get_named_type(field.args["input"].type).fields)
        assert str(get_named_type(field.type).fields["userErrors"].type) == "[UserError!]!"


ANALYSES = [
    "salesForecast",
    "salesPerformance",
    "serviceQuality",
    "channelPerformance",
    "customerActivity",
    "metricTrend",
]
"""Groups or spans, whose number is bounded."""


def test_a_plain_list_stands_only_where_it_is_bounded() -> None:
    lists = {
        f"{type_.name}.{name}"
        for type_ in objects()
        for name, field in type_.fields.items()
        if isinstance(_nullable(field.type), GraphQLList) and not type_.name.endswith("Connection")
    }
    groups = {f"{name}.nodes" for name in AGGREGATES}
    assert lists - groups == {
        *("Access.masked", "Access.withheld", "Access.updatable", "Query.nodes"),
        *("Viewer.roles", "Viewer.scopes", "ViewerClient.roles"),
        *("Policy.files", "Policy.tests", "Policy.roles", "Policy.matrix", "PolicyRole.includes", "PolicyRole.rules"),
        *("PolicyRule.actions", "PolicyRule.on", "PolicyLine.rows", "PolicyLine.cells", "PolicyCell.when"),
        *("Query.policyDiff", "Query.policyLint", "Query.policyTests"),
        *(f"AccessExplanation.{name}" for name in ("states", "unmasks", "rules", "wanting", "roles")),
        *("AccessRule.conditions", "EffectiveAccess.assignments", "EffectiveAccess.resources"),
        *(f"AccessAssignment.{name}" for name in ("regions", "departments", "purposes")),
        *(f"AccessResource.{name}" for name in ("fields", "rules", "actions")),
        *(
            "AccessAction.fields",
            "AccessAction.rules",
            "AccessViewers.nodes",
            "AccessThen.nodes",
            "AccessThen.gaps",
            "AccessViewer.roles",
            "AccessViewer.rules",
        ),
        *("PolicyImpact.groups", "PolicyImpactGroup.roles", "PolicyImpactGroup.types", "PolicyImpactEntity.fields"),
        *("PolicyImpactGroup.people", "PolicyImpactPerson.types", "Query.auditNames", "Client.trustedDocuments"),
        *("PolicyImpact.documents", "PolicyImpactDocument.errors"),
        *("PolicyShadow.operations", "PolicyShadow.uncountable", "PolicyShadowOperation.roles"),
        *("PolicyShadowOperation.types", "PolicyShadowEntity.fields"),
        *("Query.clients", *(f"Client.{name}" for name in ("scopes", "redirectUris", "networks"))),
        *("Amounts.byCurrency", "CustomerOverview.openTicketsByPriority", "CustomerOverview.scores"),
        *("SearchResult.highlight", "Change.fields"),
        *("CustomerMergePreview.conflicts", "CustomerMergePreview.moved", "MergeConflict.values"),
        *("DuplicateCandidate.evidence", "PossibleDuplicate.evidence"),
        *(f"Customer{verb}Payload.possibleDuplicates" for verb in ("Create", "Update")),
        *(f"Query.{name}" for name in ANALYSES),
        *("Opportunity.stageHistory", "PipelineFunnel.stages"),
        *("Customer.customFields", "FormSchema.fields", "FormField.options", "FormField.targets"),
        *("ReportResult.columns", "ReportResult.rows"),
        *("UserError.field", *(f"{field.type}.userErrors" for field in MUTATIONS.values())),
        *(f"{name}BulkUpsertPayload.results" for name in BULK),
        *(f"{name}UpsertResult.userErrors" for name in BULK),
        *("SegmentPreviewPayload.customers", "PolicyTestRunPayload.findings"),
    }


def _nullable(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def test_arguments_and_inputs_are_required_or_have_a_default_of_their_kind() -> None:
    defaults = {
        name: part.default_value
        for name, part in parts()
        if isinstance(part, (GraphQLArgument, GraphQLInputField)) and part.default_value is not Undefined
    }
    kinds = {name.partition("(")[2].rstrip(")") or name.partition(".")[2]: str(of) for name, of in defaults.items()}
    assert kinds == {
        "direction": "OrderDirection.ASC",
        "timeZone": "UTC",
        "pipeline": "SALES",
        "errorPolicy": "ErrorPolicy.REJECT_ALL",
    }
    required = {
        name
        for name, part in parts()
        if isinstance(part, (GraphQLArgument, GraphQLInputField)) and isinstance(part.type, GraphQLNonNull)
    }
    assert {re.sub(r"^\w+\.", "", name) for name in required if name not in defaults} == {
        "code", "field", "from", "to", "key", "formSchema(entity)", "aggregate", "value", "path", "analyze(dataset)", "analyze(measures)",
        *(f"{entity.single}(id)" for entity in GRAPH), "node(id)", "nodes(ids)",
        "search(query)", *(f"{name}(period)" for name in (*ANALYSES, "pipelineFunnel")), "customerActivity(bucket)",
        "metricTrend(metric)", "metricTrend(bucket)", "customerMergePreview(id)", "customerMergePreview(merged)", "merged",
        *(f"{name}(input)" for name in MUTATIONS), "id", "amount", "inputs", "body", "of", "quantity", "segment", "rule",
        "explainAccess(as)", "explainAccess(id)", "effectiveAccess(as)", "policySimulate(as)", "policySimulate(operation)",
        "whoCanSee(id)", "accessAt(id)", "accessAt(at)", "auditNames(keys)", "policyImpact(draft)", "policyShadow(version)", "policyDiff(a)", "policyDiff(b)",
    }  # fmt: skip
