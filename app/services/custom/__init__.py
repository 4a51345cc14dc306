"""Custom fields: what an administrator defines records to hold besides their columns.

definitions   what is defined of an entity, as far as the caller knows it
patterns      regular expressions whose cost is linear in the text
options       the values to choose from
values        what is stored for a value, by its definition
entries       what a caller gives, on its way into a record
"""
