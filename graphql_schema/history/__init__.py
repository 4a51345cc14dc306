"""The past: what was changed of records, by whom and when, as far as the caller reads it now and then.

events    change events, each with the row after it and the row before
sides     a record as it is, as it was after an event and before it, each as the policy shows it
telling   which fields of an event are shown, and what of them
showing   what is selected of them, as JSON
cursors   the place of an event, enciphered
horizon   how far events are settled
types     the types
reading   `changeHistory`: the events of a record
field     its JSON
feed      `changes`: the events of all records
past      `asOf`: a record as it was
"""
