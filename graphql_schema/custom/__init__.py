"""`customFields`: what is defined of records besides their columns, read and compared key by key.

A value lies in the column of its definition's data class, so the view shows it where it shows that class. What it is
called, and of which type it is, is read from the caller's view of the definitions in the same statement; so a definition that
is changed, or hidden, is so at once.

types        the field's types
reading      its JSON
filtering    what is asked of it in `where`
field        all of it
"""
