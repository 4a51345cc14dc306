"""The oracle: what policy.md says of a principal, a row and a field, in plain Python.

It is written from that text alone and shares no code with the engine that compiles views: it reads
documents as they are written (what YAML gives), rows as dicts by column, and plain descriptions.

    model = resources by name (`description`; `bridge.described(catalogue)` makes them)
    documents = what `documents.read(text)` gives of YAML
    who = Principal(id, assignments, reports, ceilings)   (`bridge.principal(...)` makes one)
    oracle = Oracle(model, documents, rows by resource, now)

    oracle.visible(who, "Customer", row)            whether the row is seen
    oracle.cell(who, "Customer", row, "email")      Cell(value, state, companions), of a visible row
    oracle.view(who, "Customer")                    {key of a visible row: {field: Cell}}
    oracle.view(who, …, action="export")            the meet of what is read and what is exported
    oracle.view(who, …, action="aggregate")         what aggregates are of: what is read or, where nothing is, counted
    oracle.view(who, …, references="by target")     a key is shown only where its target is in its view
    asked(oracle, who, "Customer", where)           keys of the view's rows of which a caller's filter is true

    Oracle    →  Verdict (one party's rules, `algebra`)  →  the meet over parties (`meeting`)
    Verdict   →  rules as written (`rules`), conditions in three values (`conditions`), masks (`masks`)

Rows stand for the whole table, deleted ones too. `rows` of an oracle are not to be changed: make another.
"""

from tests.oracle.algebra import PLAIN, WITHHELD
from tests.oracle.asking import asked
from tests.oracle.cells import MASKED, Cell, View
from tests.oracle.description import Field, Model, Relation, Resource
from tests.oracle.judging import Oracle
from tests.oracle.principals import Assignment, Party, Principal, Unmask

__all__ = [
    "MASKED",
    "PLAIN",
    "WITHHELD",
    "Assignment",
    "Cell",
    "Field",
    "Model",
    "Oracle",
    "Party",
    "Principal",
    "Relation",
    "Resource",
    "Unmask",
    "View",
    "asked",
]
