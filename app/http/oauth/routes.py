"""The addresses of the authorization server."""

from __future__ import annotations

from starlette.routing import Route

from app.database import Database
from app.http.oauth import protocol, showing
from app.http.oauth.asking import Desk
from app.http.oauth.elsewhere import Elsewhere
from app.http.oauth.metadata import document, serve
from app.http.oauth.signing_in import SigningIn
from app.identity.peers import Network
from app.identity.providers.discovery import Discovery
from app.identity.tokens import Tokens


def routes(database: Database, tokens: Tokens, proxies: tuple[Network, ...] = ()) -> list[Route]:
    """All of them."""
    desk = Desk(database, tokens, proxies)
    pages = SigningIn(desk)
    elsewhere = Elsewhere(desk, pages, Discovery(desk.issuer))
    both = ["GET", "POST"]
    return [
        *(Route(at, answer) for at, answer in serve(desk).items()),
        Route("/oauth/token", protocol.endpoint(desk, protocol.token), methods=["POST"]),
        Route("/oauth/revoke", protocol.endpoint(desk, protocol.revoke), methods=["POST"]),
        Route("/oauth/introspect", protocol.endpoint(desk, protocol.introspect), methods=["POST"]),
        Route("/oauth/userinfo", protocol.userinfo(desk), methods=both),
        Route("/oauth/authorize", pages.authorize, methods=both),
        Route("/oauth/sign-in", pages.sign_in, methods=both),
        Route("/oauth/sign-in/{provider}", elsewhere.begin),
        Route("/oauth/back/{provider}", elsewhere.back),
        Route("/oauth/sign-out", pages.sign_out, methods=both),
        Route("/oauth/style.css", document(showing.style())),
    ]
