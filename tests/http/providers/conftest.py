"""A served company whose users sign in elsewhere, and the provider."""

from tests.http.fixtures import company, graph, log, writer
from tests.http.oauth.scene import front
from tests.http.providers.scene import _stray, elsewhere, stray

__all__ = ["_stray", "company", "elsewhere", "front", "graph", "log", "stray", "writer"]
