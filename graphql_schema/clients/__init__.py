"""Clients, for those who may give the roles that they hold: which there are, and what is done with them."""
