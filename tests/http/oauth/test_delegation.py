"""A client that acts for a user has what both have: each row and field, for each user, client and scope, by real tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, customer, store
from tests.http.asking import Asking
from tests.http.oauth.scene import FOR_USERS, Client, Signing, made

FIELDS = ("displayName", "email", "taxId")
MASKED = "l•••@x.example"
DOCUMENTS = {
    "wide": "{role: wide, rules: [{allow: [read], on: Customer, fields: {names: [displayName, email, taxId]}}]}",
    "here": """{role: here, rules: [
        {allow: [read], on: Customer, when: {region: {in: $assignment.regions}}, fields: {names: [displayName, email]},
         mask: {email: email}},
        {allow: [read], on: Customer, when: {region: {in: $assignment.regions}}, fields: {names: [displayName]}}]}""",
    "crew": """{role: crew, rules: [{allow: [read], on: Customer, when: {department: {in: $assignment.departments}},
        fields: {names: [displayName, taxId]}}]}""",
    "names": "{scope: names, rules: [{allow: [read], on: Customer, fields: {names: [displayName]}}]}",
    "mails": "{scope: mails, rules: [{allow: [read], on: Customer, fields: {names: [email]}, mask: {email: email}}]}",
}
PLAIN, MASK = "plain", "mask"
ALL = dict.fromkeys(FIELDS, PLAIN)
GIVEN: Mapping[str, Mapping[str, str]] = {
    "wide": ALL,
    "here": {"displayName": PLAIN, "email": MASK},
    "crew": {"displayName": PLAIN, "taxId": PLAIN},
    "names": {"displayName": PLAIN},
    "mails": {"email": MASK},
}
"""What roles and scopes give of a row that they are for."""
PLACED = {"here@DE": "region", "here@FR": "region", "crew@SALES": "department"}
USERS = {"finance": "wide", "marketer": "here@DE", "auditor": "crew@SALES", "nobody": ""}
CLIENTS = {"own": None, "wide": "wide", "german": "here@DE", "french": "here@FR", "seller": "crew@SALES"}
SCOPES = ("graph", "mails", "names mails", "openid")
ROWS = {"Alpha": ("DE", "SALES"), "Beta": ("FR", "SALES"), "Gamma": ("DE", "SERVICE"), "Delta": (None, None)}


@dataclass(frozen=True)
class Scene:
    """Clients of each kind, and the customers."""

    clients: Mapping[str, Client]
    nodes: Mapping[str, str]


@pytest.fixture(scope="module")
async def scene(graph: Asking, company: Company, writer: asyncpg.Connection) -> Scene:
    """Roles and scopes of this test's own, users who hold them, and clients that do."""
    places = {"DE": company.germany, "FR": company.france, "SALES": company.sales, "SERVICE": company.service}
    async with writer.transaction():
        for code in ("wide", "here", "crew"):
            await writer.execute("INSERT INTO roles (id, code, name) VALUES (gen_random_uuid(), $1, $1)", code)
        files = {f"{name}.yaml": text for name, text in DOCUMENTS.items()}
        await activate(writer, read_folder(DEFAULT_RULES) | files)
    lies = {
        name: {part: places[at] for part, at in zip(("region", "department"), where, strict=True) if at}
        for name, where in ROWS.items()
    }
    rows = {
        name: customer(name, email="long.name@x.example", tax_id=f"TAX-{name}", **where) for name, where in lies.items()
    }
    await store(writer, *rows.values())
    await writer.execute("DELETE FROM role_assignments")
    for name, holds in USERS.items():
        role, _, at = holds.partition("@")
        if holds:
            given: dict[str, Any] = {PLACED[holds]: places[at]} if at else {}
            await assign(writer, getattr(company, name), role, **given)
    clients = {}
    for name, held in CLIENTS.items():
        role, _, at = (held or "").partition("@")
        about: dict[str, Any] = {
            "role": role or None,
            "is_own": held is None,
            "scopes": ["openid", "graph", "names", "mails"],
        }
        about |= {PLACED[held]: at} if held and at else {}
        clients[name] = await made(graph, code=f"as-{name}", name=name.title(), **about, **FOR_USERS)
    return Scene(clients, {row.node: name for name, row in rows.items()})


def of_role(held: str, row: str) -> Mapping[str, str]:
    """What a role gives of a row."""
    role, _, at = held.partition("@")
    return GIVEN[role] if held and (not at or at in ROWS[row]) else {}


def expected(user: str, client: str, scope: str) -> Mapping[str, Mapping[str, str | None]]:
    """By row, what is shown: what each of the parties gives, met."""
    found: dict[str, Mapping[str, str | None]] = {}
    for row in ROWS:
        parties = [of_role(USERS[user], row)]
        held = CLIENTS[client]
        parties += [of_role(held, row)] if held is not None else []
        if "graph" not in scope:
            granted = [GIVEN[name] for name in scope.split() if name in GIVEN]
            parties.append({field: level for each in granted for field, level in each.items()})
        if all(parties):
            found[row] = {field: shown(row, field, [party.get(field) for party in parties]) for field in FIELDS}
    return found


def shown(row: str, field: str, levels: Sequence[str | None]) -> str | None:
    """A value at the meet of levels."""
    if None in levels:
        return None
    return (
        MASKED if MASK in levels else {"displayName": row, "email": "long.name@x.example", "taxId": f"TAX-{row}"}[field]
    )


QUERY = """{ customers(first: 100) { nodes { id displayName email taxId } totalCount }
    viewer { displayName email roles scopes client { code name roles } } }"""


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("user", USERS)
async def test_a_token_shows_what_user_client_and_scopes_all_give(
    signing: Signing, scene: Scene, company: Company, user: str, client: str
) -> None:
    who: Row = getattr(company, user)
    for scope in SCOPES:
        await signing.enter(who.key)
        access = (await signing.tokens(scene.clients[client], scope=scope))["access_token"]
        answer = (await signing.asks(access, QUERY)).json()
        assert "errors" not in answer, answer
        nodes, wanted = answer["data"]["customers"]["nodes"], expected(user, client, scope)
        assert {scene.nodes[node.pop("id")]: node for node in nodes} == wanted, scope
        assert answer["data"]["customers"]["totalCount"] == len(wanted)
        is_told = client == "own" and scope == "graph"
        role = USERS[user].partition("@")[0]
        held = (CLIENTS[client] or "").partition("@")[0]
        assert answer["data"]["viewer"] == {
            "displayName": user.title() if is_told else None,
            "email": f"{user}@example.com" if is_told else None,
            "roles": [role] if role and scope != "openid" else [],
            "scopes": sorted(scope.split()),
            "client": {"code": f"as-{client}", "name": client.title(), "roles": [held] if held else []},
        }


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("openid", (None, None)),
        ("openid profile", ("Finance", None)),
        ("openid email", (None, "finance@example.com")),
        ("profile email graph", ("Finance", "finance@example.com")),
        ("graph", (None, None)),
    ],
    ids=["nothing", "profile", "email", "all", "graph"],
)
async def test_what_is_told_of_oneself_is_what_the_scopes_of_identity_tell(
    signing: Signing, scene: Scene, company: Company, scope: str, told: tuple[str | None, str | None]
) -> None:
    code = f"teller-{scope.replace(' ', '-')}"
    client = await made(signing.graph, code=code, name="Teller", role="wide", scopes=scope.split(), **FOR_USERS)
    await signing.enter(company.finance.key)
    access = (await signing.tokens(client))["access_token"]
    viewer = (await signing.asks(access, "{ viewer { displayName email } }")).json()["data"]["viewer"]
    assert tuple(viewer.values()) == told


async def test_a_client_for_itself_is_its_own_viewer(signing: Signing, scene: Scene) -> None:
    about: dict[str, Any] = {
        "grant_types": ["client_credentials"],
        "scopes": ["graph", "names"],
        "role": "here",
        "region": "DE",
    }
    client = await made(signing.graph, code="itself", name="Itself", **about)
    for scope, names in (("graph", ["Alpha", "Gamma"]), ("names", ["Alpha", "Gamma"])):
        found = (await signing.token(grant_type="client_credentials", scope=scope, **client.proof)).json()
        answer = (await signing.asks(found["access_token"], QUERY)).json()["data"]
        assert sorted(node["displayName"] for node in answer["customers"]["nodes"]) == names
        assert {node["email"] for node in answer["customers"]["nodes"]} == {MASKED if scope == "graph" else None}
        assert answer["viewer"] == {
            "displayName": "Itself",
            "email": None,
            "roles": ["here"],
            "scopes": [scope],
            "client": {"code": "itself", "name": "Itself", "roles": ["here"]},
        }


async def test_a_token_of_the_house_has_no_client(signing: Signing, scene: Scene, company: Company) -> None:
    answer = (await signing.asks(signing.graph.tokens.issue(company.finance.key), QUERY)).json()["data"]["viewer"]
    assert answer == {
        "displayName": "Finance",
        "email": "finance@example.com",
        "roles": ["wide"],
        "scopes": None,
        "client": None,
    }
