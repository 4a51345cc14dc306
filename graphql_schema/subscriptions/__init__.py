"""Subscriptions: what is told as it happens.

An event is an answer to the subscription's own operation, as of now: planned, proved and read by the same statement as a
query's, so it cannot tell what a query would not.
"""
