"""Mistakes in what tells a customer's story: the timeline, the overview, and what was changed."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole, near

FIELD = "graphql_schema/timeline/field.py"
COUNTING = "graphql_schema/overview/counting.py"
PICKING = "graphql_schema/overview/picking.py"
READING = "graphql_schema/timeline/reading.py"
_FOUND = (
    "        return self.reader.one(strand.entity, item.children(type_), joined, "
    "lambda there: below(here, relation, there))\n"
)

_LIST = "Query.customers CustomerConnection.nodes"
_TIMELINE = f"{_LIST} Customer.timeline CustomerTimelineConnection.totalCount CustomerTimelineConnection.edges"
_ITEMS = f"{_TIMELINE} CustomerTimelineEdge.at CustomerTimelineEdge.node"
_OVERVIEW = f"{_LIST} Customer.overview CustomerOverview.ordered CustomerOverview.openPipeline Amounts.base"


VIEW = "policies/view.py"
TELLING = "graphql_schema/history/telling.py"
_HISTORY = f"{_LIST} Customer.changeHistory ChangeConnection.totalCount ChangeConnection.nodes Change.fields"
_CHANGES = f"{_HISTORY} FieldChange.field FieldChange.old FieldChange.new"

_OF_THE_HISTORY: tuple[Hole, ...] = near(
    _CHANGES,
    hole(
        "a row as it was shown to those who could not see it then",
        VIEW,
        '        whole = together("SELECT ", selected, f" \\n{source} \\nWHERE ", visible)\n',
        '        seen = together("true") if "row_" in source else visible\n'
        '        whole = together("SELECT ", selected, f" \\n{source} \\nWHERE ", seen)\n',
    ),
    hole(
        "a field as it was shown to those who read it now",
        VIEW,
        "                given = asked if level is not None and at_most(asked, level) else None\n",
        "                given = asked\n",
        (
            "            return self._fragments.nothing(sa.Text()) if level is None else together(f\"'{level}'\")\n",
            "            return together(f\"'{level or PLAIN}'\")\n",
        ),
    ),
    hole(
        "a count of changes that show nothing",
        TELLING,
        "        shown = found.where(told.is_not(None), ",
        "        shown = found.where(sa.true(), ",
    ),
)

_OF_THE_TIMELINE: tuple[Hole, ...] = (
    hole(
        "a mask missing in the timeline",
        READING,
        "        return self.view.c[self.strand.moment.column.name]\n",
        "        return planted.value(self.strand.entity.resource, self.view.c, self.strand.moment.column.name)\n",
    ),
    hole(
        "a timeline of tables",
        READING,
        "            view = self.reader.view(strand.entity.resource, needs)\n",
        "            view = planted.table(strand.entity.resource)\n",
    ),
    hole(
        "an item of the timeline from its table",
        FIELD,
        _FOUND,
        "        if planted.tells_no_rights(children := item.children(type_)):\n"
        "            rows = planted.table(strand.entity.resource)\n"
        "            found = sa.select(*self.reader.columns(strand.entity, children, rows.c)).where(joined(rows.c))\n"
        "            return self.reader.json(found.correlate_except(rows))\n" + _FOUND,
    ),
    hole(
        "a timeline that counts what has no moment in view",
        READING,
        "            holds = [found.holds, found.raw.is_not(None)]\n",
        "            stored = planted.value(strand.entity.resource, view.c, strand.moment.column.name)\n"
        "            holds = [found.holds, stored.is_not(None)]\n",
    ),
)
_OF_THE_OVERVIEW: tuple[Hole, ...] = (
    hole(
        "figures over a table",
        COUNTING,
        "        view = self.reader.view(first.entity(graph).resource, needs)\n",
        "        view = planted.table(first.entity(graph).resource)\n",
    ),
    hole(
        "a sum of what is withheld",
        COUNTING,
        "            part, amount, base = currency, row[of.column.name], rated\n",
        "            base = planted.value(resource, row, of.spec.companions[1])\n"
        "            part, amount = currency, row[of.column.name]\n",
    ),
    hole(
        "the last of all rows, seen or not",
        PICKING,
        "    view = reader.view(entity.resource, needs)\n",
        "    view = reader.view(entity.resource, needs)\n"
        "    if planted.tells_no_rights(selected):\n"
        "        view = planted.table(entity.resource)\n",
    ),
)
STORY = (*_OF_THE_HISTORY, *near(_ITEMS, *_OF_THE_TIMELINE), *near(_OVERVIEW, *_OF_THE_OVERVIEW))
