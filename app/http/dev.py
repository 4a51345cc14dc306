"""Development mode: who there is to be, and a token to be them. Never served otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.database import Database
from app.http.headers import Headers
from app.http.requests import Refused, read_body
from app.identity.tokens import LIFETIME, Tokens
from app.services.directory import find_user, list_users


def routes(database: Database, tokens: Tokens, most_bytes: int) -> Sequence[Route]:
    """GET /dev/users and POST /dev/token, whose body has at most so many bytes."""

    async def users(request: Request) -> Response:
        return JSONResponse(await list_users(database.read))

    async def token(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"error": "application/json is needed"}, status_code=415)
        try:
            email = _email(await read_body(Headers(request.scope["headers"]), request.receive, most_bytes))
        except Refused as refused:
            return JSONResponse({"error": refused.message}, status_code=refused.status)
        user = await find_user(database.read, email)
        if user is None:
            return JSONResponse({"error": "there is no such user"}, status_code=404)
        return JSONResponse({"token": tokens.issue(user), "expiresIn": LIFETIME}, headers={"Cache-Control": "no-store"})

    return [Route("/dev/users", users), Route("/dev/token", token, methods=["POST"])]


def _email(body: bytes) -> str:
    try:
        found = orjson.loads(body)["email"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        found = None
    if not isinstance(found, str):
        raise Refused(400, '{"email": "…"} is needed')
    return found
