"""Mistakes in looking as somebody: what bounds who looks is forgotten."""

from __future__ import annotations

from tests.leaks.holes.hole import Edit, Hole, hole, near

LOOKING: tuple[Hole, ...] = (
    *near(
        "Query.policySimulate",
        hole(
            "a look that nobody bounds",
            "policies/looking.py",
            "        ceilings=(*person.ceilings, *(_renamed(party) for party in _parties(asker))),\n",
            "        ceilings=person.ceilings,\n",
            (
                "        witnesses=(*person.witnesses, *asker.witnesses),\n",
                "        witnesses=(*person.witnesses, *asker.subjects),\n",
            ),
        ),
    ),
    *near(
        "Query.explainAccess",
        hole(
            "an explanation of a hidden row",
            "policies/explaining/explaining.py",
            '        if row is None or (self.asker is not None and not row["seen"]):\n',
            "        if row is None:\n",
        ),
    ),
    *near(
        "Query.whoCanSee",
        hole(
            "those who see a hidden row",
            "app/services/policies/seeing.py",
            '        if row["seen"] is None:\n',
            '        if "seen" not in row:\n',
        ),
    ),
    *near(
        "Query.accessAt",
        Hole(
            "those who saw a hidden row",
            (
                Edit(
                    "graphql_schema/policies/past.py",
                    "Crowd(asking.rights.principal, ())) is not None",
                    "Crowd(asking.rights.principal, ())) != 1",
                ),
                Edit(
                    "app/services/policies/past/sight.py",
                    '        if row["seen"] is None:\n',
                    '        if "seen" not in row:\n',
                ),
            ),
        ),
    ),
)
