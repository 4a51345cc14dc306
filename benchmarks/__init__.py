"""Side by side with PostGraphile: one database, the same rows, the same selections, in turn.

volume       a private database with the demo company, kept for the next time
caller       the sales representative who asks
peer         PostGraphile, as a database role with the caller's columns and rows
ours         `c360 serve`, with a token of the caller
limit        the statements of ours behind Starlette and asyncpg, with no GraphQL: what there is to reach
comparison   all answer the same, or nothing is measured
wrk          load, and what it measured
report       the table, docs/performance.md, JSON
"""
