"""A GraphQL selection → one SQL statement over views → finished JSON.

document  parsed once per text, validated once per text and schema
selection the fields asked, fragments and directives resolved, arguments as operands
plan      statement text and where each of its parameters comes from; cached
answer    the statement's columns, joined into the response
"""
