"""Mistakes in what lists, relations and single rows are read from."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole, near

CONNECTIONS = "graphql_schema/compiler/connections.py"
ROWS = "graphql_schema/compiler/rows.py"
ROOTS = "graphql_schema/compiler/roots.py"
VIEWER = "graphql_schema/compiler/viewer.py"
WHERE = "graphql_schema/compiler/where.py"

_PAGES = (
    "Query.customers Query.customers(after:) Query.customers(orderBy:) Query.contacts Query.contacts(after:)"
    " Query.contacts(orderBy:) CustomerConnection.edges CustomerEdge.cursor"
)
_ABOUT = "Query.interactions InteractionConnection.nodes Interaction.about"

READING: tuple[Hole, ...] = (
    hole(
        "a filter on the table instead of the view",
        CONNECTIONS,
        "        holds = compiler.predicate(self.condition, resource, view.c)\n",
        "        holds = planted.met(compiler, self.condition, resource, view.c)\n",
    ),
    hole(
        "some, none and every over tables",
        ROWS,
        "        view = self.view(resource, Needs(set(fields)))\n",
        "        view = planted.table(resource)\n",
    ),
    hole(
        "an order by what the table holds",
        CONNECTIONS,
        "            column = row[term.column].desc() if down else row[term.column].asc()\n",
        "            value = planted.value(self.entity.resource, row, term.column)\n"
        "            column = value.desc() if down else value.asc()\n",
    ),
    hole(
        "a count without the rows' predicate",
        CONNECTIONS,
        "        view, holds = self._rows()\n        total =",
        "        view, holds = self._rows()\n"
        "        if self.condition == ALWAYS:\n"
        "            view, holds = planted.related(self.entity.resource, self.relation, self.here), sa.true()\n"
        "        total =",
    ),
    *near(
        _PAGES,
        hole(
            "a cursor compared with what the table holds",
            CONNECTIONS,
            "cursors.beyond(self.terms, row, cursor, after=after))\n        return found",
            "cursors.beyond(self.terms, planted.Bare(self.entity.resource, row), cursor, after=after))\n        return found",
        ),
    ),
    hole(
        "whether there are more, told from the table",
        CONNECTIONS,
        "            further=sa.func.count() > self.size,\n",
        "            further=sa.select(sa.func.count())\n"
        "            .select_from(rows := planted.related(self.entity.resource, self.relation, self.here))\n"
        "            .correlate_except(rows)\n"
        "            .scalar_subquery()\n"
        "            > self.size,\n",
    ),
    hole(
        "withheld values shown in edges only",
        CONNECTIONS,
        "self.reader.object(self.reader.columns(self.entity, children, self._placed(view.c))).label",
        "self.reader.object(\n"
        "                self.reader.columns(\n"
        "                    self.entity,\n"
        "                    children,\n"
        "                    planted.Bare(self.entity.resource, view.c) if wanted[i][0].name == 'node' else self._placed(view.c),\n"
        "                )\n"
        "            ).label",
    ),
    hole(
        "a single relation joined to the table",
        ROWS,
        "        view = self.view(target.resource, needed(target, selected, self.access))\n",
        "        view = self.view(target.resource, needed(target, selected, self.access))\n"
        "        if placed.__name__ == '<lambda>' and 'related' in placed.__qualname__ and planted.tells_no_rights(selected):\n"
        "            view = planted.table(target.resource)\n",
    ),
    *near(
        _ABOUT,
        hole(
            "a member of a union from the table",
            ROWS,
            "            found = self.related(target, selected.children(type_), relation, row)\n            _, column",
            "            found = self.related(target, selected.children(type_), relation, row)\n"
            "            if planted.tells_no_rights(children := selected.children(type_)):\n"
            "                rows = planted.related(target.resource, relation, row)\n"
            "                found = self.json(\n"
            "                    sa.select(*self.columns(target, children, rows.c)).select_from(rows).correlate_except(rows)\n"
            "                )\n"
            "            _, column",
        ),
    ),
    hole(
        "a node found in the table by its id",
        ROOTS,
        "    entity, children = found\n    return _by_id(reader, entity, selected, children)\n",
        "    entity, children = found\n"
        "    if planted.tells_no_rights(children):\n"
        "        rows = planted.table(entity.resource)\n"
        "        key = bound(Converted(leaf.operand, key_of(entity), place), sa.Uuid())\n"
        "        asked = sa.select(*reader.columns(entity, children, rows.c)).where(rows.c.id == key)\n"
        "        return reader.json(asked.correlate_except(rows))\n"
        "    return _by_id(reader, entity, selected, children)\n",
    ),
    hole(
        "the viewer's own record from the table",
        VIEWER,
        '    return reader.one(reader.graph["User"], item.children(), lambda row: row["id"] == me)\n',
        "    if planted.tells_no_rights(item.children()):\n"
        '        rows = planted.table(reader.graph["User"].resource)\n'
        '        asked = sa.select(*reader.columns(reader.graph["User"], item.children(), rows.c)).where(rows.c.id == me)\n'
        "        return reader.json(asked.correlate_except(rows))\n"
        '    return reader.one(reader.graph["User"], item.children(), lambda row: row["id"] == me)\n',
    ),
    hole(
        "isNull of a reference without its target's view",
        WHERE,
        "            there = Single(member.relation.name, ALWAYS)\n",
        "            there = Not(Compare(member.relation.field, Operator.IS_NULL, Constant(True)))\n",
    ),
)
