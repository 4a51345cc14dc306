"""The schema of what a grant shape can ever see: what else there is does not exist in it.

closed    the types and elements that rights withdraw
left      what remains of a schema without them, as far as it can be reached
tailored  the schema made of what is left
schemas   the schemas in use, each made once
"""
