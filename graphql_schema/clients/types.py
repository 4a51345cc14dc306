"""What is told of a client, and what is said of one."""

from __future__ import annotations

import strawberry

from app.identity.oauth.declaring import NewClient
from app.models.oauth import DocumentMode
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe, name_enum
from graphql_schema.scalars import DateTime

_MEANING = {
    "OFF": "It asks by text alone.",
    "ALLOWED": "It may ask its trusted documents, besides others.",
    "ONLY": "It asks its trusted documents, and nothing else.",
}
MODE = name_enum(
    "DocumentMode",
    {mode.value: mode.value for mode in DocumentMode},
    "Whether a client asks trusted documents.",
    lambda member: _MEANING[member.value],
)
TEXTS = listed(str)
SCOPES = Part("scopes", TEXTS, "What it may ask for.")
_SAID = (
    Part("redirectUris", TEXTS, "Where users are sent back to; with any, it acts for users."),
    Part("itself", bool, "Whether it asks for itself, with its secret."),
    Part("role", maybe(str), "Code of the role that it holds, and that bounds users it acts for."),
    Part("department", maybe(str), "Code of the department that it holds the role for."),
    Part("region", maybe(str), "Code of the region that it holds the role for."),
    Part("networks", TEXTS, "Where it may ask from, such as `203.0.113.0/24`; none: anywhere."),
    Part("documents", MODE, "Whether it asks trusted documents."),
    Part("requestsPerMinute", maybe(int), "Requests that each of its callers has in a minute; null: as everyone."),
    Part("costPerMinute", maybe(int), "Points that each of its callers has in a minute; null: as everyone."),
    Part("expiresAt", maybe(DateTime), "When it has ended; null: never."),
)
FIXED = (
    Part("isPublic", bool, "Whether it keeps no secret, as a page in a browser."),
    Part("isOwn", bool, "Whether it is the house's own, and bounds nobody's rights."),
)
NAME = Part("name", str, "What users read that it is.")
WHICH = Part("code", strawberry.ID, "Its `client_id`.", default=REQUIRED)

MOST_DOCUMENTS = 100
DOCUMENT = empty("ClientDocument")
fill_type(
    DOCUMENT,
    "A trusted document of a client.",
    [Part("id", strawberry.ID, "Its `documentId`."), Part("name", str, "What it is called.")],
)
CLIENT = empty("Client")
fill_type(
    CLIENT,
    "A program that asks, for users or for itself.",
    [
        Part("code", strawberry.ID, "Its `client_id`."),
        NAME,
        SCOPES,
        *FIXED,
        *_SAID,
        Part("disabledAt", maybe(DateTime), "When it was shut out; null: it was not."),
        Part("trustedCount", maybe(int), "How many trusted documents it has; null where it was just written."),
        Part(
            "trustedDocuments",
            maybe(listed(DOCUMENT)),
            f"These by name, at most {MOST_DOCUMENTS}; null where it was just written.",
        ),
    ],
)
CREATED = tuple(
    Part(each.name, maybe(each.annotation), each.description) for each in (WHICH, NAME, SCOPES, *FIXED, *_SAID)
)
CHANGED = (WHICH, *(Part(each.name, maybe(each.annotation), each.description) for each in (NAME, SCOPES, *_SAID)))

COLUMNS = {
    "redirectUris": "redirect_uris",
    "isPublic": "is_public",
    "isOwn": "is_own",
    "requestsPerMinute": "requests_per_minute",
    "costPerMinute": "cost_per_minute",
    "expiresAt": "expires_at",
    "disabledAt": "disabled_at",
}
"""By field, the column, where that is not called the same."""


def told(client: NewClient) -> dict[str, object]:
    """A client as it is told where it was written."""
    names = ("code", "name", "scopes", "role", "department", "region", "networks", *COLUMNS)
    found = {name: getattr(client, COLUMNS.get(name, name), None) for name in names}
    ends = client.expires_at.isoformat() if client.expires_at else None
    found |= dict.fromkeys(("trustedCount", "trustedDocuments"))
    return {**found, "itself": client.itself, "documents": str(client.documents), "expiresAt": ends}
