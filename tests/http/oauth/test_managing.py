"""Clients made and changed through the graph, by those who may give the roles that they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from app.identity.oauth.documents import Document
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign
from tests.http.asking import Asking
from tests.http.fixtures import Log
from tests.http.oauth.scene import Client, Signing

FIELDS = """code name scopes isPublic isOwn redirectUris itself role department region networks documents
    requestsPerMinute costPerMinute expiresAt disabledAt"""
GRANTOR = """{role: grantor, rules: [
    {allow: [read], on: [RoleAssignment, User, Role, Region], fields: {classes: [PUBLIC, BUSINESS]}},
    {allow: [create], on: RoleAssignment, when: {region: {in: $assignment.regions}, role: {code: {eq: partner}}},
     fields: {classes: [PUBLIC, BUSINESS]}}]}"""
PARTNER = {"code": "p1", "name": "P1", "scopes": ["graph"], "itself": True, "role": "partner", "region": "DE"}
CODES = "{ clients { code } }"


@pytest.fixture(scope="module", autouse=True)
async def _grantor(company: Company, writer: asyncpg.Connection) -> None:
    """The colleague may give the role of partners, in France."""
    async with writer.transaction():
        await writer.execute("INSERT INTO roles (id, code, name) VALUES (gen_random_uuid(), 'grantor', 'G')")
        await activate(writer, read_folder(DEFAULT_RULES) | {"grantor.yaml": GRANTOR})
    await assign(writer, company.colleague, "grantor", region=company.france)


async def do(graph: Asking, who: Row, verb: str, given: Mapping[str, Any], more: str = "") -> Any:
    """The payload of a mutation."""
    secret = "secret" if verb in ("Create", "Rotate") else ""
    text = f"""mutation M($i: Client{verb}Input!) {{ client{verb}(input: $i) {{
        client {{ {FIELDS} }} {secret} {more} userErrors {{ code field message }} }} }}"""
    return (await graph.data(who, text, {"i": given}))[f"client{verb}"]


async def codes(graph: Asking, who: Row) -> list[str]:
    """The clients that somebody sees."""
    return [each["code"] for each in (await graph.data(who, CODES))["clients"]]


async def opens(signing: Signing, secret: str, code: str = "p1") -> int:
    """The status of the token endpoint."""
    given = {"client_id": code, "client_secret": secret, "grant_type": "client_credentials"}
    return (await signing.token(**given)).status_code


async def test_a_client_is_made_changed_rotated_and_shut_out(
    signing: Signing, company: Company, writer: asyncpg.Connection, log: Log
) -> None:
    graph, admin = signing.graph, company.admin
    made = await do(graph, admin, "Create", PARTNER)
    told = {
        **PARTNER,
        **dict.fromkeys(("department", "requestsPerMinute", "costPerMinute", "expiresAt", "disabledAt")),
        "isPublic": False,
        "isOwn": False,
        "redirectUris": [],
        "networks": [],
        "documents": "OFF",
    }
    assert (made["client"], made["userErrors"]) == (told, [])
    assert await opens(signing, made["secret"]) == 200
    [listed] = (await graph.data(admin, f"{{ clients {{ {FIELDS} __typename }} }}"))["clients"]
    assert listed == {**told, "__typename": "Client"}
    change = {
        "code": "p1",
        "name": "New",
        "documents": "ALLOWED",
        "networks": ["127.0.0.0/8"],
        "requestsPerMinute": 6000,
        "expiresAt": "2035-01-01T00:00:00Z",
    }
    changed = await do(graph, admin, "Update", change)
    now = {**told, **change, "expiresAt": "2035-01-01T00:00:00+00:00"}
    assert (changed["client"], changed["userErrors"]) == (now, [])
    cleared = await do(
        graph,
        admin,
        "Update",
        {"code": "p1", "networks": None, "requestsPerMinute": None, "expiresAt": None, "documents": None},
    )
    assert cleared["client"] == {**told, "name": "New"}
    rotated = await do(graph, admin, "Rotate", {"code": "p1"})
    assert rotated["secret"] not in (None, made["secret"])
    assert [await opens(signing, secret) for secret in (made["secret"], rotated["secret"])] == [200, 200]
    access = (
        await signing.token(grant_type="client_credentials", client_id="p1", client_secret=rotated["secret"])
    ).json()
    assert (await signing.asks(access["access_token"])).status_code == 200
    gone = await do(graph, admin, "Disable", {"code": "p1"})
    assert gone["userErrors"] == []
    assert (await signing.asks(access["access_token"])).status_code == 401
    assert await opens(signing, rotated["secret"]) == 400
    kinds = await writer.fetch("SELECT kind, actor, subject FROM audit_events WHERE subject = 'p1' ORDER BY seq")
    verbs = ("CREATED", "CHANGED", "CHANGED", "ROTATED", "DISABLED")
    assert [tuple(row) for row in kinds] == [(f"CLIENT_{verb}", admin.key, "p1") for verb in verbs]
    for secret in (made["secret"], rotated["secret"]):
        assert secret not in log.text()
        for table in ("idempotency_keys", "change_events", "audit_events", "oauth_secrets"):
            assert not await writer.fetchval(f"SELECT bool_or(strpos(t::text, $1) > 0) FROM {table} t", secret)


async def test_a_secret_is_told_once_also_where_the_request_is_sent_again(
    signing: Signing, company: Company, writer: asyncpg.Connection
) -> None:
    graph, given = signing.graph, {**PARTNER, "code": "once", "idempotencyKey": "make it once"}
    first, again = [await do(graph, company.admin, "Create", given) for _ in range(2)]
    assert (again["client"], again["secret"], again["userErrors"]) == (first["client"], None, [])
    assert await opens(signing, first["secret"], "once") == 200
    assert (
        await writer.fetchval(
            "SELECT count(*) FROM oauth_secrets s JOIN oauth_clients c ON c.id = s.client_id WHERE c.code = 'once'"
        )
        == 1
    )
    kept = await writer.fetchval("SELECT string_agg(outcome::text, ' ') FROM idempotency_keys")
    assert first["secret"] not in kept and "once" in kept


async def test_what_is_only_validated_is_not_made(signing: Signing, company: Company) -> None:
    tried = await do(signing.graph, company.admin, "Create", {**PARTNER, "code": "tried", "validateOnly": True})
    assert (tried["client"]["code"], tried["secret"], tried["userErrors"]) == ("tried", None, [])
    assert "tried" not in await codes(signing.graph, company.admin)


OTHERS = ("manager", "rep", "agent", "marketer", "finance", "auditor", "nobody")


@pytest.mark.parametrize("name", OTHERS)
async def test_who_gives_no_roles_sees_and_makes_no_client(
    signing: Signing, company: Company, writer: asyncpg.Connection, name: str
) -> None:
    who = getattr(company, name)
    before = await writer.fetch("SELECT * FROM oauth_clients ORDER BY id")
    assert await codes(signing.graph, who) == []
    tried: list[tuple[str, dict[str, Any]]] = [("Create", {**PARTNER, "code": "mine"})]
    tried += [(verb, {"code": "once"}) for verb in ("Update", "Rotate", "Disable")]
    for verb, given in tried:
        found = await do(signing.graph, who, verb, given)
        assert (found["client"], [each["code"] for each in found["userErrors"]]) == (None, ["FORBIDDEN"])
    assert await writer.fetch("SELECT * FROM oauth_clients ORDER BY id") == before


HELD = [
    ("what they may give", {"region": "FR"}, []),
    ("another region", {"region": "DE"}, [("FORBIDDEN", ["role"])]),
    ("everywhere", {"region": None}, [("FORBIDDEN", ["role"])]),
    ("another role", {"region": "FR", "role": "admin"}, [("FORBIDDEN", ["role"])]),
    (
        "one of the house's own",
        {"region": None, "role": None, "isOwn": True, "itself": False, "redirectUris": ["https://a.example/"]},
        [("FORBIDDEN", None)],
    ),
    (
        "one of the house's own that holds what they may give",
        {"region": "FR", "isOwn": True, "redirectUris": ["https://a.example/"]},
        [("FORBIDDEN", ["isOwn"])],
    ),
]


@pytest.mark.parametrize(("given", "wrong"), [case[1:] for case in HELD], ids=[case[0] for case in HELD])
async def test_nobody_gives_a_client_a_role_that_they_could_not_give(
    signing: Signing, company: Company, writer: asyncpg.Connection, given: Mapping[str, Any], wrong: Any
) -> None:
    graph, who = signing.graph, company.colleague
    made = await do(graph, who, "Create", {**PARTNER, "code": "french", **given})
    assert [(each["code"], each["field"]) for each in made["userErrors"]] == wrong
    assert await codes(graph, who) == ([] if wrong else ["french"])
    await writer.execute(
        "DELETE FROM oauth_secrets WHERE client_id IN (SELECT id FROM oauth_clients WHERE code = 'french')"
    )
    await writer.execute("DELETE FROM oauth_clients WHERE code = 'french'")


async def test_nobody_takes_over_a_client_that_they_could_not_have_made(
    signing: Signing, company: Company, writer: asyncpg.Connection
) -> None:
    graph, who = signing.graph, company.colleague
    for code, region in (("german", "DE"), ("world", None)):
        made = await do(graph, company.admin, "Create", {**PARTNER, "code": code, "region": region})
        assert made["userErrors"] == []
    assert (await do(graph, who, "Create", {**PARTNER, "code": "paris", "region": "FR"}))["userErrors"] == []
    before = await writer.fetch("SELECT * FROM oauth_clients ORDER BY id")
    for verb in ("Update", "Rotate", "Disable"):
        for code in ("german", "world", "unknown"):
            found = await do(graph, who, verb, {"code": code})
            assert [(each["code"], each["field"]) for each in found["userErrors"]] == [("NOT_FOUND", ["code"])]
    widened = await do(graph, who, "Update", {"code": "paris", "region": "DE"})
    assert [each["code"] for each in widened["userErrors"]] == ["FORBIDDEN"]
    assert await writer.fetch("SELECT * FROM oauth_clients ORDER BY id") == before
    assert await codes(graph, who) == ["paris"]
    assert {"german", "paris", "world"} <= set(await codes(graph, company.admin))


async def test_a_client_of_the_houses_own_is_for_those_who_may_give_every_role_everywhere(
    signing: Signing, company: Company, writer: asyncpg.Connection
) -> None:
    graph, who = signing.graph, company.colleague
    own = {**PARTNER, "code": "own", "region": "FR", "isOwn": True, "redirectUris": ["https://own.example/"]}
    assert (await do(graph, company.admin, "Create", own))["userErrors"] == []
    before = await writer.fetch("SELECT * FROM oauth_clients ORDER BY id")
    for verb, given in (("Update", {"redirectUris": ["https://mine.example/"]}), ("Rotate", {}), ("Disable", {})):
        found = await do(graph, who, verb, {"code": "own", **given})
        assert [each["code"] for each in found["userErrors"]] == ["NOT_FOUND"]
    assert await writer.fetch("SELECT * FROM oauth_clients ORDER BY id") == before
    assert "own" not in await codes(graph, who)
    assert "own" in await codes(graph, company.admin)


async def test_what_a_client_was_granted_ends_with_the_way_in_which_it_asked(
    signing: Signing, company: Company
) -> None:
    graph, admin = signing.graph, company.admin
    uri = "https://app.example/back"
    given = {**PARTNER, "code": "ways", "redirectUris": [uri]}
    client = Client("ways", (await do(graph, admin, "Create", given))["secret"], uri)
    await signing.enter()
    itself = (await signing.token(grant_type="client_credentials", **client.proof)).json()["access_token"]
    for_user = (await signing.tokens(client))["access_token"]
    found = []
    for change in ({}, {"itself": False}, {"itself": True, "redirectUris": []}):
        assert (await do(graph, admin, "Update", {"code": "ways", **change}))["userErrors"] == []
        found.append([(await signing.asks(token)).status_code for token in (itself, for_user)])
    assert found == [[200, 200], [401, 200], [401, 401]]


async def test_the_code_of_a_client_that_is_not_seen_is_told_barely_and_noted(
    signing: Signing, company: Company, writer: asyncpg.Connection
) -> None:
    graph, who, taken = signing.graph, company.colleague, {**PARTNER, "region": "FR"}
    assert (await do(graph, company.admin, "Create", {**PARTNER, "code": "unseen"}))["userErrors"] == []
    assert (await do(graph, who, "Create", {**taken, "code": "seen"}))["userErrors"] == []
    seen, hidden = [
        (await do(graph, who, "Create", {**taken, "code": code}))["userErrors"] for code in ("seen", "unseen")
    ]
    assert [(each["code"], each["field"]) for each in seen] == [("INVALID", ["code"])]
    assert [(each["code"], each["field"]) for each in hidden] == [("CONFLICT", None)]
    noted = "SELECT count(*) FROM audit_events WHERE actor = $1 AND kind = 'HIDDEN_CLASH'"
    assert await writer.fetchval(noted, who.key) == 1
    tried, free = [
        await do(graph, who, "Create", {**taken, "code": code, "validateOnly": True}) for code in ("unseen", "free")
    ]
    assert tried == {**free, "client": {**free["client"], "code": "unseen"}}
    assert (tried["userErrors"], await writer.fetchval(noted, who.key)) == ([], 1)


async def test_who_has_met_many_hidden_codes_tries_no_more(
    signing: Signing, company: Company, writer: asyncpg.Connection
) -> None:
    many = "INSERT INTO audit_events (kind, actor, subject) SELECT 'HIDDEN_CLASH', $1, 'x' FROM generate_series(1, 20)"
    await writer.execute(many, company.colleague.key)
    try:
        found = await do(signing.graph, company.colleague, "Create", {**PARTNER, "region": "FR", "code": "free"})
        assert [each["code"] for each in found["userErrors"]] == ["RATE_LIMITED"]
    finally:
        await writer.execute("ALTER TABLE audit_events DISABLE TRIGGER keep_audit_events")
        await writer.execute("DELETE FROM audit_events WHERE actor = $1", company.colleague.key)


TORN = ["https://[", "https://[x]/", "https://\u2100.example/", "https://a.example:x y/", "", "a", "\U0001f600://x"]


@pytest.mark.parametrize("uri", TORN, ids=range(len(TORN)))
async def test_an_address_that_is_none_is_a_mistake(signing: Signing, company: Company, uri: str) -> None:
    given = {**PARTNER, "code": "torn", "redirectUris": [uri]}
    found = await do(signing.graph, company.admin, "Create", given)
    assert [(each["code"], each["field"]) for each in found["userErrors"]] == [("INVALID", ["redirectUris"])]


async def test_all_that_is_wrong_with_a_client_is_told_at_its_field(signing: Signing, company: Company) -> None:
    given = {
        "code": "A B",
        "name": " ",
        "scopes": ["X!"],
        "itself": True,
        "isPublic": True,
        "networks": ["x"],
        "costPerMinute": 0,
        "role": "none",
    }
    found = await do(signing.graph, company.admin, "Create", given)
    assert [(each["code"], each["field"][0]) for each in found["userErrors"]] == [
        *(("INVALID", name) for name in ("scopes", "networks")),
        ("REQUIRED", "name"),
        *(("INVALID", name) for name in ("code", "costPerMinute", "isPublic", "role")),
    ]
    torn = await do(signing.graph, company.admin, "Create", {**PARTNER, "code": "a", "role": "\0", "networks": ["\0"]})
    assert [(each["code"], each["field"]) for each in torn["userErrors"]] == [
        ("INVALID", ["role"]),
        ("INVALID", ["networks"]),
    ]
    taken = {**PARTNER, "code": "taken"}
    _, again = [await do(signing.graph, company.admin, "Create", taken) for _ in range(2)]
    assert [(each["code"], each["field"], each["message"]) for each in again["userErrors"]] == [
        ("INVALID", ["code"], "Is not possible: there is a client 'taken' already.")
    ]
    nameless = await do(signing.graph, company.admin, "Update", {"code": "taken", "name": None, "scopes": None})
    assert [(each["code"], each["field"]) for each in nameless["userErrors"]] == [
        ("REQUIRED", ["name"]),
        ("REQUIRED", ["scopes"]),
    ]


async def test_a_partner_does_not_even_see_that_there_are_clients(signing: Signing, company: Company) -> None:
    answer = await signing.graph.client.post(
        "/graphql", json={"query": CODES}, headers=signing.graph.bearer(company.partner)
    )
    assert answer.json()["errors"][0]["message"] == "Cannot query field 'clients' on type 'Query'."


async def test_documents_of_a_client_are_told_with_it(
    signing: Signing, company: Company, writer: asyncpg.Connection
) -> None:
    given = {**PARTNER, "code": "trusting"}
    more = "trustedCount trustedDocuments { id name __typename }"
    made = await do(signing.graph, company.admin, "Create", given, f"client {{ {more} }}")
    assert (made["client"]["trustedCount"], made["client"]["trustedDocuments"]) == (None, None)
    await writer.execute(
        "INSERT INTO trusted_documents (client_id, digest, name, text) SELECT id, sha256(given.text::bytea), given.name, given.text"
        " FROM oauth_clients, (VALUES ('B', '{ a }'), ('A', '{ b }')) AS given (name, text) WHERE code = 'trusting'"
    )
    ids = [Document("", text).id for text in ("{ b }", "{ a }")]
    listed = (await signing.graph.data(company.admin, f"{{ clients {{ code {more} }} }}"))["clients"]
    [told] = [each for each in listed if each["code"] == "trusting"]
    documents = [{"id": id_, "name": name, "__typename": "ClientDocument"} for id_, name in zip(ids, "AB", strict=True)]
    assert (told["trustedCount"], told["trustedDocuments"]) == (2, documents)
