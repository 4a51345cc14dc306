"""Processes: what a step may do with a record where it stands, and what follows from it.

Each file holds the steps of one kind of record. A step looks at drafts of records that are locked and may be changed by
the caller; it notes what stands in the way, and fills in what the system does.
"""
