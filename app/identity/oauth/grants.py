"""The three ways to a token, each as Authlib's grant and what it leaves open."""

from __future__ import annotations

import re
from typing import Any

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc7636 import CodeChallenge

from app.identity.oauth import families
from app.identity.oauth.clients import Client
from app.identity.oauth.families import Family
from app.models.columns import LINE

METHODS = ["client_secret_basic", "client_secret_post", "none"]


_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII).fullmatch
"""What SHA-256 comes to."""


class S256(CodeChallenge):  # type: ignore[misc]
    """PKCE, needed by every client and with S256 alone (RFC 9700, section 2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]
    CODE_CHALLENGE_METHODS = {"S256": CodeChallenge.CODE_CHALLENGE_METHODS["S256"]}

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Raises InvalidRequestError where there is none."""
        given = grant.request.payload.data
        if not _CHALLENGE(given.get("code_challenge", "")) or given.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A 'code_challenge' with 'code_challenge_method=S256' is needed.")
        super().validate_code_challenge(grant, redirect_uri)


class Code(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """Authorization code. `grant_user` of the authorization response are the columns of the grant to be."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_authorization_request(self) -> str:
        """The address that users are sent back to, which a client has to name. Raises OAuth2Error."""
        client = self.server.query_client(self.request.payload.client_id or "")
        if client is not None and not client.check_redirect_uri(self.request.payload.redirect_uri or ""):
            raise InvalidRequestError("The 'redirect_uri' is none of the client's.")
        found: str = super().validate_authorization_request()
        if len(self.request.payload.data.get("nonce", "")) > LINE:
            raise InvalidRequestError(f"A 'nonce' has at most {LINE} characters.", redirect_uri=found)
        return found

    def generate_authorization_code(self) -> str:
        """The code: it is made with its grant."""
        asked, given = self.request, self.request.payload.data
        return families.make_code(
            self.server.connection,
            asked.client,
            asked.user.id,
            scopes=asked.scope.split(),
            redirect_uri=given["redirect_uri"],
            challenge=given["code_challenge"],
            nonce=given.get("nonce"),
            signed_in_at=asked.user.signed_in_at,
            provider_id=asked.user.provider,
        )

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Nothing is left to do."""

    def query_authorization_code(self, code: str, client: Client) -> Family | None:
        """The grant of a code, which is used up by this."""
        return families.exchange(self.server.connection, client, code)

    def validate_token_request(self) -> None:
        """Raises OAuth2Error. The address is compared also where the client names none."""
        super().validate_token_request()
        if self.request.authorization_code.redirect_uri != self.request.payload.redirect_uri:
            raise InvalidGrantError("Invalid 'redirect_uri' in request.")

    def delete_authorization_code(self, authorization_code: Family) -> None:
        """Nothing is left to do."""

    def authenticate_user(self, authorization_code: Family) -> Family:
        """Who gave the grant, which holds."""
        return authorization_code


class Refresh(grants.RefreshTokenGrant):  # type: ignore[misc]
    """Refresh tokens, each used once."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Family | None:
        """The grant that a token rests on."""
        return families.of_refresh(self.server.connection, refresh_token)

    def authenticate_user(self, refresh_token: Family) -> Family:
        """Who gave the grant, which holds."""
        return refresh_token

    def issue_token(self, user: Family, refresh_token: Family) -> Any:
        """The tokens in the place of the one used. Raises InvalidGrantError where somebody was faster."""
        if not families.use_refresh(self.server.connection, self.request.form["refresh_token"]):
            raise InvalidGrantError
        return super().issue_token(user, refresh_token)

    def revoke_old_credential(self, refresh_token: Family) -> None:
        """Nothing is left to do."""


class Own(grants.ClientCredentialsGrant):  # type: ignore[misc]
    """A client asks for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS[:2]

    def validate_token_request(self) -> None:
        """Raises OAuth2Error, also for a scope that the client may not ask for."""
        super().validate_token_request()
        allowed = self.request.client.get_allowed_scope(self.request.payload.scope)
        if allowed is None:
            raise InvalidScopeError
        self.request.payload.data["scope"] = allowed
