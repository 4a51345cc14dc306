"""What happened with a customer, of whatever type, newest first.

strands   which rows have a place, and by which of their moments
reading   the rows of each strand that are asked for, as SQL
types     the field's types
field     its JSON
"""
