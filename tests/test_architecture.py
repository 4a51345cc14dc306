"""What keeps the construction safe: reads start from views, values are parameters, imports point one way."""

from __future__ import annotations

import ast
import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from app import models
from app.identity.proof import proof_columns
from app.models.base import Base
from graphql_schema.compiler.documents import Documents
from graphql_schema.compiler.plans import Plan, gather
from graphql_schema.compiler.roots import root
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected, select
from graphql_schema.entities import Amount, Entity, Key, Many, Member, One, Value
from graphql_schema.ids import NodeId, encode
from graphql_schema.reading import SUBJECTS
from graphql_schema.schema import SCHEMA
from graphql_schema.types import GRAPH
from policies.access import access
from policies.catalogue import Kind
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.principal import Held

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "graphql_schema", "policies")

MAY_READ_TABLES = {
    "policies": "compiles the views",
    "app/services": "writes, and reads what it writes",
    "app/models": "declares the tables",
    "app/identity/principals.py": "reads what the views are made of",
    "app/identity/providers": "keeps providers and who is who there, and gives and ends roles, with their events",
    "app/identity/oauth": "keeps clients, grants, passwords and sessions, which are no part of the graph",
}
MAY_READ_THESE = {
    ("app/identity/proof.py", "proof_columns"): {"access_versions", "policy_state"},
    ("app/identity/following.py", ""): {"access_versions", "policy_state"},
    ("graphql_schema/searching/tokens.py", "_tokens"): {"search_tokens"},
    ("graphql_schema/history/events.py", "events"): {"change_events"},
    ("graphql_schema/clients/listing.py", "_clients"): {"oauth_clients"},
}
"""Functions that may read tables of the platform's own, which no view shows."""

TABLES = {table.name for table in Base.metadata.tables.values()}
MODELS = {name for name in models.__all__ if name != "Base"}
_WORDS = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?\"?([a-z_]+)\"?", re.IGNORECASE)


def _in_text(node: ast.AST) -> Iterator[str]:
    """Tables that a text of SQL names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (name for name in _WORDS.findall(node.value) if name in TABLES)


def _in_selects(node: ast.AST) -> Iterator[str]:
    """Tables and models that stand in a call which reads."""
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in (
        "select",
        "select_from",
        "exists",
        "union",
        "union_all",
        "table",
        "alias",
        "insert",
        "update",
        "delete",
    ):
        return
    for part in ast.walk(node):
        text = ast.unparse(part)
        is_table = isinstance(part, ast.Attribute) and part.attr in ("table", "__table__", "__tablename__")
        if is_table or text.removeprefix("models.") in MODELS:
            yield text


def _is_table(value: ast.expr) -> bool:
    return isinstance(value, ast.Attribute) and value.attr in ("table", "__table__")


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _aliases(scope: list[ast.AST]) -> dict[str, str]:
    """Names that stand for tables in a function: `state = PolicyState.__table__`."""
    assigned = (pair for node in scope if isinstance(node, ast.Assign) for pair in _pairs(node))
    return {name.id: ast.unparse(value) for name, value in assigned if isinstance(name, ast.Name) and _is_table(value)}


def _reads(source: str) -> list[tuple[str, str]]:
    """What a module reads that is no view: the function, and the table or expression."""
    scopes: dict[str, list[ast.AST]] = {}
    for function, node in _with_functions(ast.parse(source), ""):
        scopes.setdefault(function, []).append(node)
    found = []
    for function, scope in scopes.items():
        aliases = _aliases(scope)
        for node in scope:
            found += [(function, name) for name in (*_in_text(node), *_in_selects(node))]
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in aliases:
                found.append((function, aliases[node.id]))
    return found


def _with_functions(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
        if not _is_docstring(node, child):
            yield inside, child
            yield from _with_functions(child, inside)


def _is_docstring(parent: ast.AST, child: ast.AST) -> bool:
    body = getattr(parent, "body", None)
    is_first = isinstance(body, list) and bool(body) and body[0] is child
    return is_first and isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)


def _modules() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "node_modules" not in name and not any(name.startswith(allowed) for allowed in MAY_READ_TABLES):
                yield name, path.read_text("utf-8")


def test_reads_start_from_views() -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, source in _modules():
        wrong = [read for read in _reads(source) if (name, read[0]) not in MAY_READ_THESE]
        if wrong:
            found[name] = wrong
    assert found == {}
    assert len(list(_modules())) > 60


def test_what_may_read_tables_reads_just_its_own() -> None:
    for (name, function), tables in MAY_READ_THESE.items():
        reads = {read for where, read in _reads((ROOT / name).read_text("utf-8")) if where == function}
        named = {
            re.sub(r"(?<=[a-z])s?$", "", read.removeprefix("models.").split(".")[0].lower().replace("_", ""))
            for read in reads
        }
        assert named == {table.replace("_", "").rstrip("s") for table in tables}
        assert not tables & {entity.resource.table.name for entity in GRAPH}


@pytest.mark.parametrize(
    "source",
    [
        'read("SELECT id FROM customers WHERE id = $1")',
        'read(f"SELECT {columns} FROM customers")',
        'SQL = "select 1 from orders o join customers c on true"',
        'SQL = """UPDATE users\n SET status = 1"""',
        'SQL = "INSERT INTO roles (id) VALUES (1)"',
        'SQL = "DELETE FROM role_assignments"',
        "sa.select(Customer.__table__.c.id)",
        "select(models.Customer)",
        "sa.select(sa.literal(1)).select_from(resource.table)",
        "sa.select(entity.resource.table.c.id)",
        "sa.exists().select_from(Order)",
        "models.Order.__table__.alias()",
        "rows = entity.resource.table\nsa.select(rows.c.id)",
        "a, b = Customer.__table__, Order.__table__\nsa.select(b.c.id)",
        "def f():\n    '''Reads.'''\n    return sa.update(Customer.__table__)",
    ],
)
def test_a_read_of_a_table_is_seen(source: str) -> None:
    assert _reads(source) != []


@pytest.mark.parametrize(
    "source",
    [
        '"""Selects rows FROM customers."""',
        "def f():\n    '''Reads FROM customers.'''",
        "sa.select(view.c.id).select_from(view)",
        "camel(resource.table.name)",
        'read("SELECT version_num FROM alembic_version")',
        'read("SELECT 1")',
        "select(operation, query, [selection])",
    ],
)
def test_a_read_of_a_view_is_none(source: str) -> None:
    assert _reads(source) == []


def test_only_the_policy_knows_the_rows_behind_the_views() -> None:
    for name, source in _modules():
        assert "base_rows" not in source, name


# Values are parameters

MARK = "mark7391"
DAY, MOMENT = dt.date(1739, 7, 13), dt.datetime(1739, 7, 13, 7, 39, 17, tzinfo=dt.UTC)
MARKS = [MARK, "7391739", "173917.391", "1739-07-13", "07:39:17", "DROP TABLE", "XQZ", "MARK7391"]
LITERALS = {
    Kind.TEXT: f'"{MARK}\'; DROP TABLE customers; -- $1 %s :x \\\\"',
    Kind.TREE: f'"/{MARK}/"',
    Kind.INTEGER: "7391739",
    Kind.DECIMAL: "173917.391",
    Kind.MONEY: "173917.391",
    Kind.BOOLEAN: "true",
    Kind.TIME: f'"{MOMENT.isoformat()}"',
    Kind.DATE: f'"{DAY.isoformat()}"',
}
OPERATORS = {
    Kind.TEXT: ("eq", "neq", "startsWith", "contains", "in", "notIn"),
    Kind.TREE: ("eq", "within", "in"),
    Kind.INTEGER: ("eq", "gt", "lte", "in", "between"),
    Kind.DECIMAL: ("eq", "gte", "lt", "in", "between"),
    Kind.MONEY: ("eq", "gte", "lt", "in", "between"),
    Kind.BOOLEAN: ("eq",),
    Kind.TIME: ("eq", "gt", "lte", "in", "between"),
    Kind.DATE: ("eq", "gt", "lte", "in", "between"),
}
UUID_ = UUID("07391739-1739-7391-8739-173917391739")
KEY = encode(NodeId(12, None, UUID_))
POLICY = load(read_folder(DEFAULT_RULES), GRAPH.catalogue)


def _operand(kind: Kind, operator: str) -> str:
    value = LITERALS[kind]
    if operator == "between":
        return f"{{from: {value}, to: {value}}}"
    return f"[{value}, {value}]" if operator in ("in", "notIn") else value


def _condition(member: Member) -> str | None:
    """Every operator of a member."""
    if isinstance(member, (Value, Amount)) and member.field.spec.kind in OPERATORS:
        kind = member.field.spec.kind
        operators = [f"{operator}: {_operand(kind, operator)}" for operator in OPERATORS[kind]]
        return ", ".join([*operators, 'currency: "XQZ"'] if kind is Kind.MONEY else operators)
    if isinstance(member, (Key, One)):
        return f'eq: "{KEY}", in: ["{KEY}"]'
    return f'none: {{eq: "{KEY}"}}' if isinstance(member, Many) else None


def _conditions(entity: Entity) -> str:
    """A filter that has every operator of every field."""
    parts = {name: _condition(member) for name, member in entity.members.items()}
    return "{" + ", ".join(f"{name}: {{{part}}}" for name, part in parts.items() if part) + "}"


def _plan(role: str, query: str) -> Plan:
    prepared = Documents().prepare(SCHEMA._schema, query, None)
    reader = Reader(GRAPH, access(POLICY, ((Held(role, departments=True, regions=True),),)))
    operation = prepared.operation({})
    query_type = SCHEMA._schema.query_type
    assert query_type is not None
    asked: list[Selected] = select(operation, query_type, [prepared.node.selection_set])
    return gather([root(reader, field) for field in asked], proof_columns(SUBJECTS), reader.checked)


def _leaked(plan: Plan) -> list[str]:
    texts = [*MARKS, KEY, str(UUID_), UUID_.hex]
    return [mark for mark in texts if mark.lower() in plan.sql.lower()]


@pytest.mark.parametrize("entity", list(GRAPH), ids=lambda entity: entity.name)
def test_every_value_of_a_filter_is_a_parameter(entity: Entity) -> None:
    where = _conditions(entity)
    query = f"{{ {entity.plural}(first: 73, where: {where}) {{ totalCount nodes {{ id }} edges {{ cursor }} }} }}"
    plan = _plan("admin", query)
    assert _leaked(plan) == []
    assert "73" not in re.sub(r"[a-z_]\d+|\$\d+|'[0-9a-f]{8}'", "", plan.sql)
    numbers = {int(number) for number in re.findall(r"\$(\d+)", plan.sql)}
    assert numbers == set(range(1, len(plan.sources) + 1))


@pytest.mark.parametrize("role", ["admin", "sales_rep", "auditor", "partner"])
def test_ids_cursors_and_names_are_no_part_of_the_text_but_as_response_keys(role: str) -> None:
    cursor = "W10="
    query = f"""query {MARK}Operation($x: String = "{MARK}") {{
        {MARK}A: node(id: "{KEY}") {{ {MARK}B: id }}
        nodes(ids: ["{KEY}", "{KEY}"]) {{ id }}
        customer(id: "{KEY}") {{ {MARK}C: displayName orders(first: 73) {{ {MARK}D: totalCount }} }}
        customers(first: 73, where: {{displayName: {{eq: $x}}}}) {{ nodes {{ {MARK}E: displayName }} pageInfo {{ {MARK}F: endCursor }} }}
    }}"""
    plan = _plan(role, query)
    without_keys = re.sub(rf'AS "{MARK}[A-Z]"|\'{MARK}[A-Z]\'', "", plan.sql)
    assert MARK not in without_keys
    assert KEY not in plan.sql
    assert cursor not in plan.sql


ENCODING = re.compile(r"[0-9a-f]{8}|\\x[0-9a-f]+|base64|UTF8|\[\]|0|-_|\+/(\\n)?")
MASKING = re.compile(r"\^.*\$|•••|@|•••@|year|UTC")


@pytest.mark.parametrize("role", sorted(POLICY.roles))
def test_a_plans_literals_are_names_of_ours(role: str) -> None:
    """Whatever stands between quotes in a statement is a type, a field, a mask's form or an encoding."""
    fields = "id displayName email taxId birthDate access { masked withheld }"
    plan = _plan(role, f"{{ customers {{ nodes {{ {fields} }} edges {{ cursor }} }} }}")
    names = {name for entity in GRAPH for name in entity.members} | {"plain", "masked", "withheld", "cursor"}
    literals = set(re.findall(r"'((?:[^']|'')*)'", plan.sql)) - names
    assert {found for found in literals if not (ENCODING.fullmatch(found) or MASKING.fullmatch(found))} == set()


def test_statements_are_read_only() -> None:
    for role in ("admin", "sales_rep"):
        plan = _plan(role, "{ customers { totalCount nodes { id orders { nodes { id } } } } viewer { user { id } } }")
        assert not re.search(
            r"\b(INSERT|UPDATE|DELETE|TRUNCATE|CREATE|ALTER|DROP|GRANT|COPY|CALL|DO|SET|nextval|pg_sleep)\b", plan.sql
        )
        assert ";" not in plan.sql


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_there_is_a_table_for_every_name_that_is_looked_for() -> None:
    assert isinstance(models.Customer.__table__, sa.Table)
    assert {"customers", "users", "role_assignments", "policy_versions", "access_versions", "policy_state"} <= TABLES
    assert {"Customer", "User"} <= MODELS
