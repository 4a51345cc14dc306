"""Requests made to choke on: each is refused before it reads a row, or is answered within the cost that it was priced at."""
