"""A small company: a graph, its demo users, and the page, served for a browser."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import uvicorn
from graphql import build_schema, graphql
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.graphiql import page_of, routes_of
from app.graphiql.site import Site
from app.http.assets import Asset

NAMES = {"ada@example.com": "Ada King", "bo@example.com": "薄 Bo <b>"}


SCHEMA = build_schema('''
"""The graph."""
type Query {
  "Who asks."
  viewer: Viewer!
}

"""Who asks."""
type Viewer {
  displayName: String!
  email: String!
  token: String!
}
''')


@dataclass
class Company:
    """The server's side of a test: the tokens it gave, and which of them it still accepts."""

    site: Site
    lifetime: int = 900
    lists: bool = True
    given: list[str] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)

    def token(self, email: str) -> str:
        """A new token."""
        token = f"token-{len(self.given) + 1}"
        self.given.append(email)
        self.accepted[token] = email
        return token

    def app(self) -> Starlette:
        """What the browser meets."""
        addresses = [
            Route("/graphql", self.graph, methods=["GET", "POST"]),
            Route("/dev/users", self.users),
            Route("/dev/token", self.give, methods=["POST"]),
        ]
        return Starlette(routes=[*addresses, *routes_of(self.site)])

    async def graph(self, request: Request) -> Response:
        """The page for browsers, answers for those with a token."""
        if request.method == "GET":
            return page_of(self.site)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        email = self.accepted.get(token)
        if email is None:
            return JSONResponse({"errors": [{"message": "Who are you?"}]}, status_code=401)
        body = await request.json()
        found = {"viewer": {"displayName": NAMES[email], "email": email, "token": token}}
        result = await graphql(SCHEMA, body["query"], found, operation_name=body.get("operationName"))
        return JSONResponse({"data": result.data})

    async def users(self, request: Request) -> Response:
        """The demo users."""
        if not self.lists:
            return Response(status_code=503)
        role = {"role": "sales_rep", "department": "SALES", "region": None}
        return JSONResponse([{"email": email, "displayName": name, "roles": [role]} for email, name in NAMES.items()])

    async def give(self, request: Request) -> Response:
        """A token for a demo user."""
        return JSONResponse({"token": self.token((await request.json())["email"]), "expiresIn": self.lifetime})


def with_example(site: Site, query: str) -> Site:
    """The site with another opening text."""
    return replace(site, assets={**site.assets, "examples.graphql": Asset("examples.graphql", query.encode())})


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The origin of an app that answers on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
