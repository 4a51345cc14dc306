"""The audit trail: who did what others may ask about, or met what they do not see; never what that was.

kinds      what is noted
noting     notes it, with what is written
looks      notes looks as somebody, of which few wait for it
chain      the form of an event that is hashed
verifying  whether the chain is whole
"""

from app.services.auditing.kinds import Kind
from app.services.auditing.looks import Looks
from app.services.auditing.noting import (
    MOST_HIDDEN_CLASHES,
    By,
    Look,
    digest_of,
    hidden_clashes,
    note,
    note_clashes,
    note_look,
    note_look_where,
    record,
    record_clashes,
    record_on,
    so_far,
)
from app.services.auditing.verifying import Fault, Verified, verify

__all__ = [
    "MOST_HIDDEN_CLASHES",
    "By",
    "Fault",
    "Kind",
    "Look",
    "Looks",
    "Verified",
    "digest_of",
    "hidden_clashes",
    "note",
    "note_clashes",
    "note_look",
    "note_look_where",
    "record",
    "record_clashes",
    "record_on",
    "so_far",
    "verify",
]
