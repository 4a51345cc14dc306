"""`changeHistory`: what was changed of a record, by whom and when, as far as the caller reads it now and then.

sides     a record as it is, as it was after an event and before it, each as the policy shows it
telling   which fields of an event are shown, and what of them
cursors   the place of an event, enciphered
reading   the events of a record, as SQL
types     the field's types
field     its JSON
"""
