"""Where everything of the authorization server is, and with which keys it signs."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.http.oauth.asking import Desk
from app.identity.grants import IDENTITY, WHOLE
from app.identity.oauth.clients import GRANT_TYPES
from app.identity.tokens import ALGORITHM

PUBLIC = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


def metadata(desk: Desk) -> dict[str, object]:
    """OpenID Connect Discovery 1.0, section 3, and RFC 8414, section 2."""
    at = desk.issuer
    methods = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": at,
        "authorization_endpoint": f"{at}/oauth/authorize",
        "token_endpoint": f"{at}/oauth/token",
        "revocation_endpoint": f"{at}/oauth/revoke",
        "introspection_endpoint": f"{at}/oauth/introspect",
        "userinfo_endpoint": f"{at}/oauth/userinfo",
        "end_session_endpoint": f"{at}/oauth/sign-out",
        "jwks_uri": f"{at}/oauth/jwks",
        "scopes_supported": sorted({*IDENTITY, WHOLE}),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANT_TYPES),
        "token_endpoint_auth_methods_supported": [*methods, "none"],
        "revocation_endpoint_auth_methods_supported": [*methods, "none"],
        "introspection_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["sub", "name", "email", "zoneinfo", "locale", "auth_time", "nonce"],
        "authorization_response_iss_parameter_supported": True,
        "prompt_values_supported": ["none", "login", "consent"],
    }


def serve(desk: Desk) -> dict[str, Callable[[Request], Response]]:
    """What answers with the documents, by address."""
    about = document(JSONResponse(metadata(desk), headers=PUBLIC))
    return {
        "/.well-known/openid-configuration": about,
        "/.well-known/oauth-authorization-server": about,
        "/oauth/jwks": keys(desk),
    }


def keys(desk: Desk) -> Callable[[Request], Response]:
    """What answers with the keys that verify now (RFC 7517)."""

    def answer(_request: Request) -> Response:
        found = [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in desk.tokens.keys.published()]
        return JSONResponse({"keys": found}, headers=PUBLIC)

    return answer


def document(found: Response) -> Callable[[Request], Response]:
    """What answers with a document."""

    def answer(_request: Request) -> Response:
        return found

    return answer
