"""Values that callers might send: of every kind, and near the edges of every form."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from app.models.catalogue import CATALOGUE
from app.services.values.forms import form_of
from app.services.values.places import countries, currencies
from policies.catalogue import Field, Kind

FIELDS = [field for resource in CATALOGUE for field in resource.fields.values()]
VARIED = list(
    {
        (
            field.spec.kind,
            field.spec.scalar,
            str(field.column.type),
            field.column.info.get("check"),
            form_of(field.column),
        ): field
        for field in FIELDS
    }.values()
)
"""One field for each declaration."""
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
"""Lone surrogates, too."""
ZONES = st.just(dt.UTC) | st.builds(dt.timezone, st.timedeltas(dt.timedelta(hours=-23), dt.timedelta(hours=23)))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.decimals(allow_nan=True, allow_infinity=True)
    | ANY_TEXT
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=ZONES)
    | st.uuids()
    | st.binary(max_size=3)
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT | st.integers(), inner, max_size=3)
)
HOSTS = st.text("abzAZ09.-İßſΣéü例子\u0301\u200d", max_size=12)
WORDS = st.sampled_from(["en", "zh", "hans", "CN", "de", "419", "Latn", "valencia", "x", "Europe", "Berlin", "UTC", ""])
COUNTRIES = st.sampled_from(sorted(countries()))
NEAR: dict[str, st.SearchStrategy[str]] = {
    "EmailAddress": st.builds("{}@{}.{}".format, HOSTS, HOSTS, st.sampled_from(["com", "DE", "中国", "test", ""])),
    "PhoneNumber": st.builds(
        "{}{}".format, st.sampled_from(["", "+", "00", "(", "＋"]), st.text("0123456789 ()-/x٣", max_size=18)
    ),
    "CountryCode": COUNTRIES | COUNTRIES.map(str.lower) | st.text(max_size=2),
    "CurrencyCode": st.sampled_from(sorted(currencies())) | st.text("aAeEuUrRsSdD", min_size=3, max_size=3),
    "admin_area": st.builds("{}-{}".format, COUNTRIES, st.text("AZ09az", max_size=4)),
    "industry_code": st.builds("{}{}".format, st.sampled_from(["", *"AaUuVC"]), st.text("0123456789", max_size=5)),
    "locale": st.lists(WORDS, max_size=4).flatmap(
        lambda words: st.sampled_from("-_@.").map(lambda mark: mark.join(words))
    ),
    "time_zone": st.lists(WORDS, max_size=2).map("/".join),
    "recording_url": st.builds(
        "{}{}{}/{}".format,
        st.sampled_from(["", "http://", "HTTPS://", "ftp://", "//", "http://u@"]),
        HOSTS,
        st.sampled_from(["", ":", ":80", ":99999", ":x"]),
        st.text("aé/?#[]@%\u0301", max_size=10),
    ),
    "path": st.text("/ab \u0301\u200b", max_size=12),
}
"""Texts that look like a form, by scalar or by name of the column."""


def near(field: Field) -> st.SearchStrategy[object]:
    """Values that the field's column may well take."""
    spec, column = field.spec, field.column
    if spec.kind is Kind.TREE:
        return NEAR["path"]
    if spec.kind is Kind.TEXT:
        return NEAR.get(spec.scalar or column.name, ANY_TEXT)
    if spec.kind is Kind.ENUM:
        return st.sampled_from(sorted(member.value for member in spec.enum or ()))
    if spec.kind in (Kind.DECIMAL, Kind.MONEY):
        return st.decimals(-200, 10**16, places=9) | st.decimals(0, 101, places=1) | st.integers(0, 101)
    return ANYTHING
