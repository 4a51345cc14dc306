"""What nobody is signed in looks like: a page that says nothing, and a log that says which check failed."""

from __future__ import annotations

from typing import Any

from tests.http.fixtures import Log
from tests.http.providers.scene import ATTEMPT, Elsewhere

SESSION = "c360-session"
LEAKS = ("stray", "theirs", "nonce", "Traceback", "127.0.0.1", "kid", "JSON", "issuer", "subject")


async def is_refused(elsewhere: Elsewhere, response: Any, status: int = 400) -> None:
    """A page that a person can read, which says nothing of what failed, and no session."""
    assert response.status_code == status, response.text
    assert "<h1>You are not signed in</h1>" in response.text
    assert '<a href="../sign-in">Sign in</a>' in response.text
    assert [word for word in LEAKS if word in response.text] == []
    assert SESSION not in elsewhere.browser.cookies
    assert ATTEMPT not in elsewhere.browser.cookies
    health = await elsewhere.browser.get("/healthz")
    assert health.status_code == 200


def reasons(log: Log) -> list[str]:
    """Why nobody was signed in, as the log tells it."""
    return [line["reason"] for line in log.lines() if line["event"] == "not signed in"]
