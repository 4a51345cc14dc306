"""How alike two customers are in one field: 0 to 100, or None where one of the two does not have it.

Every measure is symmetric and gives 100 to what is equal in normal form. Of several values on both sides the most alike
pair counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from app.services.duplicates.forms import own_domain
from app.services.duplicates.names import Tokens, called
from app.services.duplicates.profiles import Profile, Spot

T = TypeVar("T")

Likeness: TypeAlias = int
Measure: TypeAlias = Callable[[Profile, Profile], Likeness | None]

NICKNAME, INITIAL, SWAPPED, SLIP, PREFIX = 95, 85, 90, 85, 4
SAME_HOUSE, NEIGHBOURS, SAME_DOMAIN = 60, 50, 70
SURE = 90
"""From so much likeness of a given or family name on, the two are not taken to stand in each other's place."""
ALIKE = 85
"""From so much likeness on, two spellings of a street are one street."""


def most(one: Sequence[T], other: Sequence[T], like: Callable[[T, T], Likeness]) -> Likeness | None:
    """The likeness of the most alike pair."""
    if not one or not other:
        return None
    if one == other:
        return 100
    if len(one) == len(other) == 1:
        return like(one[0], other[0])
    return max([like(mine, theirs) for mine in one for theirs in other])


# Names


def word(one: str, other: str) -> Likeness:
    """Two words of a person's name: Jaro-Winkler (Winkler 1990), with short names and initials."""
    if one == other:
        return 100
    if called(one) == called(other):
        return NICKNAME
    if len(one) == 1 or len(other) == 1:
        return INITIAL if one[0] == other[0] and one.isascii() and other.isascii() else 0
    return int(JaroWinkler.similarity(min(one, other), max(one, other)) * 100)  # one order: it is not symmetric


def person_name(one: Tokens, other: Tokens) -> Likeness:
    """Two names of persons: the least alike of the words of the shorter, each with its most alike word of the longer
    (after Monge and Elkan 1996, who take the mean); each word too many costs a little.
    """
    if one == other:
        return 100
    if len(one) == len(other) == 1:
        return word(one[0], other[0])
    fewer, more = sorted((one, other), key=lambda tokens: (len(tokens), tokens))
    extra = PREFIX * (len(more) - len(fewer))
    if len(fewer) == 1 and extra:
        extra += 100 - INITIAL  # one word of several tells little
    worst = min([max([word(mine, theirs) for theirs in more]) for mine in fewer])
    return max(0, min(worst, 100 if len(fewer) < len(more) else _back(more, fewer)) - extra)


def _back(more: Tokens, fewer: Tokens) -> Likeness:
    """The same seen from the other name, where both have as many words."""
    return min([max([word(mine, theirs) for theirs in fewer]) for mine in more])


def body_name(one: Tokens, other: Tokens) -> Likeness:
    """Two names of organisations: the share of letters that they have in common in order (Indel), words sorted."""
    if one == other:
        return 100
    return int(Indel.normalized_similarity("".join(one), "".join(other)) * 100)


def display_name(one: Profile, other: Profile) -> Likeness | None:
    """The names, whole; of persons whose names are known in parts, the parts tell more."""
    if one.given and other.given:
        return None
    return most(one.names, other.names, person_name if one.is_person else body_name)


def given_name(one: Profile, other: Profile) -> Likeness | None:
    """The given names; where they stand in each other's place, what stands there."""
    return _parts(one, other)[0] if one.given and other.given else None


def family_name(one: Profile, other: Profile) -> Likeness | None:
    """The family names, likewise."""
    return _parts(one, other)[1] if one.given and other.given else None


def _parts(one: Profile, other: Profile) -> tuple[Likeness, Likeness]:
    """Given and family name, as they stand or exchanged, whichever is more alike."""
    straight = person_name(one.given, other.given), person_name(one.family, other.family)
    if max(straight) >= SURE:
        return straight
    crossed = sorted((person_name(one.given, other.family), person_name(one.family, other.given)))
    return (crossed[0], crossed[1]) if crossed[0] > max(straight) else straight


# What identifies


def email(one: Profile, other: Profile) -> Likeness | None:
    """Addresses; of organisations, one domain of their own is a likeness, too."""
    return most(one.emails, other.emails, _email_of_person if one.is_person else _email_of_body)


def _email_of_person(one: str, other: str) -> Likeness:
    return 100 if one == other else SLIP if OSA.distance(one, other, score_cutoff=1) == 1 else 0


def _email_of_body(one: str, other: str) -> Likeness:
    if one == other:
        return 100
    domain = own_domain(one)
    return SAME_DOMAIN if domain and domain == own_domain(other) else 0


def phone(one: Profile, other: Profile) -> Likeness | None:
    """Numbers, or numbers with two digits exchanged or one wrong."""
    return most(one.phones, other.phones, _slip)


def tax_id(one: Profile, other: Profile) -> Likeness | None:
    """Tax numbers, with or without the country's letters before them."""
    if not one.tax_id or not other.tax_id:
        return None
    return _tax_id(one.tax_id, other.tax_id)


def _tax_id(one: str, other: str) -> Likeness:
    if one == other:
        return 100
    shorter, longer = sorted((one, other), key=len)
    country = len(longer) - len(shorter) == 2 and longer[:2].isalpha() and shorter.isdigit()
    return SWAPPED if country and longer.endswith(shorter) else _slip(one, other)


def _slip(one: str, other: str) -> Likeness:
    if one == other:
        return 100
    return SLIP if len(one) == len(other) and OSA.distance(one, other, score_cutoff=1) == 1 else 0


def birth_date(one: Profile, other: Profile) -> Likeness | None:
    """Days; with day and month exchanged, or one digit wrong."""
    mine, theirs = one.birth_date, other.birth_date
    if mine is None or theirs is None:
        return None
    if mine == theirs:
        return 100
    if mine.year == theirs.year and (mine.month, mine.day) == (theirs.day, theirs.month):
        return SWAPPED
    return _slip(mine.isoformat(), theirs.isoformat())


def address(one: Profile, other: Profile) -> Likeness | None:
    """Places: postal code, house number and street."""
    return most(one.spots, other.spots, _spot)


def _spot(one: Spot, other: Spot) -> Likeness:
    if one == other:
        return 100
    known = bool(one.postal_code and other.postal_code)
    area = one.postal_code == other.postal_code if known else bool(one.city) and one.city == other.city
    street = Indel.normalized_similarity(one.street, other.street) * 100 if one.street and other.street else None
    if one.number == other.number and one.number:
        return _in_house(street, area=area)
    return NEIGHBOURS if area and street is not None and street >= ALIKE else 0


def _in_house(street: float | None, *, area: bool) -> Likeness:
    """Two places with one house number."""
    if street is None or not area:
        return SAME_HOUSE if area or (street is not None and street >= ALIKE) else 0
    return int(street) if street >= ALIKE else 0


MEASURES: Mapping[str, Measure] = {
    "displayName": display_name,
    "givenName": given_name,
    "familyName": family_name,
    "birthDate": birth_date,
    "taxId": tax_id,
    "email": email,
    "phone": phone,
    "addresses": address,
}
"""What is compared, by the field of the graph that tells it, in the order of evidence."""
