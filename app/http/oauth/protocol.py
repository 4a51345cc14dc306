"""What programs ask of the authorization server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from authlib.oauth2.rfc6749.errors import OAuth2Error
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.http.oauth.asking import NO_STORE, Desk, answered, refusal
from app.identity.oauth.asking import Asked
from app.identity.oauth.ending import of_access
from app.identity.oauth.openid import told
from app.identity.oauth.server import Reply, Server
from app.identity.tokens import BadToken

Answering = Callable[[Request], Awaitable[Response]]
CHALLENGE = 'Bearer realm="customer360"'


def endpoint(desk: Desk, work: Callable[[Server, Asked], Reply]) -> Answering:
    """What answers requests with a piece of work."""

    async def answer(request: Request) -> Response:
        try:
            asked = await desk.asked(request)
        except OAuth2Error as error:
            return refusal(error)
        return answered(await desk.run(lambda server: work(server, asked), request))

    return answer


def token(server: Server, asked: Asked) -> Reply:
    """POST /oauth/token."""
    reply: Reply = server.create_token_response(asked)
    return reply


def revoke(server: Server, asked: Asked) -> Reply:
    """POST /oauth/revoke."""
    reply: Reply = server.create_endpoint_response("revocation", asked)
    return reply


def introspect(server: Server, asked: Asked) -> Reply:
    """POST /oauth/introspect."""
    reply: Reply = server.create_endpoint_response("introspection", asked)
    return reply


def userinfo(desk: Desk) -> Answering:
    """GET and POST /oauth/userinfo: what an access token may know of its user (OpenID Connect Core 1.0, section 5.3)."""

    async def answer(request: Request) -> Response:
        scheme, _, access = request.headers.get("authorization", "").partition(" ")
        given = access.strip() if scheme.lower() == "bearer" else ""
        reply = await desk.run(lambda server: _told(server, given), request)
        headers = {**NO_STORE, **({} if reply.status == 200 else {"WWW-Authenticate": CHALLENGE})}
        return JSONResponse(reply.body, reply.status, headers=headers)

    return answer


def _told(server: Server, access: str) -> Reply:
    try:
        family = of_access(server.connection, server.tokens, access)
    except BadToken:
        family = None
    if family is None or family.user is None or server.query_client(family.client_code) is None:
        return Reply(401, {"error": "invalid_token"}, ())
    if "openid" not in family.scope.split():
        return Reply(403, {"error": "insufficient_scope"}, ())
    return Reply(200, {"sub": str(family.user), **told(server.connection, family)}, ())
