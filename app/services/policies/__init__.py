"""The life of a policy in the database.

store       which version is active, and making another so
testing     its tests, put to PostgreSQL
explaining  why somebody sees a row as it does
looking     as whom somebody may look
seeing      who sees a row
impact      what a draft would change; `trusted` the documents of clients that it might break
"""
