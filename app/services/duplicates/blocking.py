"""Keys: texts that duplicates are likely to share and strangers are not. Who shares a key is compared, and nobody else.

    e   an e-mail address                                       p   a telephone number
    d   an organisation's own internet domain                   t   a tax number
    b   a day of birth                                          a   a postal code and house number
    n   the first letters of all words of a name                z   those of one word, and a postal code

Most duplicates share several, so a slip in one field hides few. A short name stands under the name that it is short for.
(Those of one word and the year of birth are none: who shares no more scores too little, and they cost a third of all work.)
"""

from __future__ import annotations

from collections.abc import Iterator

from app.services.duplicates.forms import own_domain
from app.services.duplicates.names import Tokens, called
from app.services.duplicates.profiles import Profile

FIRST = 4
"""Letters of a word that must be right where its beginning is a key."""
MOST_WORDS = 6


def keys(profile: Profile) -> frozenset[str]:
    """The keys of a customer; persons and organisations never share one."""
    mark = "P" if profile.is_person else "O"
    return frozenset(f"{mark}{key}" for key in (*_identifying(profile), *_describing(profile)))


def _identifying(profile: Profile) -> Iterator[str]:
    yield from (f"e{email}" for email in profile.emails)
    yield from (f"p{phone}" for phone in profile.phones)
    yield from (f"a{spot.postal_code} {spot.number}" for spot in profile.spots if spot.postal_code and spot.number)
    if profile.tax_id:
        yield f"t{profile.tax_id.lstrip('abcdefghijklmnopqrstuvwxyz')}"
    if profile.birth_date:
        yield f"b{profile.birth_date}"
    if not profile.is_person:
        yield from (f"d{domain}" for domain in map(own_domain, profile.emails) if domain)


def _describing(profile: Profile) -> Iterator[str]:
    for name in profile.names:
        words = begun(name)
        yield f"n{' '.join(words)}"
        yield from (f"z{word} {spot.postal_code}" for word in words for spot in profile.spots if spot.postal_code)


def begun(name: Tokens) -> tuple[str, ...]:
    """The first letters of a name's words, in order."""
    return tuple(sorted({called(word)[:FIRST] for word in name})[:MOST_WORDS])
