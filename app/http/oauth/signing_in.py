"""What people see: signing in, consent, signing out.

Forms are taken from our own pages alone (`Origin`), so that no other site signs anybody in or consents for them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, TypedDict
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from authlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.http.oauth.asking import MOST_FIELDS, NO_STORE, Desk, answered, form, refusal
from app.http.oauth.showing import page
from app.http.oauth.texts import SCOPES
from app.http.requests import Refused
from app.identity.oauth import built_in, passwords, sessions
from app.identity.oauth.asking import Asked
from app.identity.oauth.server import Reply, Server
from app.identity.oauth.sessions import SignedIn
from app.identity.providers import finding
from app.services import auditing
from app.services.auditing import By, Kind
from app.services.messages import language_of

AUTHORIZE = "/oauth/authorize"


class CookieRules(TypedDict):
    """How a cookie is kept."""

    secure: bool
    httponly: bool
    samesite: Literal["lax"]
    path: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A request that a user is to decide about: of which client, for which scopes."""

    client: str
    is_given: bool
    """Whether the user need not be asked."""
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The pages."""

    desk: Desk

    @property
    def cookie(self) -> str:
        """Name of the session's cookie."""
        return self.named("session")

    @property
    def cookie_rules(self) -> CookieRules:
        """How cookies are kept: out of reach of scripts and of other sites."""
        return {"secure": self._is_secure, "httponly": True, "samesite": "lax", "path": "/"}

    def named(self, what: str) -> str:
        """Name of a cookie; a browser sends the longer one to this very host alone, over TLS."""
        return f"__Host-c360-{what}" if self._is_secure else f"c360-{what}"

    @property
    def _is_secure(self) -> bool:
        return self.desk.issuer.startswith("https:")

    async def authorize(self, request: Request) -> Response:
        """GET and POST /oauth/authorize: the request of a client, and what the user decides."""
        try:
            if request.method == "POST":
                self._check_origin(request)
            asked = await self.desk.asked(request)
            user = await self._user(request)
            consent = await self._consent(asked, user)
        except OAuth2Error as error:
            return self._refused(request, error)
        if user is None or consent is None:
            return self._to_sign_in(asked, user)
        decision = asked.said("decision") if request.method == "POST" else None
        if decision is None and not (consent.is_given and "consent" not in _prompts(asked)):
            return _consent_page(request, asked, consent, user)
        is_allowed = decision in ("allow", None)
        return answered(await self.desk.run(lambda server: _decided(server, asked, user if is_allowed else None)))

    async def sign_in(self, request: Request) -> Response:
        """GET and POST /oauth/sign-in."""
        if request.method == "GET":
            to = own(request.query_params.get("next", ""))
            return await self._sign_in_page(request, to, again=request.query_params.get("again") == "1")
        try:
            self._check_origin(request)
            given = dict(await form(request))
        except OAuth2Error as error:
            return self._refused(request, error)
        to, email = own(given.get("next", "")), given.get("email", "").strip()
        try:
            cookie = await self._begin(email, given.get("password", ""))
        except Refused as refused:
            return busy(request, refused)
        if cookie is None:
            return await self._sign_in_page(request, to, again=given.get("again") == "1", email=email, wrong=True)
        return self.entered(request, to, cookie)

    def entered(self, request: Request, to: str, cookie: str) -> Response:
        """Sends a browser on in a session."""
        found = RedirectResponse(to, 303, headers=NO_STORE) if to else page(request, "signed_in")
        found.set_cookie(self.cookie, cookie, **self.cookie_rules)
        return found

    async def _sign_in_page(
        self, request: Request, to: str, *, again: bool, email: str = "", wrong: bool = False
    ) -> Response:
        async with self.desk.writing() as connection:
            providers = await finding.offered(connection)
        begins = urlencode({"next": to, **({"again": "1"} if again else {})})
        shown: dict[str, Any] = {"next": to, "again": again, "email": email, "wrong": wrong}
        shown |= {"providers": providers, "begins": begins, "target": await self._target(to)}
        return page(request, "sign_in", status=401 if wrong else 200, **shown)

    async def sign_out(self, request: Request) -> Response:
        """GET and POST /oauth/sign-out (OpenID Connect RP-Initiated Logout 1.0): the user is asked first."""
        names = ("client_id", "post_logout_redirect_uri", "state")
        if request.method == "GET":
            fields = [(name, request.query_params[name]) for name in names if request.query_params.get(name)]
            return page(request, "sign_out", fields=fields, target=await self._back(dict(fields)) or "")
        try:
            self._check_origin(request)
            given = dict(await form(request))
        except OAuth2Error as error:
            return self._refused(request, error)
        async with self.desk.writing() as connection, connection.begin():
            await sessions.end(connection, request.cookies.get(self.cookie))
        to = await self._back(given)
        found = RedirectResponse(to, 303, headers=NO_STORE) if to else page(request, "signed_out")
        found.delete_cookie(self.cookie, **self.cookie_rules)
        return found

    def _check_origin(self, request: Request) -> None:
        """Raises InvalidRequestError for a form of another site's."""
        parts = urlsplit(self.desk.issuer)
        if request.headers.get("origin") != f"{parts.scheme}://{parts.netloc}":
            raise InvalidRequestError("a form is taken from our own page")

    def _refused(self, request: Request, error: OAuth2Error) -> Response:
        if error.redirect_uri:
            _, _, headers = error()
            return refusal(error) if not headers else answered(self._with_issuer(error))
        return page(request, "refused", status=400)

    def _with_issuer(self, error: OAuth2Error) -> Reply:
        status, _, headers = error()
        found = [
            (name, f"{to}&{urlencode({'iss': self.desk.issuer})}" if name == "Location" else to) for name, to in headers
        ]
        return Reply(status, {}, tuple(found))

    async def _user(self, request: Request) -> SignedIn | None:
        async with self.desk.writing() as connection:
            return await sessions.find(connection, request.cookies.get(self.cookie))

    async def _begin(self, email: str, password: str) -> str | None:
        """A session's cookie, if the password is the user's. No connection is kept while passwords are compared."""
        if "\0" in email or len(email) > 320 or not email.isprintable():
            email = ""
        async with self.desk.passwords.turn():
            async with self.desk.writing() as connection, connection.begin():
                found = await passwords.attempt(connection, email)
            user, kept = found or (None, None)
            if not await passwords.matches(password, kept) or user is None or kept is None:
                await self._note_lock(user)
                return None
        async with self.desk.writing() as connection, connection.begin():
            return await sessions.begin(connection, user) if await passwords.settle(connection, user, kept) else None

    async def _note_lock(self, user: UUID | None) -> None:
        """Notes it where a lock closed; as `attempt`, without waiting for the disk."""
        async with self.desk.writing() as connection, connection.begin():
            if await passwords.is_locked(connection, user):
                await auditing.record(connection, Kind.LOCKED_OUT, None, By(user))

    async def _consent(self, asked: Asked, user: SignedIn | None) -> Consent | None:
        """What is to be decided; None where the user has to sign in first. Raises OAuth2Error."""
        async with self.desk.writing() as connection:
            return await connection.run_sync(lambda sync: _asked_of(Server(sync, self.desk.tokens), asked, user))

    def _to_sign_in(self, asked: Asked, user: SignedIn | None) -> Response:
        """Sends a browser to sign in, and back with what is still to be done then."""
        prompts = _prompts(asked)
        again = user is not None or "login" in prompts or asked.said("max_age") is not None
        pairs = {name: value for name, value in asked.form.items() if name not in ("prompt", "max_age", "decision")}
        if left := " ".join(name for name in prompts if name != "login"):
            pairs["prompt"] = left
        to = urlencode({"next": f"{AUTHORIZE}?{urlencode(pairs)}", **({"again": "1"} if again else {})})
        return RedirectResponse(f"{self.desk.issuer}/oauth/sign-in?{to}", 303, headers=NO_STORE)

    async def _target(self, to: str) -> str:
        """Where a request that a user comes from leads in the end, if it is one of ours."""
        pairs = dict(_pairs(to))
        return await self._back({**pairs, "post_logout_redirect_uri": pairs.get("redirect_uri", "")}) or ""

    async def _back(self, given: dict[str, str]) -> str | None:
        """Where a client has users sent back to after all, if that address is its own."""
        to, code = given.get("post_logout_redirect_uri", ""), given.get("client_id", "")
        async with self.desk.writing() as connection:
            client = await connection.run_sync(lambda sync: Server(sync, self.desk.tokens).query_client(code))
        if client is None or not client.check_redirect_uri(to):
            return None
        state = urlencode({"state": given["state"]}) if given.get("state") else ""
        return f"{to}{'&' if urlsplit(to).query else '?'}{state}" if state else to


def _prompts(asked: Asked) -> list[str]:
    """What a client wants its user to be asked."""
    return str(asked.said("prompt") or "").split()


def busy(request: Request, refused: Refused) -> Response:
    """A page for who comes while too many wait."""
    found = page(request, "busy", status=refused.status)
    found.headers["Retry-After"] = "1"
    return found


def _pairs(to: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(to).query, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []


def own(to: str) -> str:
    """An address of ours to go on at; nothing for any other."""
    return to if to.startswith(f"{AUTHORIZE}?") and len(to) < 8_192 and to.isprintable() else ""


def _asked_of(server: Server, asked: Asked, user: SignedIn | None) -> Consent | None:
    grant = server.get_consent_grant(asked, user)
    prompts, to = _prompts(asked), grant.redirect_uri
    if user is None or "login" in prompts or _is_old(asked.said("max_age"), user):
        if "none" in prompts:
            raise LoginRequiredError(redirect_uri=to, state=asked.said("state"))
        return None
    client = asked.client
    is_given = client.is_own and built_in.is_assured(to, server.tokens.issuer)
    if "none" in prompts and not is_given:
        raise ConsentRequiredError(redirect_uri=to, state=asked.said("state"))
    return Consent(client.name, is_given, asked.scope.split())


def _is_old(given: str | None, user: SignedIn) -> bool:
    """Whether a user signed in longer ago than a client takes (`max_age`, seconds)."""
    return given is not None and given.isdecimal() and time.time() - user.signed_in_at.timestamp() > int(given[:9])


def _decided(server: Server, asked: Asked, user: SignedIn | None) -> Reply:
    grant = server.get_consent_grant(asked, user)
    reply: Reply = server.create_authorization_response(asked, grant_user=user, grant=grant)
    return reply


def _consent_page(request: Request, asked: Asked, consent: Consent, user: SignedIn) -> Response:
    said = SCOPES[language_of(request.headers.get("accept-language"))]
    fields = [(name, value) for name, value in asked.form.items() if name not in ("prompt", "decision")]
    shown: dict[str, Any] = {
        "client": consent.client,
        "user": user.name,
        "scopes": [said.get(name, name) for name in consent.scopes],
    }
    return page(request, "consent", fields=fields, target=asked.said("redirect_uri") or "", **shown)
