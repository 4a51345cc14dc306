"""The form of a mapping, as pydantic models. docs/import.md says what each part means."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Scalar: TypeAlias = bool | int | Decimal | str
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Word: TypeAlias = Literal[
    "trim", "squeeze", "lower", "upper", "capitals", "slug", "digits", "email",
    "first_word", "last_word", "but_first_word", "but_last_word",
]  # fmt: skip
WORDS: frozenset[str] = frozenset(get_args(Word))


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class Part(BaseModel):
    """A part of a mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FormatPart(Part):
    """How files are written."""

    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal_mark: Literal[".", ","] = "."
    grouping: Annotated[str, Field(max_length=1)] = ""
    nulls: list[str] = []
    trim: bool = True


class FilePart(Part):
    """The files that hold one kind of records, by name or pattern; or the records themselves, given here."""

    name: Annotated[list[str], BeforeValidator(_listed)] = []
    records: list[dict[str, Scalar | None]] = []
    optional: bool = False
    format: FormatPart | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> FilePart:
        if bool(self.name) == bool(self.records):
            raise ValueError("a file has either 'name' or 'records'")
        return self


class MatchPart(Part):
    """A regular expression that the whole text must match, and what to say where it does not."""

    pattern: str
    says: str | None = None


class SplitPart(Part):
    """One piece of a text cut at each `by`; 0 is the first, -1 the last."""

    by: Annotated[str, Field(min_length=1)]
    take: int


class TimePart(Part):
    """Formats of strptime, and the zone of times that name none."""

    formats: Annotated[list[str], BeforeValidator(_listed)] = []
    zone: str = "UTC"


class DecimalPart(Part):
    """How a number is written, where not as in the rest of the file."""

    mark: Literal[".", ","] = "."
    grouping: Annotated[str, Field(max_length=1)] = ""


class PhonePart(Part):
    """The country whose numbers may stand without their international prefix."""

    country: Value | None = None
    invalid: Literal["reject", "null"] = "reject"


class StepPart(Part):
    """One transform: what it makes of a text."""

    word: Word | None = None
    map: dict[str, Scalar | None] | None = None
    alias: dict[str, str] | None = None
    replace: dict[str, str] | None = None
    match: Annotated[MatchPart, BeforeValidator(lambda v: {"pattern": v} if isinstance(v, str) else v)] | None = None
    cut: Annotated[int, Field(gt=0)] | None = None
    pad: Annotated[int, Field(gt=0)] | None = None
    split: SplitPart | None = None
    date: Annotated[list[str], BeforeValidator(_listed)] | None = None
    time: TimePart | None = None
    decimal: DecimalPart | None = None
    phone: PhonePart | None = None
    band: dict[Decimal, Scalar] | None = None

    @model_validator(mode="after")
    def _one_transform(self) -> StepPart:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"a transform is one of {', '.join(StepPart.model_fields)}")
        return self

    @property
    def kind(self) -> str:
        """Which transform it is."""
        return next(iter(self.model_fields_set))


class RoundPart(Part):
    """How a computed number is rounded."""

    places: Annotated[int, Field(ge=0, le=8)]
    mode: Literal["half_even", "half_up", "down", "up"] = "half_even"


class LookupPart(Part):
    """A value of another file's record: of those whose columns have certain values, the first by some order."""

    file: str
    where: Annotated[dict[str, Value], Field(min_length=1)]
    take: Value
    first_by: Annotated[list[Value], BeforeValidator(_listed)] = []


class RollupPart(Part):
    """A value made from all rows of another rule that refer to this row by a field."""

    of: str
    by: str
    take: str
    function: Literal["sum", "min", "max"]


def _as_column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _as_action(value: object) -> object:
    return {"action": value} if isinstance(value, str) else value


def _as_word(value: object) -> object:
    return {"word": value} if isinstance(value, str) else value


def _as_places(value: object) -> object:
    return {"places": value} if isinstance(value, int) else value


class ValuePart(Part):
    """How a value is made: from one source, through some transforms."""

    column: str | None = None
    const: Scalar | None = None
    template: str | None = None
    compute: str | None = None
    lookup: LookupPart | None = None
    first_of: Annotated[list[Value], Field(min_length=1)] | None = None
    ref: str | None = None
    find: Annotated[str, Field(pattern=r"^[a-z_0-9]+\.[a-z_0-9]+$")] | None = None
    rollup: RollupPart | None = None
    action: Literal["reject", "null"] | None = None

    then: Annotated[list[Step], BeforeValidator(_listed)] = []
    default: Value | None = None
    operands: dict[str, Value] = {}
    round: Annotated[RoundPart, BeforeValidator(_as_places)] | None = None
    plus: Value | None = None
    system: Name | None = None
    key: Value | None = None
    empty: Otherwise | None = None
    unknown: Otherwise | None = None

    @model_validator(mode="after")
    def _one_source(self) -> ValuePart:
        given = [name for name in OPTIONS_OF if name in self.model_fields_set]
        if len(given) != 1:
            raise ValueError(f"a value is made in one way: {', '.join(OPTIONS_OF)}; not in {len(given)}")
        for option in sorted(self.model_fields_set - {given[0], *OPTIONS_OF[given[0]]}):
            raise ValueError(f"{option!r} does not go with {given[0]!r}")
        if given[0] in ("ref", "find") and self.key is None:
            raise ValueError(f"{given[0]!r} needs a 'key'")
        return self

    @property
    def source(self) -> str:
        """In which way the value is made: a key of OPTIONS_OF."""
        return next(name for name in OPTIONS_OF if name in self.model_fields_set)


OPTIONS_OF: dict[str, tuple[str, ...]] = {
    "column": ("then", "default"),
    "const": (),
    "template": ("then", "default"),
    "compute": ("operands", "round", "default"),
    "lookup": ("then", "default"),
    "first_of": ("then",),
    "ref": ("key", "system", "empty", "unknown"),
    "find": ("key", "empty", "unknown"),
    "rollup": ("plus",),
    "action": (),
}
"""The ways a value is made, and the options each one has."""

Value: TypeAlias = Annotated[ValuePart, BeforeValidator(_as_column)]
Otherwise: TypeAlias = Annotated[ValuePart, BeforeValidator(_as_action)]
Step: TypeAlias = Annotated[StepPart, BeforeValidator(_as_word)]


class RowsPart(Part):
    """A rule: which rows of which table are made from a file's records."""

    table: str
    file: str
    key: Value
    when: Value | None = None
    distinct: bool = False
    match: Annotated[list[str], BeforeValidator(_listed)] = []
    keep: bool = False
    fields: Annotated[dict[str, Value], Field(min_length=1)]

    @model_validator(mode="after")
    def _kept_rows_are_matched(self) -> RowsPart:
        if self.keep and not self.match:
            raise ValueError("'keep' needs 'match': how else is a row that is there already found?")
        return self


class MappingDocument(Part):
    """A mapping: files, and the rows that are made from them."""

    mapping: Name
    about: str = ""
    system: Name
    format: FormatPart = FormatPart()
    files: Annotated[dict[Name, FilePart], Field(min_length=1)]
    rows: Annotated[dict[Name, RowsPart], Field(min_length=1)]


for _part in (PhonePart, StepPart, LookupPart, ValuePart, RowsPart, MappingDocument):
    _part.model_rebuild()
