"""A served company with clients, a user who knows a password, and a browser."""

from tests.http.fixtures import company, graph, log, writer
from tests.http.oauth.scene import _password, front, partner, rival, signing

__all__ = ["_password", "company", "front", "graph", "log", "partner", "rival", "signing", "writer"]
