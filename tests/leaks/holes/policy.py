"""Mistakes in what a policy comes to: rows, fields, masks, conditions, and who holds what."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole

GROUNDS = "policies/grounds.py"
MASKS = "policies/masks/texts.py"
PERMITS = "policies/permits.py"
PREDICATES = "policies/predicates.py"
PRINCIPAL = "policies/principal.py"
PRINCIPALS = "app/identity/principals.py"
TELLING = "policies/telling.py"
UNKNOWNS = "policies/unknowns.py"
VIEW = "policies/view.py"

POLICY: tuple[Hole, ...] = (
    hole("deleted rows in view", PERMITS, "    for name in (DELETED, ERASED):\n", "    for name in (ERASED,):\n"),
    hole("erased rows in view", PERMITS, "    for name in (DELETED, ERASED):\n", "    for name in (DELETED,):\n"),
    hole(
        "a deny that is left out for one entity",
        GROUNDS,
        " and rule.action is action)\n",
        " and rule.action is action\n            and not (rule.effect is Effect.DENY and resource == 'Customer'))\n",
    ),
    hole(
        "a deny that needs certainty",
        TELLING,
        'together(self._holds(grounds, Reading.POSSIBLE), " IS false")',
        'together(self._holds(grounds, Reading.CERTAIN), " IS NOT true")',
    ),
    hole(
        "a row allowed where it is only possible",
        TELLING,
        "        return every(self._holds(rows.allowed, Reading.CERTAIN), self.undenied(rows.denied))\n",
        '        allowed = together(self._holds(rows.allowed, Reading.POSSIBLE), " IS NOT false")\n'
        "        return every(allowed, self.undenied(rows.denied))\n",
    ),
    hole(
        "a field allowed wherever its row is",
        TELLING,
        "        return self._holds(given(grounds, self.standing.grants.rows.allowed), Reading.CERTAIN)\n",
        '        return Fragment(("true",))\n',
    ),
    hole(
        "every one of the rows that are not unknown",
        PREDICATES,
        "    (Reading.CERTAIN, Quantifier.EVERY): (True, is_not_true),\n",
        "    (Reading.CERTAIN, Quantifier.EVERY): (True, is_false),\n",
    ),
    hole(
        "none of the rows that certainly do",
        PREDICATES,
        "    (Reading.CERTAIN, Quantifier.NONE): (True, is_not_false),\n",
        "    (Reading.CERTAIN, Quantifier.NONE): (True, _bare),\n",
    ),
    hole(
        "the regions of all assignments taken together",
        PRINCIPAL,
        '                found[Attribute("regions", position)] = list(assignment.regions)\n',
        "                everywhere = [each.regions for _, held in self._parties for _, each in held]\n"
        '                found[Attribute("regions", position)] = [region for each in everywhere for region in each]\n',
    ),
    hole(
        "an operand that is lacking taken for no restriction",
        UNKNOWNS,
        "    return _decide(condition, NEVER)\n",
        "    return _decide(condition, ALWAYS)\n",
    ),
    hole(
        "an assignment that has ended",
        PRINCIPALS,
        "        WHERE coalesce(h.valid_from <= {now}, true) AND coalesce(h.valid_to > {now}, true)\n",
        "        WHERE coalesce(h.valid_from <= {now}, true)\n",
    ),
    hole(
        "a mask that returns what has not its form",
        MASKS,
        "(form, shown), else_=literal(DOTS))",
        "(form, shown), else_=value)",
    ),
    hole(
        "a base amount without the mask of its amount",
        VIEW,
        "    return value if is_currency and mask.fits(shown.spec)",
        "    return value if column is not shown.column and mask.fits(shown.spec)",
    ),
    hole(
        "a reference shown where it is withheld",
        VIEW,
        "        if level is None:\n            return self._fragments.nothing(column.type)\n",
        '        if level is None and "reference" not in column.info:\n'
        "            return self._fragments.nothing(column.type)\n"
        "        if level is None:\n            return together(f'{OWN}.{_quoted(column)}')\n",
    ),
    hole(
        "states told from values",
        VIEW,
        "        found = self._at_level(shown.name, lambda level: together(f\"'{state_of(level).value}'\"))\n",
        "        stored = f'{OWN}.{_quoted(shown.column)}'\n"
        "        found = together(f\"CASE WHEN {stored} IS NULL THEN 'plain' ELSE 'withheld' END\")\n",
    ),
)
