"""What no log may hold, by its shape: tokens, secrets, addresses of people, statements, what was asked."""

from __future__ import annotations

import re

FORBIDDEN = {
    "a JSON Web Token": re.compile(r"eyJ[\w-]{8,}"),
    "a bearer or basic credential": re.compile(r"\b(bearer|basic) [\w.~+/-]{4,}", re.IGNORECASE),
    "a secret, a code, a cookie": re.compile(r"(?<![\w/.-])(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{40,}"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "a telephone number": re.compile(r"\+\d{8,}"),
    "a password": re.compile(r"password|passwd|secret", re.IGNORECASE),
    "a database's address": re.compile(r"postgres(ql)?(\+\w+)?://", re.IGNORECASE),
    "a statement": re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s"),
    "a document": re.compile(r"\b(query|mutation|subscription)\b[^\"]*\{"),
    "variables": re.compile(r"\"variables\"|\$\w+\b"),
}


def said(text: str) -> list[str]:
    """What a log holds that it may not: of which kind, never what."""
    return [what for what, form in FORBIDDEN.items() if form.search(text)]
