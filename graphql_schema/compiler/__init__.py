"""A GraphQL selection → one SQL statement over views → finished JSON.

document  parsed and validated, once per text
selection the fields asked, fragments and directives resolved, arguments as operands
plan      statement text and where each of its parameters comes from; cached
answer    the statement's columns, joined into the response
"""
