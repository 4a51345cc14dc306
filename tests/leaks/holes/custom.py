"""Mistakes in what custom fields and forms are read from."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole, near

_READING = "graphql_schema/custom/reading.py"
_FORMS = "graphql_schema/forms/custom.py"
_FIELDS = "Query.customers CustomerConnection.nodes Customer.customFields CustomField.key CustomField.value"
_FORM = "Query.formSchema FormSchema.fields FormField.name FormField.label FormField.options FormEntity.CUSTOMER"

CUSTOM: tuple[Hole, ...] = (
    *near(
        _FIELDS,
        hole(
            "custom fields as the table holds them",
            _READING,
            "    value = entry((row[name] for name in columns), definitions.c.key)\n",
            '    held = [planted.value(CATALOGUE["Customer"], row, name) for name in columns]\n'
            "    value = entry(held, definitions.c.key)\n",
        ),
        hole(
            "custom fields by definitions that are not in view",
            _READING,
            "    definitions = reader.view(DEFINITION, needs)\n",
            "    definitions = planted.table(DEFINITION)\n",
        ),
    ),
    *near(
        _FORM,
        hole(
            "forms of definitions that are not in view",
            _FORMS,
            '    definitions = reader.view(DEFINITION, Needs({"entity", "isCustom", *READ}))\n',
            "    definitions = planted.table(DEFINITION)\n",
        ),
    ),
)
