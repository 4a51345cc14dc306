"""Signing in elsewhere: a browser is sent to a provider, and comes back.

GET /oauth/sign-in/PROVIDER begins an attempt, which a cookie keeps; GET /oauth/back/PROVIDER ends it: in a session, or on
a page that says in general what is wrong. The log says which check failed, and nothing of what came from outside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.http.oauth.asking import MOST_FIELDS, NO_STORE, Desk
from app.http.oauth.showing import page
from app.http.oauth.signing_in import SigningIn, busy, own
from app.http.oauth.turns import Turns
from app.http.requests import Refused
from app.identity.oauth import sessions
from app.identity.oauth.asking import LONGEST
from app.identity.proof import Unsettled
from app.identity.providers import attempts, exchanging, finding, linking
from app.identity.providers.attempts import LIVES, Attempt
from app.identity.providers.discovery import Discovery
from app.identity.providers.faults import NotLinked, ProviderAway, ProviderFault, SignInRefused
from app.identity.providers.finding import Provider
from app.identity.providers.verifying import LEEWAY, Claims
from app.services.auditing import By
from app.services.records.drafts import Draft
from graphql_schema.mutations import watched
from graphql_schema.types import GRAPH

log = structlog.get_logger("c360.sign_in")

EXCHANGES, MOST_EXCHANGES = 8, 32
"""Codes that are exchanged at a time, and with those that wait: whoever brings them may be a stranger."""
ENDS = {NotLinked: ("not_linked", 403), ProviderAway: ("provider_away", 503), SignInRefused: ("provider_refused", 400)}
"""Page and status of each fault."""


@dataclass(frozen=True)
class Elsewhere:
    """Both ends of it."""

    desk: Desk
    pages: SigningIn
    discovery: Discovery = field(repr=False)
    exchanges: Turns = field(default_factory=lambda: Turns(EXCHANGES, MOST_EXCHANGES), repr=False)

    async def begin(self, request: Request) -> Response:
        """GET /oauth/sign-in/PROVIDER: sends the browser there."""
        code = request.path_params["provider"]
        try:
            given = _once(request)
            provider = await self._provider(code)
            attempt = attempts.begin(provider.code, own(given.get("next", "")), again=given.get("again") == "1")
            about = await self.discovery.of(provider.issuer).metadata()
        except ProviderFault as fault:
            return self._ended(request, code, fault)
        to = attempts.asking(attempt, provider, about, self._back(provider))
        found = RedirectResponse(to, 303, headers=NO_STORE)
        found.set_cookie(
            self._cookie, attempts.kept(attempt, self.desk.tokens), max_age=LIVES, **self.pages.cookie_rules
        )
        return found

    async def back(self, request: Request) -> Response:
        """GET /oauth/back/PROVIDER: the browser comes back."""
        code = request.path_params["provider"]
        try:
            attempt, provider, claims = await self._claims(request, code)
            user, cookie = await self._enter(provider, claims)
        except ProviderFault as fault:
            return self._ended(request, code, fault)
        except Unsettled:
            return self._ended(request, code, ProviderAway("rights are being changed"))
        except Refused as refused:
            return busy(request, refused)
        log.info("signed in", provider=provider.code, user=str(user))
        found = self.pages.entered(request, own(attempt.next), cookie)
        found.delete_cookie(self._cookie, **self.pages.cookie_rules)
        return found

    @property
    def _cookie(self) -> str:
        return self.pages.named("attempt")

    def _back(self, provider: Provider) -> str:
        return f"{self.desk.issuer}/oauth/back/{provider.code}"

    async def _provider(self, code: str) -> Provider:
        async with self.desk.writing() as connection:
            found = await finding.find(connection, code)
        if found is None:
            raise SignInRefused("there is no such provider")
        return found

    async def _claims(self, request: Request, code: str) -> tuple[Attempt, Provider, Claims]:
        """What the provider says of who comes back. Raises ProviderFault."""
        given = _once(request)
        attempt = attempts.found(request.cookies.get(self._cookie), self.desk.tokens)
        provider = await self._provider(code)
        known = self.discovery.of(provider.issuer)
        answer = attempts.code_of(attempt, provider, await known.metadata(), given)
        async with self.exchanges.turn():
            claims = await exchanging.claims(known, provider, attempt, answer, self._back(provider))
        attempts.check_time(attempt, claims, LEEWAY)
        return attempt, provider, claims

    async def _enter(self, provider: Provider, claims: Claims) -> tuple[Any, str]:
        """Who it is here, and the cookie of a session. Raises NotLinked, Unsettled."""
        async with self.desk.writing() as connection:
            user = await linking.enter(connection, provider, claims, partial(_noted, provider))
            async with connection.begin():
                proved = _moment(claims.get("auth_time"))
                return user, await sessions.begin(connection, user, provider=provider.id, signed_in_at=proved)

    def _ended(self, request: Request, code: str, fault: ProviderFault) -> Response:
        name, status = ENDS[type(fault)]
        log.warning("not signed in", provider=code if code.isalnum() else None, reason=str(fault))
        subject = fault.subject if isinstance(fault, NotLinked) else ""
        found = page(request, name, status=status, template="elsewhere", subject=subject)
        if status == 503:
            found.headers["Retry-After"] = "5"
        found.delete_cookie(self._cookie, **self.pages.cookie_rules)
        return found


async def _noted(provider: Provider, connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    await watched.record(connection, GRAPH, drafts, By(provider.id), provider=provider.code)


def _once(request: Request) -> Mapping[str, str]:
    """The parameters of an address, each given once and not too long. Raises SignInRefused."""
    try:
        pairs = request.query_params.multi_items()
    except ValueError:
        raise SignInRefused("the address cannot be read") from None
    given = dict(pairs)
    if len(pairs) != len(given) or len(pairs) > MOST_FIELDS or any(len(value) > LONGEST for value in given.values()):
        raise SignInRefused("a parameter is given twice, or too long")
    return given


def _moment(seconds: object) -> dt.datetime | None:
    """When the provider asked who it is, if it says so."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < 1e11:
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
