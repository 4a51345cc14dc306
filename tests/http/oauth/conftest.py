"""A served company with clients, a user who knows a password, and a browser."""

from tests.http.fixtures import company, graph, log, writer
from tests.http.oauth.scene import _password, front, marketing, partner, rival, signing

__all__ = ["_password", "company", "front", "graph", "log", "marketing", "partner", "rival", "signing", "writer"]
