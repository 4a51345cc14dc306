"""The authorization server over HTTP.

metadata   where everything is, and the keys (RFC 8414, OpenID Connect Discovery 1.0)
protocol   what programs ask: tokens, their end, what they are
signing_in what people see: signing in, consent, signing out
elsewhere  signing in with a provider
asking     requests, read and answered
"""

from app.http.oauth.routes import routes

__all__ = ["routes"]
