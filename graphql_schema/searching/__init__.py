"""Search: of a list by `search`, of everything by Query's `search`.

sought    which fields are searched for an access, and what a caller may ask for
tokens    the one place that reads the tokens: candidates for a query, which views then let through or not
matching  whether a row of a view is found: every word in a field that is plain for the caller on that row
ranking   how well, and in which field
results   Query's field
types     its types
"""
