"""The life of a policy in the database.

store       which version is active, and making another so
testing     its tests, put to PostgreSQL
explaining  why somebody sees a row as it does
"""
