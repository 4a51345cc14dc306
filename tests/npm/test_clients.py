"""Clients, judges and generators from npm work unchanged against the server."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.graphql_schema.company import Company
from tests.npm.conftest import PASSWORD, Served
from tests.npm.node import HERE, INSTALLED, NEEDED, command, found, node

pytestmark = NEEDED


async def test_every_audit_of_graphql_over_http_passes(served: Served, company: Company) -> None:
    audits = await found("audits", **served.who(company.rep))
    assert len(audits) == 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []


async def test_openid_client_completes_every_grant(served: Served, company: Company) -> None:
    given = {"EMAIL": "rep@example.com", "PASSWORD": PASSWORD, "SECRET": served.secret}
    told = await found("openid", ADDRESS=served.server.address, **given)
    both = {"displayName": "Rep", "roles": ["sales_rep"]}
    customers = {"nodes": [{"displayName": "Alpha"}, {"displayName": "Beta"}]}
    assert told["front"] == {
        "about": {"sub": str(company.rep.key), "name": "Rep", "email": "rep@example.com"},
        "expires": 900,
        "answer": {"viewer": both, "customers": customers},
        "twice": "invalid_grant",
        "after": "UNAUTHENTICATED",
        "revoked": "UNAUTHENTICATED",
        "left": 200,
    }
    bounded = {**both, "displayName": None}
    """Without the scope `profile`, nobody's name."""
    partners = {
        "scope": "graph",
        "active": True,
        "client": "partner",
        "itself": {"viewer": {"displayName": "Partner", "roles": ["partner"]}, "customers": customers},
        "forUser": {"viewer": bounded, "customers": customers},
    }
    assert told["basic"] == told["post"] == partners


async def test_apollo_client_merges_pages_and_changes(served: Served, company: Company) -> None:
    told = await found("apollo", **served.who(company.rep, ID=served.beta.node))
    assert told == {
        "first": ["Alpha"],
        "more": ["Beta"],
        "both": ["Alpha", "Beta"],
        "refused": [{"__typename": "UserError", "code": "REQUIRED", "field": ["displayName"]}],
        "made": "Renamed",
        "cached": "Renamed",
        "mistaken": "BAD_USER_INPUT",
    }


async def test_urql_asks_by_post_and_get(served: Served, company: Company) -> None:
    told = await found("urql", **served.who(company.rep))
    viewer = {"__typename": "Viewer", "displayName": "Rep", "roles": ["sales_rep"]}
    assert told == {
        "post": {"data": {"viewer": viewer}},
        "get": {"data": {"viewer": viewer}},
        "mistaken": {"code": "BAD_USER_INPUT"},
        "stranger": {"code": "UNAUTHENTICATED"},
    }


async def test_generated_types_fit_a_page(served: Served, company: Company, tmp_path: Path) -> None:
    shutil.copytree(HERE / "typed", tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(INSTALLED)
    about = served.who(company.rep, OUT=str(tmp_path))
    await node(
        command("@graphql-codegen/cli", "graphql-codegen"),
        "--config",
        str(HERE / "typed" / "codegen.mjs"),
        environment=about,
    )
    await node(command("typescript", "tsc"), "--project", str(tmp_path), environment={})


HEARD = [["sales_rep"], ["marketer", "sales_rep"], ["sales_rep"]]
"""Roles of the representative, who is a marketer for a while."""


def _changing(served: Served, company: Company) -> dict[str, str]:
    return served.who(company.rep, ADMIN=served.tokens.issue(company.admin.key), USER=company.rep.node)


async def test_graphql_ws_asks_and_subscribes(served: Served, company: Company) -> None:
    viewer = {"viewer": {"displayName": "Rep"}}
    assert await found("sockets", **_changing(served, company)) == {
        "query": viewer,
        "mistaken": "BAD_USER_INPUT",
        "unread": "BAD_USER_INPUT",
        "after": viewer,
        "roles": HEARD,
        "stranger": 4403,
    }


async def test_graphql_sse_asks_and_subscribes(served: Served, company: Company) -> None:
    told = await found("events", **_changing(served, company))
    assert told == {"query": {"viewer": {"displayName": "Rep"}}, "mistaken": "BAD_USER_INPUT", "roles": HEARD}


async def test_apollo_and_urql_subscribe(served: Served, company: Company) -> None:
    told = await found("subscribing", **_changing(served, company))
    assert told == {"apollo": HEARD, "sockets": HEARD, "events": HEARD}
