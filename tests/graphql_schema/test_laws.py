"""Laws that hold for every type, field and argument of the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
    validate_schema,
)

from app.models.extending import fields_of
from graphql_schema.entities import Amount, Computed, Many, One, Subject, Value
from graphql_schema.schema import SCHEMA, TYPES
from graphql_schema.types import GRAPH
from policies.catalogue import DataClass, Kind

CORE = SCHEMA._schema
ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
RENEW = "renew it with: c360 schema print > schema.graphql"

MUTATIONS = CORE.mutation_type.fields if CORE.mutation_type else {}

BULK = {name[0].upper() + name[1:].removesuffix("BulkUpsert") for name in MUTATIONS if name.endswith("BulkUpsert")}

Part = GraphQLNamedType | GraphQLField | GraphQLInputField | GraphQLArgument | GraphQLEnumValue


def _types() -> Iterator[GraphQLNamedType]:
    for name, type_ in CORE.type_map.items():
        if not name.startswith("__") and not is_specified_scalar_type(type_):
            yield type_


def _parts() -> Iterator[tuple[str, Part]]:
    """Everything that has a name, with it."""
    for type_ in _types():
        yield type_.name, type_
        if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field
                yield from ((f"{type_.name}.{name}({of})", argument) for of, argument in field.args.items())
        elif isinstance(type_, GraphQLInputObjectType):
            yield from ((f"{type_.name}.{name}", field) for name, field in type_.fields.items())
        elif isinstance(type_, GraphQLEnumType):
            yield from ((f"{type_.name}.{name}", value) for name, value in type_.values.items())


def _objects() -> Iterator[GraphQLObjectType]:
    return (type_ for type_ in _types() if isinstance(type_, GraphQLObjectType))


def test_the_schema_is_sound() -> None:
    assert validate_schema(CORE) == []


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    committed = ROOT / "schema.graphql"
    assert committed.read_text("utf-8") == SCHEMA.as_str() + "\n", RENEW
    assert set(build_schema(committed.read_text("utf-8")).type_map) == set(CORE.type_map)


def test_everything_is_described_in_a_sentence() -> None:
    parts = dict(_parts())
    assert len(parts) > 4_000
    assert [
        name for name, part in parts.items() if not re.fullmatch(r"[A-Z0-9`].*\.", part.description or "", re.DOTALL)
    ] == []


def test_names_have_one_form() -> None:
    forms = {
        GraphQLEnumValue: r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*",
        GraphQLField: r"[a-z][A-Za-z0-9]*",
        GraphQLArgument: r"[a-z][A-Za-z0-9]*",
        GraphQLInputField: r"[a-z][A-Za-z0-9]*|AND|OR|NOT",
    }

    def form(part: Part) -> str:
        return next((found for kind, found in forms.items() if isinstance(part, kind)), r"[A-Z][A-Za-z0-9]*")

    last = {name: re.split(r"[.(]", name.rstrip(")"))[-1] for name, _ in _parts()}
    assert [name for name, part in _parts() if not re.fullmatch(form(part), last[name])] == []
    assert max(map(len, last.values())) <= 63


def test_what_can_be_hidden_is_nullable() -> None:
    promised = {
        f"{entity.name}.{name}"
        for entity in GRAPH
        for name, field in _object(entity.name).fields.items()
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


def _object(name: str) -> GraphQLObjectType:
    found = CORE.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def test_no_root_field_voids_its_siblings() -> None:
    assert CORE.query_type is not None
    assert [name for name, field in CORE.query_type.fields.items() if isinstance(field.type, GraphQLNonNull)] == []


def test_nodes_in_lists_of_ids_are_nullable_and_those_in_pages_are_not() -> None:
    assert str(CORE.query_type and CORE.query_type.fields["nodes"].type) == "[Node]"
    for entity in GRAPH:
        connection = _object(f"{entity.name}Connection")
        assert {name: str(field.type) for name, field in connection.fields.items()} == {
            "edges": f"[{entity.name}Edge!]!",
            "nodes": f"[{entity.name}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }
        edge = _object(f"{entity.name}Edge")
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
        "policyLint": ("[PolicyFinding!]", ["version"]),
        "policyTests": ("[PolicyCase!]", ["version"]),
        "policyImpact": ("PolicyImpact", ["draft", "sample"]),
        "policySimulate": ("JSON", ["as", "operation", "operationName", "variables", "version"]),
        "whoCanSee": ("AccessViewers", ["after", "field", "first", "id"]),
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
    for type_ in _objects():
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
                given_here = {"CustomField": ["keys"], "PolicyLine": ["role", "resource"]}.get(target.name, [])
                assert list(field.args) == given_here, f"{type_.name}.{name}"


def test_every_entity_has_the_same_history() -> None:
    for entity in GRAPH:
        given = _object(entity.name).fields["changeHistory"].args.items()
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
        for type_ in _objects()
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
        *("AccessAction.fields", "AccessAction.rules", "AccessViewers.nodes", "AccessViewer.roles"),
        *("PolicyImpact.groups", "PolicyImpactGroup.roles", "PolicyImpactGroup.types", "PolicyImpactEntity.fields"),
        *("PolicyImpact.documents", "PolicyImpactDocument.errors"),
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
        for name, part in _parts()
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
        for name, part in _parts()
        if isinstance(part, (GraphQLArgument, GraphQLInputField)) and isinstance(part.type, GraphQLNonNull)
    }
    assert {re.sub(r"^\w+\.", "", name) for name in required if name not in defaults} == {
        "code", "field", "from", "to", "key", "formSchema(entity)", "aggregate", "value", "path", "analyze(dataset)", "analyze(measures)",
        *(f"{entity.single}(id)" for entity in GRAPH), "node(id)", "nodes(ids)",
        "search(query)", *(f"{name}(period)" for name in (*ANALYSES, "pipelineFunnel")), "customerActivity(bucket)",
        "metricTrend(metric)", "metricTrend(bucket)", "customerMergePreview(id)", "customerMergePreview(merged)", "merged",
        *(f"{name}(input)" for name in MUTATIONS), "id", "amount", "inputs", "body", "of", "quantity", "segment", "rule",
        "explainAccess(as)", "explainAccess(id)", "effectiveAccess(as)", "policySimulate(as)", "policySimulate(operation)",
        "whoCanSee(id)", "policyImpact(draft)", "policyDiff(a)", "policyDiff(b)",
    }  # fmt: skip


NOT_SHOWN = {f"Customer.{name}" for name in ("custom", *fields_of(GRAPH["Customer"].resource).values())} - {
    "Customer.customSecret"
}
"""Fields of a class that can be granted, which the graph does not show but key by key."""


def test_every_field_that_can_be_granted_is_shown() -> None:
    missing = set()
    for entity in GRAPH:
        resource = entity.resource
        shown = {held.name for held in entity.fields.values()} | {"id"}
        edges = {
            name
            for member in entity.members.values()
            if isinstance(member, (One, Many))
            for name in member.relation.fields
        }
        edges |= {
            name
            for member in entity.members.values()
            if isinstance(member, Subject)
            for relation in member.relations.values()
            for name in relation.fields
        }
        for name, field in resource.fields.items():
            if field.spec.data_class is not DataClass.SECRET and name not in shown | edges:
                missing.add(f"{entity.name}.{name}")
    assert missing == NOT_SHOWN


def test_every_edge_can_be_walked_both_ways() -> None:
    """Each relation of the catalogue is shown, and so is the one that leads back."""
    one_way = set()
    for entity in GRAPH:
        shown = {member.relation.name for member in entity.members.values() if isinstance(member, (One, Many))}
        for member in entity.members.values():
            if isinstance(member, Subject):
                shown |= {relation.name for relation in member.relations.values()}
        one_way |= {f"{entity.name}.{name}" for name in entity.resource.relations if name not in shown}
        for relation in entity.resource.relations.values():
            back = [
                other
                for other in GRAPH.catalogue[relation.target].relations.values()
                if other.target == entity.name
                and other.many is not relation.many
                and (other.field, {pair[::-1] for pair in other.pairs}) == (relation.field, set(relation.pairs))
            ]
            if len(back) != 1:
                one_way.add(f"{entity.name}.{relation.name}")
    assert one_way == set()


def test_every_value_can_be_filtered_and_every_bounded_one_ordered_by() -> None:
    for entity in GRAPH:
        where = CORE.type_map[f"{entity.name}Where"]
        assert isinstance(where, GraphQLInputObjectType)
        filtered = {
            name
            for name, member in entity.members.items()
            if not isinstance(member, Subject)
            and not (isinstance(member, Computed) and member.filtering is None)
            and name != "access"
            and not (isinstance(member, Value) and member.field.spec.kind is Kind.JSON)
        }
        assert set(where.fields) == filtered | {"AND", "OR", "NOT", "eq", "in", "isNull"}
        order = CORE.type_map[f"{entity.name}OrderField"]
        assert isinstance(order, GraphQLEnumType)
        assert len(order.values) == len(entity.sortable)
        plain = {name for name, member in entity.members.items() if isinstance(member, (Value, Amount))}
        assert set(entity.sortable) <= plain


def test_masked_and_withheld_name_fields_of_the_type() -> None:
    for entity in GRAPH:
        assert set(entity.fields) <= set(_object(entity.name).fields)


def test_tags_are_unique_and_never_change() -> None:
    tags = {entity.name: entity.tag for entity in GRAPH}
    assert len(set(tags.values())) == len(tags)
    assert set(tags.values()) <= set(range(1, 256))
    frozen = json.loads((GOLDEN / "tags.json").read_text())
    assert {name: tags.get(name) for name in frozen} == frozen, "ids that clients keep would change"
    assert tags == frozen, "add the new type's tag to golden/tags.json"


@pytest.mark.parametrize("name", ["Node", "PageInfo", "Money", "Access", "Viewer"])
def test_shared_types_keep_their_form(name: str) -> None:
    found = CORE.type_map[name]
    assert isinstance(found, (GraphQLObjectType, GraphQLInterfaceType))
    assert {field: str(of.type) for field, of in found.fields.items()} == {
        "Node": {"id": "ID!"},
        "PageInfo": {
            "hasNextPage": "Boolean!",
            "hasPreviousPage": "Boolean!",
            "startCursor": "String",
            "endCursor": "String",
        },
        "Money": {"amount": "Decimal!", "currency": "CurrencyCode", "base": "Decimal"},
        "Access": {
            "canUpdate": "Boolean!",
            "canDelete": "Boolean!",
            "masked": "[String!]!",
            "withheld": "[String!]!",
            "updatable": "[String!]!",
        },
        "Viewer": {
            "id": "ID!",
            "displayName": "String",
            "email": "EmailAddress",
            "user": "User",
            "roles": "[String!]!",
            "client": "ViewerClient",
            "scopes": "[String!]",
        },
    }[name]


def test_every_entity_is_a_node() -> None:
    node = CORE.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {type_.name for type_ in CORE.get_possible_types(node)} == {entity.name for entity in GRAPH}
