"""What orders writes with changes of rights: two statements, of which a transaction begins with one.

A write holds the rights it was planned under as they are until it ends; a change of rights is made alone, and waits for
the writes under way. Triggers take the second for whoever does not; a transaction that has done something else
before is then in danger of a deadlock, and one that began with the first is refused.
"""

from __future__ import annotations

HOLD_RIGHTS = "SELECT hold_rights()"
CHANGE_RIGHTS = "SELECT change_rights()"

RIGHTS_REST_ON = frozenset(
    {
        *("users", "role_assignments", "roles", "departments", "regions", "policy_versions", "unmasks"),
        *("oauth_clients", "oauth_grants", "trusted_documents", "oidc_providers", "field_definitions"),
    }
)
"""The tables whose rows rights are read from, or say under which rights values lie."""
